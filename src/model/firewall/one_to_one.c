/* Rule records of the Firewall.Filter model. */
#include "model/checks.h"
#include "model/types.h"
#include "schema/rule_order.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "log", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "sequence", &type_filter_sequence, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1",
	  .min = 1, .max = 999999 },
	{ "sort_order", &type_text, .flags = VOLATILE, .derive = rule_order_text },
	{ "prio_group", &type_text, .flags = VOLATILE, .derive = rule_priority_text },
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
	{ "nobinat", &type_boolean, .flags = HIDDEN, .help = "What matches leaves with the address it has." },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

/* Every literal that is of another family than another one is at fault. */
static void
check_families(const struct record *rule, struct faults *faults)
{
	static const char *const nets[] = { "source_net", "destination_net", "external" };

	for (size_t i = 0; i < COUNT(nets); i++) {
		const enum family family = literal_family(record_get(rule, nets[i]));
		bool              mixed = false;

		for (size_t j = 0; j < COUNT(nets) && family != FAMILY_NONE; j++) {
			const enum family other = literal_family(record_get(rule, nets[j]));

			mixed |= other != FAMILY_NONE && other != family;
		}
		if (mixed)
			faults_add(faults, nets[i], FAULT_CONFLICT, "All addresses must be of one family.");
	}
}

static void
check(const struct record *rule, const struct view *view, struct faults *faults)
{
	const unsigned internal = literal_bits(record_get(rule, "source_net"));
	const unsigned external = literal_bits(record_get(rule, "external"));

	(void)view;
	check_families(rule, faults);
	if (!is_value(rule, "type", "binat") || !record_bool(rule, "enabled"))
		return;
	if (internal == 0 && literal_family(record_get(rule, "source_net")) == FAMILY_NONE)
		faults_add(faults, "source_net", FAULT_FORMAT, "One-to-one translation needs an address or a network.");
	else if (is_set(rule, "external") && literal_family(record_get(rule, "external")) != FAMILY_NONE && internal != external)
		faults_add(faults, "external", FAULT_CONFLICT, "Both networks must have the same length.");
}

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
	.check = check,
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/one_to_one", "_rule", "rule", CRUD | VERB_TOGGLE, .sort = "sequence" }) },
};
