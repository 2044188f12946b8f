/* Single settings of the Firewall.Category model. */
#include "model/types.h"

const struct resource firewall_category_settings_resource = {
	.name = "firewall.category_settings",
	.summary = "Single settings of the Firewall.Category model",
	.shape = SINGLETON,
	.model = "Firewall.Category",
	.path = "",
	.mount = "//OPNsense/Firewall/Category",
	.version = "1.0.0",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/category", "", "category", VERB_GET | VERB_SET }) },
};
