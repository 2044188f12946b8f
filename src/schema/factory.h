/* schema/factory.h: a record of a fresh installation, as it is declared. */
#pragma once

struct factory_record {
	const char        *resource;
	const char        *uuid;   /* NULL: a random one */
	const char *const *values; /* field, value, field, value, ..., NULL */
};
