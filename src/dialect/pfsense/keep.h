/* dialect/pfsense/keep.h: edits of the request's change; on LANE_COMMIT only. */
#pragma once

#include "api/request.h"

/* New when it has no uuid or one that is not there. Gives its uuid, in the request's arena. */
const char *keep_record(struct request *, struct record *);
void        keep_removed(struct request *, const struct resource *, struct text uuid);
/* Put the records in this order. */
void        keep_order(struct request *, const struct resource *, const char *const *uuids, size_t count);
