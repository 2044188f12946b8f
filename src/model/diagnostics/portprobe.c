/* Single settings of the Diagnostics.Portprobe model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "settings.hostname", &type_hostname, .flags = REQUIRED },
	{ "settings.port", &type_port, .flags = REQUIRED },
	{ "settings.ipproto", &type_option, .flags = REQUIRED, .preset = "inet",
	  .choices = CHOICES({ "inet", "IPv4" }, { "inet6", "IPv6" }) },
	{ "settings.source_address", &type_network, .settings = MASK_FORBIDDEN },
	{ "settings.source_port", &type_port },
	{ "settings.showtext", &type_boolean, .flags = REQUIRED, .preset = "0" },
};
/* clang-format on */

const struct resource diagnostics_portprobe_resource = {
	.name = "diagnostics.portprobe",
	.summary = "Single settings of the Diagnostics.Portprobe model",
	.shape = SINGLETON,
	.flags = IN_MEMORY,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Diagnostics.Portprobe",
	.path = "",
	.faces = { [OPNSENSE] = FACES(
		{ "diagnostics/portprobe", "", "portprobe", VERB_GET | VERB_SET }) },
};
