/* Functions on values, texts and lists, for the tables' expressions. */
#include <ctype.h>
#include <time.h>

#include "api/service.h"
#include "base/number.h"
#include "dialect/pfsense/functions.h"

FUNCTION(has)
{
	UNUSED;
	return say(scope, !is_none(A(0)));
}

FUNCTION(blank)
{
	UNUSED;
	return say(scope, is_blank(A(0)));
}

FUNCTION(numeric)
{
	UNUSED;
	return say(scope, is_numeric(A(0)));
}

FUNCTION(int)
{
	UNUSED;
	return value_integer(scope->arena, to_integer(A(0)));
}

FUNCTION(float)
{
	UNUSED;
	return value_real(scope->arena, to_real(A(0)));
}

FUNCTION(str)
{
	UNUSED;
	return value_text(scope->arena, text(scope, A(0)));
}

FUNCTION(len)
{
	UNUSED;
	const struct value *value = A(0);
	const bool          compound = value_is(value, VALUE_LIST) || value_is(value, VALUE_OBJECT);

	return value_integer(scope->arena, compound ? (int64_t)value->count : is_none(value) ? 0 : 1);
}

FUNCTION(strlen)
{
	UNUSED;
	return value_integer(scope->arena, (int64_t)text(scope, A(0)).len);
}

FUNCTION(digits)
{
	UNUSED;
	const struct value *value = A(0);

	if (value_is(value, VALUE_INTEGER))
		return say(scope, value->integer >= 0);
	if (!value_is(value, VALUE_TEXT) || value->text.len == 0)
		return say(scope, false);
	for (size_t i = 0; i < value->text.len; i++)
		if (!isdigit((unsigned char)value->text.ptr[i]))
			return say(scope, false);
	return say(scope, true);
}

FUNCTION(all_digits)
{
	UNUSED;
	return value_is(A(0), VALUE_TEXT) ? call_digits(scope, arguments, count, options) :
					    say(scope, false);
}

FUNCTION(all_hex)
{
	UNUSED;
	const struct text hex = value_is(A(0), VALUE_TEXT) ? A(0)->text : TEXT_NONE;

	for (size_t i = 0; i < hex.len; i++)
		if (!isxdigit((unsigned char)hex.ptr[i]))
			return say(scope, false);
	return say(scope, hex.len > 0);
}

FUNCTION(is_int)
{
	UNUSED;
	return say(scope, value_is(A(0), VALUE_INTEGER));
}

FUNCTION(is_str)
{
	UNUSED;
	return say(scope, value_is(A(0), VALUE_TEXT));
}

FUNCTION(is_list)
{
	UNUSED;
	return say(scope, value_is(A(0), VALUE_LIST) || value_is(A(0), VALUE_OBJECT));
}

FUNCTION(is_null)
{
	UNUSED;
	return say(scope, is_none(A(0)));
}

FUNCTION(as_list)
{
	UNUSED;
	return to_list(scope->arena, A(0));
}

FUNCTION(keys)
{
	UNUSED;
	struct value *list = value_list(scope->arena);

	for (size_t i = 0; i < value_count(A(0)); i++)
		value_add(scope->arena, list,
			  A(0)->kind == VALUE_LIST ? value_integer(scope->arena, (int64_t)i) :
						     value_text(scope->arena, A(0)->members[i].name));
	return list;
}

/* Where a part first occurs in a text, or past its end. */
static size_t
find_part(struct text whole, struct text part)
{
	for (size_t i = 0; i + part.len <= whole.len; i++)
		if (memcmp(whole.ptr + i, part.ptr, part.len) == 0)
			return i;
	return SIZE_MAX;
}

FUNCTION(split)
{
	UNUSED;
	const struct text separator = text(scope, A(0));
	struct text       rest = text(scope, A(1));
	struct value     *list = value_list(scope->arena);
	size_t            at;

	while (separator.len && (at = find_part(rest, separator)) != SIZE_MAX) {
		value_add(scope->arena, list, value_text(scope->arena, text_first(rest, at)));
		rest = text_after(rest, at + separator.len);
	}
	value_add(scope->arena, list, value_text(scope->arena, rest));
	return list;
}

FUNCTION(join)
{
	UNUSED;
	const struct text    separator = text(scope, A(0));
	const struct value  *list = A(1);
	scoped_buffer        out = BUFFER_NONE;

	if (!value_is(list, VALUE_LIST) && !value_is(list, VALUE_OBJECT))
		return value_text(scope->arena, text(scope, list));
	for (size_t i = 0; i < list->count; i++) {
		if (i)
			buffer_add(&out, separator);
		buffer_add(&out, text(scope, list->members[i].value));
	}
	return value_text(scope->arena, buffer_text(&out));
}

FUNCTION(replace)
{
	UNUSED;
	const struct text from = text(scope, A(0)), to = text(scope, A(1));
	struct text       rest;
	scoped_buffer     out = BUFFER_NONE;
	size_t            at;

	if (value_is(A(2), VALUE_LIST) || is_none(A(2)))
		return A(2);
	rest = text(scope, A(2));
	while (from.len && (at = find_part(rest, from)) != SIZE_MAX) {
		buffer_add(&out, text_first(rest, at));
		buffer_add(&out, to);
		rest = text_after(rest, at + from.len);
	}
	buffer_add(&out, rest);
	return value_text(scope->arena, buffer_text(&out));
}

FUNCTION(drop_empty)
{
	UNUSED;
	struct value *list = value_list(scope->arena);

	for (size_t i = 0; i < value_count(A(0)); i++)
		if (is_true(A(0)->members[i].value))
			value_add(scope->arena, list, A(0)->members[i].value);
	return list;
}

static bool
list_has(const struct value *list, const struct value *value)
{
	for (size_t i = 0; i < value_count(list); i++)
		if (is_alike(list->members[i].value, value))
			return true;
	return false;
}

FUNCTION(uniq)
{
	UNUSED;
	struct value *list = value_list(scope->arena);

	for (size_t i = 0; i < value_count(A(0)); i++)
		if (!list_has(list, A(0)->members[i].value))
			value_add(scope->arena, list, A(0)->members[i].value);
	return list;
}

FUNCTION(minus)
{
	UNUSED;
	struct value *list = value_list(scope->arena);

	for (size_t i = 0; i < value_count(A(0)); i++)
		if (!list_has(A(1), A(0)->members[i].value))
			value_add(scope->arena, list, A(0)->members[i].value);
	return list;
}

FUNCTION(renumber)
{
	UNUSED;
	struct value *list = value_list(scope->arena);

	for (size_t i = 0; i < value_count(A(0)); i++)
		value_add(scope->arena, list, A(0)->members[i].value);
	return list;
}

FUNCTION(merge)
{
	UNUSED;
	const struct value *both[] = { A(0), A(1) };
	const bool          lists = !value_is(A(0), VALUE_OBJECT) && !value_is(A(1), VALUE_OBJECT);
	struct value       *merged = lists ? value_list(scope->arena) : value_object(scope->arena);

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < value_count(both[i]); j++) {
			if (lists)
				value_add(scope->arena, merged, both[i]->members[j].value);
			else
				value_set_text(scope->arena, merged, both[i]->members[j].name,
					       both[i]->members[j].value);
		}
	return merged;
}

static struct value *
change_case(struct scope *scope, const struct value *value, int change(int))
{
	const struct text from = text(scope, value);
	char             *copy = arena_copy(scope->arena, from);

	for (size_t i = 0; i < from.len; i++)
		copy[i] = (char)change((unsigned char)copy[i]);
	return value_text(scope->arena, (struct text){ copy, from.len });
}

FUNCTION(lower)
{
	UNUSED;
	return change_case(scope, A(0), tolower);
}

FUNCTION(upper)
{
	UNUSED;
	return change_case(scope, A(0), toupper);
}

FUNCTION(trim)
{
	UNUSED;
	return value_text(scope->arena, text_trim(text(scope, A(0))));
}

FUNCTION(substr)
{
	UNUSED;
	const struct text whole = text(scope, A(0));
	const int64_t     from = to_integer(A(1));
	const struct text rest = text_after(whole, from < 0 ? 0 : (size_t)from);

	return value_text(scope->arena,
			  count > 2 ? text_first(rest, (size_t)to_integer(A(2))) : rest);
}

FUNCTION(b64)
{
	UNUSED;
	return value_string(scope->arena, base64_encode(scope->arena, text(scope, A(0))));
}

FUNCTION(unb64)
{
	UNUSED;
	size_t      len = 0;
	const char *bytes = base64_decode(scope->arena, text(scope, A(0)), &len);

	return bytes && !memchr(bytes, '\0', len) ? value_text(scope->arena, (struct text){ bytes, len }) :
						    say(scope, false);
}

FUNCTION(contains)
{
	UNUSED;
	return say(scope, find_part(text(scope, A(0)), text(scope, A(1))) != SIZE_MAX);
}

FUNCTION(begins)
{
	UNUSED;
	return say(scope, text_starts(text(scope, A(1)), text(scope, A(0))));
}

FUNCTION(now)
{
	UNUSED;
	return value_integer(scope->arena, scope->now);
}

/* "Tue, 24 Nov 2026 10:03:40 +0000" */
FUNCTION(mail_date)
{
	UNUSED;
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const time_t now = (time_t)scope->now;
	struct tm    when;

	gmtime_r(&now, &when);
	return value_string(scope->arena,
			    arena_print(scope->arena, "%s, %02d %s %d %02d:%02d:%02d +0000",
					days[when.tm_wday], when.tm_mday, months[when.tm_mon],
					when.tm_year + 1900, when.tm_hour, when.tm_min, when.tm_sec));
}

FUNCTION(new_uid)
{
	UNUSED;
	return value_text(scope->arena, text_first(text_of(random_hex(scope->arena, 7)), 13));
}

FUNCTION(hex)
{
	UNUSED;
	return value_string(scope->arena, hex_encode(scope->arena, text(scope, A(0))));
}

FUNCTION(md5)
{
	UNUSED;
	return value_string(scope->arena, digest_hex(scope->arena, "md5", text(scope, A(0))));
}

FUNCTION(sanitize)
{
	UNUSED;
	const struct text from = text(scope, A(0));
	char             *copy = arena_take(scope->arena, from.len + 1);
	size_t            len = 0;

	for (size_t i = 0; i < from.len; i++) {
		const char c = from.ptr[i] == ' ' ? '_' : from.ptr[i];

		if (isalnum((unsigned char)c) || strchr("-_.", c))
			copy[len++] = c;
	}
	return value_text(scope->arena, (struct text){ copy, len });
}

/* clang-format off */
const struct function functions_text[] = {
	{ "has",        1, 1, call_has },
	{ "blank",      1, 1, call_blank },
	{ "numeric",    1, 1, call_numeric },
	{ "int",        1, 1, call_int },
	{ "float",      1, 1, call_float },
	{ "str",        1, 1, call_str },
	{ "len",        1, 1, call_len },
	{ "strlen",     1, 1, call_strlen },
	{ "digits",     1, 1, call_digits },
	{ "all_digits", 1, 1, call_all_digits },
	{ "all_hex",    1, 1, call_all_hex },
	{ "is_int",     1, 1, call_is_int },
	{ "is_str",     1, 1, call_is_str },
	{ "is_list",    1, 1, call_is_list },
	{ "is_null",    1, 1, call_is_null },
	{ "resolved",   1, 1, call_has },
	{ "as_list",    1, 1, call_as_list },
	{ "keys",       1, 1, call_keys },
	{ "split",      2, 2, call_split },
	{ "join",       2, 2, call_join },
	{ "replace",    3, 3, call_replace },
	{ "drop_empty", 1, 1, call_drop_empty },
	{ "uniq",       1, 1, call_uniq },
	{ "minus",      2, 2, call_minus },
	{ "renumber",   1, 1, call_renumber },
	{ "merge",      2, 2, call_merge },
	{ "overlay",    2, 2, call_merge },
	{ "lower",      1, 1, call_lower },
	{ "upper",      1, 1, call_upper },
	{ "trim",       1, 1, call_trim },
	{ "substr",     2, 3, call_substr },
	{ "b64",        1, 1, call_b64 },
	{ "unb64",      1, 2, call_unb64 },
	{ "contains",   2, 2, call_contains },
	{ "begins",     2, 2, call_begins },
	{ "now",        0, 1, call_now },
	{ "mail_date",  0, 0, call_mail_date },
	{ "new_uid",    0, 0, call_new_uid },
	{ "hex",        1, 1, call_hex },
	{ "md5",        1, 1, call_md5 },
	{ "sanitize",   1, 1, call_sanitize },
	{ NULL },
};
/* clang-format on */
