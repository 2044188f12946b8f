/* backend/access/tunables.h: settings of the kernel, put back as they were when nobody wants them any more. */
#pragma once

#include "base/result.h"
#include "plan/access/tunables.h"

/*
 * Make them so below a directory like /proc/sys. What there was before the first change is noted in a file of the directory
 * `notes`; what is not wanted any more gets that back. REFUSED, UNAVAILABLE: the message says which are not so and why; the others
 * are. FAILED: nothing could be noted, so nothing has changed.
 */
enum result tunables_write(int sys, int notes, const struct tunables *, bool is_namespace, struct buffer *message);
/* tunables_write() to /proc/sys, with notes in /run/drawbridge. */
enum result tunables_apply(const struct tunables *, bool is_namespace, struct buffer *message);
