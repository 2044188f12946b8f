/* ZIP, tar and gzip, all of them only as containers: what goes in is small, or compressed already. */
#include "base/archive.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"

#define BLOCK       512   /* of tar */
#define STORED_MAX  65535 /* bytes of a block of deflate that is not compressed */
#define VERSION     10    /* of ZIP that can read it: 1.0 */

uint32_t
crc32_of(struct text text)
{
	uint32_t table[256], sum = UINT32_MAX;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
	}
	for (size_t i = 0; i < text.len; i++)
		sum = table[(sum ^ (unsigned char)text.ptr[i]) & 0xff] ^ sum >> 8;
	return ~sum;
}

/* Little-endian. */
static void
put(struct buffer *out, unsigned bytes, uint64_t number)
{
	for (unsigned i = 0; i < bytes; i++)
		buffer_add_byte(out, (char)(number >> (8 * i)));
}

/* --- ZIP ------------------------------------------------------------------------------------ */

/* As MS-DOS has it: date above, time below; before 1980 there is nothing. */
static uint32_t
dos_time(int64_t seconds)
{
	const time_t at = (time_t)seconds;
	struct tm    parts;

	gmtime_r(&at, &parts);
	if (parts.tm_year < 80)
		return 1 << 21 | 1 << 16;
	return (uint32_t)(parts.tm_year - 80) << 25 | (uint32_t)(parts.tm_mon + 1) << 21 | (uint32_t)parts.tm_mday << 16 |
	       (uint32_t)parts.tm_hour << 11 | (uint32_t)parts.tm_min << 5 | (uint32_t)parts.tm_sec / 2;
}

/* What the header of a file and its entry in the directory have in common. */
static void
put_about(struct buffer *out, const char *name, struct text content, int64_t time)
{
	put(out, 2, VERSION);
	put(out, 2, 1 << 11); /* the name is UTF-8 */
	put(out, 2, 0);       /* stored */
	put(out, 4, dos_time(time));
	put(out, 4, crc32_of(content));
	put(out, 4, content.len);
	put(out, 4, content.len);
	put(out, 2, strlen(name));
	put(out, 2, 0);
}

void
zip_add(struct zip *zip, const char *name, struct text content, int64_t time)
{
	const size_t  offset = zip->out->len;
	scoped_buffer about = BUFFER_NONE;

	if (zip->count == ARCHIVE_FILES_MAX)
		return;
	zip->count++;
	put(zip->out, 4, 0x04034b50);
	put_about(&about, name, content, time);
	buffer_add(zip->out, buffer_text(&about));
	buffer_add_string(zip->out, name);
	buffer_add(zip->out, content);
	put(&zip->directory, 4, 0x02014b50);
	put(&zip->directory, 2, VERSION);
	buffer_add(&zip->directory, buffer_text(&about));
	put(&zip->directory, 2, 0);
	put(&zip->directory, 2, 0);
	put(&zip->directory, 2, 0);
	put(&zip->directory, 4, 0);
	put(&zip->directory, 4, offset);
	buffer_add_string(&zip->directory, name);
}

void
zip_finish(struct zip *zip)
{
	const size_t offset = zip->out->len;

	buffer_add(zip->out, buffer_text(&zip->directory));
	put(zip->out, 4, 0x06054b50);
	put(zip->out, 2, 0);
	put(zip->out, 2, 0);
	put(zip->out, 2, zip->count);
	put(zip->out, 2, zip->count);
	put(zip->out, 4, zip->directory.len);
	put(zip->out, 4, offset);
	put(zip->out, 2, 0);
	buffer_clear(&zip->directory);
}

/* --- tar ------------------------------------------------------------------------------------ */

static void
put_header(char *block, size_t at, const char *format, long long value)
{
	char room[24];

	memcpy(block + at, room, (size_t)snprintf(room, sizeof(room), format, value));
}

void
tar_add(struct buffer *out, const char *name, struct text content, int64_t time)
{
	char     block[BLOCK] = { 0 };
	unsigned sum = 0;

	snprintf(block, 100, "%s", name);
	memcpy(block + 100, "0000644\0000000000\0000000000", 24);
	put_header(block, 124, "%011llo", (long long)content.len);
	put_header(block, 136, "%011llo", (long long)(time > 0 ? time : 0));
	memset(block + 148, ' ', 8);
	block[156] = '0';
	memcpy(block + 257, "ustar\00000", 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)block[i];
	put_header(block, 148, "%06llo", (long long)sum);
	block[154] = '\0';
	buffer_add(out, (struct text){ block, BLOCK });
	buffer_add(out, content);
	for (size_t i = content.len; i % BLOCK != 0; i++)
		buffer_add_byte(out, 0);
}

void
tar_finish(struct buffer *out)
{
	for (size_t i = 0; i < (size_t)2 * BLOCK; i++)
		buffer_add_byte(out, 0);
}

/* --- gzip ----------------------------------------------------------------------------------- */

void
gzip_wrap(struct buffer *out, struct text content)
{
	struct text rest = content;

	buffer_add(out, (struct text){ "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10 });
	do {
		const struct text block = text_first(rest, STORED_MAX);

		rest = text_after(rest, block.len);
		put(out, 1, rest.len == 0);
		put(out, 2, block.len);
		put(out, 2, ~block.len);
		buffer_add(out, block);
	} while (rest.len > 0);
	put(out, 4, crc32_of(content));
	put(out, 4, content.len);
}
