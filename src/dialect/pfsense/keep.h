/* dialect/pfsense/keep.h: edits of the request's change; on LANE_COMMIT only. */
#pragma once

#include "api/request.h"

/* New when it has no uuid or one that is not there. Gives its uuid, in the request's arena. */
const char *keep_record(struct request *, struct record *);
void        keep_removed(struct request *, const struct resource *, struct text uuid);
/* Put a record directly behind another; NULL: in front of all. */
void        keep_behind(struct request *, const struct resource *, const char *uuid, const char *previous);
