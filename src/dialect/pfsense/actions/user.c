/* Users and groups: passwords, memberships and privileges. */
#include "dialect/pfsense/actions/actions.h"

#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/function.h"
#include "dialect/pfsense/state.h"

static struct value *
call(struct scope *scope, const char *name, struct value *argument)
{
	struct value *const arguments[] = { argument };

	return function_find(text_of(name))->call(scope, arguments, argument ? 1 : 0, TEXT_NONE);
}

/* The hash was made before on LANE_SLOW, where that may take its time (serve.c). */
unsigned
user_password(struct scope *scope)
{
	const struct state *state = state_of(scope->request);

	if (state->password_hash)
		value_set_string(scope->arena, scope->object, "bcrypt-hash", state->password_hash);
	return 0;
}

/* A hash is nobody's business. */
void
act_user(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_copy(scope->arena, scope->object);
	value_remove(outcome->data, "bcrypt-hash");
}

/* --- groups ---------------------------------------------------------------------------------- */

/* A number when it is one: ids are shown so. */
static struct value *
as_number(struct scope *scope, const struct value *value)
{
	return is_numeric(value) ? value_integer(scope->arena, to_integer(value)) :
				   value_copy(scope->arena, value);
}

static struct value *
group_shown(struct scope *scope, const struct value *group)
{
	struct value       *shown = value_copy(scope->arena, group);
	const struct value *members = to_list(scope->arena, value_get(shown, "member"));
	struct value       *numbers = value_list(scope->arena);
	struct value       *gid = value_get(shown, "gid");

	for (size_t i = 0; i < value_count(members); i++)
		value_add(scope->arena, numbers, as_number(scope, members->members[i].value));
	if (gid)
		value_set(scope->arena, shown, "gid", as_number(scope, gid));
	value_set(scope->arena, shown, "member", numbers);
	value_set(scope->arena, shown, "priv", to_list(scope->arena, value_get(shown, "priv")));
	return shown;
}

void
act_group(struct scope *scope, struct outcome *outcome)
{
	outcome->data = group_shown(scope, scope->object);
}

void
act_groups(struct scope *scope, struct outcome *outcome)
{
	const struct value *groups = tree_find(scope->tree, "system/group");

	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(groups); i++)
		value_add(scope->arena, outcome->data, group_shown(scope, groups->members[i].value));
}

static const struct value *
user_asked(struct scope *scope)
{
	return call(scope, "user_entry", value_get(scope->input, "username"));
}

/* Put a user's uid among a group's members, or take it out. */
static void
set_membership(struct scope *scope, const struct value *group_name, bool member)
{
	const struct value *groups = tree_find(scope->tree, "system/group");
	const struct value *uid = value_get(user_asked(scope), "uid");

	for (size_t i = 0; i < value_count(groups); i++) {
		const struct value *group = groups->members[i].value;
		const struct value *now = to_list(scope->arena, value_get(group, "member"));
		struct value       *members = value_list(scope->arena);

		if (!is_alike(value_get(group, "name"), group_name))
			continue;
		for (size_t j = 0; j < value_count(now); j++)
			if (!is_alike(now->members[j].value, uid))
				value_add(scope->arena, members, now->members[j].value);
		if (member)
			value_add(scope->arena, members, value_copy(scope->arena, uid));
		tree_put(scope->tree, arena_print(scope->arena, "system/group/%zu/member", i), members);
	}
}

static unsigned
change_members(struct scope *scope, bool member)
{
	const struct value *names = to_list(scope->arena, value_get(scope->input, "group"));

	for (size_t i = 0; i < value_count(names); i++)
		set_membership(scope, names->members[i].value, member);
	return 0;
}

unsigned
member_add(struct scope *scope)
{
	return change_members(scope, true);
}

unsigned
member_drop(struct scope *scope)
{
	return change_members(scope, false);
}

void
act_member_groups(struct scope *scope, struct outcome *outcome)
{
	outcome->data = call(scope, "groups_of", (struct value *)user_asked(scope));
}

void
act_given_groups(struct scope *scope, struct outcome *outcome)
{
	outcome->data = to_list(scope->arena, value_get(scope->input, "group"));
}

/* --- privileges ------------------------------------------------------------------------------ */

unsigned
privilege_drop(struct scope *scope)
{
	const struct value *held = to_list(scope->arena, value_get(scope->object, "priv"));
	const struct value *dropped = to_list(scope->arena, value_get(scope->input, "priv"));
	struct value       *kept = value_list(scope->arena);

	for (size_t i = 0; i < value_count(held); i++) {
		bool drop = false;

		for (size_t j = 0; j < value_count(dropped); j++)
			drop = drop || is_alike(held->members[i].value, dropped->members[j].value);
		if (!drop)
			value_add(scope->arena, kept, held->members[i].value);
	}
	value_set(scope->arena, scope->object, "priv", kept);
	return 0;
}

void
act_user_privileges(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_get(scope->object, "priv");
}

/* user/auth_server/ldap and .../radius: the servers of that kind. */
void
act_auth_servers(struct scope *scope, struct outcome *outcome)
{
	const struct value *servers = tree_find(scope->tree, "system/authserver");
	const char         *kind = strstr(scope->request->path.ptr, "radius") ? "radius" : "ldap";

	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(servers); i++)
		if (text_is(to_text(scope->arena, value_get(servers->members[i].value, "type")), kind))
			value_add(scope->arena, outcome->data, servers->members[i].value);
}
