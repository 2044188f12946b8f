/*
 * dialect/pfsense/cache.h: lists of objects that were made from records, kept for the next request.
 *
 * Records are immutable and shared between snapshots, so what was made of one stays true as long as what else it was
 * made from does. A request that finds a collection changed makes what is new in it and leaves the rest where it is: the
 * work is that of the difference, not of the list. Any thread.
 */
#pragma once

#include "base/value.h"
#include "schema/snapshot.h"

#define CACHE_LISTS 64

/* What a list is made from, and how. The functions are given the context. */
struct showing {
	size_t                   list;    /* which of the lists: below CACHE_LISTS */
	const struct collection *records;
	uint64_t                 others;  /* collection_stamp() of what objects are made from besides; 0: nothing */
	bool                     named;   /* an object whose members have the records' uuids as names */
	struct arena            *scratch;
	void                    *context;
	bool (*belongs)(const struct record *);               /* NULL: all do */
	int64_t (*number)(void *context, const struct record *); /* orders them before their places do; NULL: nothing does */
	struct value *(*show)(void *context, const struct record *);
	size_t (*rank)(void *context, const struct value *);  /* kept with each object; NULL: 0 */
};

struct shown_list;

/* Held for the caller until it releases it. */
struct shown_list *cache_show(const struct showing *);
struct value      *shown_value(struct shown_list *);
void               shown_release(void *list);
/* The rank of an object that is in some list that is held. */
size_t             shown_rank(const struct value *);
/* In a list that is held no rank is below the one before it. */
bool               shown_is_ranked(const struct value *list);

/*
 * The positions, rising, of all objects of a held list whose member (a path: "source.address") is this text, or whose
 * leading digits are this number. False: nobody knows without looking at each, as for lists that were not given by cache_show()
 * and those that are no longer the latest.
 */
#define FOUND_MAX 8
struct positions {
	size_t at[FOUND_MAX];
	size_t count;
};
bool cache_find_text(const struct value *list, const char *member, struct text, struct positions *);
bool cache_find_number(const struct value *list, const char *member, int64_t, struct positions *);
