/*
 * dialect/pfsense/openapi/page.h: /api/documentation, where people read what this API can do.
 *
 * The document is made from the tables, the viewer (npm's swagger-ui-dist) was packed in when this was built; without it
 * the page says so. Open to those who may see the settings of the API, by name and password.
 */
#pragma once

#include "api/request.h"

extern const struct dialect_server documentation;
