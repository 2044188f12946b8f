/* Single settings of the Radvd.Radvd model. */
#include "model/types.h"

const struct resource radvd_settings_resource = {
	.name = "radvd.settings",
	.summary = "Single settings of the Radvd.Radvd model",
	.shape = SINGLETON,
	.model = "Radvd.Radvd",
	.path = "",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "radvd/settings", "", "radvd", VERB_GET | VERB_SET }) },
};
