/* Single settings of the Interfaces.Lagg model. */
#include "model/types.h"

const struct resource interfaces_lagg_settings_resource = {
	.name = "interfaces.lagg_settings",
	.summary = "Single settings of the Interfaces.Lagg model",
	.shape = SINGLETON,
	.model = "Interfaces.Lagg",
	.path = "",
	.mount = "/laggs",
	.version = "1.0.0",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/lagg_settings", "", "lagg", VERB_GET | VERB_SET }) },
};
