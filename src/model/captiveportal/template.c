/* Template records of the CaptivePortal.CaptivePortal model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "fileid", &type_text, .flags = REQUIRED, .mask = "[0-9a-zA-Z\\-]{1,255}" },
	{ "name", &type_text, .flags = REQUIRED,
	  .mask = "^([\\t\\n\\v\\f\\r 0-9a-zA-Z.,_\\x{00A0}-\\x{FFFF}]){1,255}$" },
	{ "content", &type_text, .flags = REQUIRED, .mask = "[0-9a-zA-Z\\+\\=\\/]{20,}" },
};
/* clang-format on */

const struct resource captiveportal_template_resource = {
	.name = "captiveportal.template",
	.summary = "Template records of the CaptivePortal.CaptivePortal model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.touches = PART_PORTAL,
	.model = "CaptivePortal.CaptivePortal",
	.path = "templates.template",
	.faces = { [OPNSENSE] = FACES(
		{ "captiveportal/template", "_template", NULL, VERB_SEARCH | VERB_DELETE,
		  .search = "name,fileid", .sort = "name", .search_suffix = "_templates" },
		/* Up to 26.1. */
		{ "captiveportal/service", "_template", NULL, VERB_SEARCH | VERB_DELETE,
		  .search = "name,fileid", .sort = "name", .search_suffix = "_templates" }) },
};
