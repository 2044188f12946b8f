/* Debian's control files: paragraphs of "Name: value", continued by lines that begin with a blank. */
#include "api/packages.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/map.h"

struct field {
	struct text name, value; /* the value with its further lines */
};

/* The next field of the paragraph; false at its end. */
static bool
next_field(struct text *rest, struct field *out)
{
	struct text line;

	if (!text_next(rest, "\n", &line) || line.len == 0)
		return false;
	out->name = text_until(&line, ':');
	out->value = text_trim(line);
	while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t')) {
		text_next(rest, "\n", &line);
		out->value.len = (size_t)(line.ptr + line.len - out->value.ptr);
	}
	return true;
}

/* --- installed ------------------------------------------------------------------------------ */

static struct map *
read_automatic(struct arena *arena, struct text rest)
{
	struct map  *names = map_make(arena);
	struct field field;
	struct text  name = TEXT_NONE;

	while (rest.len > 0)
		while (next_field(&rest, &field)) {
			if (text_is(field.name, "Package"))
				name = field.value;
			else if (text_is(field.name, "Auto-Installed") && text_is(field.value, "1"))
				map_set(names, name, names);
		}
	return names;
}

/* Lines of one " ." are empty ones. */
static struct value *
unfold(struct arena *arena, struct text text)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   line;

	while (text_next(&text, "\n", &line)) {
		line = text_trim(line);
		if (!text_is(line, "."))
			buffer_add(&out, line);
		buffer_add_byte(&out, '\n');
	}
	return value_text(arena, text_trim(buffer_text(&out)));
}

static void
take_field(struct arena *arena, struct value *row, const struct field *field, bool *is_there)
{
	static const char *const names[][2] = { { "Package", "name" }, { "Version", "version" }, { "Section", "section" },
						{ "Installed-Size", "kilobytes" } };
	struct text rest = field->value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is(field->name, names[i][0]))
			value_set(arena, row, names[i][1], value_text(arena, field->value));
	if (text_is(field->name, "Status")) {
		*is_there = text_ends(field->value, TEXT(" ok installed"));
		value_set(arena, row, "locked", value_bool(arena, text_starts(field->value, TEXT("hold "))));
	} else if (text_is(field->name, "Description")) {
		value_set(arena, row, "summary", value_text(arena, text_until(&rest, '\n')));
		value_set(arena, row, "description", unfold(arena, field->value));
	}
}

static int
compare_rows(const void *a, const void *b)
{
	return text_compare(value_get(((const struct member *)a)->value, "name")->text,
			    value_get(((const struct member *)b)->value, "name")->text);
}

struct value *
packages_installed(struct arena *arena, struct text status, struct text automatic)
{
	static const char *const presets[] = { "name", "version", "summary", "description", "section", "kilobytes" };
	struct map   *along = read_automatic(arena, automatic);
	struct value *rows = value_list(arena);

	while (status.len > 0) {
		struct value *row = value_object(arena);
		struct field  field;
		bool          is_there = false;

		for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
			value_set_string(arena, row, presets[i], "");
		value_set(arena, row, "locked", value_bool(arena, false));
		while (next_field(&status, &field))
			take_field(arena, row, &field, &is_there);
		const struct text name = value_get(row, "name")->text;

		value_set(arena, row, "automatic", value_bool(arena, map_get(along, name)));
		if (is_there && name.len > 0)
			value_add(arena, rows, row);
	}
	if (rows->count > 0)
		qsort(rows->members, rows->count, sizeof(struct member), compare_rows);
	return rows;
}

struct value *
packages_find(const struct value *rows, const char *name)
{
	for (size_t i = 0; i < value_count(rows); i++)
		if (text_is(value_get(value_at(rows, i), "name")->text, name))
			return value_at(rows, i);
	return NULL;
}

/* --- changes -------------------------------------------------------------------------------- */

/* What stands between two brackets at the front; false: nothing does. */
static bool
take_bracketed(struct text *rest, char open, char close, struct text *out)
{
	struct text inside = text_trim(*rest);

	if (inside.len == 0 || inside.ptr[0] != open)
		return false;
	inside = text_after(inside, 1);
	*out = text_until(&inside, close);
	*rest = inside;
	return true;
}

/* "Inst NAME [OLD] (NEW SOURCE:RELEASE/SUITE, ... [ARCHITECTURE])", "Remv NAME [OLD]" */
static struct value *
read_change(struct arena *arena, struct text line)
{
	const bool        goes = text_starts(line, TEXT("Remv "));
	struct text       rest = text_after(line, 5), old = TEXT_NONE, new = TEXT_NONE;
	const struct text name = text_until(&rest, ' ');
	struct value     *row = value_object(arena);

	if (name.len == 0)
		return NULL;
	take_bracketed(&rest, '[', ']', &old);
	if (!goes && !take_bracketed(&rest, '(', ')', &new))
		return NULL;
	value_set(arena, row, "name", value_text(arena, name));
	value_set(arena, row, "old", value_text(arena, old));
	value_set(arena, row, "new", value_text(arena, text_until(&new, ' ')));
	value_set(arena, row, "repository", value_text(arena, text_trim(text_until(&new, '['))));
	value_set_string(arena, row, "reason", goes ? "remove" : old.len ? "upgrade" : "new");
	return row;
}

struct value *
packages_changes(struct arena *arena, struct text said)
{
	struct value *rows = value_list(arena);
	struct text   line;

	while (text_next(&said, "\n", &line)) {
		if (!text_starts(line, TEXT("Inst ")) && !text_starts(line, TEXT("Remv ")))
			continue;
		struct value *row = read_change(arena, line);

		if (row)
			value_add(arena, rows, row);
	}
	return rows;
}
