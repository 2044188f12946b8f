/*
 * tests/system/listen.h: a client of Server-Sent Events.
 *
 * Asks as the API key of the instance, over plain HTTP.
 */
#pragma once

#include "base/buffer.h"
#include "base/value.h"
#include "instance.h"

struct listening {
	int           fd;
	struct buffer heard; /* all that came, with the head */
	size_t        at;    /* where the next event begins */
};

/* Path and query. The head is read; the test ends when there is none. */
void listen_begin(struct listening *, const struct instance *, const char *path);
void listen_end(struct listening *);
unsigned listen_status(const struct listening *);

/*
 * The next event with this name: its data, made in the arena (an empty object when it has none). Others are skipped. NULL: none came in
 * so many ms, or the stream ended.
 */
struct value *listen_next(struct listening *, struct arena *, const char *event, int milliseconds);
