/* Single settings of the Core.Firmware model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "mirror", &type_text },
	{ "flavour", &type_text },
	{ "plugins", &type_text },
	{ "type", &type_text },
	{ "subscription", &type_text },
	{ "reboot", &type_boolean },
	{ "aux", &type_boolean },
};
/* clang-format on */

const struct resource core_firmware_resource = {
	.name = "core.firmware",
	.summary = "Single settings of the Core.Firmware model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Core.Firmware",
	.path = "",
	.mount = "//system/firmware",
	.version = "1.0.1",
	.faces = { [OPNSENSE] = FACES(
		{ "core/firmware", "", "firmware", VERB_GET | VERB_SET }) },
};
