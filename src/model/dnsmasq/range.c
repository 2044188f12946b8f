/* Dhcp_ranges records of the Dnsmasq.Dnsmasq model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "interface", &type_interface, .settings = DYNAMIC, .blank = "Any",
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }, { "type", "(?s)^((?!group).)*$" }) },
	{ "set_tag", &type_relation, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "start_addr", &type_range_address, .flags = REQUIRED, .settings = MASK_FORBIDDEN },
	{ "end_addr", &type_range_address, .settings = MASK_FORBIDDEN },
	{ "subnet_mask", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "constructor", &type_interface },
	{ "mode", &type_option, .flags = MANY, .choices = CHOICES({ "static" }) },
	{ "prefix_len", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 64 },
	{ "lease_time", &type_integer },
	{ "domain_type", &type_option, .flags = REQUIRED, .preset = "range",
	  .choices = CHOICES({ "interface", "Interface" }, { "range", "Range" }) },
	{ "domain", &type_hostname, .settings = DNS_NAME | NO_ADDRESS },
	{ "nosync", &type_boolean },
	{ "ra_mode", &type_option, .flags = MANY,
	  .choices = CHOICES({ "ra-only" }, { "slaac" }, { "ra-names" }, { "ra-stateless" }, { "ra-advrouter" },
		{ "off-link" }) },
	{ "ra_priority", &type_option, .blank = "Normal",
	  .choices = CHOICES({ "high", "High" }, { "low", "Low" }) },
	{ "ra_mtu", &type_integer },
	{ "ra_interval", &type_integer },
	{ "ra_router_lifetime", &type_integer },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource dnsmasq_range_resource = {
	.name = "dnsmasq.range",
	.summary = "Dhcp_ranges records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Dnsmasq.Dnsmasq",
	.path = "dhcp_ranges",
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_range", "range", CRUD | FACE_GUARDED }) },
};
