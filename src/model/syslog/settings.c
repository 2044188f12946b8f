/* Single settings of the Syslog.Syslog model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "general.enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "general.loglocal", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "general.maxpreserve", &type_integer, .flags = REQUIRED, .preset = "31" },
	{ "general.maxfilesize", &type_integer },
};
/* clang-format on */

const struct resource syslog_settings_resource = {
	.name = "syslog.settings",
	.summary = "Single settings of the Syslog.Syslog model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Syslog.Syslog",
	.path = "",
	.mount = "//OPNsense/Syslog",
	.version = "1.0.2",
	.touches = PART_LOGGING,
	.faces = { [OPNSENSE] = FACES(
		{ "syslog/settings", "", "syslog", VERB_GET | VERB_SET }) },
};
