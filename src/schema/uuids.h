/*
 * schema/uuids.h: from uuid to record, for collection.c alone.
 *
 * A hash table of buckets that are counted and shared between tables: what shares a bucket copies
 * it before it changes it. It holds no records: whoever has a table has the order with all of them.
 */
#pragma once

#include <stddef.h>

#include "base/text.h"
#include "schema/record.h"

struct bucket;

/* Zeroed it is empty. */
struct uuids {
	size_t          count;
	size_t          nbuckets; /* a power of two, or 0 */
	struct bucket **buckets;  /* NULL: empty */
};

void uuids_share(struct uuids *copy, const struct uuids *from);
void uuids_clear(struct uuids *);

const struct record *uuids_find(const struct uuids *, struct text uuid); /* NULL: none */
/* In place of the one with its uuid, or as a new one. What was there must still be alive. */
void                 uuids_set(struct uuids *, const struct record *);
void                 uuids_remove(struct uuids *, struct text uuid);
