/*
 * Taking is one atomic addition that reads the pointer and counts the taker at once, so
 * that nobody can free the snapshot in between. The count is moved into the snapshot when it gets high or
 * the snapshot is replaced. Until then takers may already have given back what is not
 * in the snapshot's count, so while it is current it has ADVANCE holds more.
 */
#include "store/current.h"

#define COUNT_BITS 16
#define COUNT_MASK ((UINT64_C(1) << COUNT_BITS) - 1)
#define COUNT_HIGH (COUNT_MASK / 2) /* as many threads again may take before the first moved the count */
#define ADVANCE    ((int64_t)1 << 40)

static const struct snapshot *
pointer_of(uint64_t packed)
{
	return (const struct snapshot *)(uintptr_t)(packed >> COUNT_BITS);
}

static uint64_t
pack(const struct snapshot *snapshot)
{
	const uint64_t pointer = (uintptr_t)snapshot;

	BUG_IF(pointer >> (64 - COUNT_BITS) != 0, "an address of more than 48 bits");
	return pointer << COUNT_BITS;
}

void
current_set(struct current *current, const struct snapshot *snapshot)
{
	if (snapshot)
		snapshot_hold_many(snapshot, ADVANCE);
	const uint64_t packed = atomic_exchange(&current->packed, pack(snapshot));

	/* With ADVANCE goes the hold that came with it. */
	if (pointer_of(packed))
		snapshot_release_many(pointer_of(packed), ADVANCE + 1 - (int64_t)(packed & COUNT_MASK));
}

const struct snapshot *
current_take(struct current *current)
{
	uint64_t packed = atomic_fetch_add(&current->packed, 1) + 1;

	/* Whoever succeeds moves all that were counted; somebody else's turn, or a new snapshot, ends it. */
	if ((packed & COUNT_MASK) >= COUNT_HIGH &&
	    atomic_compare_exchange_strong(&current->packed, &packed, pack(pointer_of(packed))))
		snapshot_hold_many(pointer_of(packed), (int64_t)(packed & COUNT_MASK));
	return pointer_of(packed);
}
