/* dialect/pfsense/function.h: the functions that the tables' expressions may call. */
#pragma once

#include <stddef.h>

#include "base/text.h"
#include "base/value.h"

struct scope;

struct function {
	const char *name;
	size_t      least, most; /* arguments */
	/* Arguments that were not found are NULL; so is an answer that there is none. */
	struct value *(*call)(struct scope *, struct value *const *arguments, size_t count,
	                      struct text options);
};

/* NULL: there is none of that name. */
const struct function *function_find(struct text name);

/* One table for each family; each ends with an empty entry. */
extern const struct function functions_text[];
extern const struct function functions_network[];
extern const struct function functions_firewall[];
extern const struct function functions_interface[];
extern const struct function functions_routing[];
extern const struct function functions_shaper[];
extern const struct function functions_vpn[];
extern const struct function functions_system[];
extern const struct function functions_user[];
