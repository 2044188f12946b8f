/* Single settings of the Hostdiscovery.Hostwatch model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "general.enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "general.promisc", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "general.verbose", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "general.skip_nets", &type_network, .flags = AS_LIST, .settings = HOST_BITS_ZERO | NO_WILDCARD },
	{ "general.expire4_interval", &type_integer, .flags = LOW_LIMIT, .min = 3600 },
	{ "general.expire6_interval", &type_integer, .flags = LOW_LIMIT, .min = 3600 },
	{ "general.interface", &type_interface, .flags = MANY, .settings = DYNAMIC,
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }, { "virtual", "^(?!1).*$" }) },
};
/* clang-format on */

const struct resource hostdiscovery_hostwatch_resource = {
	.name = "hostdiscovery.hostwatch",
	.summary = "Single settings of the Hostdiscovery.Hostwatch model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Hostdiscovery.Hostwatch",
	.path = "",
	.touches = PART_DISCOVERY,
	.mount = "//OPNsense/Hostwatch",
	.version = "1.0.0",
	.faces = { [OPNSENSE] = FACES(
		{ "hostdiscovery/settings", "", "hostdiscovery", VERB_GET | VERB_SET }) },
};
