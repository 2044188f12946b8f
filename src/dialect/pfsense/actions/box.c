/* The box's name, resolvers and configuration as a whole; its version and history. */
#include "dialect/pfsense/actions/actions.h"

#include "dialect/pfsense/coerce.h"

static bool
is_on(const struct value *value)
{
	return value_is(value, VALUE_BOOL) && value->truth;
}

static bool
is_off(const struct value *value)
{
	return value_is(value, VALUE_BOOL) && !value->truth;
}

static void
remove_member(struct scope *scope, const char *section, const char *member)
{
	const struct text steps[] = { text_of(section), text_of(member) };

	tree_remove(scope->tree, steps, 2);
}

unsigned
hostname_put(struct scope *scope)
{
	static const char *const members[] = { "hostname", "domain" };

	for (size_t i = 0; i < COUNT(members); i++) {
		const struct value *value = value_get(scope->input, members[i]);

		if (!is_none(value))
			tree_put(scope->tree, arena_print(scope->arena, "system/%s", members[i]),
				 value_text(scope->arena, to_text(scope->arena, value)));
	}
	return 0;
}

void
act_hostname(struct scope *scope, struct outcome *outcome)
{
	static const char *const members[] = { "hostname", "domain" };

	outcome->data = value_object(scope->arena);
	for (size_t i = 0; i < COUNT(members); i++) {
		struct value *value =
			tree_find(scope->tree, arena_print(scope->arena, "system/%s", members[i]));

		if (is_true(value))
			value_set(scope->arena, outcome->data, members[i], value);
	}
}

unsigned
dns_put(struct scope *scope)
{
	struct value       *servers = value_get(scope->input, "dnsserver");
	const struct value *override = value_get(scope->input, "dnsallowoverride");
	const struct value *local = value_get(scope->input, "dnslocalhost");

	if (!is_none(servers))
		tree_put(scope->tree, "system/dnsserver", servers);
	if (is_on(override))
		tree_put(scope->tree, "system/dnsallowoverride", value_string(scope->arena, ""));
	else if (is_off(override))
		remove_member(scope, "system", "dnsallowoverride");
	if (is_on(local))
		remove_member(scope, "system", "dnslocalhost");
	else if (is_off(local))
		tree_put(scope->tree, "system/dnslocalhost", value_string(scope->arena, "remote"));
	return 0;
}

void
act_dns(struct scope *scope, struct outcome *outcome)
{
	struct value      *servers = tree_find(scope->tree, "system/dnsserver");
	const struct value *override = tree_find(scope->tree, "system/dnsallowoverride");
	const struct text   local = to_text(scope->arena, tree_find(scope->tree, "system/dnslocalhost"));

	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "dnsserver", to_list(scope->arena, servers));
	value_set(scope->arena, outcome->data, "dnsallowoverride",
		  value_bool(scope->arena, !is_none(override)));
	value_set(scope->arena, outcome->data, "dnslocalhost",
		  value_bool(scope->arena, !text_is(local, "remote")));
}

void
act_console(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "disableconsolemenu",
		  value_bool(scope->arena,
			     !is_none(tree_find(scope->tree, "system/disableconsolemenu"))));
}

/* --- the configuration as a whole ------------------------------------------------------------ */

void
act_config(struct scope *scope, struct outcome *outcome)
{
	outcome->data = tree_get(scope->tree, NULL, 0);
}

static void
drop_names(struct value *object)
{
	value_remove(object, "\001");
	value_remove(object, "\002");
}

/* Members with our own name for uuids are nothing that a client may say. */
static void
drop_own(struct value *value)
{
	if (value_is(value, VALUE_OBJECT))
		drop_names(value);
	for (size_t i = 0; i < value_count(value); i++)
		drop_own(value->members[i].value);
}

unsigned
config_replace(struct scope *scope)
{
	const struct value *now = tree_get(scope->tree, NULL, 0);

	drop_own(scope->input);
	for (size_t i = 0; i < value_count(now); i++)
		if (!value_get_text(scope->input, now->members[i].name))
			tree_set(scope->tree, &now->members[i].name, 1, NULL);
	for (size_t i = 0; i < value_count(scope->input); i++) {
		const struct member *section = &scope->input->members[i];

		if (section->name.len && section->name.len < UUID_LENGTH && section->name.ptr[0] != '_' &&
		    !text_is(section->name, "client-id") && !text_is(section->name, "client-token"))
			tree_set(scope->tree, &section->name, 1, section->value);
	}
	return 0;
}

void
act_request_body(struct scope *scope, struct outcome *outcome)
{
	outcome->data = scope->input;
}

void
act_history(struct scope *scope, struct outcome *outcome)
{
	struct history history = { 0 };

	outcome->data = value_list(scope->arena);
	if (!scope->request->service->store ||
	    store_revisions(scope->request->service->store, scope->arena, 30, 0, &history) != RESULT_DONE)
		return;
	for (size_t i = 0; i < history.count; i++) {
		const struct revision *revision = &history.revisions[i];
		struct value          *one = value_object(scope->arena);
		const char            *user = revision->author.user ? revision->author.user : "system";
		const char            *address = revision->author.address ? revision->author.address : "";

		value_set(scope->arena, one, "time", value_integer(scope->arena, revision->time / 1000000));
		value_set_string(scope->arena, one, "description",
				 arena_print(scope->arena, "%s@%s (Local Database): %s", user, address,
					     revision->note && revision->note[0] ? revision->note :
										   revision->author.endpoint));
		value_set_string(scope->arena, one, "version",
				 to_string(scope->arena, tree_find(scope->tree, "version")));
		value_set(scope->arena, one, "filesize",
			  value_integer(scope->arena, (int64_t)revision->bytes));
		value_set_string(scope->arena, one, "username",
				 arena_print(scope->arena, "%s@%s (Local Database)", user, address));
		value_add(scope->arena, outcome->data, one);
	}
}

/* --- versions, tunables and packages --------------------------------------------------------- */

/* What clients of this API know the box as. */
#define VERSION "2.7.2-RELEASE"

void
act_version(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_object(scope->arena);
	value_set_string(scope->arena, outcome->data, "version", VERSION);
	value_set_string(scope->arena, outcome->data, "base", "2.7.2");
	value_set_string(scope->arena, outcome->data, "patch", "0");
	value_set_string(scope->arena, outcome->data, "buildtime", "");
	value_set_string(scope->arena, outcome->data, "lastcommit", scope->request->service->version);
	value_set(scope->arena, outcome->data, "program", value_real(scope->arena, 23.3));
}

/* Debian updates Debian: there is never another version of this kind. */
void
act_upgrade(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_object(scope->arena);
	value_set_string(scope->arena, outcome->data, "version", VERSION);
	value_set_string(scope->arena, outcome->data, "installed_version", VERSION);
	value_set_string(scope->arena, outcome->data, "pkg_version_compare", "=");
}

void
act_tunables(struct scope *scope, struct outcome *outcome)
{
	outcome->data = tree_find(scope->tree, "sysctl/item");
}
