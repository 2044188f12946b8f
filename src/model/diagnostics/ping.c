/* Single settings of the Diagnostics.Ping model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "settings.hostname", &type_hostname, .flags = REQUIRED },
	{ "settings.fam", &type_option, .flags = REQUIRED, .preset = "ip",
	  .choices = CHOICES({ "ip", "IPv4" }, { "ip6", "IPv6" }) },
	{ "settings.source_address", &type_network, .settings = MASK_FORBIDDEN },
	{ "settings.packetsize", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "settings.disable_frag", &type_boolean },
	{ "settings.interval", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 120 },
	{ "settings.description", &type_description },
};
/* clang-format on */

const struct resource diagnostics_ping_resource = {
	.name = "diagnostics.ping",
	.summary = "Single settings of the Diagnostics.Ping model",
	.shape = SINGLETON,
	.flags = IN_MEMORY,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Diagnostics.Ping",
	.path = "",
	.faces = { [OPNSENSE] = FACES(
		{ "diagnostics/ping", "", "ping", VERB_GET | VERB_SET }) },
};
