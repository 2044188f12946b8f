/*
 * What is kept between compilations. Fragments and wants are forgotten together, when what all
 * lines depend on has changed or when too much of what is kept is not used any more; indexes
 * and tags stay, because connections carry them.
 */
#include "plan/filter/cache.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/number.h"

struct filter_cache *
filter_cache_new(void)
{
	struct filter_cache *cache = calloc(1, sizeof(*cache));

	BUG_IF(!cache, "out of memory");
	cache->names = arena_new();
	cache->indexes = map_make(cache->names);
	cache->uuids = ARENA_MAKE(cache->names, const char *, RULESET_RULES);
	cache->next_index = 1;
	cache->once = arena_new();
	cache->before = arena_new();
	cache->keep = arena_new();
	cache->wants = map_make(cache->keep);
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
	arena_reset(cache->keep);
	cache->wants = map_make(cache->keep);
}

void
filter_cache_free(struct filter_cache *cache)
{
	if (!cache)
		return;
	cache_forget(cache);
	free(cache->used);
	arena_free(cache->names);
	arena_free(cache->once);
	arena_free(cache->before);
	arena_free(cache->keep);
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

/* --- Indexes ----------------------------------------------------------------------------- */

static unsigned
free_index(struct filter_cache *cache)
{
	for (unsigned tries = 1; tries < RULESET_RULES; tries++) {
		const unsigned index = cache->next_index;

		cache->next_index = index + 1 < RULESET_RULES ? index + 1 : 1;
		if (!cache->uuids[index])
			return index;
	}
	return 0;
}

bool
filter_cache_restore(struct filter_cache *cache, const char *uuid, unsigned index)
{
	if (index == 0 || index >= RULESET_RULES || cache->uuids[index] || map_get(cache->indexes, text_of(uuid)))
		return false;
	cache->version++;
	cache->uuids[index] = arena_copy(cache->names, text_of(uuid));
	map_set(cache->indexes, text_of(cache->uuids[index]), (void *)(uintptr_t)index);
	return true;
}

unsigned
build_index(struct build *build, const char *uuid)
{
	const unsigned have = filter_cache_index(build->cache, uuid);

	if (have)
		return have;
	const unsigned index = free_index(build->cache);

	/* When all are given away, what is left over counts together: it is filtered like everything else. */
	if (index == 0)
		return RULESET_RULES - 1;
	filter_cache_restore(build->cache, uuid, index);
	return index;
}

unsigned
filter_cache_index(const struct filter_cache *cache, const char *uuid)
{
	const unsigned index = (unsigned)(uintptr_t)map_get(cache->indexes, text_of(uuid));

	/* A released index leaves its name behind in the map. */
	return index && cache->uuids[index] && text_is(text_of(uuid), cache->uuids[index]) ? index : 0;
}

const char *
filter_cache_uuid(const struct filter_cache *cache, unsigned index)
{
	return index < RULESET_RULES ? cache->uuids[index] : NULL;
}

void
filter_cache_release(struct filter_cache *cache, unsigned index)
{
	if (index >= RULESET_RULES)
		return;
	cache->uuids[index] = NULL;
	cache->version++;
}

uint64_t
filter_cache_version(const struct filter_cache *cache)
{
	return cache->version;
}

void
filter_cache_write(const struct filter_cache *cache, struct buffer *out)
{
	for (unsigned i = 1; i < RULESET_RULES; i++)
		if (cache->uuids[i])
			buffer_print(out, "%u %s\n", i, cache->uuids[i]);
}

static bool
read_line(struct text line, int64_t *index, struct text *uuid)
{
	*uuid = line;
	return number_read(text_until(uuid, ' '), 1, RULESET_RULES - 1, index) && uuid->len > 0 && uuid->len < STEP_NAME_MAX;
}

bool
filter_cache_read(struct filter_cache *cache, struct text text)
{
	struct text rest = text, line, uuid;
	int64_t     index;

	while (text_next(&rest, "\n", &line))
		if (!read_line(line, &index, &uuid))
			return false;
	while (text_next(&text, "\n", &line))
		if (read_line(line, &index, &uuid))
			filter_cache_restore(cache, arena_copy(cache->names, uuid), (unsigned)index);
	return true;
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
