/* Dhcp_tags records of the Dnsmasq.Dnsmasq model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "tag", &type_description, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
};
/* clang-format on */

const struct resource dnsmasq_tag_resource = {
	.name = "dnsmasq.tag",
	.summary = "Dhcp_tags records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Dnsmasq.Dnsmasq",
	.path = "dhcp_tags",
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_tag", "tag", CRUD | FACE_GUARDED }) },
};
