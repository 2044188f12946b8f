/* Rule records of the Firewall.Filter model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "log", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "sequence", &type_filter_sequence, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1",
	  .min = 1, .max = 999999 },
	{ "sort_order", &type_text, .flags = VOLATILE },
	{ "prio_group", &type_text, .flags = VOLATILE },
	{ "interface", &type_interface, .flags = REQUIRED, .settings = DYNAMIC, .preset = "lan",
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }) },
	{ "source_net", &type_network, .flags = REQUIRED, .settings = ONLY_INET6 | NO_WILDCARD },
	{ "destination_net", &type_network, .settings = ONLY_INET6 | NO_WILDCARD,
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "trackif" }) },
	{ "trackif", &type_interface, .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "destination_net" }) },
	{ "categories", &type_relation, .flags = MANY,
	  .relations = RELATIONS({ "firewall.category", "name" }) },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource firewall_npt_resource = {
	.name = "firewall.npt",
	.summary = "Rule records of the Firewall.Filter model",
	.shape = COLLECTION,
	.flags = ORDERED,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Firewall.Filter",
	.path = "npt.rule",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/npt", "_rule", "rule", CRUD | VERB_TOGGLE, .sort = "sequence" }) },
};
