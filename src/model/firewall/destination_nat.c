/* Rule records of the Firewall.DNat model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "sequence", &type_dnat_sequence, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1,
	  .max = 999999 },
	{ "disabled", &type_boolean },
	{ "nordr", &type_boolean },
	{ "interface", &type_interface, .flags = MANY, .settings = DYNAMIC,
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }) },
	{ "ipprotocol", &type_option, .blank = "any",
	  .choices = CHOICES({ "inet", "IPv4" }, { "inet6", "IPv6" }, { "inet46", "IPv4+IPv6" }) },
	{ "protocol", &type_protocol, .flags = LOWER, .source = "TCP/UDP", .blank = "any" },
	{ "source.network", &type_network_mapped },
	{ "source.address", &type_network_mapped, .flags = VOLATILE },
	{ "source.port", &type_port_mapped, .settings = WELL_KNOWN | RANGES | ALIASES },
	{ "source.not", &type_boolean },
	{ "destination.network", &type_network_mapped },
	{ "destination.address", &type_network_mapped, .flags = VOLATILE },
	{ "destination.port", &type_port_mapped, .settings = WELL_KNOWN | RANGES | ALIASES },
	{ "destination.not", &type_boolean },
	{ "target", &type_network_alias },
	{ "local-port", &type_port, .settings = WELL_KNOWN | ALIASES },
	{ "poolopts", &type_option, .blank = "Default",
	  .choices = CHOICES({ "round-robin", "Round Robin" },
		{ "round-robin sticky-address", "Round Robin with Sticky Address" }, { "random", "Random" },
		{ "random sticky-address", "Random with Sticky Address" }, { "source-hash", "Source Hash" },
		{ "bitmask", "Bitmask" }) },
	{ "log", &type_boolean },
	{ "category", &type_category, .flags = MANY },
	{ "categories", &type_category_map, .flags = VOLATILE },
	{ "descr", &type_description },
	{ "tag", &type_strict_text },
	{ "tagged", &type_strict_text },
	{ "nosync", &type_boolean },
	{ "natreflection", &type_option, .blank = "Use system default",
	  .choices = CHOICES({ "purenat", "Enable" }, { "disable", "Disable" }) },
	{ "pass", &type_option, .blank = "Manual",
	  .choices = CHOICES({ "pass", "Pass" }, { "rule", "Register rule" }) },
	{ "associated-rule-id", &type_dnat_associated_rule },
	{ "created.username", &type_text },
	{ "created.time", &type_text },
	{ "created.description", &type_text },
	{ "updated.username", &type_text },
	{ "updated.time", &type_text },
	{ "updated.description", &type_text },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

#define WITH_PORTS "tcp,udp,tcp/udp"

static const struct condition_on protocols[] = {
	{ "source.port", WITH_PORTS },
	{ "destination.port", WITH_PORTS },
	{ "local-port", WITH_PORTS },
};

static void
check(const struct record *rule, const struct view *view, struct faults *faults)
{
	static const char *const nets[] = { "source.network", "destination.network", "target" };
	const enum family        family = family_of(record_get(rule, "ipprotocol"));

	(void)view;
	must_suit(rule, protocols, COUNT(protocols), "protocol", faults, "This only goes with protocol");
	for (size_t i = 0; family != FAMILY_NONE && i < COUNT(nets); i++)
		must_be_family(rule, nets[i], family, faults);
	if (!record_bool(rule, "nordr"))
		return;
	must_be_empty(rule, "target", faults, "A rule that does not redirect has no target.");
	must_be_empty(rule, "local-port", faults, "A rule that does not redirect has no target port.");
}

const struct resource firewall_destination_nat_resource = {
	.name = "firewall.destination_nat",
	.summary = "Rule records of the Firewall.DNat model",
	.shape = COLLECTION,
	.flags = ORDERED,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Firewall.DNat",
	.path = "rule",
	.check = check,
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/d_nat", "_rule", "rule", VERB_GET | VERB_ADD | VERB_SET | VERB_DELETE }) },
};
