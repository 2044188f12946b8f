/* Loopback records of the Interfaces.Loopback model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "deviceId", &type_auto_number, .flags = REQUIRED },
	{ "description", &type_description, .flags = REQUIRED },
};
/* clang-format on */

const struct resource interfaces_loopback_resource = {
	.name = "interfaces.loopback",
	.summary = "Loopback records of the Interfaces.Loopback model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Interfaces.Loopback",
	.path = "loopback",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/loopback_settings", "_item", "loopback", CRUD, .sort = "description" }) },
};
