/* Single settings of the Trust.Ca model. */
#include "model/types.h"

const struct resource trust_ca_settings_resource = {
	.name = "trust.ca_settings",
	.summary = "Single settings of the Trust.Ca model",
	.shape = SINGLETON,
	.model = "Trust.Ca",
	.path = "",
	.mount = "/ca+",
	.version = "1.0.0",
	.touches = PART_TRUST,
};
