/* Single settings of the Auth.Priv model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "users", &type_relation, .flags = MANY, .relations = RELATIONS({ "auth.user", "name" }) },
	{ "groups", &type_relation, .flags = MANY, .relations = RELATIONS({ "auth.group", "name" }) },
};
/* clang-format on */

const struct resource auth_priv_resource = {
	.name = "auth.priv",
	.summary = "Single settings of the Auth.Priv model",
	.shape = SINGLETON,
	.flags = IN_MEMORY,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Auth.Priv",
	.path = "",
	.touches = PART_ACCOUNTS,
	.faces = { [OPNSENSE] = FACES(
		{ "auth/priv", "", "priv", VERB_GET | VERB_SET },
		{ "auth/priv", "_item", "priv", VERB_GET | VERB_SET }) },
};
