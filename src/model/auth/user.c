/* User records of the Auth.User model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "uid", &type_uid },
	{ "name", &type_username, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "disabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "scope", &type_text, .flags = REQUIRED, .preset = "user" },
	{ "expires", &type_expires },
	{ "authorizedkeys", &type_store_b64 },
	{ "otp_seed", &type_text },
	{ "shell", &type_key_value, .source = "system list shells",
	  .blank = "Default (none for all but root)" },
	{ "password", &type_update_only },
	{ "scrambled_password", &type_boolean, .flags = VOLATILE },
	{ "pwd_changed_at", &type_text },
	{ "landing_page", &type_text, .mask = "^\\/[a-zA-Z0-9_\\-\\.~\\/?=&#+,@!;]*$" },
	{ "comment", &type_text },
	{ "email", &type_text },
	{ "apikeys", &type_api_key },
	{ "priv", &type_priv, .flags = MANY },
	{ "language", &type_key_value, .source = "system list locales", .blank = "Default" },
	{ "group_memberships", &type_group_membership, .flags = MANY | VOLATILE },
	{ "descr", &type_description },
	{ "dashboard", &type_json },
	{ "menu_favorites", &type_json },
};
/* clang-format on */

const struct resource auth_user_resource = {
	.name = "auth.user",
	.summary = "User records of the Auth.User model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Auth.User",
	.path = "user",
	.touches = PART_ACCOUNTS,
	.faces = { [OPNSENSE] = FACES(
		{ "auth/user", "", "user", CRUD }) },
};
