/* PreSharedKey records of the IPsec.IPsec model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "ident", &type_text, .flags = REQUIRED, .mask = "^([a-zA-Z0-9@\\.\\:\\-_]*)",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "remote_ident" }) },
	{ "remote_ident", &type_text, .mask = "^([a-zA-Z0-9@\\.\\:\\-_]*)" },
	{ "keyType", &type_option, .flags = REQUIRED, .preset = "PSK",
	  .choices = CHOICES({ "PSK" }, { "EAP" }) },
	{ "Key", &type_text },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource ipsec_pre_shared_key_resource = {
	.name = "ipsec.pre_shared_key",
	.summary = "PreSharedKey records of the IPsec.IPsec model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IPsec.IPsec",
	.path = "preSharedKeys.preSharedKey",
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/pre_shared_keys", "_item", "preSharedKey", CRUD }) },
};
