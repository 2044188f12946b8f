/* proc/child/talk.h: one question to a daemon's unix socket, and all it answers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "proc/child/loop.h"

#define TALK_REQUEST_MAX (64 * 1024) /* bytes */

struct talk;

struct talk_order {
	const char *path;    /* of a stream socket */
	struct text request; /* used until talk_start() returns; at most TALK_REQUEST_MAX */
	size_t      max;     /* bytes of the answer: what is longer is no answer */
	/* Is this all? For who does not hang up after it. NULL: it is when they do. */
	bool      (*is_whole)(struct text answer);
	unsigned    limit;   /* ms for all of it */
	/* Once, from the loop or before talk_start() returns; the talk is gone then. Not whole: nobody there, too long or too late. */
	void      (*done)(void *self, bool is_whole, struct text answer);
	void       *self;
};

void talk_start(struct loop *, const struct talk_order *);
