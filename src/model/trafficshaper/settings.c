/* Single settings of the TrafficShaper.TrafficShaper model. */
#include "model/types.h"

const struct resource trafficshaper_settings_resource = {
	.name = "trafficshaper.settings",
	.summary = "Single settings of the TrafficShaper.TrafficShaper model",
	.shape = SINGLETON,
	.model = "TrafficShaper.TrafficShaper",
	.path = "",
	.mount = "//OPNsense/TrafficShaper",
	.version = "1.0.3",
	.touches = PART_SHAPER,
	.faces = { [OPNSENSE] = FACES(
		{ "trafficshaper/settings", "", "ts", VERB_GET | VERB_SET }) },
};
