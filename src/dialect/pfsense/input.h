/* dialect/pfsense/input.h: which members a request brings (behaviour §3). */
#pragma once

#include "api/request.h"

/* Always an object. False: return 11, a content type that is not known or the JSON value false. */
bool input_read(struct request *, struct value **out);
/* The members of a URL's query: texts turned into what they look like, brackets into lists and objects. */
struct value *query_members(struct arena *, struct text query);
