/*
 * proc/discover/discovery.h: host discovery (hostdiscovery.hostwatch): whom ARP and neighbour discovery of the kernel have met is
 * remembered, across starts. Who does not speak with the box is not met.
 */
#pragma once

#include "base/result.h"
#include "proc/record/hosts.h"
#include "schema/snapshot.h"

struct discovery;
struct keeper_box;

/* One thread, which does nothing until it is told to. Any thread may call these. */
struct discovery *discovery_new(struct keeper_box *);
void              discovery_free(struct discovery *); /* NULL is fine */

/* As this configuration says, from now on. UNAVAILABLE: part of it cannot be had, the rest is; FAILED: the keeper does not answer. */
enum result discovery_apply(struct discovery *, const struct snapshot *, struct buffer *message);
/* The kernel has met somebody. NULL is fine. */
void        discovery_wake(struct discovery *);
/* By hand, until the next apply. False: nothing was ever applied, or it is switched off. */
bool        discovery_turn(struct discovery *, bool on);
bool        discovery_runs(struct discovery *);
/* How it is now, in the arena, asking the keeper when it runs: who was seen last is last. */
enum result discovery_list(struct discovery *, struct arena *, struct host **out, size_t *n, struct buffer *message);
