/* Small families: cron, traffic shaper, logging, monitoring. */
#include <string.h>

#include "api/accounts.h"
#include "api/topics.h"
#include "api/verbs.h"
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

/* --- OpenVPN -------------------------------------------------------------------------------- */

/* The number is given when the instance is kept. */
static void
without_number(struct call *call, struct record *instance)
{
	(void)call;
	if (instance->uuid[0] == '\0')
		record_set(instance, "vpnid", "");
}

/* OpenVPN's own form of a key for tls-auth and tls-crypt: 2048 random bits in hex. */
static void
gen_key(struct call *call)
{
	struct arena     *arena = call->request->arena;
	const struct text type = call->nparams ? call_param(call, 0) : TEXT("secret");
	scoped_buffer     key = BUFFER_NONE;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	if (text_is(type, "secret") || text_is(type, "tls-auth") || text_is(type, "tls-crypt")) {
		buffer_add_string(&key, "#\n# 2048 bit OpenVPN static key\n#\n-----BEGIN OpenVPN Static key V1-----\n");
		for (int i = 0; i < 16; i++)
			buffer_print(&key, "%s\n", random_hex(arena, 16));
		buffer_add_string(&key, "-----END OpenVPN Static key V1-----\n");
		json_put_string(&call->json, "result", "ok");
		json_put_string(&call->json, "key", buffer_string(&key));
	} else {
		json_put_string(&call->json, "result", "failed");
		json_put_string(&call->json, "message", "Keys of this kind are made by the openvpn program, which is not asked yet.");
	}
	json_object_end(&call->json);
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
static const struct twist instance_twist = { .show = without_number };
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
	{ "openvpn/instances/gen_key", KIND_QUERY, .lane = LANE_SLOW, .handle = gen_key },
	{ "openvpn/instances/get", KIND_GET, .twist = &instance_twist },
	{ "syslog/service/reset", KIND_ACTION, .lane = LANE_APPLY, .handle = reset, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
