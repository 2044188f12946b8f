/* Tunnels that go away, and whole lists. */
#include "dialect/pfsense/actions/actions.h"

#include "api/topics.h"
#include "dialect/pfsense/coerce.h"

/* The phases 2 of a phase 1 go with it. */
unsigned
ipsec_drop_phase2(struct scope *scope)
{
	const struct value *list = tree_find(scope->tree, "ipsec/phase2");
	const int64_t       ikeid = to_integer(value_get(scope->input, "ikeid"));
	struct value       *kept = value_list(scope->arena);

	for (size_t i = 0; i < value_count(list); i++)
		if (to_integer(value_get(list->members[i].value, "ikeid")) != ikeid)
			value_add(scope->arena, kept, list->members[i].value);
	if (kept->count != value_count(list))
		tree_put(scope->tree, "ipsec/phase2", kept);
	return 0;
}

void
ipsec_initiate(struct request *request)
{
	static const char *const verbs[] = { "ipsec.disconnect", "ipsec.connect" };
	const struct value      *wanted = value_get(request->input, "initiate");
	const struct collection *phases = snapshot_named(request->snapshot, "ipsec.phase1");

	if (!value_is(wanted, VALUE_BOOL) || !wanted->truth)
		return;
	for (size_t i = 0; i < collection_count(phases); i++) {
		const char *name = arena_print(request->arena, "con%s", record_get(collection_at(phases, i), "ikeid"));

		/* One that is down has nothing to end. */
		for (size_t j = 0; j < COUNT(verbs); j++) {
			scoped_buffer message = BUFFER_NONE;

			(void)topic_ask(request, &message, verbs[j], "id", name, NULL);
		}
	}
}

/* A list that goes away as a whole is the answer. */
unsigned
list_before(struct scope *scope)
{
	const char         *path = strstr(scope->request->path.ptr, "unbound") ? "unbound/hosts" : "filter/rule";
	const struct value *list = tree_find(scope->tree, path);

	scope->object = list ? value_copy(scope->arena, list) : value_list(scope->arena);
	return 0;
}

/* Of an OpenVPN instance that is gone, how it was named. */
void
act_vpn_removed(struct scope *scope, struct outcome *outcome)
{
	static const char *const names[] = { "vpnid", "id" };

	outcome->data = value_object(scope->arena);
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct value *value = value_get(scope->input, names[i]);

		if (!is_none(value)) {
			value_set_string(scope->arena, outcome->data, names[i], to_string(scope->arena, value));
			return;
		}
	}
}
