/* Subnet6 records of the Kea.KeaDhcpv6 model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "subnet_id", &type_auto_number, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1,
	  .max = 4294967294, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "subnet", &type_network, .settings = MASK_REQUIRED | ONLY_INET6,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "valid_lifetime", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "allocator", &type_option, .blank = "Default",
	  .choices = CHOICES({ "iterative", "Iterative" }, { "random", "Random" }, { "flq", "Free Lease Queue" }) },
	{ "pd-allocator", &type_option, .blank = "Default",
	  .choices = CHOICES({ "iterative", "Iterative" }, { "random", "Random" }, { "flq", "Free Lease Queue" }) },
	{ "option_data_autocollect", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "option_data.dns_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN | ONLY_INET6 },
	{ "option_data.domain_search", &type_hostname, .flags = AS_LIST, .settings = NO_ADDRESS },
	{ "option_data.v6_dnr", &type_text, .mask = "^([^\\n\"])*$" },
	{ "option", &type_relation, .flags = MANY, .relations = RELATIONS({ "kea.option6", "description" }) },
	{ "pools", &type_kea_pools },
	{ "interface", &type_interface, .flags = REQUIRED },
	{ "dynamic_prefix", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "ddns_forward_zone", &type_hostname, .settings = NO_ADDRESS,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_dns_server" }) },
	{ "ddns_reverse_zone", &type_hostname, .settings = NO_ADDRESS },
	{ "ddns_qualifying_suffix", &type_hostname },
	{ "ddns_dns_server", &type_network, .settings = MASK_FORBIDDEN,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_forward_zone" }) },
	{ "ddns_dns_port", &type_port },
	{ "ddns_domain_key_name", &type_text,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_domain_key_secret" }) },
	{ "ddns_domain_key_secret", &type_base64,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_domain_key_name" }) },
	{ "ddns_domain_key_algorithm", &type_option,
	  .choices = CHOICES({ "hmac-md5" }, { "hmac-sha1" }, { "hmac-sha224" }, { "hmac-sha256" },
		{ "hmac-sha384" }, { "hmac-sha512" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_domain_key_secret" }) },
	{ "ddns_override_no_update", &type_boolean },
	{ "ddns_override_client_update", &type_boolean },
	{ "ddns_update_on_renew", &type_boolean },
	{ "ddns_conflict_resolution_mode", &type_option, .blank = "check-with-dhcid (default)",
	  .choices = CHOICES({ "no-check-with-dhcid" }, { "check-exists-with-dhcid" }, { "no-check-without-dhcid" }) },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource kea_subnet6_resource = {
	.name = "kea.subnet6",
	.summary = "Subnet6 records of the Kea.KeaDhcpv6 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Kea.KeaDhcpv6",
	.path = "subnets.subnet6",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv6", "_subnet", "subnet6", CRUD | FACE_GUARDED, .sort = "subnet" }) },
};
