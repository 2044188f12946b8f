/*
 * A list of blocks, the newest first, each twice as large as the one before up to
 * a limit; a request that does not fit a normal block gets one of its own.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

#define BLOCK_FIRST ((size_t)8 * 1024)
#define BLOCK_MAX   ((size_t)1024 * 1024)
#define ALIGNMENT   ((size_t)16)

struct block {
	struct block *older;
	size_t        size;
	size_t        used;
	_Alignas(16) char bytes[];
};

struct deferred {
	struct deferred *older;
	void           (*undo)(void *);
	void            *what;
};

struct arena {
	struct block    *newest;
	struct deferred *latest;
	size_t           small; /* bytes of all blocks while they are few: of such there are thousands, and what is missing is added
				   in halves; 0: each block is twice the one before */
};

static struct block *
block_new(struct block *older, size_t size)
{
	struct block *block = malloc(sizeof(*block) + size);

	BUG_IF(!block, "out of memory: %zu bytes", size);
	block->older = older;
	block->size = size;
	block->used = 0;
	return block;
}

struct arena *
arena_new_small(size_t first)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	BUG_IF(!arena, "out of memory");
	arena->newest = block_new(NULL, first);
	arena->small = first < BLOCK_FIRST ? first : 0;
	return arena;
}

/* How much the next block has at least. */
static size_t
next_size(const struct arena *arena)
{
	const size_t size = arena->newest->size;

	if (arena->small && arena->small < BLOCK_FIRST)
		return arena->small / 2;
	return size * 2 < BLOCK_MAX ? size * 2 : BLOCK_MAX;
}

struct arena *
arena_new(void)
{
	return arena_new_small(BLOCK_FIRST);
}

static void
run_deferred(struct arena *arena)
{
	struct deferred *next;

	for (struct deferred *one = arena->latest; one; one = next) {
		next = one->older;
		one->undo(one->what);
	}
	arena->latest = NULL;
}

void
arena_reset(struct arena *arena)
{
	struct block *older;

	run_deferred(arena);
	while ((older = arena->newest->older)) {
		free(arena->newest);
		arena->newest = older;
	}
	arena->newest->used = 0;
	arena->small = arena->small ? arena->newest->size : 0;
}

void
arena_free(struct arena *arena)
{
	if (!arena)
		return;
	arena_reset(arena);
	free(arena->newest);
	free(arena);
}

void *
arena_take(struct arena *arena, size_t size)
{
	struct block *block = arena->newest;
	size_t        want = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);

	BUG_IF(want < size, "arena: size overflow");
	if (block->size - block->used < want) {
		const size_t next = next_size(arena);

		block = block_new(block, want > next ? want : next);
		arena->newest = block;
		arena->small += arena->small ? block->size : 0;
	}
	void *taken = block->bytes + block->used;

	block->used += want;
	return memset(taken, 0, want);
}

char *
arena_print(struct arena *arena, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);

	BUG_IF(len < 0, "bad format: %s", format);
	char *out = arena_take(arena, (size_t)len + 1);

	vsnprintf(out, (size_t)len + 1, format, again);
	va_end(again);
	va_end(args);
	return out;
}

char *
arena_copy(struct arena *arena, struct text text)
{
	char *out = arena_take(arena, text.len + 1);

	if (text.len > 0)
		memcpy(out, text.ptr, text.len);
	return out;
}

void
arena_defer(struct arena *arena, void (*undo)(void *), void *what)
{
	struct deferred *one = arena_take(arena, sizeof(*one));

	*one = (struct deferred){ arena->latest, undo, what };
	arena->latest = one;
}
