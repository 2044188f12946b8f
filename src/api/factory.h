/* api/factory.h: going back to what a fresh installation holds. */
#pragma once

#include "api/request.h"

/* The record that is declared so; without a uuid of its own it has none yet. */
struct record *factory_make(struct arena *, const struct schema *, const struct factory_record *);
/*
 * In LANE_COMMIT: everything is as it was at first, but for the administrator (uid 0, with password and keys) and which
 * devices wan and lan are: without these nobody would get in again.
 */
void factory_restore(struct request *);
/* In LANE_COMMIT: all records of a resource go. */
void factory_remove_all(struct request *, const struct resource *);
