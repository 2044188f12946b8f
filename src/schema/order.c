/*
 * Records in order, in chunks of up to CHUNK_MAX. Changing one copies its chunk when
 * somebody shares it.
 */
#include "schema/order.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "schema/shared.h"

#define CHUNK_MAX 64

struct chunk {
	_Atomic(unsigned)    holds;
	unsigned             count;
	const struct record *records[CHUNK_MAX];
};

static struct chunk *
chunk_new(void)
{
	struct chunk *chunk = take_memory(sizeof(*chunk));

	atomic_store_explicit(&chunk->holds, 1, memory_order_relaxed);
	return chunk;
}

static void
chunk_release(struct chunk *chunk)
{
	if (!let_go(&chunk->holds))
		return;
	for (unsigned i = 0; i < chunk->count; i++)
		record_release(chunk->records[i]);
	free(chunk);
}

static struct chunk *
own_chunk(struct order *order, size_t at)
{
	struct chunk *chunk = order->chunks[at];

	if (!is_shared(&chunk->holds))
		return chunk;
	struct chunk *copy = chunk_new();

	copy->count = chunk->count;
	for (unsigned i = 0; i < chunk->count; i++)
		copy->records[i] = record_hold(chunk->records[i]);
	chunk_release(chunk);
	return order->chunks[at] = copy;
}

static void
count_again(struct order *order, size_t from)
{
	for (size_t i = from; i < order->nchunks; i++)
		order->starts[i] = i == 0 ? 0 : order->starts[i - 1] + order->chunks[i - 1]->count;
}

static void
insert_chunk(struct order *order, size_t at, struct chunk *chunk)
{
	if (order->nchunks == order->room) {
		order->room = order->room * 2 + 1;
		order->chunks = take_more_memory(order->chunks, order->room * sizeof(struct chunk *));
		order->starts = take_more_memory(order->starts, order->room * sizeof(size_t));
	}
	memmove(&order->chunks[at + 1], &order->chunks[at],
		(order->nchunks - at) * sizeof(struct chunk *));
	order->chunks[at] = chunk;
	order->nchunks++;
}

static void
remove_chunk(struct order *order, size_t at)
{
	chunk_release(order->chunks[at]);
	order->nchunks--;
	memmove(&order->chunks[at], &order->chunks[at + 1],
		(order->nchunks - at) * sizeof(struct chunk *));
}

/* A full chunk becomes two; at the end of all a new one is begun instead, so that loading in order fills them. */
static void
split_chunk(struct order *order, size_t at, size_t offset)
{
	struct chunk  *chunk = own_chunk(order, at), *second = chunk_new();
	const bool     is_end = at + 1 == order->nchunks && offset == chunk->count;
	const unsigned keep = is_end ? chunk->count : chunk->count / 2;

	second->count = chunk->count - keep;
	memcpy(second->records, chunk->records + keep, second->count * sizeof(second->records[0]));
	chunk->count = keep;
	insert_chunk(order, at + 1, second);
}

/* The chunk that has the record at this position. None has more than CHUNK_MAX, so it is not before low. */
static size_t
chunk_at(const struct order *order, size_t position)
{
	size_t low = position / CHUNK_MAX, high = order->nchunks;

	if (low >= high)
		return high - 1;
	if (low + 1 == high || order->starts[low + 1] > position)
		return low;
	while (high - low > 1) {
		const size_t middle = low + (high - low) / 2;

		if (order->starts[middle] <= position)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const struct record *
order_at(const struct order *order, size_t position)
{
	BUG_IF(position >= order->count, "no record at %zu", position);
	const size_t at = chunk_at(order, position);

	return order->chunks[at]->records[position - order->starts[at]];
}

/* The first position whose record has this place or a later one (past: a later one only). */
static size_t
bound(const struct order *order, int64_t place, bool past)
{
	size_t low = 0, high = order->count;

	if (high > 0 && order_at(order, high - 1)->place < place)
		return high;
	while (low < high) {
		const size_t  middle = low + (high - low) / 2;
		const int64_t there = order_at(order, middle)->place;

		if (there < place || (past && there == place))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t
order_position(const struct order *order, const struct record *record)
{
	for (size_t at = bound(order, record->place, false); at < order->count; at++)
		if (order_at(order, at) == record)
			return at;
	bug_report(__FILE__, __LINE__, "record %s is not where it should be", record->uuid);
}

void
order_copy(const struct order *order, const struct record **out)
{
	for (size_t i = 0; i < order->nchunks; i++)
		memcpy(out + order->starts[i], order->chunks[i]->records, order->chunks[i]->count * sizeof(*out));
}

struct cursor {
	const struct order *order;
	size_t              at;
	unsigned            offset;
};

static const struct record *
current(const struct cursor *cursor)
{
	return cursor->at < cursor->order->nchunks ? cursor->order->chunks[cursor->at]->records[cursor->offset] : NULL;
}

static void
advance(struct cursor *cursor)
{
	if (++cursor->offset < cursor->order->chunks[cursor->at]->count)
		return;
	cursor->at++;
	cursor->offset = 0;
}

/* Both are at the beginning of the same chunk. */
static bool
skip_chunk(struct cursor *a, struct cursor *b)
{
	if (a->offset || b->offset || a->at == a->order->nchunks || b->at == b->order->nchunks ||
	    a->order->chunks[a->at] != b->order->chunks[b->at])
		return false;
	a->at++;
	b->at++;
	return true;
}

void
order_compare(const struct order *from, const struct order *to,
	      void (*visit)(void *, const struct record *, const struct record *), void *context)
{
	struct cursor a = { .order = from }, b = { .order = to };

	for (;;) {
		if (skip_chunk(&a, &b))
			continue;
		const struct record *before = current(&a), *after = current(&b);

		if (!before && !after)
			return;
		if (before != after) {
			const bool first = before && (!after || before->place < after->place);
			const bool second = after && (!before || after->place < before->place);
			const bool both = !first && !second && strcmp(before->uuid, after->uuid) == 0;

			if (second || !both)
				after = second ? after : NULL;
			if (second)
				before = NULL;
			visit(context, before, after);
		}
		if (before)
			advance(&a);
		if (after)
			advance(&b);
	}
}

void
order_insert(struct order *order, const struct record *record)
{
	const size_t position = bound(order, record->place, true);

	if (order->nchunks == 0) {
		insert_chunk(order, 0, chunk_new());
		order->starts[0] = 0;
	}
	size_t at = chunk_at(order, position), offset = position - order->starts[at];

	if (order->chunks[at]->count == CHUNK_MAX) {
		split_chunk(order, at, offset);
		if (offset > order->chunks[at]->count || offset == CHUNK_MAX) {
			offset -= order->chunks[at]->count;
			at++;
		}
	}
	struct chunk *chunk = own_chunk(order, at);

	memmove(&chunk->records[offset + 1], &chunk->records[offset],
		(chunk->count - offset) * sizeof(chunk->records[0]));
	chunk->records[offset] = record;
	chunk->count++;
	order->count++;
	count_again(order, at);
}

/* Small neighbours become one, so that taking away does not leave many chunks of one record. */
static void
join_chunks(struct order *order, size_t at)
{
	if (at + 1 >= order->nchunks ||
	    order->chunks[at]->count + order->chunks[at + 1]->count > CHUNK_MAX / 2)
		return;
	struct chunk *first = own_chunk(order, at), *second = order->chunks[at + 1];

	for (unsigned i = 0; i < second->count; i++)
		first->records[first->count++] = record_hold(second->records[i]);
	remove_chunk(order, at + 1);
}

void
order_remove(struct order *order, size_t position)
{
	const size_t  at = chunk_at(order, position), offset = position - order->starts[at];
	struct chunk *chunk = own_chunk(order, at);

	chunk->count--;
	memmove(&chunk->records[offset], &chunk->records[offset + 1],
		(chunk->count - offset) * sizeof(chunk->records[0]));
	order->count--;
	if (chunk->count == 0) {
		remove_chunk(order, at);
	} else {
		join_chunks(order, at);
		if (at > 0)
			join_chunks(order, at - 1);
	}
	count_again(order, at > 0 ? at - 1 : 0);
}

void
order_replace(struct order *order, size_t position, const struct record *record)
{
	const size_t at = chunk_at(order, position);

	own_chunk(order, at)->records[position - order->starts[at]] = record;
}

void
order_share(struct order *copy, const struct order *from)
{
	*copy = (struct order){ .count = from->count, .nchunks = from->nchunks, .room = from->nchunks };
	if (from->nchunks == 0)
		return;
	copy->chunks = take_memory(copy->room * sizeof(struct chunk *));
	copy->starts = take_memory(copy->room * sizeof(size_t));
	memcpy(copy->chunks, from->chunks, copy->nchunks * sizeof(struct chunk *));
	memcpy(copy->starts, from->starts, copy->nchunks * sizeof(size_t));
	for (size_t i = 0; i < copy->nchunks; i++)
		hold(&copy->chunks[i]->holds);
}

void
order_clear(struct order *order)
{
	for (size_t i = 0; i < order->nchunks; i++)
		chunk_release(order->chunks[i]);
	free(order->chunks);
	free(order->starts);
}
