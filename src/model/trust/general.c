/* Single settings of the Trust.General model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "store_intermediate_certs", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "install_crls", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "fetch_crls", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "enable_legacy_sect", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "enable_config_constraints", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "CipherString", &type_key_value, .flags = MANY | SORT_BY_LABEL,
	  .source = "system ssl ciphers-keyval pre-TLSv1.3" },
	{ "Ciphersuites", &type_key_value, .flags = MANY | SORT_BY_LABEL,
	  .source = "system ssl ciphers-keyval TLSv1.3" },
	{ "SignatureAlgorithms", &type_option, .flags = MANY,
	  .choices = CHOICES({ "ECDSA+SHA256" }, { "ECDSA+SHA384" }, { "ECDSA+SHA512" }, { "ed25519:ed448" },
		{ "rsa_pss_pss_sha256" }, { "rsa_pss_pss_sha384" }, { "rsa_pss_pss_sha512" }, { "rsa_pss_rsae_sha256" },
		{ "rsa_pss_rsae_sha384" }, { "rsa_pss_rsae_sha512" }, { "RSA+SHA256" }, { "RSA+SHA384" }, { "RSA+SHA512" },
		{ "ECDSA+SHA224" }, { "RSA+SHA224" }) },
	{ "groups", &type_key_value, .flags = MANY | SORT_BY_LABEL, .source = "system tls groups" },
	{ "MinProtocol", &type_option,
	  .choices = CHOICES({ "TLSv1" }, { "TLSv1.1" }, { "TLSv1.2" }, { "TLSv1.3" }) },
	{ "MinProtocol_DTLS", &type_option, .choices = CHOICES({ "DTLSv1" }, { "DTLSv1.2" }) },
};
/* clang-format on */

static void
check(const struct record *settings, const struct view *view, struct faults *faults)
{
	static const char *const limits[] = { "CipherString", "Ciphersuites", "groups", "MinProtocol", "MinProtocol_DTLS",
		                              "SignatureAlgorithms" };
	bool any = false;

	(void)view;
	for (size_t i = 0; i < COUNT(limits); i++)
		any |= is_set(settings, limits[i]);
	if (record_bool(settings, "enable_config_constraints") && !any)
		faults_add(faults, "enable_config_constraints", FAULT_CONFLICT, "Say what is to be constrained.");
}

const struct resource trust_general_resource = {
	.name = "trust.general",
	.summary = "Single settings of the Trust.General model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Trust.General",
	.path = "",
	.check = check,
	.mount = "//OPNsense/trust/general",
	.version = "1.0.2",
	.touches = PART_TRUST,
	.faces = { [OPNSENSE] = FACES(
		{ "trust/settings", "", "trust", VERB_GET | VERB_SET }) },
};
