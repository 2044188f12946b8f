/* Peer records of the Kea.KeaDhcpv4 model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "role", &type_option, .flags = REQUIRED, .preset = "primary",
	  .choices = CHOICES({ "primary", "Primary" }, { "standby", "Standby" }) },
	{ "url", &type_url, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
};
/* clang-format on */

const struct resource kea_peer4_resource = {
	.name = "kea.peer4",
	.summary = "Peer records of the Kea.KeaDhcpv4 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Kea.KeaDhcpv4",
	.path = "ha_peers.peer",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv4", "_peer", "peer", CRUD | FACE_GUARDED, .sort = "name" }) },
};
