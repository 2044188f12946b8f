/*
 * auth/guard.h: login protection. Failed logins are counted by address; one that fails too
 * often is blocked for a time. The packet filter does the blocking; this keeps the score.
 */
#pragma once

#include <stdint.h>

#include "base/address.h"

#define GUARD_ADDRESSES     65536 /* remembered at most; the oldest go first */
#define GUARD_FAILURE_SCORE 10

struct guard;

struct guard_settings {
	unsigned    threshold;  /* score that blocks; default 30 */
	unsigned    block_time; /* seconds of the first block, 1.5 times longer each time; default 120 */
	unsigned    memory;     /* seconds until a score is forgotten; default 1800 */
	const char *exempt;     /* blank-separated addresses and networks */
};
#define GUARD_DEFAULTS ((struct guard_settings){ 30, 120, 1800, "" })

struct guard *guard_new(void);
void          guard_free(struct guard *);
/* Count a failure at now (seconds). Returns how long the address is to be blocked from now; 0: not yet. Any thread. */
unsigned guard_failure(struct guard *, const struct address *, int64_t now, const struct guard_settings *);
/* Seconds an address stays blocked; 0: it is not. */
unsigned guard_blocked(struct guard *, const struct address *, int64_t now);
