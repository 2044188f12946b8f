/* Open addressing with linear probing, at most half full. */
#include "base/map.h"

struct slot {
	struct text name;
	uint64_t    hash;
	void       *what; /* NULL: free */
};

struct map {
	struct arena *arena;
	struct slot  *slots;
	size_t        room; /* a power of two */
	size_t        count;
};

uint64_t
text_hash(struct text t)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < t.len; i++)
		hash = (hash ^ (unsigned char)t.ptr[i]) * 0x100000001b3ULL;
	return hash ^ (hash >> 29);
}

uint64_t
text_spread(struct text t)
{
	const uint64_t factor = 0x9e3779b97f4a7c15ULL;
	uint64_t       hash = t.len * factor, word;

	for (; t.len >= sizeof(word); t = text_after(t, sizeof(word))) {
		memcpy(&word, t.ptr, sizeof(word));
		hash = (hash ^ word) * factor;
		hash ^= hash >> 32;
	}
	for (size_t i = word = 0; i < t.len; i++)
		word = word << 8 | (unsigned char)t.ptr[i];
	hash = (hash ^ word) * factor;
	return hash ^ hash >> 32;
}

struct map *
map_make(struct arena *arena)
{
	struct map *map = ARENA_MAKE(arena, struct map, 1);

	map->arena = arena;
	map->room = 16;
	map->slots = ARENA_MAKE(arena, struct slot, map->room);
	return map;
}

static struct slot *
find(const struct map *map, struct text name, uint64_t hash)
{
	size_t at = hash & (map->room - 1);

	while (map->slots[at].what &&
	       (map->slots[at].hash != hash || !text_equal(map->slots[at].name, name)))
		at = (at + 1) & (map->room - 1);
	return &map->slots[at];
}

static void
grow(struct map *map)
{
	const struct map old = *map;

	map->room *= 2;
	map->slots = ARENA_MAKE(map->arena, struct slot, map->room);
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].what)
			*find(map, old.slots[i].name, old.slots[i].hash) = old.slots[i];
}

void *
map_set(struct map *map, struct text name, void *what)
{
	const uint64_t hash = text_spread(name);

	if (map->count * 2 >= map->room)
		grow(map);
	struct slot *slot = find(map, name, hash);
	void        *before = slot->what;

	*slot = (struct slot){ name, hash, what };
	map->count += !before;
	return before;
}

void *
map_get(const struct map *map, struct text name)
{
	return find(map, name, text_spread(name))->what;
}

size_t
map_count(const struct map *map)
{
	return map->count;
}
