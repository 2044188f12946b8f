/* Tag records of the IDS.IDS model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "property", &type_text, .flags = REQUIRED,
	  .mask = "^([\\t\\n\\v\\f\\r\\- 0-9a-zA-Z.,_\\x{00A0}-\\x{FFFF}]){1,255}$" },
	{ "value", &type_text, .mask = "^([\\t\\n\\v\\f\\r\\- 0-9a-zA-Z.,_\\x{00A0}-\\x{FFFF}]){1,255}$" },
};
/* clang-format on */

const struct resource ids_file_tag_resource = {
	.name = "ids.file_tag",
	.summary = "Tag records of the IDS.IDS model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "IDS.IDS",
	.path = "fileTags.tag",
};
