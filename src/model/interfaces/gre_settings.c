/* Single settings of the Interfaces.Gre model. */
#include "model/types.h"

const struct resource interfaces_gre_settings_resource = {
	.name = "interfaces.gre_settings",
	.summary = "Single settings of the Interfaces.Gre model",
	.shape = SINGLETON,
	.model = "Interfaces.Gre",
	.path = "",
	.mount = "/gres",
	.version = "1.0.0",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/gre_settings", "", "gre", VERB_GET | VERB_SET }) },
};
