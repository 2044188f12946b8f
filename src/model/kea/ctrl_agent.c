/* Single settings of the Kea.KeaCtrlAgent model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "general.enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "general.http_host", &type_network, .flags = REQUIRED, .settings = MASK_FORBIDDEN | ONLY_INET,
	  .preset = "127.0.0.1" },
	{ "general.http_port", &type_port, .flags = REQUIRED, .preset = "8000" },
};
/* clang-format on */

const struct resource kea_ctrl_agent_resource = {
	.name = "kea.ctrl_agent",
	.summary = "Single settings of the Kea.KeaCtrlAgent model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Kea.KeaCtrlAgent",
	.path = "",
	.mount = "//OPNsense/Kea/ctrl_agent",
	.version = "0.0.1",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/ctrl_agent", "", "ctrlagent", VERB_GET | VERB_SET }) },
};
