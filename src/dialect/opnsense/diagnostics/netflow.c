/* Accounting of traffic: what is accounted, who is told, and whether it is so. */
#include <string.h>

#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"

#define LOCAL_COLLECTOR "127.0.0.1:2056" /* stands for our own archives */

static const struct record *
settings_of(const struct call *call)
{
	return snapshot_single(call->request->snapshot, "diagnostics.netflow");
}

/* --- The configuration ------------------------------------------------------------------------------------ */

static void
get_config(struct call *call)
{
	const struct view view = call_view(call, settings_of(call));

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "netflow");
	json_object(&call->json);
	show_record(&call->json, settings_of(call), NULL, &view);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

/* Who collects here is a collector among the others. */
static void
add_local(struct call *call, struct record *settings)
{
	const char *targets = record_get(settings, "capture.targets");

	if (record_bool(settings, "collect.enable") && !is_listed(targets, LOCAL_COLLECTOR))
		record_set(settings, "capture.targets",
			   arena_print(call->request->arena, "%s%s" LOCAL_COLLECTOR, targets, targets[0] ? "," : ""));
}

/* Whatever the method is, without a body there is nothing to save. */
static void
set_config(struct call *call)
{
	const struct value *sent = call_is_post(call) ? value_get(call->input, "netflow") : NULL;
	struct faults       faults = { .arena = call->request->arena };
	struct record      *after;

	if (value_is(sent, VALUE_TEXT))
		sent = value_object(call->request->arena);
	after = sent ? verb_edit(call->request, settings_of(call)) : NULL;
	if (!after || !regular_fill(call, after, sent)) {
		answer_invalid(call, "", NULL);
		return;
	}
	add_local(call, after);
	if (verb_set(call->request, settings_of(call), after, false, &faults) != RESULT_DONE || !faults_none(&faults)) {
		answer_invalid(call, "netflow", &faults);
		return;
	}
	call->request->keep = call->request->always = true;
	answer_word(call, "result", "saved");
}

/* --- What is so ---------------------------------------------------------------------------------------------- */

static void
is_enabled(struct call *call)
{
	const struct record *settings = settings_of(call);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_number(&call->json, "netflow", record_has(settings, "capture.interfaces"));
	json_put_number(&call->json, "local", record_bool(settings, "collect.enable"));
	json_object_end(&call->json);
}

static void
status(struct call *call)
{
	answer_asked(call, "Status", "netflow.status", NULL);
}

static void
cache_stats(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, "netflow.cached", NULL);

	if (value_count(said) > 0)
		answer_value(call, said);
	else
		answer_empty(call);
}

static void
reconfigure(struct call *call)
{
	const char *message = "";

	if (topic_apply(call->request, PART_FLOWS, &message) == RESULT_DONE) {
		answer_word(call, "status", "ok");
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "error");
	json_put_string(&call->json, "message", message);
	json_object_end(&call->json);
}

static void
reset(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_word(call, "status", topic_ask(call->request, &message, "insight.forget", NULL) ? "ok" : "failed");
}

/* clang-format off */
const struct action diagnostics_netflow_actions[] = {
	{ "diagnostics/netflow/getconfig", KIND_QUERY, .methods = GETS, .handle = get_config },
	{ "diagnostics/netflow/setconfig", KIND_ACTION, .methods = GETS | POSTS, .lane = LANE_COMMIT, .handle = set_config },
	{ "diagnostics/netflow/is_enabled", KIND_QUERY, .handle = is_enabled },
	{ "diagnostics/netflow/status", KIND_QUERY, .lane = LANE_SLOW, .handle = status },
	{ "diagnostics/netflow/cache_stats", KIND_QUERY, .lane = LANE_SLOW, .handle = cache_stats },
	{ "diagnostics/netflow/reconfigure", KIND_RECONFIGURE, .lane = LANE_APPLY, .handle = reconfigure,
	  .refusal = "{\"status\":\"error\"}" },
	{ "diagnostics/netflow/reset", KIND_ACTION, .lane = LANE_SLOW, .handle = reset, .refusal = "{\"status\":\"failed\"}" },
	{ NULL },
};
/* clang-format on */
