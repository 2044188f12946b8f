/*
 * schema/lookup.h: from what a record is known by to the record, for collection.c alone.
 *
 * A hash table of buckets that are counted and shared between tables: what shares a bucket copies
 * it before it changes it. It holds no records: whoever has a table has the order with all of them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "schema/snapshot.h"

struct bucket;

/* Texts that so many records share that looking at each record is as good: they are not listed. */
#define LOOKUP_COMMON_MAX 32

/* Empty it is { .by = what records are looked up by }; without fields and words: the uuid. */
struct lookup {
	struct index    by;
	size_t          count;
	size_t          nbuckets; /* a power of two, or 0 */
	struct bucket **buckets;  /* NULL: empty */
	uint32_t        common[LOOKUP_COMMON_MAX]; /* hashes */
	size_t          ncommon;
};

void lookup_share(struct lookup *copy, const struct lookup *from);
void lookup_clear(struct lookup *);

/* Is it one of those? Then the others find nothing. */
bool lookup_is_common(const struct lookup *, struct text word);
bool lookup_is_common_like(const struct lookup *, const struct record *);
/* By uuid or one field. The one with this value, of several the one with the first place; NULL: none. */
const struct record *lookup_find(const struct lookup *, struct text value);
/* Another record, with another uuid, and the same in all fields that it is looked up by; NULL: none. */
const struct record *lookup_twin(const struct lookup *, const struct record *like);
bool                 lookup_is_twin(const struct index *, const struct record *a, const struct record *b);
/* Those that may have the word, and some of them more than once, in no order. */
void lookup_visit(const struct lookup *, struct text word, void (*visit)(void *context, const struct record *), void *context);
/* In place of another (NULL: as a new one); in place of it, nothing (NULL). All in the table must still be alive. */
void lookup_replace(struct lookup *, const struct record *old, const struct record *record);
