/* Single settings of the Routing.Gateways model. */
#include "model/types.h"

const struct resource routing_gateways_settings_resource = {
	.name = "routing.gateways_settings",
	.summary = "Single settings of the Routing.Gateways model",
	.shape = SINGLETON,
	.model = "Routing.Gateways",
	.path = "",
	.mount = "//OPNsense/Gateways",
	.version = "1.0.0",
	.touches = PART_ROUTING,
	.faces = { [OPNSENSE] = FACES(
		{ "routing/settings", "", "gateways", VERB_GET | VERB_SET }) },
};
