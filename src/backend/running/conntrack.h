/* backend/running/conntrack.h: the connections that the kernel tracks: listing, counting and forgetting them. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "wire/states.h"

/*
 * All of this network namespace. UNAVAILABLE: the kernel does not track connections; FAILED: it does not say. `most`
 * limits the list, not the total.
 */
enum result conntrack_list(struct arena *, const struct state_filter *, size_t most, struct states *out);
/* How many there are and may be. */
enum result conntrack_count(uint64_t *count, uint64_t *limit);
/* How many carry each mark & 0xffff: adds to counts[65536]. */
enum result conntrack_count_by_rule(uint64_t *counts);
/* What has been counted of all, "name number" in lines. */
enum result conntrack_statistics(struct buffer *out);
/* Forget those that match; *killed is how many. A filter of zeros forgets all. */
enum result conntrack_kill(const struct state_filter *, uint64_t *killed);
/* The same by their ids, which ascend. */
enum result conntrack_kill_these(const uint32_t *ids, size_t n, uint64_t *killed);
/* One that is told of in a message of the kernel's; when it started, in milliseconds since 1970, 0: not known. */
struct nlmsghdr;
void        conntrack_read(const struct nlmsghdr *, struct state *out, int64_t *started);
/* Let the kernel count packets and keep time for each connection, where it is not told so yet. */
void        conntrack_account(void);
