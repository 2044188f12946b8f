/* Single settings of the DHCRelay.DHCRelay model. */
#include "model/types.h"

const struct resource dhcrelay_settings_resource = {
	.name = "dhcrelay.settings",
	.summary = "Single settings of the DHCRelay.DHCRelay model",
	.shape = SINGLETON,
	.model = "DHCRelay.DHCRelay",
	.path = "",
	.mount = "//OPNsense/DHCRelay",
	.version = "1.0.1",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dhcrelay/settings", "", "dhcrelay", VERB_GET | VERB_SET }) },
};
