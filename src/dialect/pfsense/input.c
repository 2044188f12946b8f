/* Members of a request: from its JSON body or from its URL, as the content type says. */
#include "dialect/pfsense/input.h"

#include <ctype.h>

#include "dialect/pfsense/coerce.h"
#include "json/read.h"

#define MEMBERS_MAX 1000 /* of a query; those after are dropped */
#define NESTING_MAX 16

/* "true" and "false" are booleans, anything numeric an integer. */
static struct value *
coerced(struct arena *arena, struct text text)
{
	struct value *value = value_text(arena, text);

	if (text_is(text, "true") || text_is(text, "false"))
		return value_bool(arena, text.len == 4);
	return is_numeric(value) ? value_integer(arena, to_integer(value)) : value;
}

/* What the brackets behind a name lead to: made as needed, as lists while the indexes are 0, 1, 2... */
static void
put_nested(struct arena *arena, struct value *into, struct text name, struct text brackets,
           struct value *value, unsigned depth)
{
	struct value *inner = value_get_text(into, name);
	struct text   rest = text_after(brackets, 1);

	if (depth == 0 || !memchr(rest.ptr ? rest.ptr : "", ']', rest.len) || brackets.ptr[0] != '[') {
		value_set_text(arena, into, name, value);
		return;
	}
	struct text key = text_until(&rest, ']');

	if (!value_is(inner, VALUE_OBJECT)) {
		inner = value_object(arena);
		value_set_text(arena, into, name, inner);
	}
	if (key.len == 0)
		key = text_of(arena_print(arena, "%zu", inner->count));
	if (rest.len)
		put_nested(arena, inner, key, rest, value, depth - 1);
	else
		value_set_text(arena, inner, key, value);
}

/* Objects whose names are 0, 1, 2... in order are lists. */
static void
settle_lists(struct value *value)
{
	bool list = value_is(value, VALUE_OBJECT) && value->count > 0;

	for (size_t i = 0; i < value_count(value); i++) {
		size_t             index;
		const struct value name = { .kind = VALUE_TEXT, .text = value->members[i].name };

		settle_lists(value->members[i].value);
		list = list && is_index(&name, &index) && index == i;
	}
	if (list)
		value->kind = VALUE_LIST;
}

struct value *
query_members(struct arena *arena, struct text query)
{
	struct value *members = value_object(arena);
	struct text   piece;

	for (size_t i = 0; i < MEMBERS_MAX && text_next(&query, "&", &piece); i++) {
		struct text       value = piece;
		const struct text name = text_decode_form(arena, text_until(&value, '='), '?');
		const char       *bracket = name.len ? memchr(name.ptr, '[', name.len) : NULL;

		if (name.len == 0 || bracket == name.ptr)
			continue;
		value = text_decode_form(arena, value, '?');
		if (!bracket) {
			value_set_text(arena, members, name, coerced(arena, value));
			continue;
		}
		const size_t len = (size_t)(bracket - name.ptr);

		put_nested(arena, members, text_first(name, len), text_after(name, len),
			   value_text(arena, value), NESTING_MAX);
	}
	for (size_t i = 0; i < members->count; i++)
		settle_lists(members->members[i].value);
	return members;
}

static bool
read_body(struct request *request, struct value **out)
{
	struct value *body = NULL;

	*out = value_object(request->arena);
	if (json_read(request->arena, request->body, NULL, &body, NULL) != RESULT_DONE)
		return true;
	if (value_is(body, VALUE_BOOL) && !body->truth)
		return false;
	if (value_is(body, VALUE_OBJECT)) {
		*out = body;
	} else if (value_is(body, VALUE_LIST)) {
		for (size_t i = 0; i < body->count; i++)
			value_set(request->arena, *out, arena_print(request->arena, "%zu", i),
				  body->members[i].value);
	}
	return true;
}

bool
input_read(struct request *request, struct value **out)
{
	const struct text type = request->header(request, "Content-Type");

	if (text_is(type, "application/json"))
		return read_body(request, out);
	if (type.len && !text_is(type, "application/x-www-form-urlencoded"))
		return false;
	if (request->query.len == 0)
		return read_body(request, out);
	*out = query_members(request->arena, request->query);
	return true;
}
