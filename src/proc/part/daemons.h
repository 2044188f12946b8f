/* proc/part/daemons.h: the daemons of the box, all of a part or of one program. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "schema/snapshot.h"

struct keeper_box;

/* Make the daemons of the parts so. The box's lock is held, and let go meanwhile. */
enum result daemons_apply(struct keeper_box *, const struct snapshot *, unsigned parts, struct buffer *message);
/* It was done: for a gate that starts after us. */
void        daemons_remember(struct keeper_box *, const struct snapshot *, unsigned parts);
/* Make and remember those of one program, as if they were applied alone. The box's lock is held, and let go meanwhile. */
enum result daemons_load(struct keeper_box *, const struct snapshot *, const char *program, struct buffer *message);
/* A thread: start what was applied before; what never was is not started. The lock is not held. */
void       *daemons_resume(void *box);
/* Lists of domains say something else: the resolver is told. No lock is held. */
void        daemons_relist(void *box);
/* Names by which peers of WireGuard are known mean something else now. No lock is held. */
void        daemons_rename(void *box);
