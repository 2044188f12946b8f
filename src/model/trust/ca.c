/* Ca records of the Trust.Ca model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "refid", &type_text, .mask = "^[0-9a-f]{13}$" },
	{ "descr", &type_description, .flags = REQUIRED },
	{ "crt", &type_text },
	{ "prv", &type_text, .flags = SECRET },
	{ "serial", &type_integer },
	{ "caref", &type_certificate, .source = "ca", .blank = "self-signed" },
	{ "action", &type_option, .flags = REQUIRED | VOLATILE, .preset = "internal",
	  .choices = CHOICES({ "existing", "Import an existing Certificate Authority" },
		{ "internal", "Create an internal Certificate Authority" }, { "ocsp", "Create an OCSP signing certificate" }) },
	{ "key_type", &type_option, .flags = REQUIRED | VOLATILE, .preset = "2048",
	  .choices = CHOICES({ "512", "RSA-512" }, { "1024", "RSA-1024" }, { "2048", "RSA-2048" },
		{ "3072", "RSA-3072" }, { "4096", "RSA-4096" }, { "7680", "RSA-7680" }, { "8192", "RSA-8192" },
		{ "prime256v1", "Elliptic Curve prime256v1" }, { "secp384r1", "Elliptic Curve secp384r1" },
		{ "secp521r1", "Elliptic Curve secp521r1" }) },
	{ "digest", &type_option, .flags = REQUIRED | VOLATILE, .preset = "sha256",
	  .choices = CHOICES({ "sha1", "SHA1" }, { "sha224", "SHA224" }, { "sha256", "SHA256" },
		{ "sha384", "SHA384" }, { "sha512", "SHA512" }) },
	{ "lifetime", &type_integer, .flags = REQUIRED | VOLATILE, .preset = "825" },
	{ "city", &type_text, .flags = VOLATILE, .mask = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\n]*$" },
	{ "state", &type_text, .flags = VOLATILE, .mask = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\n]*$" },
	{ "organization", &type_text, .flags = VOLATILE, .mask = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\n]*$" },
	{ "organizationalunit", &type_text, .flags = VOLATILE,
	  .mask = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\n]*$" },
	{ "country", &type_country, .flags = REQUIRED | VOLATILE, .preset = "NL" },
	{ "email", &type_text, .flags = VOLATILE, .mask = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\n]*$" },
	{ "commonname", &type_text, .flags = VOLATILE, .mask = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\n]*$" },
	{ "ocsp_uri", &type_url, .flags = VOLATILE },
	{ "crt_payload", &type_text, .flags = VOLATILE },
	{ "prv_payload", &type_text, .flags = VOLATILE },
	{ "refcount", &type_integer, .flags = VOLATILE },
	{ "name", &type_text, .flags = VOLATILE },
	{ "valid_from", &type_text, .flags = VOLATILE },
	{ "valid_to", &type_text, .flags = VOLATILE },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource trust_ca_resource = {
	.name = "trust.ca",
	.summary = "Ca records of the Trust.Ca model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Trust.Ca",
	.path = "ca",
	.touches = PART_TRUST,
	.faces = { [OPNSENSE] = FACES(
		{ "trust/ca", "", "ca", CRUD }) },
};
