/* Single settings of the Firewall.Alias model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "geoip.url", &type_url },
};
/* clang-format on */

const struct resource firewall_alias_settings_resource = {
	.name = "firewall.alias_settings",
	.summary = "Single settings of the Firewall.Alias model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Firewall.Alias",
	.path = "",
	.mount = "//OPNsense/Firewall/Alias",
	.version = "1.0.1",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/alias", "", "alias", VERB_GET | VERB_SET }) },
};
