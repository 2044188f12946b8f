/* dialect/opnsense/body.h: request bodies and queries as trees of values. */
#pragma once

#include "api/request.h"

#define FORM_FIELDS_MAX 5000
#define FORM_DEPTH_MAX  16

/*
 * What a body says: JSON, form or multipart by its content type; anything else, and JSON that is none,
 * counts as an empty object. INVALID: JSON was announced and nothing came.
 */
enum result body_read(const struct request *, const struct value **out);
/* "a=1&b[c]=2&d[]=3" with percent-encoding: an object. Fields past the limit are not read. */
const struct value *form_read(struct arena *, struct text);
/* A value deep in an object, by dotted name. *wrong becomes true when there is something that is no object on the way. */
const struct value *body_find(const struct value *sent, const char *name, bool *wrong);
