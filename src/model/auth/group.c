/* Group records of the Auth.Group model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "gid", &type_gid },
	{ "name", &type_text, .flags = REQUIRED, .mask = "^[a-zA-Z0-9\\.\\-_]{1,32}$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "scope", &type_text, .flags = REQUIRED, .preset = "user" },
	{ "description", &type_description },
	{ "priv", &type_priv, .flags = MANY },
	{ "priv_readonly", &type_priv, .flags = MANY | HIDDEN, .help = "Privileges that open reads only." },
	{ "member", &type_member, .flags = MANY },
	{ "source_networks", &type_network, .flags = AS_LIST },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource auth_group_resource = {
	.name = "auth.group",
	.summary = "Group records of the Auth.Group model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Auth.Group",
	.path = "group",
	.touches = PART_ACCOUNTS,
	.faces = { [OPNSENSE] = FACES(
		{ "auth/group", "", "group", CRUD }) },
};
