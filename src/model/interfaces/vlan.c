/* Vlan records of the Interfaces.Vlan model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "if", &type_vlan_interface, .flags = REQUIRED,
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "tag" }) },
	{ "tag", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4094,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "if" }) },
	{ "pcp", &type_option, .flags = REQUIRED, .preset = "0",
	  .choices = CHOICES({ "1", "Background (1, lowest)" }, { "0", "Best Effort (0, default)" },
		{ "2", "Excellent Effort (2)" }, { "3", "Critical Applications (3)" }, { "4", "Video (4)" },
		{ "5", "Voice (5)" }, { "6", "Internetwork Control (6)" }, { "7", "Network Control (7, highest)" }) },
	{ "proto", &type_option, .blank = "Automatic", .choices = CHOICES({ "802.1q" }, { "802.1ad" }) },
	{ "descr", &type_description },
	{ "vlanif", &type_text, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
};
/* clang-format on */

const struct resource interfaces_vlan_resource = {
	.name = "interfaces.vlan",
	.summary = "Vlan records of the Interfaces.Vlan model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Interfaces.Vlan",
	.path = "vlan",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vlan_settings", "_item", "vlan", CRUD, .sort = "vlanif" }) },
};
