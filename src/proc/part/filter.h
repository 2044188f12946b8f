/* proc/part/filter.h: the packet filter of a snapshot, put in force by the keeper. The box's lock is held. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "proc/box.h"
#include "schema/snapshot.h"

/* A setting of the store: the revision that the filter in force was made of. */
#define FILTER_APPLIED BOX_APPLIED "filter"

/* Names and lists that rules use are looked up before. What was in force stays so, and is remembered, when it is refused. */
enum result filter_apply(struct keeper_box *, const struct snapshot *, struct buffer *message);
/* What was remembered, after a start. */
enum result filter_resume(struct keeper_box *, const struct snapshot *, struct buffer *message);
