/* Entries in the order they came, and a hash table of their places that is made anew when some have gone. */
#include "proc/flow/cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

#define PLACES (2 * CACHE_MAX) /* a power of two */

struct entry {
	struct state         state;
	struct meter_reading sum; /* its state is the one above, when it is given */
	uint64_t             print;
	bool                 is_told;
};

struct flow_cache {
	struct entry *entries;
	size_t        n, room, told;
	uint32_t      places[PLACES]; /* 1 + index; 0: free */
};

static uint32_t *
place_of(struct flow_cache *cache, uint64_t print)
{
	size_t at = (size_t)(print >> 1) & (PLACES - 1);

	while (cache->places[at] && cache->entries[cache->places[at] - 1].print != print)
		at = (at + 1) & (PLACES - 1);
	return &cache->places[at];
}

static void
tell(struct entry *entry, meter_take *take, void *self)
{
	entry->sum.state = &entry->state;
	if (entry->sum.packets[0] || entry->sum.packets[1])
		take(self, &entry->sum);
	entry->is_told = true;
}

/* Those that were told go. */
static void
compact(struct flow_cache *cache)
{
	size_t n = 0;

	memset(cache->places, 0, sizeof(cache->places));
	for (size_t i = 0; i < cache->n; i++) {
		if (cache->entries[i].is_told)
			continue;
		if (n != i)
			cache->entries[n] = cache->entries[i];
		n++;
		*place_of(cache, cache->entries[n - 1].print) = (uint32_t)n;
	}
	cache->n = n;
	cache->told = 0;
}

static struct entry *
new_entry(struct flow_cache *cache, uint64_t print)
{
	struct entry *entry;

	if (cache->n == cache->room) {
		cache->room = cache->room ? cache->room * 2 : 256;
		cache->entries = realloc(cache->entries, cache->room * sizeof(*cache->entries));
		BUG_IF(!cache->entries, "out of memory");
	}
	entry = &cache->entries[cache->n++];
	*entry = (struct entry){ .print = print };
	return entry;
}

static void
tell_all(struct flow_cache *cache, meter_take *take, void *self)
{
	for (size_t i = 0; i < cache->n; i++)
		if (!cache->entries[i].is_told)
			tell(&cache->entries[i], take, self);
	compact(cache);
}

static void
add(struct entry *entry, const struct meter_reading *reading)
{
	struct meter_reading *sum = &entry->sum;

	if (!sum->first || reading->first < sum->first)
		sum->first = reading->first;
	sum->last = reading->last > sum->last ? reading->last : sum->last;
	sum->has_ended = reading->has_ended;
	for (size_t i = 0; i < 2; i++) {
		sum->packets[i] += reading->packets[i];
		sum->bytes[i] += reading->bytes[i];
	}
	entry->state = *reading->state;
}

void
flow_cache_add(struct flow_cache *cache, const struct meter_reading *reading, meter_take *take, void *self)
{
	const uint64_t print = state_print(reading->state);
	uint32_t      *place;
	struct entry  *entry;

	if (cache->n == CACHE_MAX)
		compact(cache);
	if (cache->n == CACHE_MAX)
		tell_all(cache, take, self);
	place = place_of(cache, print);
	/* One that was told and comes again is another one; the old one's place is its. */
	if (!*place || cache->entries[*place - 1].is_told) {
		entry = new_entry(cache, print);
		*place = (uint32_t)cache->n;
	} else {
		entry = &cache->entries[*place - 1];
	}
	add(entry, reading);
	if (reading->has_ended) {
		tell(entry, take, self);
		cache->told++;
	}
}

void
flow_cache_expire(struct flow_cache *cache, int64_t now, int64_t active, int64_t inactive, meter_take *take, void *self)
{
	size_t told = cache->told;

	for (size_t i = 0; i < cache->n; i++) {
		struct entry *entry = &cache->entries[i];

		if (entry->is_told || (now - entry->sum.last < inactive && now - entry->sum.first < active))
			continue;
		tell(entry, take, self);
		told++;
	}
	if (told > 0)
		compact(cache);
}

void
flow_cache_each(const struct flow_cache *cache, meter_take *take, void *self)
{
	for (size_t i = 0; i < cache->n; i++) {
		struct meter_reading sum = cache->entries[i].sum;

		sum.state = &cache->entries[i].state;
		if (!cache->entries[i].is_told)
			take(self, &sum);
	}
}

size_t
flow_cache_count(const struct flow_cache *cache)
{
	return cache->n - cache->told;
}

struct flow_cache *
flow_cache_new(void)
{
	struct flow_cache *cache = calloc(1, sizeof(*cache));

	BUG_IF(!cache, "out of memory");
	return cache;
}

void
flow_cache_free(struct flow_cache *cache)
{
	if (!cache)
		return;
	free(cache->entries);
	free(cache);
}
