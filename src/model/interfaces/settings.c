/* Single settings of the Interfaces.Settings model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "disablechecksumoffloading", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "disablesegmentationoffloading", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "disablelargereceiveoffloading", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "disablevlanhwfilter", &type_option, .flags = REQUIRED, .preset = "2",
	  .choices = CHOICES({ "0", "Enable VLAN Hardware Filtering" }, { "1", "Disable VLAN Hardware Filtering" },
		{ "2", "Leave default" }) },
	{ "disableipv6", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "dhcp6_norelease", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "dhcp6_debug", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "dhcp6_duid", &type_duid },
	{ "dhcp6_ratimeout", &type_integer, .flags = REQUIRED, .preset = "10" },
};
/* clang-format on */

const struct resource interfaces_settings_resource = {
	.name = "interfaces.settings",
	.summary = "Single settings of the Interfaces.Settings model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Interfaces.Settings",
	.path = "",
	.mount = "//OPNsense/Interfaces/settings",
	.version = "1.0.0",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/settings", "", "settings", VERB_GET | VERB_SET }) },
};
