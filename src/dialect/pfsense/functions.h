/* dialect/pfsense/functions.h: what the files that define functions share. */
#pragma once

#include <stdbool.h>

#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/function.h"
#include "dialect/pfsense/scope.h"

/* The head of a function: FUNCTION(len) { UNUSED; ... } */
#define FUNCTION(name)                                                                        \
	static struct value *call_##name(struct scope *scope, struct value *const *arguments, \
	                                 size_t count, struct text options)
/* The i-th argument, or NULL. */
#define A(i)   (i < count ? arguments[i] : NULL)
#define UNUSED (void)scope, (void)arguments, (void)count, (void)options

static inline struct value *
say(struct scope *scope, bool is)
{
	return value_bool(scope->arena, is);
}

static inline struct text
text(struct scope *scope, const struct value *value)
{
	return to_text(scope->arena, value);
}

static inline struct value *
number(struct scope *scope, int64_t is)
{
	return value_integer(scope->arena, is);
}

/* A number, or false when it is negative. */
static inline struct value *
index_or_false(struct scope *scope, int64_t index)
{
	return index < 0 ? say(scope, false) : number(scope, index);
}

/* What members of lists in the configuration are asked: is its member of that name this text? */
bool member_is(struct scope *, const struct value *object, const char *name, struct text);
/* Position in the list at a path of the object whose member is this text; -1: none. */
int64_t position_of(struct scope *, const char *path, const char *name, struct text);
/* "host", "network" or "port" for the alias of that name; NULL: none. */
const char *alias_type(struct scope *, struct text name);
/* The id of an interface named by id, device or description; NULL: none. Options as ifid() has them. */
const char *interface_id(struct scope *, struct text name, struct text options);
/* Number or service name. */
bool is_port(struct text);
bool is_ipv4(struct text);
bool is_ipv6(struct text);
