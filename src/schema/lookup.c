/* A hash table of records by their texts, in buckets that successive tables share. */
#include "schema/lookup.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "schema/shared.h"

#define LOAD 32  /* records in a bucket, on average, before there are twice as many buckets */
#define FULL 256 /* no bucket gets that full by chance */

struct bucket {
	_Atomic(unsigned) holds;
	unsigned          count, room;
	struct entry {
		uint32_t             hash;
		const struct record *record;
	} entries[];
};

/* What it is looked up by, when that is one text. */
static const char *
text_in(const struct lookup *lookup, const struct record *record)
{
	return lookup->by.count ? record->values[lookup->by.fields[0]] : record->uuid;
}

static uint32_t
fold(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t
hash_of(struct text text)
{
	return fold(text_spread(text));
}

/* Of all the fields. */
static uint32_t
hash_of_record(const struct lookup *lookup, const struct record *record)
{
	uint64_t hash = 0;

	if (lookup->by.count < 2 && !lookup->by.any_case)
		return hash_of(text_of(text_in(lookup, record)));
	for (size_t i = 0; i < lookup->by.count; i++) {
		for (const char *at = record->values[lookup->by.fields[i]]; *at; at++) {
			const bool is_upper = *at >= 'A' && *at <= 'Z';

			hash = (hash ^ (unsigned char)(lookup->by.any_case && is_upper ? *at + 32 : *at)) * 0x100000001b3ULL;
		}
		hash = (hash ^ 0xff) * 0x100000001b3ULL;
	}
	return fold(hash);
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

static bool
is_common(const struct lookup *lookup, uint32_t hash)
{
	for (size_t i = 0; i < lookup->ncommon; i++)
		if (lookup->common[i] == hash)
			return true;
	return false;
}

/* When most of the bucket is of this text, it is no longer listed. */
static void
forget_common(struct lookup *lookup, uint32_t hash)
{
	struct bucket *bucket = lookup->buckets[hash & (lookup->nbuckets - 1)];
	unsigned       kept = 0, count = 0;

	for (unsigned i = 0; i < bucket->count; i++)
		count += bucket->entries[i].hash == hash;
	if (count < FULL / 2)
		return;
	for (unsigned i = 0; i < bucket->count; i++)
		if (bucket->entries[i].hash != hash)
			bucket->entries[kept++] = bucket->entries[i];
	bucket->count = kept;
	lookup->count -= count;
	lookup->common[lookup->ncommon++] = hash;
}

static void
add(struct lookup *lookup, const struct record *record, uint32_t hash)
{
	if (is_common(lookup, hash))
		return;
	if (++lookup->count > lookup->nbuckets * LOAD)
		grow(lookup);
	add_entry(lookup, (struct entry){ hash, record });
	if (lookup->buckets[hash & (lookup->nbuckets - 1)]->count > FULL && lookup->ncommon < LOOKUP_COMMON_MAX)
		forget_common(lookup, hash);
}

/* Where a record stands in the table's own bucket for it. */
static struct entry *
own_entry(struct lookup *lookup, const struct record *record, uint32_t hash, struct bucket **bucket)
{
	*bucket = own_bucket(lookup, hash);
	for (unsigned i = 0; i < (*bucket)->count; i++)
		if ((*bucket)->entries[i].record == record && (*bucket)->entries[i].hash == hash)
			return &(*bucket)->entries[i];
	bug_report(__FILE__, __LINE__, "record %s cannot be found", record->uuid);
}

static void
drop(struct lookup *lookup, const struct record *record, uint32_t hash)
{
	struct bucket *bucket;

	if (is_common(lookup, hash))
		return;
	struct entry *entry = own_entry(lookup, record, hash, &bucket);

	*entry = bucket->entries[--bucket->count];
	lookup->count--;
}

struct words {
	struct lookup       *lookup;
	const struct record *record;
};

static void
add_word(void *context, struct text word)
{
	struct words *words = context;

	add(words->lookup, words->record, hash_of(word));
}

static void
drop_word(void *context, struct text word)
{
	struct words *words = context;

	drop(words->lookup, words->record, hash_of(word));
}

static void
replace_words(struct lookup *lookup, const struct record *old, const struct record *record)
{
	if (old)
		lookup->by.words(&lookup->by, old, drop_word, &(struct words){ lookup, old });
	if (record)
		lookup->by.words(&lookup->by, record, add_word, &(struct words){ lookup, record });
}

/* What is looked up by fields is not found by an empty one. */
static bool
is_listed(const struct lookup *lookup, const struct record *record)
{
	return record && (lookup->by.count == 0 || record->values[lookup->by.fields[0]][0] != '\0');
}

void
lookup_replace(struct lookup *lookup, const struct record *old, const struct record *record)
{
	if (lookup->by.words) {
		replace_words(lookup, old, record);
		return;
	}
	const bool     was = is_listed(lookup, old), is = is_listed(lookup, record);
	const uint32_t before = was ? hash_of_record(lookup, old) : 0, after = is ? hash_of_record(lookup, record) : 0;
	struct bucket *bucket;

	if (was && is && before == after) {
		if (!is_common(lookup, before))
			own_entry(lookup, old, before, &bucket)->record = record;
		return;
	}
	if (was)
		drop(lookup, old, before);
	if (is)
		add(lookup, record, after);
}

bool
lookup_is_common(const struct lookup *lookup, struct text word)
{
	return is_common(lookup, hash_of(word));
}

bool
lookup_is_common_like(const struct lookup *lookup, const struct record *record)
{
	return is_common(lookup, hash_of_record(lookup, record));
}

static const struct bucket *
bucket_for(const struct lookup *lookup, uint32_t hash)
{
	return lookup->nbuckets ? lookup->buckets[hash & (lookup->nbuckets - 1)] : NULL;
}

const struct record *
lookup_find(const struct lookup *lookup, struct text value)
{
	const uint32_t       hash = hash_of(value);
	const struct record *found = NULL;
	const struct bucket *bucket = bucket_for(lookup, hash);

	for (unsigned i = 0; bucket && i < bucket->count; i++) {
		const struct entry *entry = &bucket->entries[i];

		if (entry->hash == hash && text_is(value, text_in(lookup, entry->record)) &&
		    (!found || entry->record->place < found->place))
			found = entry->record;
	}
	return found;
}

bool
lookup_is_twin(const struct index *by, const struct record *a, const struct record *b)
{
	for (size_t i = 0; i < by->count; i++) {
		const char *x = a->values[by->fields[i]], *y = b->values[by->fields[i]];

		if (x != y && (by->any_case ? strcasecmp(x, y) : strcmp(x, y)) != 0)
			return false;
	}
	return strcmp(a->uuid, b->uuid) != 0;
}

const struct record *
lookup_twin(const struct lookup *lookup, const struct record *like)
{
	const uint32_t       hash = hash_of_record(lookup, like);
	const struct bucket *bucket = bucket_for(lookup, hash);

	for (unsigned i = 0; bucket && i < bucket->count; i++)
		if (bucket->entries[i].hash == hash && lookup_is_twin(&lookup->by, bucket->entries[i].record, like))
			return bucket->entries[i].record;
	return NULL;
}

void
lookup_visit(const struct lookup *lookup, struct text word, void (*visit)(void *, const struct record *), void *context)
{
	const uint32_t       hash = hash_of(word);
	const struct bucket *bucket = bucket_for(lookup, hash);

	for (unsigned i = 0; bucket && i < bucket->count; i++)
		if (bucket->entries[i].hash == hash)
			visit(context, bucket->entries[i].record);
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
