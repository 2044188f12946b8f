/* Single settings of the Kea.KeaDdns model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "general.enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "general.manual_config", &type_boolean },
	{ "general.server_ip", &type_network, .flags = REQUIRED, .settings = MASK_FORBIDDEN | ONLY_INET,
	  .preset = "127.0.0.1" },
	{ "general.server_port", &type_port, .flags = REQUIRED, .preset = "53001" },
};
/* clang-format on */

const struct resource kea_ddns_resource = {
	.name = "kea.ddns",
	.summary = "Single settings of the Kea.KeaDdns model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Kea.KeaDdns",
	.path = "",
	.mount = "//OPNsense/Kea/ddns",
	.version = "1.0.0",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/ddns", "", "ddns", VERB_GET | VERB_SET }) },
};
