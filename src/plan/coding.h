/* plan/coding.h: plans as bytes, for the keeper: numbers as they are in memory, every text with its length before it. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

void coding_put_number(struct buffer *, size_t);
void coding_put_bool(struct buffer *, bool);
void coding_put_text(struct buffer *, struct text);

/* Taking remembers the first fault; everything taken after that is 0 or empty. Texts point into the bytes. */
struct coding {
	struct arena *arena;
	struct text   rest;
	bool          failed;
};

size_t      coding_number(struct coding *, size_t most);
bool        coding_bool(struct coding *);
struct text coding_text(struct coding *, size_t max);
/* A copy in the arena, of which `is_valid` (NULL: anything without NULs) says yes. */
const char *coding_string(struct coding *, size_t max, bool (*is_valid)(struct text));
bool        coding_is_whole(const struct coding *); /* all was there, and nothing is left */
