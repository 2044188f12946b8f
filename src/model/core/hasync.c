/* Single settings of the Core.Hasync model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "disablepreempt", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "disconnectppps", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "pfsyncinterface", &type_interface, .settings = DYNAMIC, .blank = "Disabled",
	  .conditions = CONDITIONS({ "virtual", "^(?!1).*$" }) },
	{ "pfsyncpeerip", &type_network, .settings = MASK_FORBIDDEN },
	{ "pfsyncversion", &type_option, .flags = REQUIRED, .preset = "1400",
	  .choices = CHOICES({ "1301", "OPNsense 24.1 or below" }, { "1400", "OPNsense 24.7 or above" }) },
	{ "pfsyncdefer", &type_boolean },
	{ "synchronizetoip", &type_text },
	{ "verifypeer", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "username", &type_text },
	{ "password", &type_text },
	{ "syncitems", &type_key_value, .flags = MANY | SORT_BY_LABEL, .source = "system ha options" },
};
/* clang-format on */

const struct resource core_hasync_resource = {
	.name = "core.hasync",
	.summary = "Single settings of the Core.Hasync model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Core.Hasync",
	.path = "",
	.mount = "//hasync",
	.version = "1.0.2",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "core/hasync", "", "hasync", VERB_GET | VERB_SET }) },
};
