/* A hash table of records by uuid, in buckets that successive tables share. */
#include "schema/uuids.h"

#include <stdatomic.h>
#include <stdint.h>
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

static uint32_t
hash_of(struct text uuid)
{
	const uint64_t hash = text_hash(uuid);

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
own_bucket(struct uuids *uuids, uint32_t hash)
{
	struct bucket **slot = &uuids->buckets[hash & (uuids->nbuckets - 1)];
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
add_entry(struct uuids *uuids, struct entry entry)
{
	struct bucket *bucket = own_bucket(uuids, entry.hash);

	bucket->entries[bucket->count++] = entry;
}

static void
grow(struct uuids *uuids)
{
	struct uuids wider = { .count = uuids->count, .nbuckets = uuids->nbuckets ? uuids->nbuckets * 2 : 1 };

	wider.buckets = take_memory(wider.nbuckets * sizeof(struct bucket *));
	for (size_t i = 0; i < uuids->nbuckets; i++)
		for (unsigned j = 0; uuids->buckets[i] && j < uuids->buckets[i]->count; j++)
			add_entry(&wider, uuids->buckets[i]->entries[j]);
	uuids_clear(uuids);
	*uuids = wider;
}

static struct entry *
find_entry(struct bucket *bucket, uint32_t hash, struct text uuid)
{
	for (unsigned i = 0; bucket && i < bucket->count; i++)
		if (bucket->entries[i].hash == hash && text_is(uuid, bucket->entries[i].record->uuid))
			return &bucket->entries[i];
	return NULL;
}

const struct record *
uuids_find(const struct uuids *uuids, struct text uuid)
{
	if (uuids->nbuckets == 0)
		return NULL;
	const uint32_t      hash = hash_of(uuid);
	const struct entry *entry = find_entry(uuids->buckets[hash & (uuids->nbuckets - 1)], hash, uuid);

	return entry ? entry->record : NULL;
}

void
uuids_set(struct uuids *uuids, const struct record *record)
{
	const struct text uuid = text_of(record->uuid);
	const uint32_t    hash = hash_of(uuid);
	struct entry     *entry =
		uuids->nbuckets ? find_entry(own_bucket(uuids, hash), hash, uuid) : NULL;

	if (entry) {
		entry->record = record;
		return;
	}
	if (++uuids->count > uuids->nbuckets * LOAD)
		grow(uuids);
	add_entry(uuids, (struct entry){ hash, record });
}

void
uuids_remove(struct uuids *uuids, struct text uuid)
{
	const uint32_t hash = hash_of(uuid);

	if (!uuids_find(uuids, uuid))
		return;
	struct bucket *bucket = own_bucket(uuids, hash);

	*find_entry(bucket, hash, uuid) = bucket->entries[bucket->count - 1];
	bucket->count--;
	uuids->count--;
}

void
uuids_share(struct uuids *copy, const struct uuids *from)
{
	*copy = (struct uuids){ .count = from->count, .nbuckets = from->nbuckets };
	if (from->nbuckets == 0)
		return;
	copy->buckets = take_memory(from->nbuckets * sizeof(struct bucket *));
	memcpy(copy->buckets, from->buckets, from->nbuckets * sizeof(struct bucket *));
	for (size_t i = 0; i < copy->nbuckets; i++)
		if (copy->buckets[i])
			hold(&copy->buckets[i]->holds);
}

void
uuids_clear(struct uuids *uuids)
{
	for (size_t i = 0; i < uuids->nbuckets; i++)
		bucket_release(uuids->buckets[i]);
	free(uuids->buckets);
}
