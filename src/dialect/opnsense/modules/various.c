/* Small families: cron, traffic shaper, logging, monitoring. */
#include <string.h>

#include "api/accounts.h"
#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/modules/services.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"

/* --- cron ----------------------------------------------------------------------------------- */

/* Unknown jobs are not made here, and the command must be sent. */
static void
set_job(struct call *call)
{
	const struct record *job = regular_stored(call, call_param(call, 0));

	if (!job || !value_path(call->input, "job.command"))
		answer_invalid(call, "", NULL);
	else
		regular_set(call);
}

/* Jobs of other components keep their command. */
static bool
prepare_job(struct call *call, const struct record *before, struct record *job, struct faults *faults)
{
	static const char *const fixed[] = { "command", "parameters" };

	(void)call;
	for (size_t i = 0; before && strcmp(record_get(before, "origin"), "cron") != 0 && i < COUNT(fixed); i++)
		if (strcmp(record_get(before, fixed[i]), record_get(job, fixed[i])) != 0)
			faults_add(faults, fixed[i], FAULT_CONFLICT, "This job belongs to another component.");
	return true;
}

static bool
removing_job(struct call *call, const struct record *job)
{
	if (strcmp(record_get(job, "origin"), "cron") == 0)
		return true;
	answer_refusal(call, "Job", "This job belongs to %s.", record_get(job, "origin"));
	return false;
}

/* --- tunables ------------------------------------------------------------------------------- */

/* The factory has set none. */
static void
reset_tunables(struct call *call)
{
	const struct resource   *resource = call_resource(call, "core.tunable");
	const struct collection *all = snapshot_collection(call->request->snapshot, resource);

	while (collection_count(all) > 0) {
		change_remove(call->request->change, resource, text_of(collection_at(all, 0)->uuid));
		all = snapshot_collection(call->request->snapshot, resource);
	}
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "ok");
}

/* --- traffic shaper ------------------------------------------------------------------------- */

/* A new rule comes behind those there are. */
static void
next_sequence(struct call *call, struct record *rule)
{
	const struct collection *rules = snapshot_collection(call->request->snapshot, rule->resource);
	int64_t                  highest = 0;

	for (size_t i = 0; i < collection_count(rules); i++) {
		const int64_t sequence = record_number(collection_at(rules, i), "sequence", 0);

		highest = sequence > highest ? sequence : highest;
	}
	if (rule->uuid[0] == '\0')
		record_set(rule, "sequence", arena_print(call->request->arena, "%lld", (long long)highest + 1));
}

static void
statistics(struct call *call)
{
	struct arena *arena = call->request->arena;
	scoped_buffer message = BUFFER_NONE;
	struct value *items = topic_ask(call->request, &message, "shaper.statistics", NULL);
	struct value *answer = value_object(arena);

	value_set_string(arena, answer, "status", items ? "ok" : "failed");
	if (items)
		value_set(arena, answer, "items", items);
	answer_value(call, answer);
}

/* What waits is dropped and all is counted anew; what could not be made again the apply says. */
static void
flush_shaper(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	topic_ask(call->request, &message, "shaper.flush", NULL);
	reconfigure(call);
}

/* --- monitoring ----------------------------------------------------------------------------- */

static void
check_monit(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, "monit.check", NULL);
	const char         *text = value_as_string(call->request->arena, value_get(said, "message"));

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", said ? "ok" : "failed");
	json_put_string(&call->json, "function", "check");
	json_put_string(&call->json, "template", said ? "OK" : "");
	json_put_string(&call->json, "result", text ? text : buffer_string(&message));
	json_object_end(&call->json);
}

/* What the monitor says of all it watches: as a tree, or as text. */
static void
monit_status(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *format = call->nparams ? call_param_string(call, 0) : "xml";
	const bool          is_known = strcmp(format, "xml") == 0 || strcmp(format, "text") == 0 || strcmp(format, "html") == 0;
	const struct value *said =
		is_known ? topic_ask(call->request, &message, "monit.status", "format", format, NULL) : NULL;
	const struct value *status = value_get(said, "status");

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", status ? "ok" : "failed");
	if (status)
		json_put_value(&call->json, "status", status);
	else
		json_put_string(&call->json, "status", is_known ? buffer_string(&message) : "There are xml, text and html.");
	json_object_end(&call->json);
}

/* --- logging -------------------------------------------------------------------------------- */

static void
syslog_stats(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *rows = topic_ask(call->request, &message, "syslog.stats", NULL);

	if (value_is(rows, VALUE_LIST))
		grid_answer(call, rows, 9999);
	else
		answer_refusal(call, "Status", "%s", buffer_string(&message));
}

/* --- what a box topic says, done or not ----------------------------------------------------- */

/* {"status":"ok"} when the box did what the route's last word says. */
static void
reset(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_word(call, "status", topic_ask(call->request, &message, "log.reset", NULL) ? "ok" : "failed");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
static const struct twist job_twist = { .prepare = prepare_job, .removing = removing_job };
static const struct twist shaper_file = { .key = "@uuid" };
static const struct twist shaper_rule = { .show = next_sequence };

const struct action various_actions[] = {
	{ "cron/settings/set_job", KIND_SET, 1, .lane = LANE_COMMIT, .handle = set_job, .resource = "cron.job",
	  .twist = &job_twist, .like = "cron/settings/get_job" },
	{ "cron/settings/del_job", KIND_DELETE, .twist = &job_twist },
	{ "core/tunables/reset", KIND_ACTION, .methods = POSTS, .lane = LANE_COMMIT, .handle = reset_tunables, .refusal = FAILED },
	{ "trafficshaper/settings/get_rule", KIND_GET, .twist = &shaper_rule },
	{ "trafficshaper/settings/download_pipes", KIND_CSV_DOWNLOAD, .handle = regular_download,
	  .resource = "trafficshaper.pipe", .twist = &shaper_file },
	{ "trafficshaper/settings/upload_pipes", KIND_CSV_UPLOAD, .lane = LANE_COMMIT, .handle = regular_upload,
	  .resource = "trafficshaper.pipe", .twist = &shaper_file },
	{ "trafficshaper/settings/download_queues", KIND_CSV_DOWNLOAD, .handle = regular_download,
	  .resource = "trafficshaper.queue", .twist = &shaper_file },
	{ "trafficshaper/settings/upload_queues", KIND_CSV_UPLOAD, .lane = LANE_COMMIT, .handle = regular_upload,
	  .resource = "trafficshaper.queue", .twist = &shaper_file },
	{ "trafficshaper/service/statistics", KIND_QUERY, .methods = GETS, .lane = LANE_SLOW, .handle = statistics },
	{ "trafficshaper/service/flushreload", KIND_ACTION, .lane = LANE_APPLY, .parts = PART_SHAPER, .handle = flush_shaper,
	  .refusal = FAILED },
	{ "monit/service/check", KIND_ACTION, .lane = LANE_SLOW, .handle = check_monit, .refusal = FAILED },
	{ "monit/status/get", KIND_QUERY, .lane = LANE_SLOW, .handle = monit_status },
	{ "syslog/service/stats", KIND_GRID, .lane = LANE_SLOW, .handle = syslog_stats },
	{ "syslog/service/reset", KIND_ACTION, .lane = LANE_APPLY, .handle = reset, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
