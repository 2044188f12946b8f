/* Template records of the Diagnostics.Lvtemplate model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .mask = "^.{1,255}$" },
	{ "or", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "filters", &type_csv, .flags = REQUIRED },
};
/* clang-format on */

const struct resource diagnostics_lvtemplate_resource = {
	.name = "diagnostics.lvtemplate",
	.summary = "Template records of the Diagnostics.Lvtemplate model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Diagnostics.Lvtemplate",
	.path = "templates.template",
	.faces = { [OPNSENSE] = FACES(
		{ "diagnostics/lvtemplate", "_item", "template", CRUD,
		  .search = "name,filters,or", .sort = "name" }) },
};
