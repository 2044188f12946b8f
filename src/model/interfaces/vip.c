/* Vip records of the Interfaces.Vip model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "interface", &type_vip_interface, .flags = REQUIRED },
	{ "mode", &type_option, .flags = REQUIRED, .preset = "ipalias",
	  .choices = CHOICES({ "ipalias", "IP Alias" }, { "carp", "CARP" }, { "proxyarp", "Proxy ARP" }) },
	{ "subnet", &type_vip_network, .flags = REQUIRED },
	{ "subnet_bits", &type_vip_network },
	{ "gateway", &type_network },
	{ "noexpand", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "nobind", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "password", &type_text },
	{ "vhid", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 255 },
	{ "advbase", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1", .min = 1,
	  .max = 254 },
	{ "advskew", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "0", .min = 0,
	  .max = 254 },
	{ "peer", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "peer6", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET6 },
	{ "nosync", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "address", &type_text, .flags = VOLATILE },
	{ "vhid_txt", &type_text, .flags = VOLATILE },
	{ "descr", &type_description },
};
/* clang-format on */

const struct resource interfaces_vip_resource = {
	.name = "interfaces.vip",
	.summary = "Vip records of the Interfaces.Vip model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Interfaces.Vip",
	.path = "vip",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vip_settings", "_item", "vip", CRUD, .sort = "descr" }) },
};
