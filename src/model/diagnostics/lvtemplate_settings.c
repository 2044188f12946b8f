/* Single settings of the Diagnostics.Lvtemplate model. */
#include "model/types.h"

const struct resource diagnostics_lvtemplate_settings_resource = {
	.name = "diagnostics.lvtemplate_settings",
	.summary = "Single settings of the Diagnostics.Lvtemplate model",
	.shape = SINGLETON,
	.model = "Diagnostics.Lvtemplate",
	.path = "",
	.mount = "//OPNsense/Firewall/Lvtemplate",
	.version = "0.0.1",
	.faces = { [OPNSENSE] = FACES(
		{ "diagnostics/lvtemplate", "", "lvtemplate", VERB_GET | VERB_SET }) },
};
