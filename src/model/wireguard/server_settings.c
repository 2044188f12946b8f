/* Single settings of the Wireguard.Server model. */
#include "model/types.h"

const struct resource wireguard_server_settings_resource = {
	.name = "wireguard.server_settings",
	.summary = "Single settings of the Wireguard.Server model",
	.shape = SINGLETON,
	.model = "Wireguard.Server",
	.path = "",
	.mount = "//OPNsense/wireguard/server",
	.version = "1.0.1",
	.touches = PART_VPN_WIREGUARD,
	.faces = { [OPNSENSE] = FACES(
		{ "wireguard/server", "", "server", VERB_GET | VERB_SET }) },
};
