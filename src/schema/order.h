/*
 * schema/order.h: records in the order of their places, for collection.c alone.
 *
 * A list of chunks that are counted and shared between orders: what shares a chunk copies it
 * before it changes it. Making a copy takes a hold on each chunk, not on each record.
 */
#pragma once

#include <stddef.h>

#include "schema/record.h"

struct chunk;

/* Zeroed it is empty. The position of a record is found from its place: of many with the same one, slowly. */
struct order {
	size_t         count;
	size_t         nchunks, room;
	struct chunk **chunks; /* none is empty */
	size_t        *starts; /* the position of each chunk's first record */
};

void order_share(struct order *copy, const struct order *from);
void order_clear(struct order *);

const struct record *order_at(const struct order *, size_t position);
size_t               order_position(const struct order *, const struct record *); /* which must be in it */

void order_copy(const struct order *, const struct record **);
/* What differs, in the order of places; a record that is at the same place in both is told once. */
void order_compare(const struct order *from, const struct order *to,
		   void (*visit)(void *context, const struct record *before, const struct record *after), void *context);

/* Behind those with the same place. The caller's hold becomes the order's. */
void order_insert(struct order *, const struct record *);
/* The caller gets the hold of what was there, and gives the one of what is now. */
void order_replace(struct order *, size_t position, const struct record *);
void order_remove(struct order *, size_t position);
