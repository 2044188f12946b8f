/* VTI records of the IPsec.Swanctl model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "reqid", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "local", &type_network, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "remote", &type_network, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunnel_local", &type_network, .flags = REQUIRED, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunnel_remote", &type_network, .flags = REQUIRED, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunnel_local2", &type_network, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunnel_remote2", &type_network, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "skip_fw", &type_boolean },
	{ "origin", &type_text, .flags = VOLATILE },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource ipsec_vti_resource = {
	.name = "ipsec.vti",
	.summary = "VTI records of the IPsec.Swanctl model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IPsec.Swanctl",
	.path = "VTIs.VTI",
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/vti", "", "vti", CRUD | VERB_TOGGLE }) },
};
