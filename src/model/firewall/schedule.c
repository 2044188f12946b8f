/* When rules are in force. The OPNsense dialect knows schedules by their names only; the pfSense one edits them. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_strict_text, .flags = REQUIRED | HIGH_LIMIT, .max = 32, .mask = "^[\\w-]+$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "ranges", &type_text, .flags = REQUIRED,
	  .help = "One a line: weekdays|months|days|H:MM-H:MM|description; weekdays 1 (Monday) to 7, or months and days in pairs." },
	{ "label", &type_strict_text },
	{ "descr", &type_text },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource firewall_schedule_resource = {
	.name = "firewall.schedule",
	.summary = "Times at which rules are in force",
	.shape = COLLECTION,
	.flags = ORDERED,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.touches = PART_FILTER,
};
