/* api/keepsakes.h: small files beside the store, for what must outlive it. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "base/text.h"

#define KEEPSAKE_MAX ((size_t)1024 * 1024) /* bytes of one */

/* On LANE_SLOW; the message says why something was not done. Names are ours, never a client's. */
struct keepsakes {
	void *context;
	/* All or nothing, and durable. UNAVAILABLE: this instance keeps nothing. */
	enum result (*write)(void *context, const char *name, struct text content, struct buffer *message);
	/* In the arena. MISSING: there is none. */
	enum result (*read)(void *context, struct arena *, const char *name, struct text *content, struct buffer *message);
};
