/*
 * What each record became is remembered under the address of the record, which is immutable, and under a hash of the names
 * that were known. From one reading to the next little changes, so records are first looked for where they were.
 */
#include "plan/filter_reader.h"

#include <stdlib.h>
#include <string.h>

/* What most rules become fits in. */
#define KEPT_BYTES 544

static void
forget(struct kept *kept)
{
	record_release(kept->record);
	arena_free(kept->arena);
	free(kept);
}

struct filter_reader *
filter_reader_new(const struct schema *schema)
{
	struct filter_reader *reader = calloc(1, sizeof(*reader));

	BUG_IF(!reader, "out of memory");
	reader->schema = schema;
	reader->once = arena_new();
	reader->nbuckets = 1024;
	reader->buckets = calloc(reader->nbuckets, sizeof(struct kept *));
	BUG_IF(!reader->buckets, "out of memory");
	return reader;
}

void
filter_reader_free(struct filter_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->nbuckets; i++)
		for (struct kept *kept = reader->buckets[i], *next; kept; kept = next) {
			next = kept->next;
			forget(kept);
		}
	for (size_t i = 0; i < READ_ROWS_MAX; i++)
		free(reader->rows[i].list);
	free(reader->buckets);
	arena_free(reader->once);
	free(reader);
}

/* --- by record ------------------------------------------------------------------------------------- */

static struct kept **
bucket_of(const struct filter_reader *reader, const struct record *record)
{
	return &reader->buckets[((uintptr_t)record >> 4) * 0x9e3779b97f4a7c15ULL >> 20 & (reader->nbuckets - 1)];
}

/* Where it hangs, or the end of the list that it would hang in. */
static struct kept **
link_of(const struct filter_reader *reader, const struct record *record)
{
	struct kept **link = bucket_of(reader, record);

	while (*link && (*link)->record != record)
		link = &(*link)->next;
	return link;
}

static void
grow(struct filter_reader *reader)
{
	struct kept **old = reader->buckets;
	const size_t  nold = reader->nbuckets;

	reader->nbuckets *= 4;
	reader->buckets = calloc(reader->nbuckets, sizeof(struct kept *));
	BUG_IF(!reader->buckets, "out of memory");
	for (size_t i = 0; i < nold; i++)
		for (struct kept *kept = old[i], *next; kept; kept = next) {
			struct kept **bucket = bucket_of(reader, kept->record);

			next = kept->next;
			kept->next = *bucket;
			*bucket = kept;
		}
	free(old);
}

static struct kept *
keep(struct filter_reader *reader, const struct record *record)
{
	struct kept *kept = calloc(1, sizeof(*kept));

	BUG_IF(!kept, "out of memory");
	if (reader->nkept++ > reader->nbuckets)
		grow(reader);
	struct kept **bucket = bucket_of(reader, record);

	kept->record = record_hold(record);
	kept->arena = arena_new_small(KEPT_BYTES);
	kept->names = ~reader->names;
	kept->next = *bucket;
	*bucket = kept;
	return kept;
}

static void *
read_one(struct filter_reader *reader, const struct record *record, maker *make)
{
	struct kept *kept = *link_of(reader, record);

	if (!kept)
		kept = keep(reader, record);
	kept->round = reader->round;
	if (kept->names == reader->names)
		return kept->made;
	arena_reset(kept->arena);
	kept->names = reader->names;
	kept->made = make(reader, kept->arena, record);
	return kept->made;
}

static void
forget_unused(struct filter_reader *reader, const struct record *record)
{
	struct kept **link = link_of(reader, record), *kept = *link;

	if (kept->round == reader->round)
		return;
	*link = kept->next;
	forget(kept);
	reader->nkept--;
}

/* --- by place -------------------------------------------------------------------------------------- */

static struct rows *
rows_of(struct filter_reader *reader, const char *resource)
{
	size_t at = 0;

	while (reader->rows[at].resource && strcmp(reader->rows[at].resource, resource) != 0)
		BUG_IF(++at == READ_ROWS_MAX, "too many resources are read: %s", resource);
	reader->rows[at].resource = resource;
	return &reader->rows[at];
}

struct reading
reading_begin(struct filter_reader *reader, const char *resource, size_t most)
{
	struct reading reading = { .reader = reader, .rows = rows_of(reader, resource), .now = calloc(most + 1, sizeof(struct row)) };

	BUG_IF(!reading.now, "out of memory");
	reading.is_same = reading.rows->names == reader->names;
	return reading;
}

/* The row of the last reading: where it should be, one further when something is gone, one back when something is new. */
static struct row *
row_before(struct reading *reading, const struct record *record)
{
	static const size_t steps[] = { 0, 1, (size_t)-1 };

	for (size_t i = 0; i < COUNT(steps) && reading->is_same; i++) {
		const size_t at = reading->at + steps[i];

		if (at >= reading->rows->count || reading->rows->list[at].record != record)
			continue;
		reading->at = at;
		return &reading->rows->list[at];
	}
	return NULL;
}

bool
reading_knows(struct reading *reading, const struct record *record)
{
	return row_before(reading, record) != NULL;
}

void *
reading_one(struct reading *reading, const struct record *record, maker *make)
{
	struct row *before = row_before(reading, record);
	struct row *row = &reading->now[reading->count++];

	*row = (struct row){ record, before ? before->made : read_one(reading->reader, record, make) };
	if (before)
		before->record = NULL; /* seen */
	reading->at++;
	return row->made;
}

void
reading_end(struct reading *reading)
{
	struct rows *rows = reading->rows;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].record)
			forget_unused(reading->reader, rows->list[i].record);
	free(rows->list);
	rows->list = reading->now;
	rows->count = reading->count;
	rows->names = reading->reader->names;
}

void *const *
read_all(struct filter_reader *reader, const char *resource, maker *make, size_t *count)
{
	const struct collection *collection = snapshot_named(reader->snapshot, resource);
	const size_t             most = collection_count(collection);
	void                   **list = ARENA_MAKE(reader->once, void *, most + 1);
	struct reading           reading = reading_begin(reader, resource, most);

	*count = 0;
	for (size_t i = 0; i < most; i++) {
		void *made = reading_one(&reading, collection_at(collection, i), make);

		if (made)
			list[(*count)++] = made;
	}
	reading_end(&reading);
	return list;
}
