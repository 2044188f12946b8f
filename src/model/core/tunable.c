/* Item records of the Core.Tunables model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "tunable", &type_text },
	{ "value", &type_text },
	{ "descr", &type_text },
	{ "default_value", &type_text, .flags = VOLATILE },
	{ "type", &type_text, .flags = VOLATILE },
};
/* clang-format on */

const struct resource core_tunable_resource = {
	.name = "core.tunable",
	.summary = "Item records of the Core.Tunables model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Core.Tunables",
	.path = "item",
	.faces = { [OPNSENSE] = FACES(
		{ "core/tunables", "_item", "sysctl", CRUD }) },
};
