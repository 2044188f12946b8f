/* proc/hear/feeds.h: what happened lately, kept for the gate to fetch: logged packets, ended connections, lines of logs. */
#pragma once

#include "backend/running/feeds.h"
#include "proc/child/loop.h"
#include "wire/order.h"

/* In ms. */
#define FEEDS_SETTLE 50  /* between something new and saying so */
#define FEEDS_TICK   100 /* in each of which the kernel is read so often: */
#define FEEDS_READS  8
#define FEEDS_RETRY  5000 /* until somebody who was in the way is tried again */

struct feeds;

/* Opens nothing yet; what is logged is a line from now on. One at a time. */
struct feeds *feeds_new(struct loop *, bool (*tell)(void *self, enum event), void *self);
void          feeds_free(struct feeds *);
/* Listen to the kernel, for the network namespace we are in. What cannot be heard is logged, and tried again. */
void          feeds_listen(struct feeds *, uint16_t log_group);

/* A line that a program said: into the log, and where we write ourselves. For runner_listen(). */
void feeds_say(void *feeds, const char *program, struct text line);
void feeds_put(struct feeds *, enum feed, int64_t time, const struct buffer *bytes);
/*
 * Those behind a number, as many as fit; what comes before was taken care of and is forgotten.
 * *newest is the last number that was given, *lost how often the kernel had no room.
 */
void feeds_take(struct feeds *, struct arena *, enum feed, uint64_t after, struct feed_entries *out, uint64_t *newest,
		uint64_t *lost);
