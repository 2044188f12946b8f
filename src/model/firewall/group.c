/* Ifgroupentry records of the Firewall.Group model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "ifname", &type_group_name, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "members", &type_plain_interface, .flags = REQUIRED | MANY },
	{ "nogroup", &type_boolean },
	{ "sequence", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "0", .min = 0,
	  .max = 9999 },
	{ "descr", &type_description },
};
/* clang-format on */

const struct resource firewall_group_resource = {
	.name = "firewall.group",
	.summary = "Ifgroupentry records of the Firewall.Group model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "ifname",
	.model = "Firewall.Group",
	.path = "ifgroupentry",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/group", "_item", "group", CRUD, .sort = "ifname" }) },
};
