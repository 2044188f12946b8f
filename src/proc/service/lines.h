/* proc/service/lines.h: telling a daemon the lines that changed. */
#pragma once

#include "base/buffer.h"

#define LINES_MAX (60 * 1024) /* bytes of lines that are told; more are better read by the daemon itself */

/*
 * What to take back (first words, one a line) and what to tell (lines), so that who has the old lines has the new ones. False:
 * it is more than LINES_MAX.
 */
bool lines_compare(struct text old, struct text now, struct buffer *gone, struct buffer *told);
