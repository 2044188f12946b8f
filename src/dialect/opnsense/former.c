/*
 * What clients of older releases send and read. Blocklists are the large part: up to 25.7 there was
 * one block of settings (unbound.dnsbl), now there are policies, of which that block is the first.
 */
#include "dialect/opnsense/former.h"

#include <string.h>

#include "api/older/older.h"
#include "api/verbs.h"
#include "dialect/opnsense/body.h"
#include "schema/type.h"

/* --- switches ------------------------------------------------------------------------------- */

static const struct {
	const char *resource, *member, *field, *on, *off;
} switches[] = {
	{ "routes.route", "disabled", "enabled", "0", "1" },                 /* up to 26.1 */
	{ "ids.settings", "general.ips", "general.mode", "netmap", "pcap" }, /* up to 25.7 */
	{ "unbound.settings", "dnsbl.safesearch", "general.safesearch", "1", "0" }, /* up to 25.7 */
};

bool
former_fill(struct call *call, struct record *record, const struct value *sent)
{
	bool wrong = false;

	for (size_t i = 0; i < COUNT(switches); i++) {
		if (strcmp(switches[i].resource, record->resource->name) != 0 ||
		    body_find(sent, switches[i].field, &wrong))
			continue;
		const struct value *value = body_find(sent, switches[i].member, &wrong);
		const char *text = value ? value_as_string(call->request->arena, value) : NULL;

		if (!value)
			continue;
		if (!text || (strcmp(text, "1") != 0 && strcmp(text, "0") != 0 && text[0] != '\0'))
			return false;
		record_set(record, switches[i].field, text[0] == '1' ? switches[i].on : switches[i].off);
	}
	return !wrong;
}

/* --- the block of blocklists ---------------------------------------------------------------- */

#define MODEL    "Unbound.Unbound"
#define POLICIES "unbound.dnsbl"
#define SETTINGS "unbound.settings"

static const struct record *
first_policy(const struct snapshot *snapshot)
{
	const struct collection *policies = snapshot_named(snapshot, POLICIES);

	return collection_count(policies) ? collection_at(policies, 0) : NULL;
}

/* Where clients find a member of the block. */
static const char *
path_of(struct arena *arena, size_t member)
{
	return arena_print(arena, "dnsbl.%s", older_blocklist[member].name);
}

const struct former *
former_block(const struct view *view, const char *model, size_t *count)
{
	if (strcmp(model, MODEL) != 0)
		return NULL;
	struct former       *members = ARENA_MAKE(view->arena, struct former, older_blocklist_count);
	const struct record *policy = first_policy(view->snapshot);
	const struct record *settings = snapshot_single(view->snapshot, SETTINGS);

	if (!policy)
		policy = older_blocklist_blank(view->arena, snapshot_schema(view->snapshot));
	for (size_t i = 0; i < older_blocklist_count; i++) {
		const struct older_member *member = &older_blocklist[i];
		const struct record       *record = strcmp(member->resource, POLICIES) == 0 ? policy : settings;

		members[i] = (struct former){ path_of(view->arena, i), record, resource_field(record->resource, member->field) };
	}
	*count = older_blocklist_count;
	return members;
}

/* Wrong: something is no text. */
static bool
fill_policy(struct call *call, struct record *policy, const struct value *sent)
{
	const struct view view = call_view(call, policy);

	for (size_t i = 0; i < older_blocklist_count; i++) {
		const struct value *value = value_get(sent, older_blocklist[i].name);

		if (!value || strcmp(older_blocklist[i].resource, POLICIES) != 0)
			continue;
		const size_t field = resource_field(policy->resource, older_blocklist[i].field);
		const char  *text = value_as_string(call->request->arena, value);

		if (!text)
			return false;
		record_put(policy, field, field_normal(&policy->resource->fields[field], text, &view));
	}
	return true;
}

/* What is wrong with the policy is said of the members that were sent. */
static void
add_faults(struct faults *faults, const struct faults *found)
{
	for (const struct fault *fault = found->first; fault; fault = fault->next) {
		const char *path = fault->field;

		for (size_t i = 0; i < older_blocklist_count; i++)
			if (strcmp(older_blocklist[i].field, fault->field) == 0)
				path = path_of(found->arena, i);
		faults_add(faults, path, fault->kind, "%s", fault->message);
	}
}

static void
keep_policy(struct call *call, const struct record *before, struct record *policy, struct faults *faults)
{
	struct faults found = { .arena = call->request->arena };

	if (before)
		verb_set(call->request, before, policy, false, &found);
	else
		verb_add(call->request, policy, &found);
	add_faults(faults, &found);
}

bool
former_set_block(struct call *call, const char *model, const struct value *sent, struct faults *faults)
{
	const struct value  *own = value_get(sent, "dnsbl");
	const struct record *before = first_policy(call->request->snapshot);
	struct record       *policy, *blank;

	if (strcmp(model, MODEL) != 0 || !value_is(own, VALUE_OBJECT) || value_get(own, "blocklist"))
		return true;
	if (before) {
		policy = verb_edit(call->request, before);
	} else {
		policy = verb_fresh(call->request, schema_named(call->request->service->schema, POLICIES));
		record_set(policy, "enabled", "0");
		record_set(policy, "description", "Blocklist");
	}
	blank = record_copy(call->request->arena, policy);
	if (!fill_policy(call, policy, own))
		return false;
	if (!record_same(blank, policy))
		keep_policy(call, before, policy, faults);
	return true;
}
