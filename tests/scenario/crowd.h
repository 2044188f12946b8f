/* tests/scenario/crowd.h: collections with thousands of records, made like one that the box has kept. */
#pragma once

#include "scenario/walk_box.h"

/* So many more like the one with this uuid, each with another uuid and other values wherever records tell themselves apart by them. */
void        crowd_fill(struct walk_box *, const struct resource *, const char *like, unsigned count);
/* The uuid of the n-th. */
const char *crowd_uuid(struct arena *, unsigned n);
/* Take all of them away again. */
void        crowd_clear(struct walk_box *, const struct resource *);
