/* proc/package/power.h: ending the machine, or starting it again. */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "base/result.h"
#include "proc/child/children.h"

/* Are we root where the first process of the machine is: in no network, no processes and no files of our own? */
bool power_is_ours(void);
/*
 * Done: it is on its way down. FAILED, and why. With systemd it is told to do it, in order; else the kernel is,
 * after what is in memory was written.
 */
enum result power_turn(struct children *, bool off, struct buffer *message);
