/* proc/part/service.h: the daemons' part of the box: planned and handed to the keeper. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "plan/service/planner.h"
#include "wire/courier.h"

/*
 * Make the program's services so, or, with NULL, those of all programs of these parts. May take long. UNAVAILABLE with a
 * message when a package is missing or something configured cannot be had; everything else is in force then.
 */
enum result service_part_apply(struct courier *, const struct service_view *, unsigned parts, const char *program,
			       struct buffer *message);
/*
 * What the program's own checker says of what it would be given, which it is not; into *said. UNAVAILABLE with a message when something
 * configured cannot be had; MISSING: it is switched off.
 */
enum result service_part_try(struct courier *, const struct service_view *, const char *program, struct buffer *said,
			     struct buffer *message);
