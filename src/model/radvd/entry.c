/* Entries records of the Radvd.Radvd model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "interface", &type_interface, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "Base6Interface", &type_interface },
	{ "mode", &type_option, .flags = REQUIRED, .preset = "stateless",
	  .choices = CHOICES({ "router", "Router Only" }, { "unmanaged", "Unmanaged" }, { "managed", "Managed" },
		{ "assist", "Assisted" }, { "stateless", "Stateless" }) },
	{ "DeprecatePrefix", &type_option, .blank = "Automatic",
	  .choices = CHOICES({ "on", "On" }, { "off", "Off" }) },
	{ "RemoveAdvOnExit", &type_option, .blank = "Automatic",
	  .choices = CHOICES({ "on", "On" }, { "off", "Off" }) },
	{ "RemoveRoute", &type_option, .blank = "Automatic",
	  .choices = CHOICES({ "on", "On" }, { "off", "Off" }) },
	{ "routes", &type_network, .flags = AS_LIST, .settings = MASK_REQUIRED | ONLY_INET6 },
	{ "RDNSS", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN | ONLY_INET6 },
	{ "DNSSL", &type_hostname, .flags = AS_LIST, .settings = DNS_NAME | NO_ADDRESS },
	{ "dns", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "MinRtrAdvInterval", &type_integer, .flags = REQUIRED | LOW_LIMIT, .preset = "200", .min = 3 },
	{ "MaxRtrAdvInterval", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "600",
	  .min = 4, .max = 1800 },
	{ "AdvDNSSLLifetime", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4294967295 },
	{ "AdvDefaultLifetime", &type_integer },
	{ "AdvLinkMTU", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1280, .max = 65535 },
	{ "AdvPreferredLifetime", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4294967295 },
	{ "AdvRASrcAddress", &type_vip_link_local },
	{ "AdvRDNSSLifetime", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4294967295 },
	{ "AdvRouteLifetime", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4294967295 },
	{ "AdvValidLifetime", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4294967295 },
	{ "AdvDefaultPreference", &type_option, .flags = REQUIRED, .preset = "medium",
	  .choices = CHOICES({ "low", "Low" }, { "medium", "Medium" }, { "high", "High" }) },
	{ "nat64prefix", &type_network, .settings = MASK_REQUIRED | ONLY_INET6 },
	{ "AdvCurHopLimit", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "64",
	  .min = 0, .max = 255 },
};
/* clang-format on */

static void
check(const struct record *entry, const struct view *view, struct faults *faults)
{
	const int64_t max = bounded_number(entry, "MaxRtrAdvInterval", 600);
	const int64_t lifetime = bounded_number(entry, "AdvDefaultLifetime", -1);
	const char   *bits = arena_print(view->arena, "%u", literal_bits(record_get(entry, "nat64prefix")));

	if (is_set(entry, "Base6Interface") && is_value(entry, "Base6Interface", record_get(entry, "interface")))
		faults_add(faults, "Base6Interface", FAULT_CONFLICT, "This must be another interface.");
	if (literal_family(record_get(entry, "nat64prefix")) == FAMILY_INET6 &&
	    !entries_have("32,40,48,56,64,96", ',', text_of(bits)))
		faults_add(faults, "nat64prefix", FAULT_RANGE, "A NAT64 prefix is 32, 40, 48, 56, 64 or 96 bits long.");
	if (bounded_number(entry, "MinRtrAdvInterval", 0) > max * 3 / 4)
		faults_add(faults, "MinRtrAdvInterval", FAULT_RANGE, "This is at most three quarters of the longest interval.");
	if (is_set(entry, "AdvDefaultLifetime") && (lifetime < max || lifetime > 9000))
		faults_add(faults, "AdvDefaultLifetime", FAULT_RANGE, "This is between the longest interval and 9000 seconds.");
}

const struct resource radvd_entry_resource = {
	.name = "radvd.entry",
	.summary = "Entries records of the Radvd.Radvd model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Radvd.Radvd",
	.path = "entries",
	.check = check,
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "radvd/settings", "_entry", "entries", CRUD | VERB_TOGGLE }) },
};
