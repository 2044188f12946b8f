/* Pd_pool records of the Kea.KeaDhcpv6 model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "subnet", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "kea.subnet6", "interface,subnet", "%s %s" }) },
	{ "prefix", &type_network, .settings = ONLY_INET6 },
	{ "prefix_len", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 128 },
	{ "delegated_len", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "64",
	  .min = 1, .max = 128 },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource kea_pd_pool_resource = {
	.name = "kea.pd_pool",
	.summary = "Pd_pool records of the Kea.KeaDhcpv6 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Kea.KeaDhcpv6",
	.path = "pd_pools.pd_pool",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv6", "_pd_pool", "pd_pool", CRUD | FACE_GUARDED }) },
};
