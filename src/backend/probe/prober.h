/* backend/probe/prober.h: keeping an eye on gateways, by as few sockets as there are families. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "wire/probe.h"

struct prober;

/* Opens nothing yet. */
struct prober *prober_new(void);
void           prober_free(struct prober *);
/*
 * Probe these and no others. What is known of one that is the same as before is kept. FAILED: *message says why, and nothing
 * is probed.
 */
enum result    prober_set(struct prober *, const struct probe *, size_t n, struct buffer *message);
/* Readable when there are answers; -1: nothing to be read. Stays the same once it was something. */
int            prober_fd(const struct prober *, enum family);
/*
 * Take answers, give up what is late, ask what is due. True: some state is another one than before. *next: when to come
 * again at the latest; times are monotonic, in us; INT64_MAX: never.
 */
bool           prober_turn(struct prober *, int64_t now, int64_t *next);
/* Room for PROBES_MAX; how many it were. */
size_t         prober_results(const struct prober *, struct probe_result *);
