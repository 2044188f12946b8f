/*
 * base/value.h: a tree of texts, numbers, lists and objects, as it came from a
 * client. JSON bodies, form bodies and URL queries all become one, so nothing
 * past the reader knows which it was.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum value_kind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INTEGER,
	VALUE_REAL,
	VALUE_TEXT,
	VALUE_LIST,
	VALUE_OBJECT,
};

struct member {
	struct text   name; /* empty in lists */
	struct value *value;
};

/* A value and all below it live in the arena they were made from. */
struct value {
	enum value_kind kind;
	bool            truth;
	int64_t         integer;
	double          real;
	struct text     text;    /* ends in a NUL that does not count; of an object that never changes: perhaps itself as JSON */
	struct member  *members; /* of a list or object, in the order they came */
	size_t          count;
	size_t          room;
};

struct value *value_null(struct arena *);
struct value *value_bool(struct arena *, bool);
struct value *value_integer(struct arena *, int64_t);
struct value *value_real(struct arena *, double);
struct value *value_text(struct arena *, struct text); /* copies */
struct value *value_string(struct arena *, const char *); /* copies */
struct value *value_list(struct arena *);
struct value *value_object(struct arena *);
struct value *value_copy(struct arena *, const struct value *); /* deep */

/* Readers take NULL for "not there" and then give NULL, so that paths can be chained. */
struct value *value_get(const struct value *, const char *name);
struct value *value_get_text(const struct value *, struct text name);
struct value *value_at(const struct value *, size_t index);
/* "a.b.c" through objects (and list indexes in digits). */
struct value *value_path(const struct value *, const char *path);
static inline size_t
value_count(const struct value *value)
{
	return value ? value->count : 0;
}
static inline bool
value_is(const struct value *value, enum value_kind kind)
{
	return value && value->kind == kind;
}
/* The text of a scalar: true "1", false and null "", numbers in decimal; NULL for list, object or nothing. */
const char *value_as_string(struct arena *, const struct value *);
bool        value_equal(const struct value *, const struct value *); /* kind and content */

/* Writers. Setting a name that is there replaces its value and keeps its place. */
void value_set(struct arena *, struct value *object, const char *name, struct value *);
void value_set_text(struct arena *, struct value *object, struct text name, struct value *); /* copies name */
void value_set_string(struct arena *, struct value *object, const char *name, const char *);
/* For large objects: nothing of this name is there yet, as the caller knows. Copies name. */
void value_append(struct arena *, struct value *object, struct text name, struct value *);
void value_add(struct arena *, struct value *list, struct value *);
bool value_remove(struct value *object, const char *name); /* false when not there */
