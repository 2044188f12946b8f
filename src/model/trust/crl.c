/* Revocation lists of the authorities. The model of its own that upstream lacks: it keeps them beside the authorities. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "refid", &type_text, .mask = "^[0-9a-f]{13}$" },
	{ "descr", &type_description, .flags = REQUIRED },
	{ "caref", &type_certificate, .flags = REQUIRED, .source = "ca" },
	{ "crlmethod", &type_option, .flags = REQUIRED, .preset = "internal",
	  .choices = CHOICES({ "internal", "Internal" }, { "existing", "Import existing" }) },
	{ "serial", &type_integer, .preset = "0" },
	{ "lifetime", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .preset = "9999", .min = 1, .max = 36500 },
	{ "text", &type_text, .help = "The signed list as PEM, in base64." },
	{ "cert", &type_text, .help = "What is revoked: lines of refid, serial number in hex, reason and time, divided by \"|\"." },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource trust_crl_resource = {
	.name = "trust.crl",
	.summary = "Revocation list of an authority",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Trust.Crl",
	.path = "crl",
	.mount = "/crl+",
	.version = "1.0.0",
	.touches = PART_TRUST,
};
