/* Single settings of the Wireguard.Client model. */
#include "model/types.h"

const struct resource wireguard_client_settings_resource = {
	.name = "wireguard.client_settings",
	.summary = "Single settings of the Wireguard.Client model",
	.shape = SINGLETON,
	.model = "Wireguard.Client",
	.path = "",
	.mount = "//OPNsense/wireguard/client",
	.version = "1.0.0",
	.touches = PART_VPN_WIREGUARD,
	.faces = { [OPNSENSE] = FACES(
		{ "wireguard/client", "", "client", VERB_GET | VERB_SET }) },
};
