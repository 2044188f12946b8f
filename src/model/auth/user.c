/* User records of the Auth.User model. */
#include "model/checks.h"
#include "model/types.h"

/* The gids of the groups that name the user. */
static const char *
memberships(const struct record *user, const struct view *view)
{
	return shown_of_naming(&(struct naming){ "auth.group", "member", "gid" }, record_text(user, "uid"), view);
}

/* clang-format off */
static const struct field fields[] = {
	{ "uid", &type_uid },
	{ "name", &type_username, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "disabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "scope", &type_text, .flags = REQUIRED, .preset = "user" },
	{ "expires", &type_expires },
	{ "authorizedkeys", &type_store_b64 },
	{ "otp_seed", &type_text, .flags = SECRET },
	{ "shell", &type_key_value, .source = "system list shells",
	  .blank = "Default (none for all but root)" },
	{ "password", &type_update_only, .flags = SECRET },
	{ "scrambled_password", &type_boolean, .flags = VOLATILE },
	{ "pwd_changed_at", &type_text },
	{ "landing_page", &type_text, .mask = "^\\/[a-zA-Z0-9_\\-\\.~\\/?=&#+,@!;]*$" },
	{ "comment", &type_text },
	{ "email", &type_text },
	{ "apikeys", &type_api_key, .flags = SECRET },
	{ "priv", &type_priv, .flags = MANY },
	{ "priv_readonly", &type_priv, .flags = MANY | HIDDEN, .help = "Privileges that open reads only." },
	{ "language", &type_key_value, .source = "system list locales", .blank = "Default" },
	{ "group_memberships", &type_group_membership, .flags = MANY | VOLATILE, .derive = memberships },
	{ "descr", &type_description },
	{ "dashboard", &type_json },
	{ "menu_favorites", &type_json },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

static void
check(const struct record *user, const struct view *view, struct faults *faults)
{
	const struct record *stored = stored_of(user, view);

	if (stored && is_value(user, "uid", "0") && !is_value(user, "name", record_get(stored, "name")))
		faults_add(faults, "name", FAULT_CONFLICT, "The administrator keeps the name.");
	if (!record_bool(user, "scrambled_password"))
		must_be_set(user, "password", faults, "A password is required.");
}

/* Does the list of gids name this group? */
static bool
is_membership(const struct record *group, const void *gids)
{
	return entries_have(gids, ',', record_text(group, "gid"));
}

/* Who is in a group stands with the group. */
static const struct companion *
spread(const struct record *after, const struct record *before, const struct view *view)
{
	const struct record *user = after ? after : before;
	const char          *gids = after ? record_get(after, "group_memberships") : "";

	if (after && strcmp(gids, before ? memberships(before, view) : "") == 0)
		return NULL;
	return companions_naming("auth.group", "member", record_text(user, "uid"), is_membership, gids, view);
}

const struct resource auth_user_resource = {
	.name = "auth.user",
	.summary = "User records of the Auth.User model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Auth.User",
	.path = "user",
	.spread = spread,
	.check = check,
	.touches = PART_ACCOUNTS,
	.faces = { [OPNSENSE] = FACES(
		{ "auth/user", "", "user", CRUD }) },
};
