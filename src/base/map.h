/* base/map.h: from text to pointer, in an arena. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* A hash table that grows; names are not copied and must outlive it. Nothing is ever removed. */
struct map;

struct map *map_make(struct arena *);
/* Gives what was there before, or NULL. */
void       *map_set(struct map *, struct text name, void *what);
void       *map_get(const struct map *, struct text name); /* NULL when absent */
size_t      map_count(const struct map *);

/* FNV-1a, for tables that nobody outside can fill, and for names that are made of it. */
uint64_t    text_hash(struct text);
/* Quicker, and only for tables in memory: it need not be the same elsewhere. */
uint64_t    text_spread(struct text);
