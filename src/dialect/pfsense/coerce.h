/*
 * dialect/pfsense/coerce.h: values taken for one another as clients of this API expect it:
 * "5" equals 5, "" equals null, and so on. NULL is taken like null everywhere.
 */
#pragma once

#include <stdbool.h>

#include "base/value.h"

bool        is_blank(const struct value *);  /* null, false, 0, "", "0", empty list */
static inline bool
is_true(const struct value *value)
{
	return !is_blank(value);
}
bool        is_none(const struct value *);   /* absent or null */
bool        is_alike(const struct value *, const struct value *);
bool        is_same(const struct value *, const struct value *); /* kind and content */
/* A number, or text of one (sign, fraction, exponent, leading blanks). */
bool        is_numeric(const struct value *);
double      to_real(const struct value *);
int64_t     to_integer(const struct value *); /* leading digits, else 0 */
/* Never NULL; a list gives "". */
struct text to_text(struct arena *, const struct value *);
const char *to_string(struct arena *, const struct value *);
/* A list stays (an object too), nothing and blanks become [], anything else a list of one. */
struct value *to_list(struct arena *, struct value *);
/* Non-negative integer, or text of digits only. */
bool        is_index(const struct value *, size_t *out);
