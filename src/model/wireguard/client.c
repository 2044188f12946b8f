/* Client records of the Wireguard.Client model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "name", &type_text, .flags = REQUIRED, .mask = "^([0-9a-zA-Z._\\-]){1,64}$" },
	{ "pubkey", &type_base64, .flags = REQUIRED,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "serveraddress,serverport" }) },
	{ "psk", &type_base64 },
	{ "tunneladdress", &type_network, .flags = REQUIRED | AS_LIST, .settings = MASK_REQUIRED },
	{ "serveraddress", &type_hostname, .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "pubkey" }) },
	{ "serverport", &type_port, .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "pubkey" }) },
	{ "endpoint", &type_ip_port, .flags = VOLATILE, .settings = HOSTNAME_ALLOWED },
	{ "keepalive", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "servers", &type_relation, .flags = MANY | VOLATILE,
	  .relations = RELATIONS({ "wireguard.server", "name" }) },
	{ "privkey", &type_base64 },
};
/* clang-format on */

const struct resource wireguard_client_resource = {
	.name = "wireguard.client",
	.summary = "Client records of the Wireguard.Client model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Wireguard.Client",
	.path = "clients.client",
	.touches = PART_VPN_WIREGUARD,
	.faces = { [OPNSENSE] = FACES(
		{ "wireguard/client", "_client", "client", CRUD | VERB_TOGGLE },
		{ "wireguard/client", "_client_builder", "configbuilder", VERB_GET | VERB_ADD }) },
};
