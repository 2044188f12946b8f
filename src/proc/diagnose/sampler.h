/* proc/diagnose/sampler.h: a look at the box every minute, for its numbers over time. */
#pragma once

#include <stddef.h>

struct keeper_box;
struct sampler;

/* One thread. It looks while the configuration says so (diagnostics.system_health). */
struct sampler *sampler_new(struct keeper_box *);
void            sampler_free(struct sampler *); /* NULL is fine */
/* Look now. Any thread, as the next. */
void            sampler_wake(struct sampler *);
/* So many connections have. */
void            sampler_ended(struct sampler *, size_t connections);
