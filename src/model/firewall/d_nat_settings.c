/* Single settings of the Firewall.DNat model. */
#include "model/types.h"

const struct resource firewall_d_nat_settings_resource = {
	.name = "firewall.d_nat_settings",
	.summary = "Single settings of the Firewall.DNat model",
	.shape = SINGLETON,
	.model = "Firewall.DNat",
	.path = "",
	.mount = "/nat/rule+",
	.version = "1.0.0",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/d_nat", "", "DNat", VERB_GET | VERB_SET }) },
};
