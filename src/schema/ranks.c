/* Records and their ranks in chunks of up to CHUNK_MAX. Changing one copies its chunk when somebody shares it. */
#include "schema/ranks.h"

#include <string.h>

#include "schema/shared.h"

#define CHUNK_MAX 64

struct ranked {
	struct rank          rank;
	const struct record *record;
};

struct rank_chunk {
	_Atomic(unsigned) holds;
	unsigned          count;
	struct ranked     entries[CHUNK_MAX];
};

/* A place between entries: before the one that it names. */
struct spot {
	size_t   chunk;
	unsigned offset;
};

static int
compare_ranks(const struct rank *a, const struct rank *b)
{
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	return a->bits == b->bits ? 0 : a->bits < b->bits ? -1 : 1;
}

/* Those of one rank are in the order of where they lie, so that each has one place. */
static int
compare(const struct ranked *a, const struct ranked *b)
{
	const int       order = compare_ranks(&a->rank, &b->rank);
	const uintptr_t x = (uintptr_t)a->record, y = (uintptr_t)b->record;

	return order ? order : x == y ? 0 : x < y ? -1 : 1;
}

static struct rank_chunk *
chunk_new(void)
{
	struct rank_chunk *chunk = take_memory(sizeof(*chunk));

	atomic_store_explicit(&chunk->holds, 1, memory_order_relaxed);
	return chunk;
}

static void
chunk_release(struct rank_chunk *chunk)
{
	if (let_go(&chunk->holds))
		free(chunk);
}

static struct rank_chunk *
own_chunk(struct ranks *ranks, size_t at)
{
	struct rank_chunk *chunk = ranks->chunks[at];

	if (!is_shared(&chunk->holds))
		return chunk;
	ranks->chunks[at] = chunk_new();
	ranks->chunks[at]->count = chunk->count;
	memcpy(ranks->chunks[at]->entries, chunk->entries, chunk->count * sizeof(chunk->entries[0]));
	chunk_release(chunk);
	return ranks->chunks[at];
}

static void
insert_chunk(struct ranks *ranks, size_t at, struct rank_chunk *chunk)
{
	if (ranks->nchunks == ranks->room) {
		ranks->room = ranks->room * 2 + 1;
		ranks->chunks = take_more_memory(ranks->chunks, ranks->room * sizeof(ranks->chunks[0]));
	}
	memmove(&ranks->chunks[at + 1], &ranks->chunks[at], (ranks->nchunks - at) * sizeof(ranks->chunks[0]));
	ranks->chunks[at] = chunk;
	ranks->nchunks++;
}

static void
remove_chunk(struct ranks *ranks, size_t at)
{
	chunk_release(ranks->chunks[at]);
	ranks->nchunks--;
	memmove(&ranks->chunks[at], &ranks->chunks[at + 1], (ranks->nchunks - at) * sizeof(ranks->chunks[0]));
}

/* Before the first entry that is not below: in the chunk that ends with it or later, or behind the last chunk's last. */
static struct spot
find(const struct ranks *ranks, const struct ranked *wanted)
{
	size_t low = 0, high = ranks->nchunks;

	while (low < high) {
		const size_t             middle = low + (high - low) / 2;
		const struct rank_chunk *chunk = ranks->chunks[middle];

		if (compare(&chunk->entries[chunk->count - 1], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == ranks->nchunks)
		return (struct spot){ low, 0 };
	unsigned from = 0, to = ranks->chunks[low]->count;

	while (from < to) {
		const unsigned middle = from + (to - from) / 2;

		if (compare(&ranks->chunks[low]->entries[middle], wanted) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return (struct spot){ low, from };
}

static const struct ranked *
entry_at(const struct ranks *ranks, struct spot spot)
{
	return spot.chunk < ranks->nchunks ? &ranks->chunks[spot.chunk]->entries[spot.offset] : NULL;
}

static struct spot
next_spot(const struct ranks *ranks, struct spot spot)
{
	if (spot.offset + 1 < ranks->chunks[spot.chunk]->count)
		return (struct spot){ spot.chunk, spot.offset + 1 };
	return (struct spot){ spot.chunk + 1, 0 };
}

/* False: it is before the first. */
static bool
go_back(const struct ranks *ranks, struct spot *spot)
{
	if (spot->offset > 0) {
		spot->offset--;
		return true;
	}
	if (spot->chunk == 0)
		return false;
	*spot = (struct spot){ spot->chunk - 1, ranks->chunks[spot->chunk - 1]->count - 1 };
	return true;
}

/* A full chunk becomes two. The entry is to be before the spot, which may be in the second then. */
static struct spot
split_chunk(struct ranks *ranks, struct spot spot)
{
	struct rank_chunk *chunk = own_chunk(ranks, spot.chunk), *second = chunk_new();
	const unsigned     keep = CHUNK_MAX / 2;

	second->count = chunk->count - keep;
	memcpy(second->entries, chunk->entries + keep, second->count * sizeof(second->entries[0]));
	chunk->count = keep;
	insert_chunk(ranks, spot.chunk + 1, second);
	return spot.offset <= keep ? spot : (struct spot){ spot.chunk + 1, spot.offset - keep };
}

static void
add(struct ranks *ranks, const struct ranked *entry)
{
	struct spot spot = find(ranks, entry);

	/* Behind all: at the end of the last chunk, or in a new one, so that loading in order fills them. */
	if (spot.chunk == ranks->nchunks) {
		if (spot.chunk == 0 || ranks->chunks[spot.chunk - 1]->count == CHUNK_MAX)
			insert_chunk(ranks, spot.chunk, chunk_new());
		else
			spot = (struct spot){ spot.chunk - 1, ranks->chunks[spot.chunk - 1]->count };
	} else if (ranks->chunks[spot.chunk]->count == CHUNK_MAX) {
		spot = split_chunk(ranks, spot);
	}
	struct rank_chunk *chunk = own_chunk(ranks, spot.chunk);

	memmove(&chunk->entries[spot.offset + 1], &chunk->entries[spot.offset],
		(chunk->count - spot.offset) * sizeof(chunk->entries[0]));
	chunk->entries[spot.offset] = *entry;
	chunk->count++;
}

/* Small neighbours become one, so that taking away does not leave many chunks of one entry. */
static void
join_chunks(struct ranks *ranks, size_t at)
{
	if (at + 1 >= ranks->nchunks || ranks->chunks[at]->count + ranks->chunks[at + 1]->count > CHUNK_MAX / 2)
		return;
	struct rank_chunk *first = own_chunk(ranks, at), *second = ranks->chunks[at + 1];

	memcpy(first->entries + first->count, second->entries, second->count * sizeof(second->entries[0]));
	first->count += second->count;
	remove_chunk(ranks, at + 1);
}

static void
drop(struct ranks *ranks, const struct ranked *entry)
{
	const struct spot    spot = find(ranks, entry);
	const struct ranked *there = entry_at(ranks, spot);

	BUG_IF(!there || there->record != entry->record, "record %s is not where it should be", entry->record->uuid);
	struct rank_chunk *chunk = own_chunk(ranks, spot.chunk);

	chunk->count--;
	memmove(&chunk->entries[spot.offset], &chunk->entries[spot.offset + 1],
		(chunk->count - spot.offset) * sizeof(chunk->entries[0]));
	if (chunk->count == 0) {
		remove_chunk(ranks, spot.chunk);
		return;
	}
	join_chunks(ranks, spot.chunk);
	if (spot.chunk > 0)
		join_chunks(ranks, spot.chunk - 1);
}

void
ranks_replace(struct ranks *ranks, const struct record *old, const struct record *record)
{
	struct ranked before = { .record = old }, after = { .record = record };

	if (old && ranks->by.rank(&ranks->by, old, &before.rank))
		drop(ranks, &before);
	if (record && ranks->by.rank(&ranks->by, record, &after.rank))
		add(ranks, &after);
}

static const struct record *
give(const struct ranked *entry, struct rank *found)
{
	if (!entry)
		return NULL;
	*found = entry->rank;
	return entry->record;
}

const struct record *
ranks_from(const struct ranks *ranks, const struct rank *rank, const char *without, struct rank *found)
{
	struct spot          spot = find(ranks, &(struct ranked){ .rank = *rank });
	const struct ranked *entry = entry_at(ranks, spot);

	if (entry && strcmp(entry->record->uuid, without) == 0)
		entry = entry_at(ranks, next_spot(ranks, spot));
	return give(entry, found);
}

const struct record *
ranks_to(const struct ranks *ranks, const struct rank *rank, const char *without, struct rank *found)
{
	struct spot spot = find(ranks, &(struct ranked){ *rank, (const struct record *)UINTPTR_MAX });

	while (go_back(ranks, &spot))
		if (strcmp(entry_at(ranks, spot)->record->uuid, without) != 0)
			return give(entry_at(ranks, spot), found);
	return NULL;
}

int64_t
ranks_lowest_free(const struct ranks *ranks, int64_t from)
{
	struct spot          spot = find(ranks, &(struct ranked){ .rank = rank_of_number(from) });
	const struct ranked *entry;

	for (; (entry = entry_at(ranks, spot)) && number_of_rank(&entry->rank) <= from; spot = next_spot(ranks, spot))
		from += number_of_rank(&entry->rank) == from;
	return from;
}

void
ranks_share(struct ranks *copy, const struct ranks *from)
{
	*copy = (struct ranks){ .by = from->by, .nchunks = from->nchunks, .room = from->nchunks };
	if (from->nchunks == 0)
		return;
	copy->chunks = take_memory(copy->room * sizeof(copy->chunks[0]));
	memcpy(copy->chunks, from->chunks, copy->nchunks * sizeof(copy->chunks[0]));
	for (size_t i = 0; i < copy->nchunks; i++)
		hold(&copy->chunks[i]->holds);
}

void
ranks_clear(struct ranks *ranks)
{
	for (size_t i = 0; i < ranks->nchunks; i++)
		chunk_release(ranks->chunks[i]);
	free(ranks->chunks);
}
