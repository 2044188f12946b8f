/*
 * What is kept between compilations. Fragments and wants are forgotten together, when what all
 * lines depend on has changed or when too much of what is kept is not used any more; indexes
 * and tags stay, because connections carry them.
 */
#include "plan/filter/cache.h"

#include <stdlib.h>

#include "base/bug.h"
#include "plan/filter/automatic.h"

#define LEFT_OVER (RULESET_RULES - 1)

struct filter_cache *
filter_cache_new(void)
{
	struct filter_cache *cache = calloc(1, sizeof(*cache));

	BUG_IF(!cache, "out of memory");
	cache->names = arena_new();
	cache->indexes = numbers_new(RULESET_RULES - 1);
	numbers_take(cache->indexes, UUID_LEFT_OVER, LEFT_OVER);
	cache->once = arena_new();
	cache->before = arena_new();
	cache->keep = arena_new();
	cache->layout.arena = arena_new();
	cache->wants = map_make(cache->keep);
	cache->places = map_make(cache->keep);
	cache->used_room = 256;
	cache->used = calloc(cache->used_room, sizeof(struct want *));
	BUG_IF(!cache->used, "out of memory");
	return cache;
}

void
cache_forget(struct filter_cache *cache)
{
	for (struct want *want = cache->all_wants; want; want = want->next)
		free(want->elements);
	cache->all_wants = NULL;
	free(cache->slots);
	cache->slots = NULL;
	cache->nslots = cache->nfragments = 0;
	for (size_t i = 0; i < cache->nseats; i++)
		cache->seats[i].fragment = NULL;
	cache->layout.is_valid = false;
	arena_reset(cache->keep);
	cache->wants = map_make(cache->keep);
	cache->places = map_make(cache->keep);
}

void
filter_cache_free(struct filter_cache *cache)
{
	if (!cache)
		return;
	cache_forget(cache);
	free(cache->seats);
	free(cache->used);
	numbers_free(cache->indexes);
	arena_free(cache->names);
	arena_free(cache->once);
	arena_free(cache->before);
	arena_free(cache->keep);
	arena_free(cache->layout.arena);
	free(cache);
}

static struct slot *
slot_of(struct slot *slots, size_t nslots, uint64_t stamp)
{
	size_t at = ruleset_mix(0, stamp) & (nslots - 1);

	while (slots[at].fragment && slots[at].stamp != stamp)
		at = (at + 1) & (nslots - 1);
	return &slots[at];
}

static void
grow(struct filter_cache *cache)
{
	const size_t  room = cache->nslots ? cache->nslots * 2 : 1024;
	struct slot  *slots = calloc(room, sizeof(*slots));

	BUG_IF(!slots, "out of memory");
	for (size_t i = 0; i < cache->nslots; i++)
		if (cache->slots[i].fragment)
			*slot_of(slots, room, cache->slots[i].stamp) = cache->slots[i];
	free(cache->slots);
	cache->slots = slots;
	cache->nslots = room;
}

struct fragment *
cache_fragment(struct filter_cache *cache, uint64_t stamp)
{
	return cache->nslots && stamp ? slot_of(cache->slots, cache->nslots, stamp)->fragment : NULL;
}

void
cache_keep_fragment(struct filter_cache *cache, uint64_t stamp, struct fragment *fragment)
{
	cache->nfragments++;
	if (stamp == 0)
		return;
	if (cache->nfragments * 2 >= cache->nslots)
		grow(cache);
	*slot_of(cache->slots, cache->nslots, stamp) = (struct slot){ stamp, fragment };
}

const char *
cache_place(struct filter_cache *cache, const char *name)
{
	char *place = map_get(cache->places, text_of(name));

	if (place)
		return place;
	place = arena_copy(cache->keep, text_of(name));
	map_set(cache->places, text_of(place), place);
	return place;
}

/* --- Indexes ----------------------------------------------------------------------------- */

bool
filter_cache_restore(struct filter_cache *cache, const char *uuid, unsigned index)
{
	return numbers_take(cache->indexes, uuid, index);
}

unsigned
build_index(struct build *build, const char *uuid)
{
	const unsigned index = numbers_give(build->cache->indexes, uuid);

	/* When all are given away, what is left over counts together: it is filtered like everything else. */
	return index ? index : LEFT_OVER;
}

unsigned
filter_cache_index(const struct filter_cache *cache, const char *uuid)
{
	return numbers_find(cache->indexes, uuid);
}

const char *
filter_cache_uuid(const struct filter_cache *cache, unsigned index)
{
	return numbers_name(cache->indexes, index);
}

/* Neither in the last rule set nor kept for what was left over. */
static bool
is_idle(const struct filter_cache *cache, unsigned index)
{
	return numbers_name(cache->indexes, index) && index != LEFT_OVER && !(cache->in_force[index / 64] >> (index % 64) & 1);
}

unsigned
filter_cache_idle(const struct filter_cache *cache)
{
	unsigned count = numbers_count(cache->indexes) - 1;

	for (size_t i = 0; i < RULESET_RULES / 64; i++)
		count -= (unsigned)__builtin_popcountll(cache->in_force[i]);
	return count + (unsigned)(cache->in_force[LEFT_OVER / 64] >> (LEFT_OVER % 64) & 1);
}

unsigned
filter_cache_release(struct filter_cache *cache, const uint64_t *carried)
{
	unsigned count = 0;

	for (unsigned i = 1; i < RULESET_RULES; i++) {
		if (!is_idle(cache, i) || (carried[i / 64] >> (i % 64) & 1))
			continue;
		numbers_release(cache->indexes, i);
		count++;
	}
	/* Fragments that are not in force may have been made with them. */
	cache->is_stale |= count > 0;
	return count;
}

uint64_t
filter_cache_version(const struct filter_cache *cache)
{
	return numbers_version(cache->indexes);
}

void
filter_cache_write(const struct filter_cache *cache, struct buffer *out)
{
	numbers_write(cache->indexes, out);
}

bool
filter_cache_read(struct filter_cache *cache, struct text text)
{
	return numbers_read(cache->indexes, text);
}

unsigned
build_tag(struct build *build, const char *tag)
{
	struct filter_cache *cache = build->cache;

	for (unsigned i = 0; i < cache->ntags; i++)
		if (text_is(text_of(tag), cache->tags[i]))
			return i;
	if (cache->ntags == TAGS_MAX)
		return TAGS_MAX - 1;
	cache->tags[cache->ntags] = arena_copy(cache->names, text_of(tag));
	return cache->ntags++;
}

const struct filter_note *
filter_cache_notes(const struct filter_cache *cache, size_t *count)
{
	*count = cache->nnotes;
	return cache->notes;
}
