/*
 * What pfSense's configuration has and no other dialect knows: a top-level section of its tree, without
 * the parts that are records of their own. The uuid is the section's name.
 */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "body", &type_text, .flags = SECRET, .help = "The section as JSON." },
};
/* clang-format on */

const struct resource pfsense_section_resource = {
	.name = "pfsense.section",
	.summary = "Section of the pfSense configuration that no other dialect shows",
	.shape = COLLECTION,
	.flags = KEYED,
	.fields = fields,
	.nfields = COUNT(fields),
};
