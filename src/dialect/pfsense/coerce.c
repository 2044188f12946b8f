/* Values taken for one another: truth, numbers and equality as PHP has them, for the tables' sake. */
#include "dialect/pfsense/coerce.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "base/number.h"

bool
is_none(const struct value *value)
{
	return !value || value->kind == VALUE_NULL;
}

bool
is_blank(const struct value *value)
{
	if (!value)
		return true;
	switch (value->kind) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return !value->truth;
	case VALUE_INTEGER:
		return value->integer == 0;
	case VALUE_REAL:
		return value->real == 0;
	case VALUE_TEXT:
		return value->text.len == 0 || text_is(value->text, "0");
	case VALUE_LIST:
	case VALUE_OBJECT:
		return value->count == 0;
	}
	return true;
}

/* Leading white space is fine, trailing is not. */
static bool
read_numeric(struct text text, double *out)
{
	while (text.len && isspace((unsigned char)*text.ptr))
		text = text_after(text, 1);
	if (text.len && *text.ptr == '+')
		text = text_after(text, 1);
	return number_read_real(text, out);
}

bool
is_numeric(const struct value *value)
{
	double ignored;

	if (!value)
		return false;
	if (value->kind == VALUE_INTEGER || value->kind == VALUE_REAL)
		return true;
	return value->kind == VALUE_TEXT && read_numeric(value->text, &ignored);
}

/* The longest numeric start of a text. */
static double
leading_number(struct text text)
{
	char        copy[64];
	char       *end;
	struct text part = text_first(text, sizeof(copy) - 1);

	for (size_t i = 0; i < part.len; i++)
		if (!strchr("0123456789+-.eE \t", part.ptr[i]))
			part.len = i;
	memcpy(copy, part.ptr ? part.ptr : "", part.len);
	copy[part.len] = '\0';
	const double number = strtod(copy, &end);

	return end == copy || !isfinite(number) ? 0 : number;
}

double
to_real(const struct value *value)
{
	if (!value)
		return 0;
	switch (value->kind) {
	case VALUE_BOOL:
		return value->truth;
	case VALUE_INTEGER:
		return (double)value->integer;
	case VALUE_REAL:
		return value->real;
	case VALUE_TEXT:
		return leading_number(value->text);
	case VALUE_LIST:
	case VALUE_OBJECT:
		return value->count ? 1 : 0;
	case VALUE_NULL:
		return 0;
	}
	return 0;
}

int64_t
to_integer(const struct value *value)
{
	int64_t exact;

	if (value_is(value, VALUE_INTEGER))
		return value->integer;
	if (value_is(value, VALUE_TEXT) && number_read(value->text, INT64_MIN, INT64_MAX, &exact))
		return exact;
	const double real = to_real(value);

	if (real >= 9.2e18)
		return INT64_MAX;
	return real <= -9.2e18 ? INT64_MIN : (int64_t)real;
}

const char *
to_string(struct arena *arena, const struct value *value)
{
	const char *string = value ? value_as_string(arena, value) : NULL;

	return string ? string : "";
}

struct text
to_text(struct arena *arena, const struct value *value)
{
	return value_is(value, VALUE_TEXT) ? value->text : text_of(to_string(arena, value));
}

struct value *
to_list(struct arena *arena, struct value *value)
{
	if (value_is(value, VALUE_LIST) || value_is(value, VALUE_OBJECT))
		return value;
	struct value *list = value_list(arena);

	if (!is_blank(value))
		value_add(arena, list, value);
	return list;
}

bool
is_index(const struct value *value, size_t *out)
{
	int64_t number = -1;

	if (value_is(value, VALUE_INTEGER))
		number = value->integer;
	else if (value_is(value, VALUE_TEXT) && value->text.len < 10)
		number_read(value->text, 0, INT64_MAX, &number);
	if (number < 0)
		return false;
	*out = (size_t)number;
	return true;
}

static bool
lists_alike(const struct value *a, const struct value *b,
            bool alike(const struct value *, const struct value *))
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct value *other = b->kind == VALUE_OBJECT && a->kind == VALUE_OBJECT ?
						    value_get_text(b, a->members[i].name) :
						    value_at(b, i);

		if (!other || !alike(a->members[i].value, other))
			return false;
	}
	return true;
}

static bool
is_compound(const struct value *value)
{
	return value_is(value, VALUE_LIST) || value_is(value, VALUE_OBJECT);
}

bool
is_same(const struct value *a, const struct value *b)
{
	if (is_none(a) || is_none(b))
		return is_none(a) && is_none(b);
	if (is_compound(a) && is_compound(b))
		return lists_alike(a, b, is_same);
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_BOOL:
		return a->truth == b->truth;
	case VALUE_INTEGER:
		return a->integer == b->integer;
	case VALUE_REAL:
		return a->real == b->real;
	default:
		return text_equal(a->text, b->text);
	}
}

bool
is_alike(const struct value *a, const struct value *b)
{
	double left, right;

	if (is_none(a) && value_is(b, VALUE_TEXT))
		return b->text.len == 0;
	if (is_none(b) && value_is(a, VALUE_TEXT))
		return a->text.len == 0;
	if (is_none(a) || is_none(b) || value_is(a, VALUE_BOOL) || value_is(b, VALUE_BOOL))
		return is_blank(a) == is_blank(b);
	if (is_compound(a) || is_compound(b))
		return is_compound(a) && is_compound(b) && lists_alike(a, b, is_alike);
	if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT) {
		if (text_equal(a->text, b->text))
			return true;
		return read_numeric(a->text, &left) && read_numeric(b->text, &right) && left == right;
	}
	if (a->kind == VALUE_TEXT || b->kind == VALUE_TEXT) {
		const struct text text = a->kind == VALUE_TEXT ? a->text : b->text;

		return read_numeric(text, &left) && left == to_real(a->kind == VALUE_TEXT ? b : a);
	}
	return to_real(a) == to_real(b);
}
