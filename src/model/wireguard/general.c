/* Single settings of the Wireguard.General model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
};
/* clang-format on */

const struct resource wireguard_general_resource = {
	.name = "wireguard.general",
	.summary = "Single settings of the Wireguard.General model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Wireguard.General",
	.path = "",
	.mount = "//OPNsense/wireguard/general",
	.version = "0.0.1",
	.touches = PART_VPN_WIREGUARD,
	.faces = { [OPNSENSE] = FACES(
		{ "wireguard/general", "", "general", VERB_GET | VERB_SET }) },
};
