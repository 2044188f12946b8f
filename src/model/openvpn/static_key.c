/* StaticKey records of the OpenVPN.OpenVPN model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "mode", &type_option, .flags = REQUIRED, .preset = "crypt",
	  .choices = CHOICES({ "auth" }, { "crypt" }, { "crypt-v2" }) },
	{ "key", &type_text, .flags = REQUIRED | MASK_ANY_CASE | SECRET,
	  .mask = "^([0-9a-z\\#\\-\\=\\+\\/\\r\\n\\s])*$" },
	{ "description", &type_description, .flags = REQUIRED },
};
/* clang-format on */

const struct resource openvpn_static_key_resource = {
	.name = "openvpn.static_key",
	.summary = "StaticKey records of the OpenVPN.OpenVPN model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "OpenVPN.OpenVPN",
	.path = "StaticKeys.StaticKey",
	.touches = PART_VPN_OPENVPN,
	.faces = { [OPNSENSE] = FACES(
		{ "openvpn/instances", "_static_key", "statickey", CRUD,
		  .search = "description" }) },
};
