/* The registry of resources: by number, by name, by address. */
#include "schema/schema.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"


struct schema {
	const struct resource *const *resources;
	size_t                        count;
	struct arena                 *arena;
	struct map                   *names;
	struct entry {
		const struct resource *resource;
		size_t                 index;
	} *addresses; /* hash table, room is a power of two */
	size_t room;
};

static size_t
address_slot(const struct schema *schema, const struct resource *resource)
{
	size_t at = ((uintptr_t)resource >> 4) * 0x9e3779b97f4a7c15ULL >> 32 & (schema->room - 1);

	while (schema->addresses[at].resource && schema->addresses[at].resource != resource)
		at = (at + 1) & (schema->room - 1);
	return at;
}

struct schema *
schema_new(const struct resource *const *resources, size_t count)
{
	struct arena  *arena = arena_new();
	struct schema *schema = ARENA_MAKE(arena, struct schema, 1);

	schema->resources = resources;
	schema->count = count;
	schema->arena = arena;
	schema->names = map_make(arena);
	schema->room = 16;
	while (schema->room < count * 4)
		schema->room *= 2;
	schema->addresses = ARENA_MAKE(arena, struct entry, schema->room);
	for (size_t i = 0; i < count; i++) {
		schema->addresses[address_slot(schema, resources[i])] = (struct entry){ resources[i], i };
		map_set(schema->names, text_of(resources[i]->name), (void *)resources[i]);
	}
	return schema;
}

void
schema_free(struct schema *schema)
{
	if (schema)
		arena_free(schema->arena);
}

size_t
schema_count(const struct schema *schema)
{
	return schema->count;
}

const struct resource *
schema_at(const struct schema *schema, size_t index)
{
	return schema->resources[index];
}

size_t
schema_index(const struct schema *schema, const struct resource *resource)
{
	const struct entry *entry = &schema->addresses[address_slot(schema, resource)];

	BUG_IF(entry->resource != resource, "resource %s is not registered", resource->name);
	return entry->index;
}

const struct resource *
schema_find(const struct schema *schema, struct text name)
{
	return map_get(schema->names, name);
}

/*
 * Where a name was found last, by the addresses of what was looked through and of the name. Names are mostly
 * literals, so the guess is mostly right; it is checked, so it may be anything.
 */
#define GUESSES 8192
static _Atomic(uint16_t) guesses[GUESSES];

static _Atomic(uint16_t) *
guess_of(const void *among, const char *name)
{
	const uint64_t mixed = ((uintptr_t)among * 31 + (uintptr_t)name) * 0x9e3779b97f4a7c15ULL;

	return &guesses[mixed >> 32 & (GUESSES - 1)];
}

const struct resource *
schema_named(const struct schema *schema, const char *name)
{
	_Atomic(uint16_t)     *guess = guess_of(schema, name);
	const size_t           at = atomic_load_explicit(guess, memory_order_relaxed);
	const struct resource *resource;

	if (at < schema->count && strcmp(schema->resources[at]->name, name) == 0)
		return schema->resources[at];
	if ((resource = schema_find(schema, text_of(name))))
		atomic_store_explicit(guess, (uint16_t)schema_index(schema, resource), memory_order_relaxed);
	return resource;
}

size_t
resource_find_field(const struct resource *resource, struct text name)
{
	for (size_t i = 0; i < resource->nfields; i++)
		if (text_is(name, resource->fields[i].name))
			return i;
	return SIZE_MAX;
}

size_t
resource_field(const struct resource *resource, const char *name)
{
	_Atomic(uint16_t) *guess = guess_of(resource, name);
	size_t             at = atomic_load_explicit(guess, memory_order_relaxed);

	if (at < resource->nfields && strcmp(resource->fields[at].name, name) == 0)
		return at;
	at = resource_find_field(resource, text_of(name));
	BUG_IF(at == SIZE_MAX, "%s has no field %s", resource->name, name);
	atomic_store_explicit(guess, (uint16_t)at, memory_order_relaxed);
	return at;
}
