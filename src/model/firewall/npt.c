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

/* Where the prefix comes from the provider: the rule's interface asks for one, and the tracking one has a part of it. */
static const char *
tracking_mistake(const struct record *rule, const struct view *view)
{
	const char          *own_key = record_get(rule, "interface"), *tracked_key = record_get(rule, "trackif");
	const struct record *own = interface_record(view, own_key), *tracked = interface_record(view, tracked_key);

	if (is_set(rule, "destination_net"))
		return "This does not go together with an external prefix.";
	if (!own || !is_value(own, "type6", "dhcp6"))
		return "The interface of the rule gets no prefix by DHCPv6.";
	if (strcmp(own_key, tracked_key) == 0)
		return is_set(own, "dhcp6-prefix-id") ? NULL : "The interface has no prefix ID.";
	if (!tracked || !is_one_of(tracked, "type6", "track6,idassoc6") || !is_value(tracked, "track6-interface", own_key))
		return "This interface does not follow the interface of the rule.";
	return NULL;
}

static void
check(const struct record *rule, const struct view *view, struct faults *faults)
{
	const char *mistake = is_set(rule, "trackif") ? tracking_mistake(rule, view) : NULL;
	const unsigned internal = literal_bits(record_get(rule, "source_net"));
	const unsigned external = literal_bits(record_get(rule, "destination_net"));

	if (mistake)
		faults_add(faults, "trackif", FAULT_CONFLICT, "%s", mistake);
	if (is_set(rule, "destination_net") && is_set(rule, "source_net") && internal != external)
		faults_add(faults, "destination_net", FAULT_CONFLICT, "Both prefixes must have the same length.");
}

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
	.check = check,
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/npt", "_rule", "rule", CRUD | VERB_TOGGLE, .sort = "sequence" }) },
};
