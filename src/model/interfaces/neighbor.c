/* Neighbor records of the Interfaces.Neighbor model. */
#include "model/types.h"

/* Nobody but people makes them here. */
static const char *
origin(const struct record *neighbor, const struct view *view)
{
	(void)view;
	return neighbor->uuid[0] ? "manual" : "";
}

/* clang-format off */
static const struct field fields[] = {
	{ "etheraddr", &type_mac_address, .flags = REQUIRED },
	{ "ipaddress", &type_network, .flags = REQUIRED, .settings = MASK_FORBIDDEN },
	{ "descr", &type_description },
	{ "origin", &type_text, .flags = VOLATILE, .derive = origin },
};
/* clang-format on */

const struct resource interfaces_neighbor_resource = {
	.name = "interfaces.neighbor",
	.summary = "Neighbor records of the Interfaces.Neighbor model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Interfaces.Neighbor",
	.path = "neighbor",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/neighbor_settings", "_item", "neighbor", CRUD }) },
};
