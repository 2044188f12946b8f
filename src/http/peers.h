/* http/peers.h: how many connections come from where. */
#pragma once

#include <stdbool.h>

#include "base/address.h"

struct peers;
struct peers_slot;

/*
 * A fixed table of counters, found by a keyed hash of the IPv4 address or the IPv6 /64: no memory
 * to exhaust, and who shares a counter by chance cannot be chosen from outside.
 */
struct peers *peers_new(void);
void          peers_free(struct peers *);

/* NULL for loopback, which is not counted. */
struct peers_slot *peers_find(struct peers *, const struct address *);
bool               peers_full(const struct peers_slot *, unsigned max);
void               peers_come(struct peers_slot *);
void               peers_go(struct peers_slot *);
