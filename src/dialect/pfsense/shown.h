/* dialect/pfsense/shown.h: the inside of cached lists, for cache.c alone. */
#pragma once

#include <stdatomic.h>

#include "dialect/pfsense/cache.h"

/* One object and what it was made of, in one piece of memory. Belongs to one list at a time. */
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

struct shown *shown_new(const struct record *, const struct value *);
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
