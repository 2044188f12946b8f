/* proc/backing.h: who stands behind the keeper's orders: the kernel, or the twin that only remembers. */
#pragma once

#include "backend/kernel.h"
#include "backend/recording.h"
#include "proc/gate.h"
#include "proc/options.h"

struct backing {
	struct recording recording;
	struct kernel   *kernel; /* NULL: the recording */
};

/*
 * In the place where it is applied already. The kernel's filter is closed but for what listens, until the first plan.
 * False: *message says what is missing.
 */
bool backing_open(struct backing *, const struct options *, const struct listener *, size_t count, struct backends *out,
		  struct buffer *message);
void backing_close(struct backing *);
