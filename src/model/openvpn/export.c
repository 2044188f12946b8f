/* Server records of the OpenVPN.Export model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "vpnid", &type_text, .flags = REQUIRED },
	{ "hostname", &type_hostname, .flags = REQUIRED | AS_LIST },
	{ "template", &type_text },
	{ "local_port", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "random_local_port", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "validate_server_cn", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "cryptoapi", &type_boolean },
	{ "auth_nocache", &type_boolean },
	{ "static_challenge", &type_boolean },
	{ "plain_config", &type_text },
};
/* clang-format on */

const struct resource openvpn_export_resource = {
	.name = "openvpn.export",
	.summary = "Server records of the OpenVPN.Export model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "hostname",
	.model = "OpenVPN.Export",
	.path = "servers.server",
	.touches = PART_VPN_OPENVPN,
};
