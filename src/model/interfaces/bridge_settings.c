/* Single settings of the Interfaces.Bridge model. */
#include "model/types.h"

const struct resource interfaces_bridge_settings_resource = {
	.name = "interfaces.bridge_settings",
	.summary = "Single settings of the Interfaces.Bridge model",
	.shape = SINGLETON,
	.model = "Interfaces.Bridge",
	.path = "",
	.mount = "/bridges",
	.version = "1.0.0",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/bridge_settings", "", "bridge", VERB_GET | VERB_SET }) },
};
