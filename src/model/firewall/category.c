/* Category records of the Firewall.Category model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .mask = "[^,]+",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "auto", &type_boolean },
	{ "color", &type_text, .mask = "^([0-9a-fA-F]){6,6}$" },
};
/* clang-format on */

const struct resource firewall_category_resource = {
	.name = "firewall.category",
	.summary = "Category records of the Firewall.Category model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Firewall.Category",
	.path = "categories.category",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/category", "_item", "category", CRUD | FACE_GUARDED, .sort = "name" }) },
};
