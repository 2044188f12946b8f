/* Pool records of the IPsec.Swanctl model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "name", &type_text, .flags = REQUIRED, .mask = "^([0-9a-zA-Z,_\\-:]){1,1024}$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "addrs", &type_network, .flags = REQUIRED, .settings = NO_WILDCARD | MASK_REQUIRED },
	{ "dns", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN | NO_WILDCARD },
};
/* clang-format on */

const struct resource ipsec_pool_resource = {
	.name = "ipsec.pool",
	.summary = "Pool records of the IPsec.Swanctl model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "IPsec.Swanctl",
	.path = "Pools.Pool",
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/pools", "", "pool", CRUD | VERB_TOGGLE,
		  .search = "name,enabled" }) },
};
