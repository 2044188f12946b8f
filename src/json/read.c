/*
 * Jansson reads, we copy its tree into an arena. Jansson refuses numbers that are too
 * big; those are put in quotes and all is read again.
 */
#include "json/read.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number.h"

struct reading {
	struct arena      *arena;
	struct json_limits limits;
	size_t             members;
	const char        *passed; /* the limit that was */
};

static const struct json_limits usual = { JSON_BYTES_MAX, JSON_DEPTH_MAX, JSON_MEMBERS_MAX };

static void
tree_release(json_t **tree)
{
	json_decref(*tree);
}

/* Is it a number in form, but one that does not fit? */
static bool
is_too_big(struct text number)
{
	struct text digits = text_starts(number, TEXT("-")) ? text_after(number, 1) : number;
	char        copy[512];
	char       *end;
	int64_t     integer;

	if (digits.len == 0 || (digits.ptr[0] == '0' && digits.len > 1 && digits.ptr[1] >= '0' && digits.ptr[1] <= '9'))
		return false;
	if (strspn(digits.ptr, "0123456789") >= digits.len)
		return !number_read(number, INT64_MIN, INT64_MAX, &integer);
	if (number.len >= sizeof(copy))
		return false;
	memcpy(copy, number.ptr, number.len);
	copy[number.len] = '\0';
	const double real = strtod(copy, &end);

	return *end == '\0' && isinf(real);
}

/* Put quotes around numbers that are too big. The bytes must be followed by a NUL. */
static void
quote_numbers(struct text in, struct buffer *out)
{
	size_t at = 0, done = 0;

	while (at < in.len) {
		if (in.ptr[at] == '"') {
			for (at++; at < in.len && in.ptr[at] != '"'; at++)
				if (in.ptr[at] == '\\')
					at++;
			at++;
			continue;
		}
		const size_t len = strspn(in.ptr + at, "+-.0123456789eE");
		const struct text number = { in.ptr + at, len };

		if (len > 0 && strchr("-0123456789", in.ptr[at]) && is_too_big(number)) {
			buffer_add(out, (struct text){ in.ptr + done, at - done });
			buffer_add_byte(out, '"');
			buffer_add(out, number);
			buffer_add_byte(out, '"');
			done = at + len;
		}
		at += len > 0 ? len : 1;
	}
	buffer_add(out, text_after(in, done));
}

static json_t *
load(struct text in, json_error_t *error)
{
	json_t *tree = json_loadb(in.ptr ? in.ptr : "", in.len, JSON_DECODE_ANY, error);

	if (tree || json_error_code(error) != json_error_numeric_overflow)
		return tree;
	scoped_buffer copy = BUFFER_NONE, quoted = BUFFER_NONE;

	buffer_add(&copy, in);
	quote_numbers(buffer_text(&copy), &quoted);
	return json_loadb(quoted.bytes, quoted.len, JSON_DECODE_ANY, error);
}

static struct value *copy_tree(struct reading *, json_t *, size_t depth);

static bool
may_descend(struct reading *reading, size_t depth, size_t members)
{
	if (depth >= reading->limits.depth)
		reading->passed = "nested too deeply";
	else if (members > reading->limits.members - reading->members)
		reading->passed = "too many members";
	else
		reading->members += members;
	return !reading->passed;
}

static struct value *
copy_list(struct reading *reading, json_t *tree, size_t depth)
{
	struct value *list = value_list(reading->arena);

	if (!may_descend(reading, depth, json_array_size(tree)))
		return NULL;
	for (size_t i = 0; i < json_array_size(tree); i++) {
		struct value *item = copy_tree(reading, json_array_get(tree, i), depth + 1);

		if (!item)
			return NULL;
		value_add(reading->arena, list, item);
	}
	return list;
}

/* Names are unique here: no need to look for each, as value_set() would. */
static struct value *
copy_object(struct reading *reading, json_t *tree, size_t depth)
{
	struct value *object = value_object(reading->arena);

	if (!may_descend(reading, depth, json_object_size(tree)))
		return NULL;
	object->members = ARENA_MAKE(reading->arena, struct member, json_object_size(tree));
	object->room = json_object_size(tree);
	for (void *at = json_object_iter(tree); at; at = json_object_iter_next(tree, at)) {
		const struct text name = text_of(json_object_iter_key(at));
		struct value     *value = copy_tree(reading, json_object_iter_value(at), depth + 1);

		if (!value)
			return NULL;
		object->members[object->count++] = (struct member){
			{ arena_copy(reading->arena, name), name.len }, value
		};
	}
	return object;
}

static struct value *
copy_tree(struct reading *reading, json_t *tree, size_t depth)
{
	struct arena *arena = reading->arena;

	switch (json_typeof(tree)) {
	case JSON_OBJECT:
		return copy_object(reading, tree, depth);
	case JSON_ARRAY:
		return copy_list(reading, tree, depth);
	case JSON_STRING:
		return value_text(arena, (struct text){ json_string_value(tree), json_string_length(tree) });
	case JSON_INTEGER:
		return value_integer(arena, json_integer_value(tree));
	case JSON_REAL:
		return value_real(arena, json_real_value(tree));
	case JSON_TRUE:
	case JSON_FALSE:
		return value_bool(arena, json_is_true(tree));
	case JSON_NULL:
		break;
	}
	return value_null(arena);
}

enum result
json_read(struct arena *arena, struct text in, const struct json_limits *limits, struct value **out,
          const char **message)
{
	struct reading reading = { .arena = arena, .limits = limits ? *limits : usual };
	json_error_t   error;

	if (reading.limits.bytes == 0)
		reading.limits.bytes = usual.bytes;
	if (reading.limits.depth == 0)
		reading.limits.depth = usual.depth;
	if (reading.limits.members == 0)
		reading.limits.members = usual.members;
	if (in.len > reading.limits.bytes) {
		if (message)
			*message = arena_print(arena, "more than %zu bytes", reading.limits.bytes);
		return RESULT_TOO_BIG;
	}
	/* Jansson takes one at the end for the end. */
	if (in.len > 0 && memchr(in.ptr, '\0', in.len)) {
		if (message)
			*message = "a NUL byte";
		return RESULT_INVALID;
	}
	__attribute__((cleanup(tree_release))) json_t *tree = load(in, &error);

	if (!tree) {
		if (message)
			*message = arena_print(arena, "line %d: %s", error.line, error.text);
		return RESULT_INVALID;
	}
	struct value *root = copy_tree(&reading, tree, 0);

	if (!root) {
		if (message)
			*message = reading.passed;
		return RESULT_TOO_BIG;
	}
	*out = root;
	return RESULT_DONE;
}
