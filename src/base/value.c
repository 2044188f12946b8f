/* Making, finding and changing the members of a tree of values. */
#include "base/value.h"

#include <inttypes.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"

static struct value *
make(struct arena *arena, enum value_kind kind)
{
	struct value *value = ARENA_MAKE(arena, struct value, 1);

	value->kind = kind;
	return value;
}

struct value *
value_null(struct arena *arena)
{
	return make(arena, VALUE_NULL);
}

struct value *
value_bool(struct arena *arena, bool truth)
{
	struct value *value = make(arena, VALUE_BOOL);

	value->truth = truth;
	return value;
}

struct value *
value_integer(struct arena *arena, int64_t integer)
{
	struct value *value = make(arena, VALUE_INTEGER);

	value->integer = integer;
	return value;
}

struct value *
value_real(struct arena *arena, double real)
{
	struct value *value = make(arena, VALUE_REAL);

	value->real = real;
	return value;
}

struct value *
value_text(struct arena *arena, struct text text)
{
	struct value *value = make(arena, VALUE_TEXT);

	value->text = (struct text){ arena_copy(arena, text), text.len };
	return value;
}

struct value *
value_string(struct arena *arena, const char *string)
{
	return value_text(arena, text_of(string));
}

struct value *
value_list(struct arena *arena)
{
	return make(arena, VALUE_LIST);
}

struct value *
value_object(struct arena *arena)
{
	return make(arena, VALUE_OBJECT);
}

static void
append(struct arena *arena, struct value *value, struct text name, struct value *child)
{
	if (value->count == value->room) {
		const size_t   room = value->room ? value->room * 2 : 4;
		struct member *members = ARENA_MAKE(arena, struct member, room);

		if (value->count)
			memcpy(members, value->members, value->count * sizeof(*members));
		value->members = members;
		value->room = room;
	}
	value->members[value->count++] = (struct member){ name, child };
}

struct value *
value_copy(struct arena *arena, const struct value *from)
{
	if (!from)
		return NULL;
	struct value *value = make(arena, from->kind);

	value->truth = from->truth;
	value->integer = from->integer;
	value->real = from->real;
	if (from->kind == VALUE_TEXT)
		value->text = (struct text){ arena_copy(arena, from->text), from->text.len };
	for (size_t i = 0; i < from->count; i++) {
		const struct text name = from->members[i].name;

		append(arena, value, (struct text){ arena_copy(arena, name), name.len },
		       value_copy(arena, from->members[i].value));
	}
	return value;
}

static struct member *
find(const struct value *value, struct text name)
{
	if (!value_is(value, VALUE_OBJECT))
		return NULL;
	for (size_t i = 0; i < value->count; i++) {
		struct member *member = &value->members[i];

		/* Most differ in their first letter. */
		if (member->name.len == name.len && (name.len == 0 || (member->name.ptr[0] == name.ptr[0] &&
								       text_equal(member->name, name))))
			return member;
	}
	return NULL;
}

struct value *
value_get_text(const struct value *value, struct text name)
{
	const struct member *member = find(value, name);

	return member ? member->value : NULL;
}

struct value *
value_get(const struct value *value, const char *name)
{
	return value_get_text(value, text_of(name));
}

struct value *
value_at(const struct value *value, size_t index)
{
	return value && index < value->count ? value->members[index].value : NULL;
}

struct value *
value_path(const struct value *value, const char *path)
{
	struct text rest = text_of(path), step;
	int64_t     index;

	while (value && text_next(&rest, ".", &step)) {
		if (value->kind == VALUE_LIST)
			value = number_read(step, 0, INT64_MAX, &index) ? value_at(value, (size_t)index) : NULL;
		else
			value = value_get_text(value, step);
	}
	return (struct value *)value;
}

const char *
value_as_string(struct arena *arena, const struct value *value)
{
	if (!value)
		return NULL;
	switch (value->kind) {
	case VALUE_NULL:
		return "";
	case VALUE_BOOL:
		return value->truth ? "1" : "";
	case VALUE_INTEGER:
		return arena_print(arena, "%" PRId64, value->integer);
	case VALUE_REAL:
		return arena_print(arena, "%.14G", value->real);
	case VALUE_TEXT:
		return value->text.ptr;
	case VALUE_LIST:
	case VALUE_OBJECT:
		return NULL;
	}
	return NULL;
}

bool
value_equal(const struct value *a, const struct value *b)
{
	if (!a || !b)
		return a == b;
	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->truth != b->truth || a->integer != b->integer || a->real != b->real ||
	    !text_equal(a->text, b->text))
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct value *other = a->kind == VALUE_OBJECT
						    ? value_get_text(b, a->members[i].name)
						    : value_at(b, i);

		if (!value_equal(a->members[i].value, other))
			return false;
	}
	return true;
}

void
value_append(struct arena *arena, struct value *object, struct text name, struct value *child)
{
	append(arena, object, (struct text){ arena_copy(arena, name), name.len }, child);
}

void
value_set_text(struct arena *arena, struct value *object, struct text name, struct value *child)
{
	BUG_IF(object->kind != VALUE_OBJECT, "not an object");
	struct member *member = find(object, name);

	if (member)
		member->value = child;
	else
		value_append(arena, object, name, child);
}

void
value_set(struct arena *arena, struct value *object, const char *name, struct value *child)
{
	value_set_text(arena, object, text_of(name), child);
}

void
value_set_string(struct arena *arena, struct value *object, const char *name, const char *string)
{
	value_set(arena, object, name, value_string(arena, string));
}

void
value_add(struct arena *arena, struct value *list, struct value *child)
{
	BUG_IF(list->kind != VALUE_LIST, "not a list");
	append(arena, list, TEXT_NONE, child);
}

bool
value_remove(struct value *object, const char *name)
{
	struct member *member = find(object, text_of(name));

	if (!member)
		return false;
	const size_t at = (size_t)(member - object->members);

	memmove(member, member + 1, (object->count - at - 1) * sizeof(*member));
	object->count--;
	return true;
}
