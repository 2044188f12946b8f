/* proc/part/left.h: what is configured and nobody makes true yet. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "schema/snapshot.h"

/* UNAVAILABLE and a message with their names when these parts hold anything that nobody makes; what is switched off does not count. */
enum result parts_check_left(const struct snapshot *, unsigned parts, struct buffer *message);
