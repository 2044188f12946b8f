/* system/user and system/group: auth.user and auth.group. */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed user_members[] = {
	{ "name",           NULL, FORM_ALWAYS },
	{ "descr",          NULL, FORM_ALWAYS },
	{ "scope",          NULL, FORM_ALWAYS },
	{ "uid",            NULL, FORM_ALWAYS },
	{ "priv",           NULL, FORM_LIST },
	{ "disabled",       NULL, FORM_FLAG },
	{ "expires",        NULL, FORM_TEXT },
	{ "authorizedkeys", NULL, FORM_TEXT },
	{ "bcrypt-hash",    NULL, FORM_SECRET },
	{ NULL },
};

static const struct renamed group_members[] = {
	{ "name",        NULL, FORM_ALWAYS },
	{ "description", NULL, FORM_ALWAYS },
	{ "scope",       NULL, FORM_ALWAYS },
	{ "gid",         NULL, FORM_ALWAYS },
	{ "member",      NULL, FORM_LIST },
	{ "priv",        NULL, FORM_LIST },
	{ NULL },
};
/* clang-format on */

/* A hash is never shown; one that does not come back stays. */
static void
fill_user(struct tree *tree, const struct value *object, struct record *record)
{
	const struct value *hash = value_get(object, "bcrypt-hash");

	if (is_true(hash))
		record_set(record, "password", to_string(tree_arena(tree), hash));
}

const struct mount mount_users = {
	.path = "system/user",
	.resource = "auth.user",
	.shape = MOUNT_LIST,
	.identity = "name",
	.members = user_members,
	.fill = fill_user,
};

const struct mount mount_groups = {
	.path = "system/group",
	.resource = "auth.group",
	.shape = MOUNT_LIST,
	.identity = "name",
	.members = group_members,
};
