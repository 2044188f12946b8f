/* Peer records of the Kea.KeaDhcpv6 model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "role", &type_option, .flags = REQUIRED, .preset = "primary",
	  .choices = CHOICES({ "primary", "Primary" }, { "standby", "Standby" }) },
	{ "url", &type_url, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
};
/* clang-format on */

const struct resource kea_peer6_resource = {
	.name = "kea.peer6",
	.summary = "Peer records of the Kea.KeaDhcpv6 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Kea.KeaDhcpv6",
	.path = "ha_peers.peer",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv6", "_peer", "peer", CRUD | FACE_GUARDED, .sort = "name" }) },
};
