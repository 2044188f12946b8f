/* Single settings of the Interfaces.Vlan model. */
#include "model/types.h"

const struct resource interfaces_vlan_settings_resource = {
	.name = "interfaces.vlan_settings",
	.summary = "Single settings of the Interfaces.Vlan model",
	.shape = SINGLETON,
	.model = "Interfaces.Vlan",
	.path = "",
	.mount = "/vlans",
	.version = "1.0.0",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vlan_settings", "", "vlan", VERB_GET | VERB_SET }) },
};
