/* Acl records of the Unbound.Unbound model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "name", &type_strict_text, .flags = REQUIRED },
	{ "action", &type_option, .flags = REQUIRED, .preset = "allow",
	  .choices = CHOICES({ "allow", "Allow" }, { "deny", "Deny" }, { "refuse", "Refuse" },
		{ "allow_snoop", "Allow Snoop" }, { "deny_non_local", "Deny Non-local" },
		{ "refuse_non_local", "Refuse Non-local" }) },
	{ "networks", &type_network, .flags = REQUIRED | AS_LIST, .settings = NO_WILDCARD | MASK_REQUIRED },
	{ "description", &type_description },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource unbound_acl_resource = {
	.name = "unbound.acl",
	.summary = "Acl records of the Unbound.Unbound model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Unbound.Unbound",
	.path = "acls.acl",
	.touches = PART_RESOLVER,
	.faces = { [OPNSENSE] = FACES(
		{ "unbound/settings", "_acl", "acl", CRUD | VERB_TOGGLE }) },
};
