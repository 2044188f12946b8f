/* Single settings of the Interfaces.Vip model. */
#include "model/types.h"

const struct resource interfaces_vip_settings_resource = {
	.name = "interfaces.vip_settings",
	.summary = "Single settings of the Interfaces.Vip model",
	.shape = SINGLETON,
	.model = "Interfaces.Vip",
	.path = "",
	.mount = "/virtualip",
	.version = "1.0.1",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vip_settings", "", "vip", VERB_GET | VERB_SET }) },
};
