/*
 * Jobs on packages: each is begun here, runs in the background, and is followed with upgradestatus. The machine's own
 * package manager does it; where the packages are not ours, that is the answer.
 */
#include "dialect/opnsense/firmware/firmware.h"

#include <string.h>

#include "api/packages.h"
#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"

static void
answer_begun(struct call *call, bool is_begun, const struct buffer *message)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", is_begun ? "ok" : "failure");
	if (is_begun)
		json_put_string(&call->json, "msg_uuid", uuid_new().text);
	else
		json_put_string(&call->json, "status_msg", buffer_string(message));
	json_object_end(&call->json);
}

/* The last word of the endpoint is the action. */
static void
start(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *action = strrchr(call->route->endpoint, '/') + 1;
	const char         *name = call->route->params ? call_param_string(call, 0) : "";
	const struct value *said =
		topic_ask(call->request, &message, "packages.start", "action", action, "name", name, NULL);

	answer_begun(call, said, &message);
}

static void
turn(struct call *call, const char *topic)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, topic, NULL);

	answer_begun(call, said, &message);
}

static void
reboot(struct call *call)
{
	turn(call, "system.reboot");
}

static void
poweroff(struct call *call)
{
	turn(call, "system.halt");
}

/* --- following ------------------------------------------------------------------------------ */

static void
running(struct call *call)
{
	answer_word(call, "status", firmware_is(firmware_job(call, false), "running") ? "busy" : "ready");
}

static void
upgradestatus(struct call *call)
{
	const struct value *job = firmware_job(call, false);
	const char         *log = value_as_string(call->request->arena, value_get(job, "log"));

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status",
			firmware_is(job, "running") ? "running" : firmware_is(job, "failed") ? "error" : "done");
	json_put_string(&call->json, "log", log ? log : "");
	json_object_end(&call->json);
}

/* 0 shows the log of the last job, anything else forgets it. */
static void
show_log(struct call *call)
{
	const bool          clears = !text_is(call_param(call, 0), "0");
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = clears ? topic_ask(call->request, &message, "packages.forget", NULL)
					  : firmware_job(call, false);
	const char         *log = value_as_string(call->request->arena, value_get(said, "log"));

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", said ? "ok" : "failure");
	if (said && !clears)
		json_put_string(&call->json, "log", log ? log : "");
	json_object_end(&call->json);
}

/* --- about one package ---------------------------------------------------------------------- */

static void
answer_text(struct call *call, const char *name, const char *text)
{
	if (text && text[0])
		answer_word(call, name, text);
	else
		answer_empty(call);
}

static void
details(struct call *call)
{
	const struct value *row = packages_find(firmware_packages(call), call_param_string(call, 0));

	answer_text(call, "details", value_as_string(call->request->arena, value_get(row, "description")));
}

static void
license(struct call *call)
{
	answer_text(call, "license", firmware_file(call, "copyright", call_param_string(call, 0)));
}

/* The versions that there are logs of are upstream's, and this is not what they changed. */
static void
changelog(struct call *call)
{
	answer_word(call, "status", "failure");
}

/* --- settings ------------------------------------------------------------------------------- */

static void
answer_set(struct call *call, const struct faults *faults)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", faults ? "failure" : "ok");
	if (faults) {
		json_name(&call->json, "status_msg");
		json_list(&call->json);
		for (const struct fault *fault = faults->first; fault; fault = fault->next)
			json_string(&call->json, fault->message);
		json_list_end(&call->json);
	}
	json_object_end(&call->json);
}

static void
set(struct call *call)
{
	const struct value  *sent = value_get(call->input, call->route->face->root);
	const struct record *before = snapshot_single(call->request->snapshot, call->route->resource->name);
	struct record       *after = verb_edit(call->request, before);
	struct faults        faults = { .arena = call->request->arena };

	if (!value_is(sent, VALUE_OBJECT) || !regular_fill(call, after, sent) ||
	    verb_set(call->request, before, after, false, &faults) != RESULT_DONE) {
		answer_set(call, &faults);
		return;
	}
	call->request->keep = call->request->always = true;
	answer_set(call, NULL);
}

/* Plugins that the configuration names and the machine lacks; none of upstream's is a package here. */
static void
sync_plugins(struct call *call)
{
	const struct record *firmware = snapshot_single(call->request->snapshot, "core.firmware");
	scoped_buffer        message = BUFFER_NONE;

	if (record_has(firmware, "plugins"))
		buffer_print(&message, "There are no packages of %s for this machine.", record_get(firmware, "plugins"));
	answer_begun(call, message.len == 0, &message);
}

/* The other way round: the configuration names what is installed. */
static void
resync_plugins(struct call *call)
{
	struct record *after =
		record_copy(call->request->arena, snapshot_single(call->request->snapshot, "core.firmware"));

	record_set(after, "plugins", "");
	change_put(call->request->change, after);
	call->request->keep = true;
	answer_set(call, NULL);
}

#define FAILURE "{\"status\":\"failure\"}"

/* clang-format off */
#define JOB(what) { "core/firmware/" what, KIND_ACTION, .lane = LANE_SLOW, .handle = start, .refusal = FAILURE }
#define NAMED_JOB(what) { "core/firmware/" what, KIND_ACTION, 1, .lane = LANE_SLOW, .handle = start, .refusal = FAILURE }
#define SHOWS(what, who) { "core/firmware/" what, KIND_QUERY, 1, POSTS, .lane = LANE_SLOW, .handle = who }

const struct action firmware_jobs_actions[] = {
	JOB("check"), JOB("audit"), JOB("health"), JOB("connection"), JOB("cleanup"), JOB("update"), JOB("upgrade"),
	NAMED_JOB("install"), NAMED_JOB("reinstall"), NAMED_JOB("remove"), NAMED_JOB("lock"), NAMED_JOB("unlock"),
	{ "core/firmware/reboot", KIND_ACTION, .lane = LANE_SLOW, .handle = reboot, .refusal = FAILURE },
	{ "core/firmware/poweroff", KIND_ACTION, .lane = LANE_SLOW, .handle = poweroff, .refusal = FAILURE },
	{ "core/firmware/running", KIND_QUERY, .lane = LANE_SLOW, .handle = running },
	{ "core/firmware/upgradestatus", KIND_QUERY, .lane = LANE_SLOW, .handle = upgradestatus },
	SHOWS("log", show_log), SHOWS("details", details), SHOWS("license", license), SHOWS("changelog", changelog),
	{ "core/firmware/set", KIND_MODEL_SET, .lane = LANE_COMMIT, .handle = set, .refusal = FAILURE },
	{ "core/firmware/sync_plugins", KIND_ACTION, .handle = sync_plugins, .refusal = FAILURE },
	{ "core/firmware/resync_plugins", KIND_ACTION, .lane = LANE_COMMIT, .handle = resync_plugins, .refusal = FAILURE },
	{ NULL },
};
/* clang-format on */
