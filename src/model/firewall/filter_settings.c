/* Single settings of the Firewall.Filter model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "general.snat_mode", &type_snat_mode, .flags = REQUIRED, .preset = "automatic",
	  .choices = CHOICES({ "automatic", "Automatic Source NAT rule generation" },
		{ "hybrid", "Hybrid Source NAT rule generation" }, { "advanced", "Manual Source NAT rule generation" },
		{ "disabled", "Disable Source NAT rule generation" }) },
};
/* clang-format on */

const struct resource firewall_filter_settings_resource = {
	.name = "firewall.filter_settings",
	.summary = "Single settings of the Firewall.Filter model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Firewall.Filter",
	.path = "",
	.mount = "//OPNsense/Firewall/Filter",
	.version = "1.0.5",
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/filter", "", "filter", VERB_GET | VERB_SET },
		{ "firewall/npt", "", "filter", VERB_GET | VERB_SET },
		{ "firewall/one_to_one", "", "filter", VERB_GET | VERB_SET },
		{ "firewall/source_nat", "", "filter", VERB_GET | VERB_SET }) },
};
