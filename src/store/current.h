/*
 * store/current.h: the newest published snapshot. Any thread may take it, without a lock and
 * without ever waiting; one thread at a time publishes.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "schema/snapshot.h"

/*
 * The pointer in the upper 48 bits, in the lower 16 how many times it was taken since that was last added
 * to the snapshot's own count.
 */
struct current {
	_Atomic(uint64_t) packed;
};

void                   current_set(struct current *, const struct snapshot *); /* takes the caller's hold; NULL: nothing */
const struct snapshot *current_take(struct current *);                         /* held for the caller */
