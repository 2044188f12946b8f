/* Single settings of the Diagnostics.Traceroute model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "settings.hostname", &type_hostname, .flags = REQUIRED },
	{ "settings.ipproto", &type_option, .flags = REQUIRED, .preset = "inet",
	  .choices = CHOICES({ "inet", "IPv4" }, { "inet6", "IPv6" }) },
	{ "settings.protocol", &type_option, .flags = REQUIRED, .preset = "udp",
	  .choices = CHOICES({ "udp", "UDP" }, { "icmp", "ICMP" }) },
	{ "settings.source_address", &type_network, .settings = MASK_FORBIDDEN },
};
/* clang-format on */

const struct resource diagnostics_traceroute_resource = {
	.name = "diagnostics.traceroute",
	.summary = "Single settings of the Diagnostics.Traceroute model",
	.shape = SINGLETON,
	.flags = IN_MEMORY,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Diagnostics.Traceroute",
	.path = "",
	.faces = { [OPNSENSE] = FACES(
		{ "diagnostics/traceroute", "", "traceroute", VERB_GET | VERB_SET }) },
};
