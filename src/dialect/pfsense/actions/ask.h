/* dialect/pfsense/actions/ask.h: asking the running system, on LANE_SLOW. */
#pragma once

#include "dialect/pfsense/operation.h"

/*
 * Ask the box; see struct box. Done: the answer. Otherwise NULL, and the outcome says honestly what is
 * missing (return 1). The argument may be NULL.
 */
struct value *ask_box(struct scope *, const char *topic, const struct value *argument, struct outcome *);
/* An argument object with one text. */
struct value *ask_with(struct scope *, const char *name, const char *text);
