/* APPNOTE.TXT 6.3: local headers and contents, then the directory; numbers are little-endian. */
#include "proc/jobs/zip.h"

#include <string.h>
#include <time.h>

static void
put(struct zip *zip, uint32_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		buffer_add_byte(zip->out, (char)(number >> (8 * i)));
}

/* CRC-32 of IEEE 802.3. */
static uint32_t
check_of(struct text content)
{
	uint32_t table[256], check = UINT32_MAX;

	for (uint32_t i = 0; i < 256; i++) {
		uint32_t value = i;

		for (int bit = 0; bit < 8; bit++)
			value = value & 1 ? value >> 1 ^ 0xedb88320 : value >> 1;
		table[i] = value;
	}
	for (size_t i = 0; i < content.len; i++)
		check = table[(check ^ (uint8_t)content.ptr[i]) & 0xff] ^ check >> 8;
	return ~check;
}

void
zip_begin(struct zip *zip, struct buffer *out, int64_t seconds)
{
	const time_t at = (time_t)seconds;
	struct tm    parts;

	localtime_r(&at, &parts);
	const unsigned year = parts.tm_year >= 80 ? (unsigned)parts.tm_year - 80 : 0;

	*zip = (struct zip){ .out = out };
	zip->date = (uint32_t)(year << 25 | (unsigned)(parts.tm_mon + 1) << 21 | (unsigned)parts.tm_mday << 16 |
			       (unsigned)parts.tm_hour << 11 | (unsigned)parts.tm_min << 5 | (unsigned)parts.tm_sec / 2);
}

/* What the local header and the directory have in common. */
static void
put_about(struct zip *zip, size_t i)
{
	put(zip, 20, 2); /* version 2.0 can read it */
	put(zip, 0, 2);
	put(zip, 0, 2); /* stored */
	put(zip, zip->date, 4);
	put(zip, zip->files[i].check, 4);
	put(zip, zip->files[i].size, 4);
	put(zip, zip->files[i].size, 4);
	put(zip, (uint32_t)strlen(zip->files[i].name), 2);
	put(zip, 0, 2);
}

void
zip_add(struct zip *zip, const char *name, struct text content)
{
	const size_t len = strnlen(name, ZIP_NAME_MAX);

	if (zip->n == ZIP_FILES_MAX)
		return;
	memcpy(zip->files[zip->n].name, name, len);
	zip->files[zip->n].name[len] = '\0';
	zip->files[zip->n].check = check_of(content);
	zip->files[zip->n].size = (uint32_t)content.len;
	zip->files[zip->n].place = (uint32_t)zip->out->len;
	put(zip, 0x04034b50, 4);
	put_about(zip, zip->n);
	buffer_add(zip->out, (struct text){ name, len });
	buffer_add(zip->out, content);
	zip->n++;
}

void
zip_end(struct zip *zip)
{
	const uint32_t start = (uint32_t)zip->out->len;

	for (size_t i = 0; i < zip->n; i++) {
		put(zip, 0x02014b50, 4);
		put(zip, 20, 2);
		put_about(zip, i);
		put(zip, 0, 2); /* comment */
		put(zip, 0, 2); /* disk */
		put(zip, 0, 2); /* attributes */
		put(zip, 0, 4);
		put(zip, zip->files[i].place, 4);
		buffer_add_string(zip->out, zip->files[i].name);
	}
	const uint32_t size = (uint32_t)zip->out->len - start;

	put(zip, 0x06054b50, 4);
	put(zip, 0, 4);
	put(zip, (uint32_t)zip->n, 2);
	put(zip, (uint32_t)zip->n, 2);
	put(zip, size, 4);
	put(zip, start, 4);
	put(zip, 0, 2);
}
