/*
 * proc/flow/meter.h: what connections have carried since they were looked at last: from looks at all of them, and from what
 * the kernel says of those that end.
 */
#pragma once

#include "wire/feed.h"
#include "wire/states.h"

#define METER_MAX 200000 /* connections that are remembered; others count when they end */

struct meter;

/* Stands for a connection and no other one. */
uint64_t state_print(const struct state *);

/* Times in milliseconds since 1970. */
struct meter_reading {
	const struct state *state;
	uint64_t            packets[2], bytes[2]; /* there and back, since the last reading of it */
	int64_t             first, last;          /* between which they came, as far as is known */
	bool                has_ended;
};

typedef void meter_take(void *self, const struct meter_reading *);

/* What was carried before the first look does not count. */
struct meter *meter_new(void);
void          meter_free(struct meter *); /* NULL is fine */

/* All there are now, or as many as fitted. Those that carried something are given. */
void meter_look(struct meter *, const struct states *, int64_t now, meter_take *, void *self);
/* One has ended: the rest of what it carried is given, also when that is nothing. One that was never seen counts as a whole. */
void meter_end(struct meter *, const struct feed_flow *, int64_t time, meter_take *, void *self);
