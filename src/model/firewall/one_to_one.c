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
	{ "interface", &type_interface, .flags = REQUIRED, .settings = DYNAMIC, .preset = "wan",
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }) },
	{ "type", &type_option, .flags = REQUIRED, .preset = "binat",
	  .choices = CHOICES({ "binat", "BINAT" }, { "nat", "NAT" }) },
	{ "source_net", &type_network_alias, .flags = REQUIRED },
	{ "source_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "destination_net", &type_network_alias, .flags = REQUIRED, .preset = "any" },
	{ "destination_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "external", &type_network, .flags = REQUIRED, .settings = NO_WILDCARD },
	{ "natreflection", &type_option,
	  .choices = CHOICES({ "", "Default" }, { "enable", "Enable" }, { "disable", "Disable" }) },
	{ "categories", &type_relation, .flags = MANY,
	  .relations = RELATIONS({ "firewall.category", "name" }) },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource firewall_one_to_one_resource = {
	.name = "firewall.one_to_one",
	.summary = "Rule records of the Firewall.Filter model",
	.shape = COLLECTION,
	.flags = ORDERED,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Firewall.Filter",
	.path = "onetoone.rule",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/one_to_one", "_rule", "rule", CRUD | VERB_TOGGLE, .sort = "sequence" }) },
};
