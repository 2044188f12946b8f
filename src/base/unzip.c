/* ZIP (APPNOTE 6.3): the directory at the end says what there is; what stands before a file must agree. */
#define ZLIB_CONST
#include "base/unzip.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "base/archive.h"

#define LOCAL_SIGN     0x04034b50
#define ENTRY_SIGN     0x02014b50
#define END_SIGN       0x06054b50
#define LOCAL_SIZE     30
#define ENTRY_SIZE     46
#define END_SIZE       22
#define COMMENT_MAX    65535
#define FLAG_ENCRYPTED 1
#define PIECE          16384 /* bytes that come out at once */

enum method { STORED = 0, DEFLATED = 8 };

struct entry {
	struct text name;
	unsigned    flags, method;
	uint32_t    sum, packed, size, offset;
};

static uint32_t
number_at(struct text bytes, size_t at, unsigned size)
{
	uint32_t number = 0;

	for (unsigned i = 0; i < size; i++)
		number |= (uint32_t)(unsigned char)bytes.ptr[at + i] << (8 * i);
	return number;
}

static enum result
refuse(const char **why, enum result result, const char *words)
{
	*why = words;
	return result;
}

/* SIZE_MAX: there is none. */
static size_t
find_end(struct text zip)
{
	for (size_t back = END_SIZE; back <= zip.len && back <= END_SIZE + COMMENT_MAX; back++)
		if (number_at(zip, zip.len - back, 4) == END_SIGN)
			return zip.len - back;
	return SIZE_MAX;
}

/* Nothing that leads anywhere else, on any system. */
static bool
is_plain(struct text name)
{
	struct text rest = name, part;

	if (name.len == 0 || name.len > UNZIP_NAME_MAX || name.ptr[0] == '/' || !text_is_utf8(name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f || name.ptr[i] == '\\' || name.ptr[i] == ':')
			return false;
	while (text_next(&rest, "/", &part))
		if (part.len == 0 || text_is(part, ".") || text_is(part, ".."))
			return false;
	return true;
}

static bool
is_folder(struct text name)
{
	return name.len > 0 && name.ptr[name.len - 1] == '/';
}

static bool
read_entry(struct text zip, size_t *at, struct entry *out)
{
	if (zip.len < ENTRY_SIZE || *at > zip.len - ENTRY_SIZE || number_at(zip, *at, 4) != ENTRY_SIGN)
		return false;
	const size_t name = number_at(zip, *at + 28, 2), extra = number_at(zip, *at + 30, 2), comment = number_at(zip, *at + 32, 2);

	*out = (struct entry){
		.flags = number_at(zip, *at + 8, 2), .method = number_at(zip, *at + 10, 2), .sum = number_at(zip, *at + 16, 4),
		.packed = number_at(zip, *at + 20, 4), .size = number_at(zip, *at + 24, 4), .offset = number_at(zip, *at + 42, 4),
	};
	if (name + extra + comment > zip.len - *at - ENTRY_SIZE)
		return false;
	out->name = text_first(text_after(zip, *at + ENTRY_SIZE), name);
	*at += ENTRY_SIZE + name + extra + comment;
	return true;
}

/* The bytes of a file as they lie there. */
static bool
find_packed(struct text zip, const struct entry *entry, struct text *out)
{
	if (zip.len < LOCAL_SIZE || entry->offset > zip.len - LOCAL_SIZE || number_at(zip, entry->offset, 4) != LOCAL_SIGN)
		return false;
	const size_t begin = (size_t)entry->offset + LOCAL_SIZE + number_at(zip, entry->offset + 26, 2) +
			     number_at(zip, entry->offset + 28, 2);

	if (begin > zip.len || entry->packed > zip.len - begin)
		return false;
	*out = text_first(text_after(zip, begin), entry->packed);
	return true;
}

bool
unzip_deflated(struct text in, size_t most, struct buffer *out)
{
	z_stream      stream = { .next_in = (const Bytef *)in.ptr, .avail_in = (uInt)in.len };
	scoped_buffer made = BUFFER_NONE;
	char          piece[PIECE];
	int           state = Z_OK;

	/* Without the head of zlib's own format. */
	if (in.len > UINT32_MAX || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	while (state == Z_OK && made.len <= most) {
		stream.next_out = (Bytef *)piece;
		stream.avail_out = sizeof(piece);
		state = inflate(&stream, Z_NO_FLUSH);
		buffer_add(&made, (struct text){ piece, sizeof(piece) - stream.avail_out });
	}
	inflateEnd(&stream);
	if (state != Z_STREAM_END || made.len > most)
		return false;
	buffer_add(out, buffer_text(&made));
	return true;
}

static enum result
unpack(struct arena *arena, const struct entry *entry, struct text packed, struct unzip_file *out, const char **why)
{
	scoped_buffer content = BUFFER_NONE;

	if (entry->flags & FLAG_ENCRYPTED || (entry->method != STORED && entry->method != DEFLATED))
		return refuse(why, RESULT_INVALID, "a file is packed in a way that is not known");
	if (entry->method == STORED)
		buffer_add(&content, packed);
	else if (!unzip_deflated(packed, entry->size, &content))
		return refuse(why, RESULT_INVALID, "a file is damaged");
	if (content.len != entry->size || crc32_of(buffer_text(&content)) != entry->sum)
		return refuse(why, RESULT_INVALID, "a file is damaged");
	out->name = arena_copy(arena, entry->name);
	out->content = (struct text){ arena_copy(arena, buffer_text(&content)), content.len };
	return RESULT_DONE;
}

static bool
is_there(const struct unzip_file *files, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(name, files[i].name))
			return true;
	return false;
}

enum result
unzip(struct arena *arena, struct text zip, const struct unzip_limits *limits, struct unzip_file **out, size_t *count,
      const char **why)
{
	const size_t       end = find_end(zip);
	size_t             at, left = limits->bytes, n = 0;
	struct unzip_file *files;

	if (end == SIZE_MAX)
		return refuse(why, RESULT_INVALID, "this is no ZIP file");
	const size_t entries = number_at(zip, end + 10, 2);

	if (entries > limits->files)
		return refuse(why, RESULT_TOO_BIG, "there are too many files in it");
	at = number_at(zip, end + 16, 4);
	files = ARENA_MAKE(arena, struct unzip_file, entries + 1);
	for (size_t i = 0; i < entries; i++) {
		struct entry entry;
		struct text  packed;
		enum result  result;

		if (!read_entry(zip, &at, &entry) || !find_packed(zip, &entry, &packed))
			return refuse(why, RESULT_INVALID, "the ZIP file is damaged");
		if (is_folder(entry.name))
			continue;
		if (!is_plain(entry.name) || is_there(files, n, entry.name))
			return refuse(why, RESULT_INVALID, "a file has a name that it may not have");
		if (entry.size > left)
			return refuse(why, RESULT_TOO_BIG, "the files are too big");
		left -= entry.size;
		result = unpack(arena, &entry, packed, &files[n], why);
		if (result != RESULT_DONE)
			return result;
		n++;
	}
	*out = files;
	*count = n;
	return RESULT_DONE;
}
