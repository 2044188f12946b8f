/* dialect/pfsense/openapi/print.h: pieces of the document. */
#pragma once

#include "dialect/pfsense/openapi/members.h"
#include "json/write.h"

/* "get": {...} */
void openapi_print_operation(struct json *, struct arena *, const struct operation *);
/* The schema of what it takes, as an object. */
void openapi_print_members(struct json *, struct arena *, const struct operation *, const struct taken *);
/* One member's schema alone. */
void openapi_print_member(struct json *, struct arena *, const struct operation *, const struct taken *);
