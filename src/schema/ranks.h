/*
 * schema/ranks.h: records in the order of a number or a network that is read of them, for collection.c alone.
 *
 * Chunks are counted and shared between successive orders, as in order.h. It holds no records: whoever has it has the order with
 * all of them.
 */
#pragma once

#include "schema/snapshot.h"

struct rank_chunk;

/* Empty it is { .by = what records are ranked by }. */
struct ranks {
	struct index        by;
	size_t              nchunks, room;
	struct rank_chunk **chunks; /* none is empty */
};

void ranks_share(struct ranks *copy, const struct ranks *from);
void ranks_clear(struct ranks *);

/* In place of another (NULL: as a new one); in place of it, nothing (NULL). Both must still be alive. */
void ranks_replace(struct ranks *, const struct record *old, const struct record *record);
/* The first from a rank on and the last up to it, without the one with this uuid; its own rank goes to *found. NULL: none. */
const struct record *ranks_from(const struct ranks *, const struct rank *, const char *without, struct rank *found);
const struct record *ranks_to(const struct ranks *, const struct rank *, const char *without, struct rank *found);
/* The lowest number from one on that none has. */
int64_t              ranks_lowest_free(const struct ranks *, int64_t from);
