/* Remote records of the IPsec.Swanctl model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "connection", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "ipsec.connection", "description" }) },
	{ "round", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "0", .min = 0,
	  .max = 10 },
	{ "auth", &type_option, .flags = REQUIRED, .preset = "psk",
	  .choices = CHOICES({ "psk", "Pre-Shared Key" }, { "pubkey", "Public Key" }, { "eap-tls", "EAP TLS" },
		{ "eap-mschapv2", "EAP-MSCHAPv2" }, { "xauth-pam", "Xauth PAM" }, { "eap-radius", "EAP RADIUS" }) },
	{ "id", &type_strict_text, .mask = "^([0-9a-zA-Z\\.\\-,_\\:\\=\\@\\%\\*\\s]){0,1024}$" },
	{ "eap_id", &type_strict_text, .mask = "^([0-9a-zA-Z\\.\\-,_\\:\\=\\@\\%\\*\\s]){0,1024}$" },
	{ "groups", &type_auth_group, .flags = MANY },
	{ "certs", &type_certificate, .flags = MANY },
	{ "cacerts", &type_certificate, .flags = MANY, .source = "ca" },
	{ "pubkeys", &type_relation, .flags = MANY, .relations = RELATIONS({ "ipsec.key_pair", "name" }) },
	{ "description", &type_description },
};
/* clang-format on */

static void
check(const struct record *remote, const struct view *view, struct faults *faults)
{
	(void)view;
	if (is_set(remote, "certs") && is_set(remote, "cacerts"))
		faults_add(faults, "certs", FAULT_CONFLICT, "Trust either certificates or their authorities.");
}

const struct resource ipsec_remote_resource = {
	.name = "ipsec.remote",
	.summary = "Remote records of the IPsec.Swanctl model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IPsec.Swanctl",
	.path = "remotes.remote",
	.check = check,
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/connections", "_remote", "remote", CRUD | VERB_TOGGLE,
		  .search = "description,round,auth,enabled", .sort = "description" }) },
};
