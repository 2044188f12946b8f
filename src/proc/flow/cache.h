/*
 * proc/flow/cache.h: what is going on, added up by connection until it is told: when one ends, when nothing came for a while, or
 * when it has gone on for long.
 */
#pragma once

#include "proc/flow/meter.h"

#define CACHE_MAX 65536 /* connections; when there are more all are told */

struct flow_cache;

struct flow_cache *flow_cache_new(void);
void               flow_cache_free(struct flow_cache *); /* NULL is fine */

/* Add what was read; what is to be told because of it is given. The state is copied. */
void   flow_cache_add(struct flow_cache *, const struct meter_reading *, meter_take *, void *self);
/* Give, and forget, those of which nothing came for `inactive` ms, or that began `active` ms ago. */
void   flow_cache_expire(struct flow_cache *, int64_t now, int64_t active, int64_t inactive, meter_take *, void *self);
/* Look at all. */
void   flow_cache_each(const struct flow_cache *, meter_take *, void *self);
size_t flow_cache_count(const struct flow_cache *);
