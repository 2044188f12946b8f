/* proc/hear/probes.h: the prober in the keeper's loop. */
#pragma once

#include "backend/probe/prober.h"
#include "proc/child/loop.h"
#include "wire/order.h"

struct probes;

/* Nothing is probed yet. tell: false, no room now. */
struct probes *probes_new(struct loop *, bool (*tell)(void *self, enum event), void *self);
void           probes_free(struct probes *);
/* See prober_set(). */
enum result    probes_set(struct probes *, const struct probe *, size_t n, struct buffer *message);
/* See prober_results(). */
size_t         probes_results(const struct probes *, struct probe_result *);
