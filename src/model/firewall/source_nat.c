/* Rule records of the Firewall.Filter model. */
#include "model/checks.h"
#include "model/types.h"
#include "schema/rule_order.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "nonat", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "nosync", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "sequence", &type_filter_sequence, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1",
	  .min = 1, .max = 999999 },
	{ "sort_order", &type_text, .flags = VOLATILE, .derive = rule_order_text },
	{ "prio_group", &type_text, .flags = VOLATILE, .derive = rule_priority_text },
	{ "interface", &type_interface, .flags = REQUIRED, .settings = DYNAMIC, .preset = "lan",
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }) },
	{ "ipprotocol", &type_option, .flags = REQUIRED, .preset = "inet",
	  .choices = CHOICES({ "inet", "IPv4" }, { "inet6", "IPv6" }) },
	{ "protocol", &type_protocol, .flags = REQUIRED, .preset = "any", .source = "TCP/UDP" },
	{ "source_net", &type_network_alias, .flags = REQUIRED, .preset = "any" },
	{ "source_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "source_port", &type_port, .settings = WELL_KNOWN | RANGES | ALIASES },
	{ "destination_net", &type_network_alias, .flags = REQUIRED, .preset = "any" },
	{ "destination_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "destination_port", &type_port, .settings = WELL_KNOWN | RANGES | ALIASES },
	{ "target", &type_network_alias },
	{ "target_port", &type_port, .settings = WELL_KNOWN | RANGES },
	{ "staticnatport", &type_boolean },
	{ "log", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "categories", &type_relation, .flags = MANY,
	  .relations = RELATIONS({ "firewall.category", "name" }) },
	{ "tag", &type_strict_text, .mask = "^([0-9a-zA-Z.,_\\-]){0,512}$" },
	{ "tagged", &type_strict_text, .mask = "^([0-9a-zA-Z.,_\\-]){0,512}$" },
	{ "endpoint-independent", &type_boolean },
	{ "poolopts", &type_option, .flags = HIDDEN,
	  .choices = CHOICES({ "round-robin" }, { "round-robin sticky-address" }, { "random" }, { "random sticky-address" },
		{ "source-hash" }, { "bitmask" }),
	  .help = "Which of several targets is taken." },
	{ "description", &type_description },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

#define WITH_PORTS "TCP,UDP,TCP/UDP"

static const struct condition_on protocols[] = {
	{ "source_port", WITH_PORTS },
	{ "destination_port", WITH_PORTS },
	{ "target_port", WITH_PORTS },
	{ "endpoint-independent", "UDP" },
};

static void
check(const struct record *rule, const struct view *view, struct faults *faults)
{
	static const char *const nets[] = { "source_net", "destination_net", "target" };
	const enum family        family = family_of(record_get(rule, "ipprotocol"));

	(void)view;
	must_suit(rule, protocols, COUNT(protocols), "protocol", faults, "This only goes with protocol");
	for (size_t i = 0; i < COUNT(nets); i++)
		must_be_family(rule, nets[i], family, faults);
	if (is_value(rule, "target", "any"))
		faults_add(faults, "target", FAULT_FORMAT, "\"any\" is no address to translate to.");
}

const struct resource firewall_source_nat_resource = {
	.name = "firewall.source_nat",
	.summary = "Rule records of the Firewall.Filter model",
	.shape = COLLECTION,
	.flags = ORDERED,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Firewall.Filter",
	.path = "snatrules.rule",
	.check = check,
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/source_nat", "_rule", "rule", VERB_GET | VERB_ADD | VERB_SET | VERB_DELETE | VERB_TOGGLE }) },
};
