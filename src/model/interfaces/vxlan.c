/* Vxlan records of the Interfaces.VxLan model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "deviceId", &type_auto_number, .flags = REQUIRED },
	{ "vxlanid", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 16777215 },
	{ "vxlanlocal", &type_network, .flags = REQUIRED, .settings = MASK_FORBIDDEN },
	{ "vxlanlocalport", &type_port },
	{ "vxlanremote", &type_network, .settings = MASK_FORBIDDEN },
	{ "vxlanremoteport", &type_port },
	{ "vxlangroup", &type_network, .settings = MASK_FORBIDDEN },
	{ "vxlandev", &type_interface },
};
/* clang-format on */

const struct resource interfaces_vxlan_resource = {
	.name = "interfaces.vxlan",
	.summary = "Vxlan records of the Interfaces.VxLan model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Interfaces.VxLan",
	.path = "vxlan",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vxlan_settings", "_item", "vxlan", CRUD, .sort = "vxlanid" }) },
};
