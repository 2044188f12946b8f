/*
 * Records as JSON: one object of texts, without blanks. Ten thousand are read at start, so they
 * are decoded in place. Not json/: values keep every byte, even those that are no UTF-8.
 */
#include "store/codec.h"

#include <string.h>

static const char *
preset_of(const struct field *field)
{
	return field->preset ? field->preset : "";
}

static bool
is_kept(const struct record *record, size_t at)
{
	const struct field *field = &record->resource->fields[at];

	return !(field->flags & VOLATILE) && record->values[at] != field->preset &&
	       strcmp(record->values[at], preset_of(field)) != 0;
}

static void
put_text(struct buffer *out, const char *string)
{
	buffer_add_byte(out, '"');
	for (size_t plain; *string; string++) {
		for (plain = 0; (unsigned char)string[plain] >= 0x20 && string[plain] != '"' && string[plain] != '\\';)
			plain++;
		buffer_add(out, (struct text){ string, plain });
		string += plain;
		if (!*string)
			break;
		if (*string == '"' || *string == '\\')
			buffer_add(out, (struct text){ (const char[]){ '\\', *string }, 2 });
		else
			buffer_print(out, "\\u%04x", (unsigned)*string);
	}
	buffer_add_byte(out, '"');
}

void
record_write(struct buffer *out, const struct record *record)
{
	const size_t start = out->len;

	for (size_t i = 0; i < record->resource->nfields; i++)
		if (is_kept(record, i)) {
			buffer_add_byte(out, out->len == start ? '{' : ',');
			put_text(out, record->resource->fields[i].name);
			buffer_add_byte(out, ':');
			put_text(out, record->values[i]);
		}
	buffer_add_string(out, out->len == start ? "{}" : "}");
}

size_t
record_bytes(const struct record *record)
{
	size_t bytes = 100; /* the element with its uuid */

	for (size_t i = 0; i < record->resource->nfields; i++)
		if (is_kept(record, i))
			bytes += strlen(record->values[i]) + 2 * strlen(record->resource->fields[i].name) + 10;
	return bytes;
}

/* Where a field stands; they mostly come in order, so the next one is tried first. */
static size_t
find_field(const struct resource *resource, size_t next, struct text name)
{
	for (size_t i = next; i < resource->nfields; i++)
		if (text_is(name, resource->fields[i].name))
			return i;
	return resource_find_field(resource, name);
}

static void
set_field(struct record *record, size_t *next, struct text name, const char *value, size_t *unknown)
{
	const size_t at = find_field(record->resource, *next, name);

	if (at == SIZE_MAX) {
		++*unknown;
		return;
	}
	record_put(record, at, value);
	*next = at + 1;
}

/* The byte behind a backslash, as put_text() writes it; -1: it does not. Moves to its last character. */
static int
cut_escape(const char **at)
{
	const char *from = *at;

	if (*from == '"' || *from == '\\')
		return *from;
	if (from[0] != 'u' || from[1] != '0' || from[2] != '0' || text_hex(from[3]) < 0 || text_hex(from[4]) < 0)
		return -1;
	*at += 4;
	return text_hex(from[3]) << 4 | text_hex(from[4]);
}

/* The text that starts with the quote at *at is decoded where it stands; *at moves behind its end. NULL: malformed. */
static const char *
cut_text(char **at)
{
	const char *from = *at;
	char       *out = *at;
	const char *start = out;

	if (*from++ != '"')
		return NULL;
	for (; *from != '"'; from++) {
		int byte = (unsigned char)*from;

		if (byte == '\\') {
			from++;
			byte = cut_escape(&from);
		}
		if (byte <= 0)
			return NULL;
		*out++ = (char)byte;
	}
	*at += from + 1 - start;
	*out = '\0';
	return start;
}

struct record *
record_read(struct arena *arena, const struct resource *resource, struct text json, size_t *unknown)
{
	struct record *record = record_make(arena, resource);
	char          *at = arena_copy(arena, json);
	size_t         next = 0, strange = 0;

	if (text_is(json, "{}"))
		return record;
	if (*at != '{')
		return NULL;
	for (char before = '{'; *at == before; before = ',') {
		at++;
		const char *name = cut_text(&at);

		if (!name || *at++ != ':')
			return NULL;
		const char *value = cut_text(&at);

		if (!value)
			return NULL;
		set_field(record, &next, text_of(name), value, &strange);
	}
	if (at[0] != '}' || at[1] != '\0')
		return NULL;
	*unknown += strange;
	return record;
}
