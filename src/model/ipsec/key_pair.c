/* KeyPair records of the IPsec.IPsec model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED },
	{ "keyType", &type_option, .flags = REQUIRED, .preset = "rsa",
	  .choices = CHOICES({ "rsa", "RSA" }, { "ecdsa", "ECDSA" }) },
	{ "publicKey", &type_text, .flags = REQUIRED },
	{ "privateKey", &type_text },
	{ "keySize", &type_integer },
	{ "keyFingerprint", &type_text },
};
/* clang-format on */

const struct resource ipsec_key_pair_resource = {
	.name = "ipsec.key_pair",
	.summary = "KeyPair records of the IPsec.IPsec model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "IPsec.IPsec",
	.path = "keyPairs.keyPair",
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/key_pairs", "_item", "keyPair", CRUD }) },
};
