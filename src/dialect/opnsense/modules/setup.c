/* Settings whose records another name still reaches, and what there is none of. */
#include <string.h>

#include "api/verbs.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"

/* --- what there is none of -------------------------------------------------------------------- */

/* Rules of the older kind, which are converted when a configuration is imported. */
static void
count_legacy(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "ok");
	json_put_number(&call->json, "count", 0);
	json_object_end(&call->json);
}

static void
flush_legacy(struct call *call)
{
	answer_word(call, "status", "ok");
}

static void
legacy_file(struct call *call)
{
	answer_begin(call, 200, TYPE_CSV);
}

/* --- monitoring --------------------------------------------------------------------------------- */

static void
get_general(struct call *call)
{
	const struct record *settings = snapshot_single(call->request->snapshot, "monit.settings");
	const struct view    view = call_view(call, settings);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "monit");
	json_object(&call->json);
	show_record(&call->json, settings, NULL, &view);
	json_object_end(&call->json);
	json_put_string(&call->json, "result", "ok");
	json_object_end(&call->json);
}

/* Up to 25.1: is something saved that is not in force? */
static void
tell_dirty(struct call *call)
{
	const _Atomic(unsigned) *pending = call->request->service->pending;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "ok");
	json_name(&call->json, "monit");
	json_object(&call->json);
	json_put_bool(&call->json, "dirty", pending && (atomic_load(pending) & PART_MONITOR));
	json_object_end(&call->json);
	json_object_end(&call->json);
}

/* --- blocklists --------------------------------------------------------------------------------- */

static void
get_policies(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct collection *lists = snapshot_named(call->request->snapshot, "unbound.dnsbl");
	struct value            *answer = value_object(arena);

	for (size_t i = 0; i < collection_count(lists); i++)
		value_set_string(arena, answer, collection_at(lists, i)->uuid,
				 record_get(collection_at(lists, i), "description"));
	answer_value(call, answer);
}

/* One name more in a policy's list of allowed or blocked ones. */
static void
update_blocklist(struct call *call)
{
	struct arena        *arena = call->request->arena;
	const char          *domain = value_as_string(arena, value_get(call->input, "domain"));
	const char          *type = value_as_string(arena, value_get(call->input, "type"));
	const char          *uuid = value_as_string(arena, value_get(call->input, "uuid"));
	const struct record *policy =
		collection_find(snapshot_named(call->request->snapshot, "unbound.dnsbl"), text_of(uuid));
	struct faults faults = { .arena = arena };

	if (!policy || !domain || !domain[0] || !type ||
	    (strcmp(type, "allowlists") != 0 && strcmp(type, "blocklists") != 0)) {
		answer_word(call, "status", "failed");
		return;
	}
	struct record *after = verb_edit(call->request, policy);
	const char    *list = record_get(policy, type);

	if (!is_listed(list, domain))
		record_set(after, type, arena_print(arena, "%s%s%s", list, list[0] ? "," : "", domain));
	if (verb_set(call->request, policy, after, false, &faults) != RESULT_DONE) {
		answer_word(call, "status", "failed");
		return;
	}
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "OK");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
const struct action setup_actions[] = {
	{ "firewall/migration/count_rules", KIND_QUERY, .handle = count_legacy },
	{ "firewall/migration/count_outbound", KIND_QUERY, .handle = count_legacy },
	{ "firewall/migration/download_rules", KIND_CSV_DOWNLOAD, .handle = legacy_file },
	{ "firewall/migration/download_outbound", KIND_CSV_DOWNLOAD, .handle = legacy_file },
	{ "firewall/migration/flush", KIND_ACTION, .handle = flush_legacy, .refusal = FAILED },
	{ "firewall/migration/flush_outbound", KIND_ACTION, .handle = flush_legacy, .refusal = FAILED },
	{ "monit/settings/dirty", KIND_QUERY, .handle = tell_dirty },
	{ "monit/settings/get_general", KIND_QUERY, .handle = get_general },
	{ "unbound/overview/get_policies", KIND_QUERY, .handle = get_policies },
	{ "unbound/settings/update_blocklist", KIND_ACTION, .lane = LANE_COMMIT, .handle = update_blocklist,
	  .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
