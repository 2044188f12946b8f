/* Single settings of the Interfaces.Loopback model. */
#include "model/types.h"

const struct resource interfaces_loopback_settings_resource = {
	.name = "interfaces.loopback_settings",
	.summary = "Single settings of the Interfaces.Loopback model",
	.shape = SINGLETON,
	.model = "Interfaces.Loopback",
	.path = "",
	.mount = "//OPNsense/Interfaces/loopbacks",
	.version = "1.0.0",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/loopback_settings", "", "loopback", VERB_GET | VERB_SET }) },
};
