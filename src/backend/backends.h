/* backend/backends.h: who carries plans out; one table of functions, with a twin that only remembers. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "base/text.h"
#include "wire/links.h"

/*
 * What the keeper calls. A function that is NULL means that there is no such backend: the order is answered
 * with UNAVAILABLE. Functions return DONE, or leave the world as it was, say why in *message (for people; no
 * secrets in it) and return INVALID (the plan is malformed: the peer's fault), UNAVAILABLE or FAILED.
 */
struct backends {
	const char *name; /* for logs and status */
	void       *self;

	/* Make the packet filter so. The bytes come from the gate and must be checked; see plan/ruleset/ruleset.h. */
	enum result (*load_rules)(void *self, struct text rules, struct buffer *message);

	/* What links there are, with their addresses and counters. */
	enum result (*read_links)(void *self, struct arena *, struct links *out);
};

#define BACKENDS_RULES_MAX ((size_t)1024 * 1024 * 1024) /* bytes of a packet filter plan */
