/* store/change_inside.h: what place.c needs of a change. Included in store/ alone. */
#pragma once

#include "store/change.h"

/* The distance between two records when nothing needs to be squeezed in. */
#define PLACE_STEP ((int64_t)1 << 20)
/* Singletons are kept under this uuid. */
#define SINGLE_UUID "single"

/* Put a sealed record as it is; the change takes the caller's hold. */
void change_put_sealed(struct change *, const struct record *);
/* The same record somewhere else. */
void change_set_place(struct change *, const struct record *, int64_t place);
