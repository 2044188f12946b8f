/* File records of the IDS.IDS model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "filename", &type_text, .flags = REQUIRED,
	  .mask = "^([\\t\\n\\v\\f\\r\\- 0-9a-zA-Z.,_\\x{00A0}-\\x{FFFF}]){1,255}$" },
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
};
/* clang-format on */

const struct resource ids_file_resource = {
	.name = "ids.file",
	.summary = "File records of the IDS.IDS model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "IDS.IDS",
	.path = "files.file",
};
