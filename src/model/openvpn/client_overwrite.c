/* Overwrite records of the OpenVPN.OpenVPN model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "servers", &type_openvpn_server, .flags = MANY },
	{ "common_name", &type_strict_text, .flags = REQUIRED, .settings = SPACES_ALLOWED, .mask = "[^\\/]+" },
	{ "block", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "push_reset", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "tunnel_network", &type_network, .settings = MASK_REQUIRED | ONLY_INET },
	{ "tunnel_networkv6", &type_network, .settings = MASK_REQUIRED | ONLY_INET6 },
	{ "local_networks", &type_network, .flags = AS_LIST },
	{ "remote_networks", &type_network, .flags = AS_LIST },
	{ "route_gateway", &type_network, .settings = MASK_FORBIDDEN },
	{ "redirect_gateway", &type_option, .flags = MANY,
	  .choices = CHOICES({ "local" }, { "autolocal" }, { "def1", "default" }, { "bypass-dhcp" },
		{ "bypass-dns" }, { "block-local" }, { "ipv6", "ipv6 (default)" }, { "!ipv4", "not ipv4 (default)" }) },
	{ "register_dns", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "dns_domain", &type_hostname, .flags = AS_LIST },
	{ "dns_domain_search", &type_hostname, .flags = AS_LIST },
	{ "dns_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN },
	{ "ntp_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN },
	{ "wins_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource openvpn_client_overwrite_resource = {
	.name = "openvpn.client_overwrite",
	.summary = "Overwrite records of the OpenVPN.OpenVPN model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "OpenVPN.OpenVPN",
	.path = "Overwrites.Overwrite",
	.touches = PART_VPN_OPENVPN,
	.faces = { [OPNSENSE] = FACES(
		{ "openvpn/client_overwrites", "", "cso", CRUD | VERB_TOGGLE }) },
};
