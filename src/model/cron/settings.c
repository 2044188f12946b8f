/* Single settings of the Cron.Cron model. */
#include "model/types.h"

const struct resource cron_settings_resource = {
	.name = "cron.settings",
	.summary = "Single settings of the Cron.Cron model",
	.shape = SINGLETON,
	.model = "Cron.Cron",
	.path = "",
	.mount = "//OPNsense/cron",
	.version = "1.0.4",
	.touches = PART_CRON,
	.faces = { [OPNSENSE] = FACES(
		{ "cron/settings", "", "job", VERB_GET | VERB_SET }) },
};
