/* Single settings of the Interfaces.VxLan model. */
#include "model/types.h"

const struct resource interfaces_vx_lan_settings_resource = {
	.name = "interfaces.vx_lan_settings",
	.summary = "Single settings of the Interfaces.VxLan model",
	.shape = SINGLETON,
	.model = "Interfaces.VxLan",
	.path = "",
	.mount = "//OPNsense/Interfaces/vxlans",
	.version = "1.0.2",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vxlan_settings", "", "vxlan", VERB_GET | VERB_SET }) },
};
