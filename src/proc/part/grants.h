/* proc/part/grants.h: what interfaces were given by DHCP or over PPPoE, asked of the client that asked for it. */
#pragma once

#include "base/buffer.h"
#include "plan/network/grant.h"
#include "schema/snapshot.h"
#include "wire/courier.h"

struct grant_part;

struct grant_part   *grant_part_new(void);
void                 grant_part_free(struct grant_part *);

/* Which clients there are. */
struct grant_clients {
	bool dhcp;
	char line[NETWORK_NAME_MAX + 1]; /* the first to a provider; "": none */
};

/* Of the interfaces of this snapshot. NULL: none. */
struct grant_clients grant_part_clients(const struct snapshot *);
/* What they say now is added to the buffer. May take seconds; false: one does not answer. Any thread. */
bool                 grant_part_ask(struct courier *, const struct grant_clients *, struct buffer *said);
/*
 * It said so, at this time (seconds, monotonic). A prefix that it does not speak of is kept for as long as it was ours: a client
 * that has only just started does not know it yet.
 */
void                 grant_part_take(struct grant_part *, struct text said, int64_t now);
/* Nobody asks any more. */
void                 grant_part_forget(struct grant_part *);
/* Valid until the next of these. */
const struct grants *grant_part_now(const struct grant_part *);
/* Counts up when something else than times has changed. */
uint64_t             grant_part_version(const struct grant_part *);
