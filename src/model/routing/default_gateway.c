/* Which gateways the default routes go by: what one dialect keeps beside its gateways, and the other does not know. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "gateway4", &type_text, .mask = "^(-|[a-zA-Z0-9_\\-]{1,255})?$",
	  .help = "Name of a gateway or a group; empty: the most preferred one that is not down; \"-\": none." },
	{ "gateway6", &type_text, .mask = "^(-|[a-zA-Z0-9_\\-]{1,255})?$" },
};
/* clang-format on */

const struct resource routing_default_gateway_resource = {
	.name = "routing.default_gateway",
	.summary = "Gateways of the default routes",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.touches = PART_ROUTING,
};
