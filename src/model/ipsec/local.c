/* Local records of the IPsec.Swanctl model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "connection", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "ipsec.connection", "description" }) },
	{ "round", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "0", .min = 0,
	  .max = 10 },
	{ "auth", &type_option, .flags = REQUIRED, .preset = "psk",
	  .choices = CHOICES({ "psk", "Pre-Shared Key" }, { "pubkey", "Public Key" }, { "eap-tls", "EAP TLS" },
		{ "eap-mschapv2", "EAP-MSCHAPv2" }, { "xauth-pam", "Xauth PAM" }, { "eap-radius", "EAP RADIUS" }) },
	{ "id", &type_strict_text, .mask = "^([0-9a-zA-Z\\.\\-,_\\:\\=\\@\\%\\*\\s]){0,1024}$" },
	{ "eap_id", &type_strict_text, .mask = "^([0-9a-zA-Z\\.\\-,_\\:\\=\\@\\%\\*\\s]){0,1024}$" },
	{ "certs", &type_certificate, .flags = MANY },
	{ "pubkeys", &type_relation, .flags = MANY, .relations = RELATIONS({ "ipsec.key_pair", "name" }) },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource ipsec_local_resource = {
	.name = "ipsec.local",
	.summary = "Local records of the IPsec.Swanctl model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IPsec.Swanctl",
	.path = "locals.local",
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/connections", "_local", "local", CRUD | VERB_TOGGLE,
		  .search = "description,round,auth,enabled", .sort = "description" }) },
};
