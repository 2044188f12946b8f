/* tests/scenario/walk_values.h: records that can be kept, made up from what the tables say. */
#pragma once

#include "base/value.h"
#include "schema/type.h"

/* What must be sent, besides the defaults, for a record that has no faults: an object as the OPNsense API takes it. */
struct value *walk_plausible(struct arena *, const struct resource *, const struct view *);
/* A value that the field takes by itself; NULL when none was found. */
const char   *walk_sample(const struct field *, const struct view *);
/* Put a value at a dotted name, with objects on the way. */
void          walk_put(struct arena *, struct value *object, const char *name, struct value *);

/* Values no field should be hurt by. What they are depends on the field's limits. */
size_t        walk_hostile_count(void);
struct value *walk_hostile(struct arena *, const struct field *, size_t n);
