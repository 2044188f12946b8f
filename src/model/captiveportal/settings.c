/* Single settings of the CaptivePortal.CaptivePortal model. */
#include "model/types.h"

const struct resource captiveportal_settings_resource = {
	.name = "captiveportal.settings",
	.summary = "Single settings of the CaptivePortal.CaptivePortal model",
	.shape = SINGLETON,
	.model = "CaptivePortal.CaptivePortal",
	.path = "",
	.mount = "//OPNsense/captiveportal",
	.version = "1.0.5",
	.faces = { [OPNSENSE] = FACES(
		{ "captiveportal/settings", "", "zone", VERB_GET | VERB_SET },
		{ "captiveportal/template", "", "template", VERB_GET | VERB_SET }) },
};
