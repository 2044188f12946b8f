/* Single settings of the OpenVPN.Export model. */
#include "model/types.h"

const struct resource openvpn_export_settings_resource = {
	.name = "openvpn.export_settings",
	.summary = "Single settings of the OpenVPN.Export model",
	.shape = SINGLETON,
	.model = "OpenVPN.Export",
	.path = "",
	.mount = "//OPNsense/OpenVPNExport",
	.version = "0.0.1",
	.touches = PART_VPN_OPENVPN,
};
