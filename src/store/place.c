/*
 * Moving records. A place is a number; a record that moves gets one between those of its
 * new neighbours. When nothing is left between two, as few neighbours as possible are spread.
 */
#include "store/change.h"
#include "store/change_inside.h"

/* What must be left between neighbours after spreading, so that the next move does not spread again. */
#define GAP_LEAST ((int64_t)1 << 10)

/* The other records of the collection, in order. */
struct row {
	const struct collection *collection;
	size_t                   without; /* position of the one that moves */
	size_t                   count;
};

static const struct record *
row_at(const struct row *row, size_t position)
{
	return collection_at(row->collection, position + (position >= row->without));
}

/* The places around the records first..end-1; beyond the ends there is all the room that is needed. */
static int64_t
place_before(const struct row *row, size_t first, size_t end)
{
	const int64_t room = PLACE_STEP * (int64_t)(end - first + 2);

	if (first > 0)
		return row_at(row, first - 1)->place;
	return end < row->count ? row_at(row, end)->place - room : 0;
}

static int64_t
place_after(const struct row *row, size_t first, size_t end)
{
	const int64_t room = PLACE_STEP * (int64_t)(end - first + 2);

	return end < row->count ? row_at(row, end)->place : place_before(row, first, end) + room;
}

/* Spread the records around a position and give a place for one more there. */
static int64_t
spread(struct change *change, const struct row *row, size_t position)
{
	scoped_arena          scratch = arena_new();
	const struct record **near;
	int64_t               before, gap;
	size_t                first, end, reach = 4;

	for (;; reach *= 2) {
		first = position > reach ? position - reach : 0;
		end = row->count - position > reach ? position + reach : row->count;
		before = place_before(row, first, end);
		gap = (place_after(row, first, end) - before) / (int64_t)(end - first + 2);
		if (gap >= GAP_LEAST || (first == 0 && end == row->count))
			break;
	}
	/* Looked up before anything changes; the steps of the change hold them. */
	near = ARENA_MAKE(scratch, const struct record *, end - first + 1);
	for (size_t i = first; i < end; i++)
		near[i - first] = row_at(row, i);
	for (size_t i = first; i < end; i++) {
		const size_t nth = i - first + 1 + (i >= position);

		change_set_place(change, near[i - first], before + gap * (int64_t)nth);
	}
	return before + gap * (int64_t)(position - first + 1);
}

/* Its place in front of the one at this position of the row. */
static int64_t
find_place(struct change *change, const struct row *row, size_t position)
{
	const int64_t before = place_before(row, position, position);
	const int64_t after = place_after(row, position, position);

	return after - before >= 2 ? before + (after - before) / 2 : spread(change, row, position);
}

static bool
move_to(struct change *change, const struct resource *resource, struct text uuid, struct text before, bool last)
{
	const struct collection *collection = snapshot_collection(change_snapshot(change), resource);
	const struct record     *record = collection_find(collection, uuid);
	const size_t             now = collection_position(collection, uuid);
	const size_t             next = before.len > 0 ? collection_position(collection, before) : SIZE_MAX;

	if (!record || (before.len > 0 && next == SIZE_MAX))
		return false;
	const struct row row = { collection, now, collection_count(collection) - 1 };
	const size_t     position = last ? row.count : next == SIZE_MAX ? 0 : next - (next > now);

	if (next == now || now == position)
		return true;
	record_hold(record);
	change_set_place(change, record, find_place(change, &row, position));
	record_release(record);
	return true;
}

bool
change_place_before(struct change *change, const struct resource *resource, struct text uuid, struct text before)
{
	return before.len > 0 && move_to(change, resource, uuid, before, false);
}

bool
change_place_first(struct change *change, const struct resource *resource, struct text uuid)
{
	return move_to(change, resource, uuid, TEXT_NONE, false);
}

bool
change_place_last(struct change *change, const struct resource *resource, struct text uuid)
{
	return move_to(change, resource, uuid, TEXT_NONE, true);
}
