/* Gif records of the Interfaces.Gif model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "local-addr", &type_link_address, .flags = REQUIRED | VOLATILE, .preset = "wan" },
	{ "if", &type_text },
	{ "ipaddr", &type_text },
	{ "gifif", &type_text, .flags = REQUIRED, .mask = "^gif(\\d)*$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "remote-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-local-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-remote-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-remote-net", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "32",
	  .min = 1, .max = 128 },
	{ "descr", &type_description },
	{ "link1", &type_boolean },
	{ "link2", &type_boolean },
	{ "noclamp", &type_boolean },
};
/* clang-format on */

const struct resource interfaces_gif_resource = {
	.name = "interfaces.gif",
	.summary = "Gif records of the Interfaces.Gif model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Interfaces.Gif",
	.path = "gif",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/gif_settings", "_item", "gif", CRUD, .sort = "descr" }) },
};
