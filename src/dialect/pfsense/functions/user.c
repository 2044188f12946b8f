/* Users, groups and authentication servers, for the tables' expressions. */
#include <pwd.h>

#include "dialect/pfsense/functions.h"

#define USERS  "system/user"
#define GROUPS "system/group"

/* The list's objects by name. */
static struct value *
by_name(struct scope *scope, const char *path)
{
	const struct value *list = tree_find(scope->tree, path);
	struct value       *all = value_object(scope->arena);

	for (size_t i = 0; i < value_count(list); i++)
		value_set_text(scope->arena, all,
			       to_text(scope->arena, value_get(list->members[i].value, "name")),
			       list->members[i].value);
	return all;
}

FUNCTION(all_users)
{
	UNUSED;
	return by_name(scope, USERS);
}

FUNCTION(all_groups)
{
	UNUSED;
	return by_name(scope, GROUPS);
}

FUNCTION(user_entry)
{
	UNUSED;
	const struct value *list = tree_find(scope->tree, USERS);
	const int64_t       at = position_of(scope, USERS, "name", text(scope, A(0)));

	return at < 0 ? NULL : list->members[at].value;
}

FUNCTION(uid_exists)
{
	UNUSED;
	return say(scope, position_of(scope, USERS, "uid", text(scope, A(0))) >= 0);
}

FUNCTION(os_user_exists)
{
	UNUSED;
	const char   *name = to_string(scope->arena, A(0));
	struct passwd entry, *found = NULL;
	char          buffer[4096];

	return say(scope, getpwnam_r(name, &entry, buffer, sizeof(buffer), &found) == 0 && found);
}

/* Another group of that name, or, with a second argument, any. */
FUNCTION(group_named)
{
	UNUSED;
	const int64_t at = position_of(scope, GROUPS, "name", text(scope, A(0)));
	size_t        own;

	if (at >= 0 && count < 2 && is_index(scope->target, &own) && own == (size_t)at)
		return say(scope, false);
	return index_or_false(scope, at);
}

FUNCTION(groups_of)
{
	UNUSED;
	const struct value *list = tree_find(scope->tree, GROUPS);
	const struct text   uid = text(scope, value_get(A(0), "uid"));
	struct value       *names = value_list(scope->arena);

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *members =
			to_list(scope->arena, value_get(list->members[i].value, "member"));

		for (size_t j = 0; j < value_count(members); j++)
			if (text_equal(text(scope, members->members[j].value), uid)) {
				value_add(scope->arena, names, value_get(list->members[i].value, "name"));
				break;
			}
	}
	return names;
}

/* One more than the configuration says was given out last, and no group has. */
FUNCTION(next_gid)
{
	UNUSED;
	int64_t next = to_integer(tree_find(scope->tree, "system/nextgid"));

	if (next < 2000)
		next = 2000;
	while (position_of(scope, GROUPS, "gid", text_of(arena_print(scope->arena, "%d", (int)next))) >= 0)
		next++;
	return number(scope, next);
}

FUNCTION(next_uid)
{
	UNUSED;
	int64_t next = to_integer(tree_find(scope->tree, "system/nextuid"));

	if (next < 2000)
		next = 2000;
	while (position_of(scope, USERS, "uid", text_of(arena_print(scope->arena, "%d", (int)next))) >= 0)
		next++;
	return number(scope, next);
}

FUNCTION(authserver_exists)
{
	UNUSED;
	const struct text name = text(scope, A(0));

	if (text_is(name, "Local_Database") || text_is(name, "local") || text_is(name, "LOCAL") ||
	    text_is(name, "Local"))
		return say(scope, value_count(tree_find(scope->tree, "system/authserver")) > 0);
	return say(scope, position_of(scope, "system/authserver", "name", name) >= 0);
}

/* clang-format off */
const struct function functions_user[] = {
	{ "all_users",         0, 0, call_all_users },
	{ "all_groups",        0, 0, call_all_groups },
	{ "user_entry",        1, 1, call_user_entry },
	{ "uid_exists",        1, 1, call_uid_exists },
	{ "os_user_exists",    1, 1, call_os_user_exists },
	{ "group_named",       1, 2, call_group_named },
	{ "next_gid",          0, 0, call_next_gid },
	{ "next_uid",          0, 0, call_next_uid },
	{ "groups_of",         1, 2, call_groups_of },
	{ "authserver_exists", 1, 1, call_authserver_exists },
	{ NULL },
};
/* clang-format on */
