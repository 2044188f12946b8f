/* dialect/pfsense/query.h: filtering what a GET gives by the members it brings (behaviour §7). */
#pragma once

#include "base/value.h"

/*
 * Keep the entries of data that pass every filter. excludes: comma-separated names that are no
 * filter, NULL for none. An array when the kept indexes are 0..n-1, else an object.
 */
struct value *query_filter(struct arena *, struct value *data, const struct value *filters,
                           const char *excludes);
