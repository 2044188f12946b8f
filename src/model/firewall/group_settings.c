/* Single settings of the Firewall.Group model. */
#include "model/types.h"

const struct resource firewall_group_settings_resource = {
	.name = "firewall.group_settings",
	.summary = "Single settings of the Firewall.Group model",
	.shape = SINGLETON,
	.model = "Firewall.Group",
	.path = "",
	.mount = "/ifgroups",
	.version = "1.0.0",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/group", "", "group", VERB_GET | VERB_SET }) },
};
