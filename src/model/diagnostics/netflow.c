/* Single settings of the Diagnostics.Netflow model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "capture.interfaces", &type_interface, .flags = MANY,
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }) },
	{ "capture.egress_only", &type_interface, .flags = MANY,
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }) },
	{ "capture.version", &type_option, .flags = REQUIRED, .preset = "v9",
	  .choices = CHOICES({ "v5" }, { "v9" }) },
	{ "capture.targets", &type_ip_port, .flags = AS_LIST },
	{ "collect.enable", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "activeTimeout", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1800",
	  .min = 1, .max = 86400 },
	{ "inactiveTimeout", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "15",
	  .min = 1, .max = 86400 },
};
/* clang-format on */

const struct resource diagnostics_netflow_resource = {
	.name = "diagnostics.netflow",
	.summary = "Which traffic is accounted, and who is told",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Diagnostics.Netflow",
	.path = "",
	.mount = "//OPNsense/Netflow",
	.version = "1.0.1",
	.touches = PART_FLOWS,
};
