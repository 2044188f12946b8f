/* Single settings of the Diagnostics.DnsDiagnostics model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "settings.hostname", &type_hostname, .flags = REQUIRED },
	{ "settings.server", &type_network, .settings = MASK_FORBIDDEN },
};
/* clang-format on */

const struct resource diagnostics_dns_diagnostics_resource = {
	.name = "diagnostics.dns_diagnostics",
	.summary = "Single settings of the Diagnostics.DnsDiagnostics model",
	.shape = SINGLETON,
	.flags = IN_MEMORY,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Diagnostics.DnsDiagnostics",
	.path = "",
	.faces = { [OPNSENSE] = FACES(
		{ "diagnostics/dns_diagnostics", "", "dns", VERB_GET | VERB_SET }) },
};
