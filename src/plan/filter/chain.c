/*
 * Chains. A list of lines is cut where the hash of a rule's uuid says so, not by counting: then a rule
 * that comes or goes changes the one short chain it stands in, and its neighbours stay.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "plan/filter/cache.h"

#define CHAIN_LINES_MAX 128
#define CUT_MASK        63 /* one rule in 64 begins a chain */

static struct ruleset_chain *
chain_room(struct chains *chains, struct arena *arena)
{
	if (chains->count == chains->room) {
		const size_t          room = chains->room ? chains->room * 2 : 64;
		struct ruleset_chain *more = ARENA_MAKE(arena, struct ruleset_chain, room);

		if (chains->count > 0)
			memcpy(more, chains->list, chains->count * sizeof(*more));
		chains->list = more;
		chains->room = room;
	}
	return &chains->list[chains->count++];
}

static uint64_t
hash_chain(const struct ruleset_chain *chain)
{
	uint64_t hash = (uint64_t)chain->type << 40 | (uint64_t)chain->hook << 32 | (uint32_t)chain->priority;

	hash = ruleset_mix(hash, chain->drops);
	for (size_t i = 0; i < chain->nrules; i++)
		hash = ruleset_mix_bytes(hash, chain->rules[i]);
	return hash;
}

void
build_base(struct build *build, const struct ruleset_chain *head, const struct lines *lines)
{
	struct ruleset_chain *chain = chain_room(&build->chains, build->once);

	*chain = *head;
	chain->rules = lines->list;
	chain->nrules = lines->count;
	chain->hash = hash_chain(chain);
}

void
build_add_chain(struct build *build, const struct ruleset_chain *chain)
{
	*chain_room(&build->chains, build->once) = *chain;
}

const char *
build_chain(struct build *build, const char *name, const struct lines *lines)
{
	struct ruleset_chain *chain = chain_room(&build->chains, build->once);

	*chain = (struct ruleset_chain){ .name = arena_copy(build->once, text_of(name)), .rules = lines->list,
					 .nrules = lines->count };
	chain->hash = hash_chain(chain);
	return chain->name;
}

static struct ruleset_set *
map_room(struct build *build)
{
	if (build->nmaps == build->maps_room) {
		const size_t        room = build->maps_room ? build->maps_room * 2 : 16;
		struct ruleset_set *more = ARENA_MAKE(build->once, struct ruleset_set, room);

		if (build->nmaps > 0)
			memcpy(more, build->maps, build->nmaps * sizeof(*more));
		build->maps = more;
		build->maps_room = room;
	}
	return &build->maps[build->nmaps++];
}

void
build_add_map(struct build *build, const struct ruleset_set *map)
{
	*map_room(build) = *map;
}

struct ruleset_set *
build_map(struct build *build, const char *name, enum set_type type, enum set_gives gives, size_t count)
{
	struct ruleset_set *map = map_room(build);

	*map = (struct ruleset_set){ .name = arena_copy(build->once, text_of(name)), .type = type, .gives = gives,
		.entries = ARENA_MAKE(build->once, struct ruleset_entry, count ? count : 1) };
	return map;
}

void
build_seal_map(struct ruleset_set *map)
{
	uint64_t hash = map->type | (uint64_t)map->gives << 8;

	for (size_t i = 0; i < map->count; i++) {
		const struct ruleset_entry *entry = &map->entries[i];

		hash = ruleset_mix_bytes(hash, (struct text){ (const char *)entry->key, 16 });
		hash = ruleset_mix_bytes(hash, (struct text){ (const char *)entry->value, sizeof(entry->value) });
		hash = ruleset_mix(ruleset_mix_string(hash, entry->name), entry->verdict);
	}
	map->hash = hash;
}

static void
add_jump(struct build *build, struct lines *to, const char *chain)
{
	struct line line = { 0 };

	line_start(&line, build);
	line_verdict(&line, VERDICT_JUMP, chain);
	line_end(&line, build->once, to);
	buffer_clear(&line.bytes);
}

/* A name that says which rule a chain begins with, and is not taken. */
static const char *
chain_name(struct build *build, const char *stem, const struct fragment *first, bool is_first)
{
	char name[STEP_NAME_MAX];

	if (is_first)
		return arena_copy(build->once, text_of(stem));
	snprintf(name, sizeof(name), "%s_%08x", stem, (unsigned)(first->mark >> 32));
	while (map_get(build->chain_names, text_of(name)))
		snprintf(name + strlen(name), sizeof(name) - strlen(name), "x");
	const char *copy = arena_copy(build->once, text_of(name));

	map_set(build->chain_names, text_of(copy), (void *)copy);
	return copy;
}

/* The chain of these fragments is whole. */
static void
flush_chain(struct build *build, const struct ruleset_chain *chain, const struct fragment_list *list, size_t first, size_t end,
	    struct lines *jumps)
{
	layout_run(build, list->list + first, end - first, list->way);
	build_add_chain(build, chain);
	add_jump(build, jumps, chain->name);
}

/*
 * The lines of these fragments in short chains, and a jump to each. The hash is made of the
 * fragments', which were made once.
 */
void
build_list(struct build *build, const char *stem, const struct fragment_list *list, struct lines *jumps)
{
	struct ruleset_chain chain = { 0 };
	struct text         *rules = NULL;
	size_t               first = 0;

	if (list->nlines[list->way] == 0)
		return;
	rules = ARENA_MAKE(build->once, struct text, list->nlines[list->way]);
	for (size_t i = 0; i < list->count; i++) {
		const struct fragment *one = list->list[i];
		const struct lines    *lines = &one->lines[list->way];

		if (i + READ_AHEAD < list->count)
			__builtin_prefetch(list->list[i + READ_AHEAD]->lines[list->way].list);
		if (lines->count == 0)
			continue;
		if (chain.name && ((one->mark & CUT_MASK) == 0 || chain.nrules + lines->count > CHAIN_LINES_MAX)) {
			flush_chain(build, &chain, list, first, i, jumps);
			chain = (struct ruleset_chain){ .name = chain_name(build, stem, one, false) };
			first = i;
		}
		if (!chain.name)
			chain.name = chain_name(build, stem, one, true);
		if (chain.nrules == 0)
			chain.rules = rules;
		memcpy(rules, lines->list, lines->count * sizeof(*rules));
		rules += lines->count;
		chain.nrules += lines->count;
		chain.hash = ruleset_mix(chain.hash, one->hash[list->way]);
	}
	flush_chain(build, &chain, list, first, list->count, jumps);
}

/* A verdict map by interface, and the line that asks it. */
void
build_dispatch(struct build *build, const char *name, enum step_key key, const struct ruleset_entry *entries,
	       size_t count, struct lines *walk)
{
	struct ruleset_set *map = build_map(build, name, SET_DEVICE, GIVES_VERDICT, count);
	struct line         line = { 0 };

	map->count = count;
	memcpy((struct ruleset_entry *)map->entries, entries, count * sizeof(*entries));
	build_seal_map(map);
	line_start(&line, build);
	line_add(&line, &(struct step){ .kind = STEP_VERDICTS, .key = key, .name = text_of(map->name) });
	line_end(&line, build->once, walk);
	buffer_clear(&line.bytes);
}
