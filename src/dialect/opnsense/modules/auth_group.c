/* Groups, and who holds which privilege. */
#include <string.h>

#include "api/accounts.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/modules/readonly.h"
#include "dialect/opnsense/modules/services.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"

static bool
stored_group(struct call *call, const struct record *before, const struct record *group)
{
	(void)before;
	(void)group;
	if (account_keeps_access(call->request, "api/auth/user"))
		return true;
	answer_refusal(call, "Group", "This would lock you out.");
	return false;
}

static bool
prepare_group(struct call *call, const struct record *before, struct record *group, struct faults *faults)
{
	readonly_take(call, group, faults);
	if (before)
		record_set(group, "scope", record_get(before, "scope"));
	return true;
}

static bool
removing_group(struct call *call, const struct record *group)
{
	if (strcmp(record_get(group, "scope"), "system") != 0)
		return true;
	answer_refusal(call, "Group", "%s belongs to the system and stays.", record_get(group, "name"));
	return false;
}

/* --- privileges ----------------------------------------------------------------------------- */

/* Who can hold a privilege, and how; upstream knows the first two. */
static const struct {
	const char *name, *resource, *field;
} grants[] = {
	{ "users", "auth.user", "priv" },
	{ "groups", "auth.group", "priv" },
	{ "readonly_users", "auth.user", "priv_readonly" },
	{ "readonly_groups", "auth.group", "priv_readonly" },
};
#define UPSTREAM_GRANTS 2

/* The names of the users or groups that hold a privilege themselves. */
static struct value *
holders(struct call *call, const char *resource, const char *field, const char *privilege)
{
	struct arena            *arena = call->request->arena;
	const struct collection *records = snapshot_named(call->request->snapshot, resource);
	struct value            *names = value_list(arena);

	for (size_t i = 0; i < collection_count(records); i++)
		if (text_lists(record_text(collection_at(records, i), field), text_of(privilege)))
			value_add(arena, names, value_string(arena, record_get(collection_at(records, i), "name")));
	return names;
}

static void
search_privileges(struct call *call)
{
	struct arena *arena = call->request->arena;
	struct value *rows = value_list(arena);

	for (size_t i = 0; i < acl_privileges_count; i++) {
		const struct privilege *privilege = &acl_privileges[i];
		struct value           *row = value_object(arena);
		scoped_buffer           patterns = BUFFER_NONE;

		for (size_t j = 0; privilege->patterns && privilege->patterns[j]; j++)
			buffer_print(&patterns, "%s%s", j ? "\n" : "", privilege->patterns[j]);
		value_set_string(arena, row, "id", privilege->id);
		value_set_string(arena, row, "name", privilege->name);
		value_set_string(arena, row, "match", buffer_string(&patterns));
		for (size_t j = 0; j < (readonly_is_asked(call) ? COUNT(grants) : UPSTREAM_GRANTS); j++)
			value_set(arena, row, grants[j].name,
				  holders(call, grants[j].resource, grants[j].field, privilege->id));
		value_add(arena, rows, row);
	}
	grid_answer(call, rows, 9999);
}

static void
put_holders(struct call *call, size_t grant, const char *privilege)
{
	const struct collection *records = snapshot_named(call->request->snapshot, grants[grant].resource);

	json_name(&call->json, grants[grant].name);
	if (collection_count(records) == 0) {
		json_list(&call->json);
		json_list_end(&call->json);
		return;
	}
	json_object(&call->json);
	for (size_t i = 0; i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);

		json_name(&call->json, record->uuid);
		json_object(&call->json);
		json_put_string(&call->json, "value", record_get(record, "name"));
		json_put_number(&call->json, "selected", text_lists(record_text(record, grants[grant].field), text_of(privilege)));
		json_object_end(&call->json);
	}
	json_object_end(&call->json);
}

static void
get_privilege(struct call *call)
{
	const struct privilege *privilege = acl_find(call_param(call, 0));

	if (call->nparams && !privilege) {
		answer_empty(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "priv");
	json_object(&call->json);
	if (privilege)
		json_put_string(&call->json, "id", privilege->id);
	for (size_t i = 0; i < (readonly_is_asked(call) ? COUNT(grants) : UPSTREAM_GRANTS); i++)
		put_holders(call, i, privilege ? privilege->id : "");
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static const char *
with_privilege(struct arena *arena, const char *list, const char *privilege, bool held)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = text_of(list), one;

	while (text_next(&rest, ",", &one))
		if (!text_is(one, privilege))
			buffer_print(&out, "%s%.*s", out.len ? "," : "", TEXT_ARGS(one));
	if (held)
		buffer_print(&out, "%s%s", out.len ? "," : "", privilege);
	return arena_copy(arena, buffer_text(&out));
}

/* Those who are listed hold the privilege, all others do not. */
static void
give_privilege(struct call *call, size_t grant, const char *uuids, const char *privilege)
{
	struct arena *arena = call->request->arena;
	const char   *field = grants[grant].field;

	for (size_t i = 0;; i++) {
		const struct collection *records =
			snapshot_named(call->request->snapshot, grants[grant].resource);

		if (i >= collection_count(records))
			return;
		const struct record *record = collection_at(records, i);
		const bool           held = text_lists(text_of(uuids), text_of(record->uuid));

		if (held == text_lists(record_text(record, field), text_of(privilege)))
			continue;
		struct record *after = record_copy(arena, record);

		record_set(after, field, with_privilege(arena, record_get(record, field), privilege, held));
		change_put(call->request->change, after);
	}
}

static void
set_privilege(struct call *call)
{
	struct arena           *arena = call->request->arena;
	const struct privilege *privilege = acl_find(call_param(call, 0));

	if (!privilege || !value_get(call->input, "priv")) {
		answer_word(call, "result", "failed");
		return;
	}
	for (size_t i = 0; i < COUNT(grants); i++) {
		const char *uuids = value_as_string(
			arena, value_path(call->input, arena_print(arena, "priv.%s", grants[i].name)));

		if (uuids)
			give_privilege(call, i, uuids, privilege->id);
	}
	if (!account_keeps_access(call->request, "api/auth/user")) {
		answer_refusal(call, "Privilege", "This would lock you out.");
		return;
	}
	call->request->keep = call->request->always = true;
	answer_word(call, "result", "saved");
}

/* clang-format off */
static const struct twist group_twist = { .prepare = prepare_group, .stored = stored_group, .removing = removing_group,
	.extra = readonly_show, .columns = readonly_column };

const struct action auth_group_actions[] = {
	{ "auth/group/search", KIND_SEARCH, .twist = &group_twist },
	{ "auth/group/get", KIND_GET, .twist = &group_twist },
	{ "auth/group/add", KIND_ADD, .twist = &group_twist, .finish = accounts_follow },
	{ "auth/group/set", KIND_SET, .twist = &group_twist, .finish = accounts_follow },
	{ "auth/group/del", KIND_DELETE, .twist = &group_twist, .finish = accounts_follow },
	{ "auth/priv/search", KIND_GRID, .handle = search_privileges },
	{ "auth/priv/get_item", KIND_MODEL_GET, .handle = get_privilege },
	{ "auth/priv/set_item", KIND_MODEL_SET, 1, .lane = LANE_COMMIT, .handle = set_privilege,
	  .finish = accounts_follow },
	{ NULL },
};
/* clang-format on */
