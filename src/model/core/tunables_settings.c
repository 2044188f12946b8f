/* Single settings of the Core.Tunables model. */
#include "model/types.h"

const struct resource core_tunables_settings_resource = {
	.name = "core.tunables_settings",
	.summary = "Single settings of the Core.Tunables model",
	.shape = SINGLETON,
	.model = "Core.Tunables",
	.path = "",
	.mount = "//sysctl",
	.version = "1.0.2",
	.faces = { [OPNSENSE] = FACES(
		{ "core/tunables", "", "sysctl", VERB_GET | VERB_SET }) },
};
