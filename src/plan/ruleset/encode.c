/*
 * Numbers are in the machine's order: both ends are the same build. Names end in a NUL, so that the
 * reader can point to them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/map.h"
#include "plan/ruleset/mark.h"
#include "plan/ruleset/wire.h"

struct ruleset_known {
	struct arena *arena;
	struct map   *chains, *sets; /* name to hash */
};

struct ruleset_known *
ruleset_known_new(void)
{
	struct ruleset_known *known = calloc(1, sizeof(*known));

	BUG_IF(!known, "out of memory");
	known->arena = arena_new();
	ruleset_known_forget(known);
	return known;
}

void
ruleset_known_free(struct ruleset_known *known)
{
	if (known)
		arena_free(known->arena);
	free(known);
}

void
ruleset_known_forget(struct ruleset_known *known)
{
	arena_reset(known->arena);
	known->chains = map_make(known->arena);
	known->sets = map_make(known->arena);
}

static void
learn(struct ruleset_known *known, struct map *map, const char *name, uint64_t hash)
{
	const struct text key = text_of(arena_copy(known->arena, text_of(name)));
	uint64_t         *copy = ARENA_MAKE(known->arena, uint64_t, 1);

	*copy = hash;
	map_set(map, key, copy);
}

void
ruleset_known_learn(struct ruleset_known *known, const struct ruleset *ruleset)
{
	ruleset_known_forget(known);
	for (size_t i = 0; i < ruleset->nchains; i++)
		learn(known, known->chains, ruleset->chains[i].name, ruleset->chains[i].hash);
	for (size_t i = 0; i < ruleset->nsets; i++)
		learn(known, known->sets, ruleset->sets[i].name, ruleset->sets[i].hash);
}

static bool
is_known(const struct map *map, const char *name, uint64_t hash)
{
	const uint64_t *have = map_get(map, text_of(name));

	return have && *have == hash;
}

/* --- Writing ---------------------------------------------------------------------------------------- */

static void
put(struct buffer *out, const void *bytes, size_t n)
{
	buffer_add(out, (struct text){ bytes, n });
}

static void
put8(struct buffer *out, unsigned number)
{
	buffer_add_byte(out, (char)number);
}

static void
put32(struct buffer *out, uint32_t number)
{
	put(out, &number, sizeof(number));
}

static void
put64(struct buffer *out, uint64_t number)
{
	put(out, &number, sizeof(number));
}

static void
put_name(struct buffer *out, const char *name)
{
	const size_t len = strlen(name);

	BUG_IF(len > STEP_NAME_MAX, "a name is too long: %s", name);
	put8(out, (unsigned)len);
	put(out, name, len + 1);
}

static void
put_entry(struct buffer *out, const struct ruleset_set *set, const struct ruleset_entry *entry)
{
	put(out, entry->key, set_key_size(set->type));
	if (set->gives != GIVES_VERDICT) {
		put(out, entry->value, sizeof(entry->value));
		return;
	}
	put8(out, entry->verdict);
	put_name(out, entry->name ? entry->name : "");
}

static void
put_set(struct buffer *out, const struct ruleset_set *set, bool is_omitted)
{
	put_name(out, set->name);
	put64(out, set->hash);
	put8(out, set->type);
	put8(out, set->gives);
	put8(out, (set->interval ? SET_INTERVAL : 0) | (set->dynamic ? SET_DYNAMIC : 0) | (set->counted ? SET_COUNTED : 0) |
		     (is_omitted ? SET_OMITTED : 0));
	put32(out, set->timeout);
	put32(out, set->size);
	if (is_omitted)
		return;
	put32(out, (uint32_t)set->count);
	if (set->gives == GIVES_NOTHING)
		put(out, set->elements.ptr, set->elements.len);
	for (size_t i = 0; set->gives != GIVES_NOTHING && i < set->count; i++)
		put_entry(out, set, &set->entries[i]);
}

static void
put_chain(struct buffer *out, const struct ruleset_chain *chain, bool is_omitted)
{
	put_name(out, chain->name);
	put64(out, chain->hash);
	put8(out, chain->type);
	put8(out, chain->hook);
	put8(out, chain->drops);
	put8(out, is_omitted);
	put32(out, (uint32_t)chain->priority);
	if (is_omitted)
		return;
	put32(out, (uint32_t)chain->nrules);
	for (size_t i = 0; i < chain->nrules; i++) {
		put32(out, (uint32_t)chain->rules[i].len);
		put(out, chain->rules[i].ptr, chain->rules[i].len);
	}
}

static void
put_object(struct buffer *out, const struct ruleset_object *object)
{
	put_name(out, object->name);
	put8(out, object->kind);
	put8(out, object->protocol);
	put8(out, object->unit);
	put32(out, object->numbers[0]);
	put32(out, object->numbers[1]);
}

void
ruleset_encode(struct buffer *out, const struct ruleset *ruleset, const struct ruleset_known *known)
{
	put64(out, RULESET_MAGIC);
	put(out, ruleset->counters, sizeof(ruleset->counters));
	put32(out, (uint32_t)ruleset->nobjects);
	for (size_t i = 0; i < ruleset->nobjects; i++)
		put_object(out, &ruleset->objects[i]);
	put32(out, (uint32_t)ruleset->nsets);
	for (size_t i = 0; i < ruleset->nsets; i++) {
		const struct ruleset_set *set = &ruleset->sets[i];

		put_set(out, set, known && is_known(known->sets, set->name, set->hash));
	}
	put32(out, (uint32_t)ruleset->nchains);
	for (size_t i = 0; i < ruleset->nchains; i++) {
		const struct ruleset_chain *chain = &ruleset->chains[i];

		put_chain(out, chain, known && is_known(known->chains, chain->name, chain->hash));
	}
}
