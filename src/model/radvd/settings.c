/* Single settings of the Radvd.Radvd model. */
#include "model/types.h"

const struct resource radvd_settings_resource = {
	.name = "radvd.settings",
	.summary = "Single settings of the Radvd.Radvd model",
	.shape = SINGLETON,
	.model = "Radvd.Radvd",
	.path = "",
	.mount = "//OPNsense/radvd",
	.version = "1.0.1",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "radvd/settings", "", "radvd", VERB_GET | VERB_SET }) },
};
