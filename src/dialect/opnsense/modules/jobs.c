/*
 * Diagnostic jobs and looks: settings are checked here and handed to the box, which keeps the job, runs and ends it, or looks
 * at once. Nothing of it goes into the configuration.
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

/* The settings as they were sent, checked; NULL: it is answered. */
static struct record *
read_settings(struct call *call)
{
	const struct record *before = snapshot_single(call->request->snapshot, call->route->resource->name);
	const struct value  *sent = value_get(call->input, call->route->face->root);
	struct record       *settings = verb_edit(call->request, before);
	struct faults        faults = { .arena = call->request->arena };
	const struct view    view = call_view(call, settings);

	if (!value_is(sent, VALUE_OBJECT) || !regular_fill(call, settings, sent)) {
		answer_invalid(call, "", NULL);
		return NULL;
	}
	record_check(settings, before, false, &view, &faults);
	if (faults_none(&faults))
		return settings;
	answer_invalid(call, call->route->face->root, &faults);
	return NULL;
}

static void
make_job(struct call *call)
{
	struct record *settings = read_settings(call);
	scoped_buffer  message = BUFFER_NONE;

	if (!settings)
		return;
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

/* --- what is done at once ------------------------------------------------------------------ */

static void
answer_look(struct call *call, const struct value *said, struct buffer *message)
{
	struct arena *arena = call->request->arena;
	struct value *answer = value_object(arena);

	if (!said) {
		answer_refusal(call, "Diagnostics", "%s", buffer_string(message));
		return;
	}
	value_set_string(arena, answer, "result", "ok");
	value_set(arena, answer, "response", value_copy(arena, said));
	answer_value(call, answer);
}

static void
look_dns(struct call *call)
{
	const struct record *settings = read_settings(call);
	scoped_buffer        message = BUFFER_NONE;

	if (settings)
		answer_look(call, topic_ask(call->request, &message, "look.dns", "hostname",
					    record_get(settings, "settings.hostname"), "server",
					    record_get(settings, "settings.server"), NULL), &message);
}

static void
look_route(struct call *call)
{
	const struct record *settings = read_settings(call);
	scoped_buffer        message = BUFFER_NONE;

	if (settings)
		answer_look(call, topic_ask(call->request, &message, "look.route", "hostname",
					    record_get(settings, "settings.hostname"), "ipproto",
					    record_get(settings, "settings.ipproto"), "protocol",
					    record_get(settings, "settings.protocol"), "source_address",
					    record_get(settings, "settings.source_address"), NULL), &message);
}

static void
look_port(struct call *call)
{
	const struct record *settings = read_settings(call);
	scoped_buffer        message = BUFFER_NONE;

	if (settings)
		answer_look(call, topic_ask(call->request, &message, "look.port", "hostname",
					    record_get(settings, "settings.hostname"), "port",
					    record_get(settings, "settings.port"), "ipproto",
					    record_get(settings, "settings.ipproto"), "source_address",
					    record_get(settings, "settings.source_address"), "source_port",
					    record_get(settings, "settings.source_port"), "showtext",
					    record_get(settings, "settings.showtext"), NULL), &message);
}

/* --- jobs ----------------------------------------------------------------------------------- */

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
	struct arena *arena = call->request->arena;
	const char   *verb = strrchr(call->route->endpoint, '/') + 1;
	struct value *said = topic_ask(call->request, &message, arena_print(arena, "job.%s", verb), "kind", kind_of(call), "job",
				       call_param_string(call, 0), NULL);
	struct value *processes = value_get(said, "processes"), *answer = value_object(arena);

	value_set_string(arena, answer, "status", said ? "ok" : "failed");
	if (!said)
		value_set_string(arena, answer, "status_msg", buffer_string(&message));
	if (processes)
		value_set(arena, answer, strcmp(verb, "start") == 0 ? "started_processes" : "stopped_processes", processes);
	answer_value(call, answer);
}

/* --- captures ------------------------------------------------------------------------------- */

static void
view_capture(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, "capture.view", "job", call_param_string(call, 0), "detail",
					     call_param_string(call, 1), NULL);

	if (said)
		answer_value(call, said);
	else
		answer_word(call, "status", "failed");
}

static void
download_capture(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said =
		topic_ask(call->request, &message, "capture.download", "job", call_param_string(call, 0), NULL);

	if (!value_is(said, VALUE_TEXT)) {
		answer_word(call, "status", "failed");
		return;
	}
	/* There is such a job, so the parameter is its uuid. */
	answer_file(call, "application/zip",
		    arena_print(call->request->arena, "packetcapture_%s.zip", call_param_string(call, 0)));
	buffer_add(&call->request->reply.body, said->text);
}

static void
mac_info(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, "names.mac", "mac", call_param_string(call, 0), NULL);

	if (said)
		answer_value(call, said);
	else
		answer_word(call, "status", "failed");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
#define MAKES(at) { "diagnostics/" at "/set", KIND_MODEL_SET, .lane = LANE_SLOW, .handle = make_job }
#define LOOKS(at, how) { "diagnostics/" at "/set", KIND_MODEL_SET, .lane = LANE_LONG, .handle = how }
#define RUNS(at) \
	{ "diagnostics/" at "/search_jobs", KIND_GRID, .lane = LANE_LONG, .handle = search_jobs }, \
	{ "diagnostics/" at "/start", KIND_ACTION, 1, .lane = LANE_LONG, .handle = turn_job, .refusal = FAILED }, \
	{ "diagnostics/" at "/stop", KIND_ACTION, 1, .lane = LANE_LONG, .handle = turn_job, .refusal = FAILED }, \
	{ "diagnostics/" at "/remove", KIND_ACTION, 1, .lane = LANE_LONG, .handle = turn_job, .refusal = FAILED }

const struct action jobs_actions[] = {
	MAKES("ping"), RUNS("ping"),
	MAKES("packet_capture"), RUNS("packet_capture"),
	LOOKS("portprobe", look_port),
	LOOKS("traceroute", look_route),
	LOOKS("dns_diagnostics", look_dns),
	{ "diagnostics/packet_capture/view", KIND_QUERY, 1, .lane = LANE_LONG, .handle = view_capture },
	{ "diagnostics/packet_capture/download", KIND_DOWNLOAD, 1, .lane = LANE_LONG, .handle = download_capture },
	{ "diagnostics/packet_capture/mac_info", KIND_QUERY, 1, .lane = LANE_SLOW, .handle = mac_info },
	{ NULL },
};
/* clang-format on */
