/* Dhcp_boot records of the Dnsmasq.Dnsmasq model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "interface", &type_interface, .settings = DYNAMIC, .blank = "Any",
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }, { "type", "(?s)^((?!group).)*$" }) },
	{ "tag", &type_relation, .flags = MANY, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "filename", &type_strict_text, .flags = REQUIRED },
	{ "servername", &type_strict_text },
	{ "address", &type_strict_text },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource dnsmasq_boot_resource = {
	.name = "dnsmasq.boot",
	.summary = "Dhcp_boot records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Dnsmasq.Dnsmasq",
	.path = "dhcp_boot",
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_boot", "boot", CRUD | FACE_GUARDED }) },
};
