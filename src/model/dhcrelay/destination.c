/* Destinations records of the DHCRelay.DHCRelay model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "server", &type_network, .flags = REQUIRED | AS_LIST, .settings = MASK_FORBIDDEN },
};
/* clang-format on */

const struct resource dhcrelay_destination_resource = {
	.name = "dhcrelay.destination",
	.summary = "Destinations records of the DHCRelay.DHCRelay model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "DHCRelay.DHCRelay",
	.path = "destinations",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dhcrelay/settings", "_dest", "destination", CRUD | FACE_GUARDED,
		  .search = "name,server", .sort = "name" }) },
};
