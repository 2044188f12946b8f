/* Single settings of the Interfaces.Neighbor model. */
#include "model/types.h"

const struct resource interfaces_neighbor_settings_resource = {
	.name = "interfaces.neighbor_settings",
	.summary = "Single settings of the Interfaces.Neighbor model",
	.shape = SINGLETON,
	.model = "Interfaces.Neighbor",
	.path = "",
	.mount = "//OPNsense/Interfaces/neighbors",
	.version = "1.0.0",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/neighbor_settings", "", "neighbor", VERB_GET | VERB_SET }) },
};
