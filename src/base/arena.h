/* base/arena.h: memory that is given back all at once. */
#pragma once

#include <stddef.h>

#include "base/text.h"

/*
 * Whoever makes an arena owns it. What is taken from it lives until arena_free()
 * or arena_reset(), which first run, latest first, everything arena_defer() was
 * given. Taking does not fail: a process out of memory logs it and ends, and its
 * parent starts another. An arena belongs to one thread at a time.
 */
struct arena;

struct arena *arena_new(void);
/* One for little, of which there are many: it begins with so many bytes. */
struct arena *arena_new_small(size_t first);
void          arena_free(struct arena *);
/* Forget everything, but keep the first block for the next use. */
void          arena_reset(struct arena *);

void *arena_take(struct arena *, size_t size); /* zeroed, 16-byte aligned */
char *arena_print(struct arena *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A copy that ends in NUL. */
char *arena_copy(struct arena *, struct text);

/* The place for descriptors, locks and half-written files. */
void  arena_defer(struct arena *, void (*undo)(void *), void *what);

/* Take n zeroed objects of a type. */
#define ARENA_MAKE(arena, type, n) ((type *)arena_take((arena), sizeof(type) * (n)))

static inline void
arena_release(struct arena **arena)
{
	arena_free(*arena);
}

/* An arena that is freed at the end of the block. */
#define scoped_arena __attribute__((cleanup(arena_release))) struct arena *
