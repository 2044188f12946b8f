/* Bodies: content types, forms with nested names, multipart. */
#include "dialect/opnsense/body.h"

#include <ctype.h>
#include <string.h>

#include "json/read.h"

/* --- names with brackets -------------------------------------------------------------------- */

/* The container under a name, made when it is not there. NULL: something else is in its place. */
static struct value *
container(struct arena *arena, struct value *parent, struct text name)
{
	struct value *child = name.len ? value_get_text(parent, name) : NULL;

	if (child)
		return child->kind == VALUE_OBJECT ? child : NULL;
	child = value_object(arena);
	if (name.len)
		value_set_text(arena, parent, name, child);
	else
		value_set(arena, parent, arena_print(arena, "%zu", parent->count), child);
	return child;
}

/* Cut "[c]" off the front of what is left of a name. */
static bool
next_key(struct text *rest, struct text *key)
{
	if (rest->len < 2 || rest->ptr[0] != '[')
		return false;
	const char *end = memchr(rest->ptr, ']', rest->len);

	if (!end)
		return false;
	*key = (struct text){ rest->ptr + 1, (size_t)(end - rest->ptr) - 1 };
	*rest = text_after(*rest, key->len + 2);
	return true;
}

static void
put_leaf(struct arena *arena, struct value *parent, struct text key, struct text value)
{
	if (key.len)
		value_set_text(arena, parent, key, value_text(arena, value));
	else
		value_set(arena, parent, arena_print(arena, "%zu", parent->count), value_text(arena, value));
}

static void
put_field(struct arena *arena, struct value *root, struct text name, struct text value)
{
	const char  *bracket = name.len ? memchr(name.ptr, '[', name.len) : NULL;
	struct text  key = { name.ptr, bracket ? (size_t)(bracket - name.ptr) : name.len };
	struct text  rest = text_after(name, key.len), next;
	struct value *parent = root;

	if (key.len == 0)
		return;
	for (unsigned depth = 0; depth < FORM_DEPTH_MAX && parent && next_key(&rest, &next); depth++) {
		parent = container(arena, parent, key);
		key = next;
	}
	if (parent)
		put_leaf(arena, parent, key, value);
}

/* Objects whose names are 0, 1, 2... came from "a[]=": they are lists. */
static void
make_lists(struct value *value)
{
	bool counted = value->kind == VALUE_OBJECT && value->count > 0;

	for (size_t i = 0; i < value->count; i++) {
		char index[24];

		make_lists(value->members[i].value);
		snprintf(index, sizeof(index), "%zu", i);
		counted = counted && text_is(value->members[i].name, index);
	}
	if (counted)
		value->kind = VALUE_LIST;
}

/* --- forms ---------------------------------------------------------------------------------- */

const struct value *
form_read(struct arena *arena, struct text form)
{
	struct value *root = value_object(arena);
	struct text   pair;

	for (size_t n = 0; n < FORM_FIELDS_MAX && text_next(&form, "&", &pair); n++) {
		const struct text name = text_decode_form(arena, text_until(&pair, '='), 0);

		put_field(arena, root, name, text_decode_form(arena, pair, 0));
	}
	for (size_t i = 0; i < root->count; i++)
		make_lists(root->members[i].value);
	return root;
}

/* --- multipart ------------------------------------------------------------------------------ */

/* The value of a parameter like name="x"; empty when absent. */
static struct text
parameter(struct text header, const char *name)
{
	struct text part;

	while (text_next(&header, ";", &part)) {
		struct text value = text_trim(part);

		const struct text key = text_until(&value, '=');
		if (!text_equal_any_case(text_trim(key), text_of(name)))
			continue;
		value = text_trim(value);
		if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
			value = (struct text){ value.ptr + 1, value.len - 2 };
		return value;
	}
	return TEXT_NONE;
}

static struct text
find(struct text in, struct text what)
{
	const char *at = in.len ? memmem(in.ptr, in.len, what.ptr, what.len) : NULL;

	return at ? text_after(in, (size_t)(at - in.ptr)) : TEXT_NONE;
}

/* One part: headers, an empty line, content. */
static void
put_part(struct arena *arena, struct value *root, struct text part)
{
	const struct text content = find(part, TEXT("\r\n\r\n"));
	struct text       headers = { part.ptr, part.len - content.len }, line;

	if (content.len == 0)
		return;
	while (text_next(&headers, "\n", &line)) {
		const struct text key = text_until(&line, ':');

		if (text_equal_any_case(text_trim(key), TEXT("content-disposition"))) {
			const struct text name = parameter(line, "name");
			const struct text value = text_after(content, 4);

			if (!value.len || !memchr(value.ptr, '\0', value.len))
				put_field(arena, root, name, value);
			return;
		}
	}
}

static const struct value *
multipart_read(struct arena *arena, struct text type, struct text body)
{
	struct value     *root = value_object(arena);
	const struct text boundary = parameter(type, "boundary");

	if (boundary.len == 0)
		return root;
	const struct text mark = text_of(arena_print(arena, "--%.*s", TEXT_ARGS(boundary)));
	struct text       rest = find(body, mark);

	for (size_t n = 0; n < FORM_FIELDS_MAX && rest.len; n++) {
		rest = text_after(rest, mark.len);
		if (text_starts(rest, TEXT("--")))
			break;
		const struct text next = find(rest, mark);
		struct text       part = { rest.ptr, rest.len - next.len };

		if (text_ends(part, TEXT("\r\n")))
			part.len -= 2;
		if (next.len)
			put_part(arena, root, part);
		rest = next;
	}
	for (size_t i = 0; i < root->count; i++)
		make_lists(root->members[i].value);
	return root;
}

/* --- any body ------------------------------------------------------------------------------- */

/* "application/json", alone or with the one character set there is. */
static bool
is_json(struct text type)
{
	if (!text_equal_any_case(text_trim(text_until(&type, ';')), TEXT("application/json")))
		return false;
	const struct text rest = text_trim(type);

	if (rest.len == 0)
		return true;
	const struct text charset = parameter(rest, "charset");

	return text_equal_any_case(charset, TEXT("utf-8"));
}

enum result
body_read(const struct request *request, const struct value **out)
{
	const struct text type = request->header(request, "Content-Type");
	struct text       rest = type;
	const struct text kind = text_trim(text_until(&rest, ';'));

	*out = value_object(request->arena);
	if (is_json(type)) {
		struct value *value;

		if (request->body.len == 0)
			return RESULT_INVALID;
		if (json_read(request->arena, request->body, NULL, &value, NULL) == RESULT_DONE &&
		    (value->kind == VALUE_OBJECT || value->kind == VALUE_LIST))
			*out = value;
	} else if (request->method != METHOD_POST) {
		return RESULT_DONE;
	} else if (text_equal_any_case(kind, TEXT("application/x-www-form-urlencoded"))) {
		*out = form_read(request->arena, request->body);
	} else if (text_equal_any_case(kind, TEXT("multipart/form-data"))) {
		*out = multipart_read(request->arena, type, request->body);
	}
	return RESULT_DONE;
}

const struct value *
body_find(const struct value *sent, const char *name, bool *wrong)
{
	struct text rest = text_of(name);

	while (sent) {
		const struct text step = text_until(&rest, '.');

		if (sent->kind != VALUE_OBJECT) {
			*wrong = *wrong || (sent->kind != VALUE_LIST || sent->count > 0);
			return NULL;
		}
		sent = value_get_text(sent, step);
		if (rest.len == 0)
			return sent;
	}
	return NULL;
}
