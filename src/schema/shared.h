/* schema/shared.h: counting who holds a thing, for the parts that snapshots share. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/bug.h"

/* Only the one holder may change it, and whoever let go before has finished reading. */
static inline bool
is_shared(const _Atomic(unsigned) *holds)
{
	return atomic_load_explicit(holds, memory_order_acquire) != 1;
}

static inline void
hold(_Atomic(unsigned) *holds)
{
	atomic_fetch_add_explicit(holds, 1, memory_order_relaxed);
}

/* True when it was the last: free it. */
static inline bool
let_go(_Atomic(unsigned) *holds)
{
	return atomic_fetch_sub_explicit(holds, 1, memory_order_acq_rel) == 1;
}

/* Zeroed memory; out of it ends the process. */
static inline void *
take_memory(size_t size)
{
	void *memory = calloc(1, size);

	BUG_IF(!memory, "out of memory: %zu bytes", size);
	return memory;
}

static inline void *
take_more_memory(void *old, size_t size)
{
	void *memory = realloc(old, size);

	BUG_IF(!memory, "out of memory: %zu bytes", size);
	return memory;
}
