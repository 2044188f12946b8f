/* Route records of the Routes.Route model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "network", &type_network, .flags = REQUIRED, .settings = MASK_REQUIRED },
	{ "gateway", &type_key_value, .flags = REQUIRED, .source = "interface gateways list" },
	{ "descr", &type_description },
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
};
/* clang-format on */

const struct resource routes_route_resource = {
	.name = "routes.route",
	.summary = "Route records of the Routes.Route model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Routes.Route",
	.path = "route",
	.touches = PART_ROUTING,
	.faces = { [OPNSENSE] = FACES(
		{ "routes/routes", "route", "route", CRUD | VERB_TOGGLE }) },
};
