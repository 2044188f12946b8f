/*
 * schema/lookup.h: from the uuid or the value of a field to the record, for collection.c alone.
 *
 * A hash table of buckets that are counted and shared between tables: what shares a bucket copies
 * it before it changes it. It holds no records: whoever has a table has the order with all of them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "schema/record.h"

#define LOOKUP_UUID SIZE_MAX

struct bucket;

/* Empty it is { .field = the number of the field, or LOOKUP_UUID }. */
struct lookup {
	size_t          field;
	size_t          count;
	size_t          nbuckets; /* a power of two, or 0 */
	struct bucket **buckets;  /* NULL: empty */
};

void lookup_share(struct lookup *copy, const struct lookup *from);
void lookup_clear(struct lookup *);

/* The one with this value, of several the one with the first place; NULL: none. */
const struct record *lookup_find(const struct lookup *, struct text value);
/* In place of another (NULL: as a new one); in place of it, nothing (NULL). All in the table must still be alive. */
void lookup_replace(struct lookup *, const struct record *old, const struct record *record);
