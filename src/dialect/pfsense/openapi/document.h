/* dialect/pfsense/openapi/document.h: this API described in OpenAPI 3.1, printed from the tables. */
#pragma once

#include "base/buffer.h"

/* All but what only other boxes ask (system/api/sync). */
void openapi_print(struct buffer *);
