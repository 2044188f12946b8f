/* dialect/pfsense/serve.h: the pfSense-API v1 dialect. */
#pragma once

#include "api/request.h"

extern const struct dialect_server pfsense_dialect;
