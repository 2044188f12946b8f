/* backend/running/route_delete.h: taking a single route out of the main table. */
#pragma once

#include "base/address.h"
#include "base/result.h"

/* By its destination and next hop: a gateway (FAMILY_NONE: none) and a link (0: any). MISSING: there is no such route. */
enum result route_delete(const struct prefix *destination, const struct address *gateway, uint32_t link);
