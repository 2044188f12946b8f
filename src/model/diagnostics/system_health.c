/* Single settings of the Diagnostics.SystemHealth model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
};
/* clang-format on */

const struct resource diagnostics_system_health_resource = {
	.name = "diagnostics.system_health",
	.summary = "Single settings of the Diagnostics.SystemHealth model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Diagnostics.SystemHealth",
	.path = "",
	.mount = "//OPNsense/SystemHealth",
	.version = "1.0.0",
	.faces = { [OPNSENSE] = FACES(
		{ "diagnostics/systemhealth", "", "systemhealth", VERB_GET | VERB_SET }) },
};
