/* Services that the watchdog starts again when they have stopped. The pfSense dialect serves them as services/service_watchdog. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .mask = "^[a-zA-Z0-9_@\\-]{1,47}$", .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }),
	  .help = "As the box lists its services." },
	{ "notify", &type_boolean, .help = "Mail says so each time." },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource system_watched_resource = {
	.name = "system.watched",
	.summary = "Services that are started again when they have stopped",
	.shape = COLLECTION,
	.flags = ORDERED,
	.fields = fields,
	.nfields = COUNT(fields),
};
