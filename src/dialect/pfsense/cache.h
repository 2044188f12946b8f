/*
 * dialect/pfsense/cache.h: objects that were made from records, kept for the next request.
 *
 * Records are immutable and shared between snapshots, so what was made of one stays true as long as
 * what else it was made from does. A request that finds a list changed makes only what is new in it.
 */
#pragma once

#include "base/value.h"
#include "schema/record.h"

struct shown_list;

/* What cached lists are known by. */
struct shown_key {
	size_t   mount;   /* index */
	uint64_t records; /* collection_stamp() of what is shown */
	uint64_t others;  /* of what it was made from besides; 0: nothing */
};

#define CACHE_MOUNTS 64

/* The list for the key, held for the caller until it releases it; NULL: it must be made. */
struct shown_list *cache_find(const struct shown_key *);
/* The latest list of the mount, whatever its records; NULL unless it was made from the same others. */
struct shown_list *cache_latest(const struct shown_key *);
/* What was made of this very record; NULL: nothing yet. */
struct value      *shown_of(const struct shown_list *, const struct record *);
/*
 * A new list: objects[i] was made of records[i]. Those that previous (may be NULL) holds are taken
 * from there, the others copied. named: its members have their records' uuids as names.
 */
struct shown_list *cache_keep(const struct shown_key *, const struct shown_list *previous,
                              const struct record *const *records, struct value *const *objects, size_t count,
                              bool named);
struct value      *shown_value(struct shown_list *);
void               shown_release(void *list);
