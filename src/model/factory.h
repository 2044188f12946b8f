/* model/factory.h: what a fresh installation holds. */
#pragma once

#include <stddef.h>

struct factory_record {
	const char        *resource;
	const char        *uuid;   /* NULL: a random one */
	const char *const *values; /* field, value, field, value, ..., NULL */
};

/* Only what differs from the fields' own defaults; users are not among them. */
extern const struct factory_record factory_records[];
extern const size_t                factory_records_count;
