/* proc/part/shaper.h: the traffic shaper of a snapshot, put in force by the keeper and by the packet filter. The box's lock is held. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "plan/shaper/shaper.h"
#include "proc/box.h"

struct shaper_part;

struct shaper_part  *shaper_part_new(void);
void                 shaper_part_free(struct shaper_part *);
/* What is in force; NULL: nothing. Valid until the next apply, when the filter is read anew. */
const struct shaper *shaper_part_now(const struct shaper_part *);

/* UNAVAILABLE with a message when something configured cannot be had; everything else is in force then. What was in force stays so otherwise. */
enum result shaper_part_apply(struct keeper_box *, const struct snapshot *, struct buffer *message);
/* All that waits is dropped and all counts begin anew. What was in force stays so. */
enum result shaper_part_flush(struct keeper_box *, struct buffer *message);
/* Links are others than before: the way to the shaper is made again. */
void        shaper_part_mend(struct keeper_box *);
