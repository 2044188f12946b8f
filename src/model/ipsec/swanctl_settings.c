/* Single settings of the IPsec.Swanctl model. */
#include "model/types.h"

const struct resource ipsec_swanctl_settings_resource = {
	.name = "ipsec.swanctl_settings",
	.summary = "Single settings of the IPsec.Swanctl model",
	.shape = SINGLETON,
	.model = "IPsec.Swanctl",
	.path = "",
	.mount = "//OPNsense/Swanctl",
	.version = "1.0.0",
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/connections", "", "swanctl", VERB_GET | VERB_SET }) },
};
