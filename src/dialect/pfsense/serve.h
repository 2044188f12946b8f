/* dialect/pfsense/serve.h: the pfSense-API v1 dialect. */
#pragma once

#include "api/coverage.h"
#include "api/request.h"

/* The version of pfSense-API that clients are told. */
#define PFSENSE_API_VERSION "v1.8.1"

extern const struct dialect_server pfsense_dialect;

/* All operations, in the order of the tables; made in the arena. kind: the parts that applying touches, or "none". */
struct coverage *pfsense_coverage(struct arena *, size_t *count);
