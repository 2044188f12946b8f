/* Single settings of the OpenVPN.OpenVPN model. */
#include "model/types.h"

const struct resource openvpn_settings_resource = {
	.name = "openvpn.settings",
	.summary = "Single settings of the OpenVPN.OpenVPN model",
	.shape = SINGLETON,
	.model = "OpenVPN.OpenVPN",
	.path = "",
	.mount = "//OPNsense/OpenVPN",
	.version = "1.0.1",
	.touches = PART_VPN_OPENVPN | PART_FILTER,
};
