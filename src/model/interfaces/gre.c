/* Gre records of the Interfaces.Gre model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "local-addr", &type_link_address, .flags = REQUIRED | VOLATILE, .preset = "wan" },
	{ "if", &type_text },
	{ "ipaddr", &type_text },
	{ "greif", &type_text, .flags = REQUIRED, .mask = "^gre(\\d)*$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "remote-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-local-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-remote-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-remote-net", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "32",
	  .min = 1, .max = 128 },
	{ "descr", &type_description },
};
/* clang-format on */

const struct resource interfaces_gre_resource = {
	.name = "interfaces.gre",
	.summary = "Gre records of the Interfaces.Gre model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Interfaces.Gre",
	.path = "gre",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/gre_settings", "_item", "gre", CRUD, .sort = "descr" }) },
};
