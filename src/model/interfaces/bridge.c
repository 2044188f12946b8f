/* Bridged records of the Interfaces.Bridge model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "bridgeif", &type_text, .flags = REQUIRED, .mask = "^bridge[\\d]+$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "members", &type_bridge_member, .flags = REQUIRED | MANY },
	{ "linklocal", &type_boolean },
	{ "enablestp", &type_boolean },
	{ "proto", &type_option, .flags = REQUIRED, .preset = "rstp",
	  .choices = CHOICES({ "rstp", "RSTP" }, { "stp", "STP" }) },
	{ "stp", &type_bridge_member, .flags = MANY },
	{ "maxage", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 6, .max = 40 },
	{ "fwdelay", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 4, .max = 30 },
	{ "holdcnt", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 10 },
	{ "maxaddr", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "timeout", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "span", &type_bridge_member },
	{ "edge", &type_bridge_member, .flags = MANY },
	{ "autoedge", &type_bridge_member, .flags = MANY },
	{ "ptp", &type_bridge_member, .flags = MANY },
	{ "autoptp", &type_bridge_member, .flags = MANY },
	{ "static", &type_bridge_member, .flags = MANY },
	{ "private", &type_bridge_member, .flags = MANY },
	{ "descr", &type_description },
};
/* clang-format on */

const struct resource interfaces_bridge_resource = {
	.name = "interfaces.bridge",
	.summary = "Bridged records of the Interfaces.Bridge model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Interfaces.Bridge",
	.path = "bridged",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/bridge_settings", "_item", "bridge", CRUD, .sort = "descr" }) },
};
