/* dialect/pfsense/shown.h: the inside of cached lists, for cache.c alone. */
#pragma once

#include <stdatomic.h>

#include "dialect/pfsense/cache.h"

/* Names of members, which all objects of a list share: they last as long as the process. What does not fit is not shared. */
#define SHOWN_NAMES_MAX 64
#define SHOWN_NAME_MAX  64 /* bytes */
struct shown_names {
	struct text names[SHOWN_NAMES_MAX];
	size_t      count;
	size_t      next; /* the place of the one that is likely to be asked for */
};

/*
 * One object and what it was made of, in one piece of memory. Belongs to one list at a time. Unless it is a large one, the text
 * of its value is the object as JSON.
 */
#define SHOWN_JSON_MAX 8192 /* bytes that such an object takes */
struct shown {
	const struct record *record; /* held */
	int64_t              number;
	size_t               rank;
	struct value         value; /* what is below it lies behind it */
};

static inline struct shown *
shown_of(const struct value *value)
{
	return (struct shown *)((char *)value - offsetof(struct shown, value));
}

struct shown *shown_new(const struct record *, const struct value *, struct shown_names *);
void          shown_free(struct shown *);

/* Objects by one of their members. */
struct shown_index {
	const char         *member; /* a path */
	bool                by_number;
	bool                is_odd; /* some member is neither a text nor absent: it cannot be used */
	struct shown      **table;  /* room is a power of two; NULL: nothing in this slot */
	size_t              count, room;
	struct shown_index *next;
};

struct shown_index *index_new(const char *member, bool by_number, const struct value *list);
void                index_free(struct shown_index *);
void                index_add(struct shown_index *, struct shown *);
void                index_remove(struct shown_index *, struct shown *);
/* Those with this text, or number; false: more than FOUND_MAX. */
bool index_find(const struct shown_index *, struct text, int64_t number, struct shown **found, size_t *count);
