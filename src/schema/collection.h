/*
 * schema/collection.h: the records of one resource, for snapshot.c alone. Readers are in snapshot.h.
 *
 * Counted. One that is held more than once is shared and never changes: the writers take the address of
 * the only pointer the caller has, and put a copy there when it is shared. Changing one record among
 * 10,000 copies one chunk of the order, one bucket of each look-up table, and the lists that point to them.
 */
#pragma once

#include "schema/snapshot.h"

struct collection *collection_new(const struct resource *);

/* In place of the one with its uuid, or as a new one; the order is that of the places, of equal ones the last put is last. */
void collection_put(struct collection **, const struct record *);
bool collection_remove(struct collection **, struct text uuid);
