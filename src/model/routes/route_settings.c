/* Single settings of the Routes.Route model. */
#include "model/types.h"

const struct resource routes_route_settings_resource = {
	.name = "routes.route_settings",
	.summary = "Single settings of the Routes.Route model",
	.shape = SINGLETON,
	.model = "Routes.Route",
	.path = "",
	.mount = "//staticroutes",
	.version = "1.0.1",
	.touches = PART_ROUTING,
	.faces = { [OPNSENSE] = FACES(
		{ "routes/routes", "", "route", VERB_GET | VERB_SET }) },
};
