/*
 * Diagnostic jobs: settings are checked here and handed to the box, which keeps the job, runs and ends it. Nothing of
 * it goes into the configuration.
 */
#include <string.h>

#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"

/* "ping" of "diagnostics/ping/set". */
static const char *
kind_of(const struct call *call)
{
	struct text rest = text_of(call->route->endpoint);

	text_until(&rest, '/');
	return arena_copy(call->request->arena, text_until(&rest, '/'));
}

/* The settings as JSON, for the box. */
static const char *
settings_of(struct call *call, const struct record *settings)
{
	const struct view view = call_view(call, settings);
	scoped_buffer     out = BUFFER_NONE;
	struct json       json = { .out = &out };
	struct labels    *labels = labels_make(&view, settings->resource);

	json_object(&json);
	show_leaves(&json, settings, NULL, labels);
	json_object_end(&json);
	return arena_copy(view.arena, buffer_text(&out));
}

static void
make_job(struct call *call)
{
	const struct record *before = snapshot_single(call->request->snapshot, call->route->resource->name);
	const struct value  *sent = value_get(call->input, call->route->face->root);
	struct record       *settings = verb_edit(call->request, before);
	struct faults        faults = { .arena = call->request->arena };
	const struct view    view = call_view(call, settings);
	scoped_buffer        message = BUFFER_NONE;

	if (!value_is(sent, VALUE_OBJECT) || !regular_fill(call, settings, sent)) {
		answer_invalid(call, "", NULL);
		return;
	}
	record_check(settings, before, false, &view, &faults);
	if (!faults_none(&faults)) {
		answer_invalid(call, call->route->face->root, &faults);
		return;
	}
	const struct value *job = topic_ask(call->request, &message, "job.make", "kind", kind_of(call), "settings",
					    settings_of(call, settings), NULL);
	const char *uuid = value_as_string(call->request->arena, value_get(job, "uuid"));

	if (!uuid) {
		answer_refusal(call, "Diagnostics", "%s", buffer_string(&message));
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", "ok");
	json_put_string(&call->json, "uuid", uuid);
	json_object_end(&call->json);
}

static void
search_jobs(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *jobs = topic_ask(call->request, &message, "job.list", "kind", kind_of(call), NULL);

	grid_answer(call, value_is(jobs, VALUE_LIST) ? jobs : value_list(call->request->arena), 9999);
}

/* start, stop and remove: the last word of the endpoint. */
static void
turn_job(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *verb = strrchr(call->route->endpoint, '/') + 1;
	struct value *said = topic_ask(call->request, &message, arena_print(call->request->arena, "job.%s", verb), "kind",
				       kind_of(call), "job", call_param_string(call, 0), NULL);

	answer_word(call, "status", said ? "ok" : "failed");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
#define MAKES(at) { "diagnostics/" at "/set", KIND_MODEL_SET, .lane = LANE_SLOW, .handle = make_job }
#define RUNS(at) \
	{ "diagnostics/" at "/search_jobs", KIND_GRID, .lane = LANE_SLOW, .handle = search_jobs }, \
	{ "diagnostics/" at "/start", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = turn_job, .refusal = FAILED }, \
	{ "diagnostics/" at "/stop", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = turn_job, .refusal = FAILED }, \
	{ "diagnostics/" at "/remove", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = turn_job, .refusal = FAILED }

const struct action jobs_actions[] = {
	MAKES("ping"), RUNS("ping"),
	MAKES("packet_capture"), RUNS("packet_capture"),
	MAKES("portprobe"),
	MAKES("traceroute"),
	{ NULL },
};
/* clang-format on */
