/* Hosts records of the Dnsmasq.Dnsmasq model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "host", &type_dnsmasq_name, .settings = HOST_WILDCARD },
	{ "domain", &type_dnsmasq_name, .settings = IS_DOMAIN },
	{ "local", &type_boolean },
	{ "ip", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN },
	{ "cnames", &type_dnsmasq_name, .flags = AS_LIST, .settings = IS_DOMAIN },
	{ "client_id", &type_text, .mask = "^(?:\\*|(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+))$" },
	{ "hwaddr", &type_mac_address, .flags = AS_LIST },
	{ "lease_time", &type_integer },
	{ "ignore", &type_boolean },
	{ "set_tag", &type_relation, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "descr", &type_text },
	{ "comments", &type_text },
	{ "aliases", &type_dnsmasq_name, .flags = AS_LIST, .settings = IS_DOMAIN },
};
/* clang-format on */

const struct resource dnsmasq_host_resource = {
	.name = "dnsmasq.host",
	.summary = "Hosts records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Dnsmasq.Dnsmasq",
	.path = "hosts",
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_host", "host", CRUD | FACE_GUARDED }) },
};
