/*
 * api/deadline.h: requests that are made for somebody when a time has come, unless they were called off:
 * "go back to that revision, if nobody says that the network still works".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define DEADLINES_MAX 16

struct deadlines;

/*
 * fire: called on a thread of its own with the path to POST to; NULL: there is no thread, and deadline_take() is
 * asked instead. now: microseconds since 1970.
 */
struct deadlines *deadlines_new(int64_t (*now)(void *), void *now_context,
                                void (*fire)(void *context, const char *target), void *context);
void              deadlines_free(struct deadlines *); /* NULL is fine; what waits is forgotten */
/* False: something waits under that name already, or too much waits. The texts are copied. Any thread. */
bool              deadline_set(struct deadlines *, const char *name, unsigned seconds, const char *target);
/* False: nothing with this target waits under that name. */
bool              deadline_cancel(struct deadlines *, const char *name, const char *target);
/* The target of one that is due, which is gone then; NULL: none is. */
const char       *deadline_take(struct deadlines *, struct arena *);
