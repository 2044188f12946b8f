/* Single settings of the Trust.Cert model. */
#include "model/types.h"

const struct resource trust_cert_settings_resource = {
	.name = "trust.cert_settings",
	.summary = "Single settings of the Trust.Cert model",
	.shape = SINGLETON,
	.model = "Trust.Cert",
	.path = "",
	.mount = "/cert+",
	.version = "1.0.0",
	.touches = PART_TRUST,
};
