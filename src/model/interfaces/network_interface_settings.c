/* Single settings of the Interfaces.NetworkInterface model. */
#include "model/types.h"

const struct resource interfaces_network_interface_settings_resource = {
	.name = "interfaces.network_interface_settings",
	.summary = "Single settings of the Interfaces.NetworkInterface model",
	.shape = SINGLETON,
	.flags = IN_MEMORY,
	.model = "Interfaces.NetworkInterface",
	.path = "",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/assignment", "", "interface", VERB_GET | VERB_SET }) },
};
