/* A hash table of records by one of their texts, in buckets that successive tables share. */
#include "schema/lookup.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "schema/shared.h"

#define LOAD 32 /* records in a bucket, on average, before there are twice as many buckets */

struct bucket {
	_Atomic(unsigned) holds;
	unsigned          count, room;
	struct entry {
		uint32_t             hash;
		const struct record *record;
	} entries[];
};

static struct text
text_in(const struct lookup *lookup, const struct record *record)
{
	return text_of(lookup->field == LOOKUP_UUID ? record->uuid : record->values[lookup->field]);
}

static uint32_t
hash_of(struct text text)
{
	const uint64_t hash = text_hash(text);

	return (uint32_t)(hash ^ hash >> 32);
}

static void
bucket_release(struct bucket *bucket)
{
	if (bucket && let_go(&bucket->holds))
		free(bucket);
}

/* The table's own bucket for a hash, with room for one more. */
static struct bucket *
own_bucket(struct lookup *lookup, uint32_t hash)
{
	struct bucket **slot = &lookup->buckets[hash & (lookup->nbuckets - 1)];
	struct bucket  *bucket = *slot;
	const unsigned  count = bucket ? bucket->count : 0, room = count < 4 ? 6 : count + count / 2;

	if (bucket && !is_shared(&bucket->holds) && count < bucket->room)
		return bucket;
	*slot = take_memory(sizeof(**slot) + room * sizeof(struct entry));
	atomic_store_explicit(&(*slot)->holds, 1, memory_order_relaxed);
	(*slot)->room = room;
	(*slot)->count = count;
	if (bucket)
		memcpy((*slot)->entries, bucket->entries, count * sizeof(struct entry));
	bucket_release(bucket);
	return *slot;
}

static void
add_entry(struct lookup *lookup, struct entry entry)
{
	struct bucket *bucket = own_bucket(lookup, entry.hash);

	bucket->entries[bucket->count++] = entry;
}

static void
grow(struct lookup *lookup)
{
	struct lookup wider = *lookup;

	wider.nbuckets = lookup->nbuckets ? lookup->nbuckets * 2 : 1;
	wider.buckets = take_memory(wider.nbuckets * sizeof(struct bucket *));
	for (size_t i = 0; i < lookup->nbuckets; i++)
		for (unsigned j = 0; lookup->buckets[i] && j < lookup->buckets[i]->count; j++)
			add_entry(&wider, lookup->buckets[i]->entries[j]);
	lookup_clear(lookup);
	*lookup = wider;
}

static void
add(struct lookup *lookup, const struct record *record)
{
	if (++lookup->count > lookup->nbuckets * LOAD)
		grow(lookup);
	add_entry(lookup, (struct entry){ hash_of(text_in(lookup, record)), record });
}

/* Where a record stands in the table's own bucket for it. */
static struct entry *
own_entry(struct lookup *lookup, const struct record *record, struct bucket **bucket)
{
	*bucket = own_bucket(lookup, hash_of(text_in(lookup, record)));
	for (unsigned i = 0; i < (*bucket)->count; i++)
		if ((*bucket)->entries[i].record == record)
			return &(*bucket)->entries[i];
	bug_report(__FILE__, __LINE__, "record %s cannot be found", record->uuid);
}

void
lookup_replace(struct lookup *lookup, const struct record *old, const struct record *record)
{
	struct bucket *bucket;

	if (!old) {
		add(lookup, record);
		return;
	}
	struct entry *entry = own_entry(lookup, old, &bucket);

	if (record && text_equal(text_in(lookup, old), text_in(lookup, record))) {
		entry->record = record;
		return;
	}
	*entry = bucket->entries[--bucket->count];
	lookup->count--;
	if (record)
		add(lookup, record);
}

const struct record *
lookup_find(const struct lookup *lookup, struct text value)
{
	const uint32_t       hash = hash_of(value);
	const struct record *found = NULL;
	const struct bucket *bucket = lookup->nbuckets ? lookup->buckets[hash & (lookup->nbuckets - 1)] : NULL;

	for (unsigned i = 0; bucket && i < bucket->count; i++) {
		const struct entry *entry = &bucket->entries[i];

		if (entry->hash == hash && text_equal(value, text_in(lookup, entry->record)) &&
		    (!found || entry->record->place < found->place))
			found = entry->record;
	}
	return found;
}

void
lookup_share(struct lookup *copy, const struct lookup *from)
{
	*copy = *from;
	if (from->nbuckets == 0)
		return;
	copy->buckets = take_memory(from->nbuckets * sizeof(struct bucket *));
	memcpy(copy->buckets, from->buckets, from->nbuckets * sizeof(struct bucket *));
	for (size_t i = 0; i < copy->nbuckets; i++)
		if (copy->buckets[i])
			hold(&copy->buckets[i]->holds);
}

void
lookup_clear(struct lookup *lookup)
{
	for (size_t i = 0; i < lookup->nbuckets; i++)
		bucket_release(lookup->buckets[i]);
	free(lookup->buckets);
}
