/* Placeholders: tests/vectors/opnsense/scenarios/README.md says what each stands for. */
#include "scenario/match.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "base/uuid.h"

#define PATH_MAX_BYTES 512

struct comparing {
	struct bindings *bindings;
	bool             unordered;
	struct buffer   *difference;
	char             path[PATH_MAX_BYTES];
};

static bool
differ(struct comparing *comparing, const char *format, ...)
{
	va_list args;

	if (!comparing->difference || comparing->difference->len)
		return false;
	buffer_print(comparing->difference, "%s: ", comparing->path[0] ? comparing->path : "(top)");
	va_start(args, format);
	buffer_print_args(comparing->difference, format, args);
	va_end(args);
	return false;
}

/* --- texts ---------------------------------------------------------------------------------- */

/* The placeholder at the start of a text, with its brackets; empty when there is none. */
static struct text
placeholder(struct text t)
{
	static const char *const words[] = { "text", "time", "secret", "hidden", "label", "uri", "..." };
	const char              *end = t.len && t.ptr[0] == '<' ? memchr(t.ptr, '>', t.len) : NULL;

	if (!end)
		return TEXT_NONE;
	const struct text whole = { t.ptr, (size_t)(end - t.ptr) + 1 }, word = { t.ptr + 1, whole.len - 2 };

	for (size_t i = 0; i < COUNT(words); i++)
		if (text_is(word, words[i]))
			return whole;
	if (text_starts(word, TEXT("uuid")) && word.len > 4 && isdigit((unsigned char)word.ptr[4]))
		return whole;
	return TEXT_NONE;
}

static size_t
time_length(struct text have)
{
	size_t len = 0;

	while (len < have.len && (isdigit((unsigned char)have.ptr[len]) || (len && have.ptr[len] == '.')))
		len++;
	return len;
}

static bool
uuid_fits(struct bindings *bindings, struct text token, struct text rest, struct text have)
{
	const char *bound = map_get(bindings->values, token);

	if (bound)
		return text_starts(have, text_of(bound)) &&
		       text_fits(bindings, rest, text_after(have, strlen(bound)));
	if (!uuid_is_valid(text_first(have, UUID_LENGTH)))
		return false;
	map_set(bindings->values, text_of(arena_copy(bindings->arena, token)),
		arena_copy(bindings->arena, text_first(have, UUID_LENGTH)));
	return text_fits(bindings, rest, text_after(have, UUID_LENGTH));
}

bool
text_fits(struct bindings *bindings, struct text want, struct text have)
{
	while (want.len) {
		const struct text token = placeholder(want);

		if (token.len == 0) {
			if (have.len == 0 || have.ptr[0] != want.ptr[0])
				return false;
			want = text_after(want, 1);
			have = text_after(have, 1);
			continue;
		}
		const struct text rest = text_after(want, token.len);

		if (text_is(token, "<hidden>")) {
			want = rest;
			continue;
		}
		if (text_starts(token, TEXT("<uuid")))
			return uuid_fits(bindings, token, rest, have);
		if (text_is(token, "<time>")) {
			const size_t len = time_length(have);

			return len > 0 && text_fits(bindings, rest, text_after(have, len));
		}
		/* Any text: the shortest that lets the rest fit. */
		for (size_t len = rest.len ? 0 : have.len; len <= have.len; len++)
			if (text_fits(bindings, rest, text_after(have, len)))
				return true;
		return false;
	}
	return have.len == 0;
}

const char *
fill_in(struct bindings *bindings, struct text text)
{
	scoped_buffer out = BUFFER_NONE;

	while (text.len) {
		const struct text token = placeholder(text);
		const char       *bound = token.len ? map_get(bindings->values, token) : NULL;

		if (bound)
			buffer_add_string(&out, bound);
		else
			buffer_add_byte(&out, text.ptr[0]);
		text = text_after(text, bound ? token.len : 1);
	}
	return arena_copy(bindings->arena, buffer_text(&out));
}

struct value *
fill_in_value(struct bindings *bindings, const struct value *from)
{
	struct arena *arena = bindings->arena;

	if (value_is(from, VALUE_TEXT))
		return value_string(arena, fill_in(bindings, from->text));
	if (!value_is(from, VALUE_OBJECT) && !value_is(from, VALUE_LIST))
		return value_copy(arena, from);
	struct value *out = from->kind == VALUE_OBJECT ? value_object(arena) : value_list(arena);

	for (size_t i = 0; i < from->count; i++) {
		struct value *child = fill_in_value(bindings, from->members[i].value);

		if (from->kind == VALUE_OBJECT)
			value_set_text(arena, out, text_of(fill_in(bindings, from->members[i].name)), child);
		else
			value_add(arena, out, child);
	}
	return out;
}

/* --- values --------------------------------------------------------------------------------- */

static bool fits(struct comparing *, const struct value *want, const struct value *have);

static const char *
shown(struct comparing *comparing, const struct value *value)
{
	static const char *const kinds[] = { "null", "a bool", "an integer", "a real", "text", "a list", "an object" };
	const char *text = value && value->kind != VALUE_NULL ? value_as_string(comparing->bindings->arena, value) : NULL;

	return text ? arena_print(comparing->bindings->arena, "%s \"%.100s\"", kinds[value->kind], text)
		    : value ? kinds[value->kind] : "nothing";
}

static bool
fits_below(struct comparing *comparing, struct text name, const struct value *want, const struct value *have)
{
	const size_t len = strlen(comparing->path);

	snprintf(comparing->path + len, PATH_MAX_BYTES - len, "/%.*s", TEXT_ARGS(name));
	const bool good = fits(comparing, want, have);

	comparing->path[len] = '\0';
	return good;
}

/* {"<options>": n, "selected": [...], "keys" or "first_keys": [...], "extra": [...]} */
static bool
options_fit(struct comparing *comparing, const struct value *want, const struct value *have)
{
	const struct value *keys = value_get(want, "keys"), *first = value_get(want, "first_keys");
	const struct value *selected = value_get(want, "selected"), *extra = value_get(want, "extra");
	const size_t        count = (size_t)value_get(want, "<options>")->integer;
	const struct value *list = keys ? keys : first;
	size_t              nselected = 0;

	if (!value_is(have, VALUE_OBJECT))
		return differ(comparing, "want %zu options, have %s", count, shown(comparing, have));
	for (size_t i = 0; i < value_count(list); i++) {
		const struct text want_key = list->members[i].value->text;

		if (i >= have->count || !text_fits(comparing->bindings, want_key, have->members[i].name))
			return differ(comparing, "option %zu: want \"%.*s\", have \"%.*s\"", i, TEXT_ARGS(want_key),
				      i < have->count ? (int)have->members[i].name.len : 0,
				      i < have->count ? have->members[i].name.ptr : "");
	}
	if (have->count != count)
		return differ(comparing, "want %zu options, have %zu; one more: \"%.*s\"", count, have->count,
			      have->count > value_count(list) ? (int)have->members[value_count(list)].name.len : 0,
			      have->count > value_count(list) ? have->members[value_count(list)].name.ptr : "");
	for (size_t i = 0; i < have->count; i++) {
		const struct value *entry = have->members[i].value, *flag = value_get(entry, "selected");

		if (!value_is(value_get(entry, "value"), VALUE_TEXT) || !value_is(flag, VALUE_INTEGER))
			return differ(comparing, "option \"%.*s\" has no value or selected",
				      TEXT_ARGS(have->members[i].name));
		for (size_t j = 0; j < value_count(extra); j++)
			if (!value_get_text(entry, extra->members[j].value->text))
				return differ(comparing, "option \"%.*s\" lacks %.*s", TEXT_ARGS(have->members[i].name),
					      TEXT_ARGS(extra->members[j].value->text));
		if (!flag->integer)
			continue;
		if (nselected >= value_count(selected) ||
		    !text_fits(comparing->bindings, selected->members[nselected].value->text, have->members[i].name))
			return differ(comparing, "\"%.*s\" is selected", TEXT_ARGS(have->members[i].name));
		nselected++;
	}
	if (nselected != value_count(selected))
		return differ(comparing, "want %zu selected, have %zu", value_count(selected), nselected);
	return true;
}

/* "<3 more>", "<12 items>" */
static bool
counts(const struct value *value, const char *word, size_t *count)
{
	struct text t = value_is(value, VALUE_TEXT) ? value->text : TEXT_NONE;
	int64_t     number;

	if (!text_starts(t, TEXT("<")) || !text_ends(t, TEXT(">")))
		return false;
	t = (struct text){ t.ptr + 1, t.len - 2 };
	const struct text digits = text_until(&t, ' ');

	if (!text_is(t, word) || !number_read(digits, 0, INT32_MAX, &number))
		return false;
	*count = (size_t)number;
	return true;
}

static bool
fits_any(struct comparing *comparing, const struct value *want, const struct value *have, bool *used)
{
	struct buffer *difference = comparing->difference;

	comparing->difference = NULL;
	for (size_t i = 0; i < have->count; i++) {
		if (used[i] || !fits(comparing, want, have->members[i].value))
			continue;
		used[i] = true;
		comparing->difference = difference;
		return true;
	}
	comparing->difference = difference;
	return differ(comparing, "a row is not there: %s", shown(comparing, value_get(want, "uuid")));
}

static bool
list_fits(struct comparing *comparing, const struct value *want, const struct value *have)
{
	size_t from = 0, to = want->count, count = want->count, more;
	bool  *used = ARENA_MAKE(comparing->bindings->arena, bool, value_count(have) + 1);

	if (!value_is(have, VALUE_LIST))
		return differ(comparing, "want a list, have %s", shown(comparing, have));
	if (to && counts(value_at(want, 0), "items", &count))
		from = 1;
	if (to && counts(value_at(want, to - 1), "more", &more))
		count = --to + more;
	const bool cut = to && value_is(value_at(want, to - 1), VALUE_TEXT) &&
			 text_is(value_at(want, to - 1)->text, "<...>");

	to -= cut;
	if (!cut && have->count != count)
		return differ(comparing, "want %zu items, have %zu", count, have->count);
	for (size_t i = from; i < to; i++) {
		if (comparing->unordered) {
			if (!fits_any(comparing, value_at(want, i), have, used))
				return false;
		} else if (!fits_below(comparing, text_of(arena_print(comparing->bindings->arena, "%zu", i - from)),
				       value_at(want, i), value_at(have, i - from))) {
			return false;
		}
	}
	return true;
}

static bool
may_be_beside(const struct comparing *comparing, struct text name)
{
	scoped_arena      arena = arena_new();
	const struct text start = text_of(arena_print(arena, "+%s/%.*s ", comparing->path, TEXT_ARGS(name)));
	struct text       rest = comparing->bindings->beside, line;

	while (text_next(&rest, "\n", &line))
		if (text_starts(line, start))
			return true;
	return false;
}

static bool
object_fits(struct comparing *comparing, const struct value *want, const struct value *have)
{
	size_t cut = 0;

	if (!value_is(have, VALUE_OBJECT))
		return differ(comparing, "want an object, have %s", shown(comparing, have));
	for (size_t i = 0; i < want->count; i++) {
		const struct text name = want->members[i].name;
		struct member    *found = NULL;

		if (text_is(name, "<...>")) {
			cut = 1;
			continue;
		}
		for (size_t j = 0; j < have->count && !found; j++)
			if (text_equal(name, have->members[j].name))
				found = &have->members[j];
		/* A placeholder that is not bound yet is the next one. */
		for (size_t j = i; j < have->count && !found && placeholder(name).len; j++)
			if (text_fits(comparing->bindings, name, have->members[j].name))
				found = &have->members[j];
		if (!found)
			return differ(comparing, "\"%.*s\" is missing", TEXT_ARGS(name));
		if (!fits_below(comparing, name, want->members[i].value, found->value))
			return false;
	}
	for (size_t j = 0; j < have->count && !cut && have->count != want->count; j++)
		if (!value_get_text(want, have->members[j].name) && !may_be_beside(comparing, have->members[j].name))
			return differ(comparing, "\"%.*s\" is there too", TEXT_ARGS(have->members[j].name));
	return true;
}

static bool
fits(struct comparing *comparing, const struct value *want, const struct value *have)
{
	if (value_get(want, "<options>"))
		return options_fit(comparing, want, have);
	if (value_is(want, VALUE_OBJECT))
		return object_fits(comparing, want, have);
	if (value_is(want, VALUE_LIST))
		return list_fits(comparing, want, have);
	if (value_is(want, VALUE_TEXT) && text_is(want->text, "<...>"))
		return true;
	if (value_is(want, VALUE_TEXT) && value_is(have, VALUE_TEXT) &&
	    text_fits(comparing->bindings, want->text, have->text))
		return true;
	if (value_is(want, VALUE_TEXT) && text_is(want->text, "<time>") && have &&
	    (have->kind == VALUE_INTEGER || have->kind == VALUE_REAL))
		return true;
	if (!value_is(want, VALUE_TEXT) && value_equal(want, have))
		return true;
	return differ(comparing, "want %s, have %s", shown(comparing, want), shown(comparing, have));
}

bool
value_fits(struct bindings *bindings, const struct value *want, const struct value *have, bool unordered,
	   struct buffer *difference)
{
	struct comparing comparing = { .bindings = bindings, .unordered = unordered, .difference = difference };

	return fits(&comparing, want, have);
}
