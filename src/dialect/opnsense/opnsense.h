/* dialect/opnsense/opnsense.h: the OPNsense API, as the gate and the command line see it. */
#pragma once

#include "api/coverage.h"
#include "api/request.h"

extern const struct dialect_server opnsense_dialect;

/* For service->routes[OPNSENSE]: made once at start, in an arena that lives as long as the process. */
const void *opnsense_routes(struct arena *, const struct schema *);

/* All endpoints we serve and all of the contract, by id; made in the arena. */
struct coverage *opnsense_coverage(struct arena *, const void *routes, size_t *count);
