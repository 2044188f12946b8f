/* Vxlan records of the Interfaces.VxLan model. */
#include "model/checks.h"
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

static void
check(const struct record *vxlan, const struct view *view, struct faults *faults)
{
	const bool remote = is_set(vxlan, "vxlanremote"), group = is_set(vxlan, "vxlangroup");

	(void)view;
	if (remote == group) {
		faults_add(faults, "vxlanremote", FAULT_CONFLICT, "Give either a remote address or a group.");
		faults_add(faults, "vxlangroup", FAULT_CONFLICT, "Give either a remote address or a group.");
	}
	if (remote && !group)
		must_be_empty(vxlan, "vxlandev", faults, "A device is for groups.");
	if (group && !remote)
		must_be_set(vxlan, "vxlandev", faults, "A group needs a device.");
}

const struct resource interfaces_vxlan_resource = {
	.name = "interfaces.vxlan",
	.summary = "Vxlan records of the Interfaces.VxLan model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Interfaces.VxLan",
	.path = "vxlan",
	.check = check,
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vxlan_settings", "_item", "vxlan", CRUD, .sort = "vxlanid" }) },
};
