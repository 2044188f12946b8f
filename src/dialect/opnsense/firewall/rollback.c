/*
 * Savepoints: the configuration is marked, the rules are applied, and unless that is confirmed within a minute
 * they go back to what they were. Upstream has given this up; its clients have not.
 */
#include <string.h>

#include "api/deadline.h"
#include "api/topics.h"
#include "dialect/opnsense/firewall/rules.h"
#include "dialect/opnsense/tables.h"

#define ROLLBACK_SECONDS 60
#define ROLLBACK_NAME    "filter"
#define RULES_MAX        5

/*
 * What goes back together is a model of upstream's. Whichever controller is asked, the first one of its model
 * names the rollback.
 */
static const struct rolled {
	const char *controller;
	const char *resources[RULES_MAX];
} rolled_models[] = {
	{ "firewall/filter", { "firewall.filter_settings", "firewall.rule", "firewall.source_nat", "firewall.one_to_one",
			       "firewall.npt" } },
	{ "firewall/d_nat", { "firewall.d_nat_settings", "firewall.destination_nat" } },
};

static const struct rolled *
model_of(const struct call *call)
{
	return &rolled_models[text_starts(text_of(call->route->endpoint), TEXT("firewall/d_nat/"))];
}

/* Digits and dots of the parameter: the time of a revision. */
static const char *
revision_of(const struct call *call)
{
	const struct text sent = call_param(call, 0);
	char             *out = arena_take(call->request->arena, sent.len + 1);
	size_t            len = 0;

	for (size_t i = 0; i < sent.len; i++)
		if ((sent.ptr[i] >= '0' && sent.ptr[i] <= '9') || sent.ptr[i] == '.')
			out[len++] = sent.ptr[i];
	return out;
}

static const char *
target_of(const struct call *call)
{
	return arena_print(call->request->arena, "/api/%s/revert/%s", model_of(call)->controller, revision_of(call));
}

/* --- savepoint ------------------------------------------------------------------------------ */

/* Saved once more, so that the revision names what is stored. */
static void
savepoint(struct call *call)
{
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "ok");
}

static void
tell_savepoint(struct call *call)
{
	struct arena   *arena = call->request->arena;
	struct revision revision;

	if (store_revision(call->request->service->store, arena, call->request->revision, &revision) != RESULT_DONE) {
		answer_broken(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "ok");
	json_put_string(&call->json, "retention", arena_print(arena, "%d", STORE_KEEP_REVISIONS));
	json_put_string(&call->json, "revision", revision_time(arena, &revision));
	json_object_end(&call->json);
}

/* --- apply, and maybe back ------------------------------------------------------------------ */

static void
apply(struct call *call)
{
	struct deadlines *deadlines = call->request->service->deadlines;

	if (call->nparams && deadlines && revision_of(call)[0])
		deadline_set(deadlines, ROLLBACK_NAME, ROLLBACK_SECONDS, target_of(call));
	rule_apply(call);
}

static void
cancel_rollback(struct call *call)
{
	struct deadlines *deadlines = call->request->service->deadlines;

	if (deadlines && deadline_cancel(deadlines, ROLLBACK_NAME, target_of(call)))
		answer_word(call, "status", "");
	else
		answer_word(call, "status", "no rollback of that revision is under way");
}

/* The rules of the model, and nothing else. */
static const struct resource *const *
rule_resources(const struct call *call)
{
	const struct rolled    *model = model_of(call);
	const struct resource **only = ARENA_MAKE(call->request->arena, const struct resource *, RULES_MAX + 1);

	for (size_t i = 0; i < RULES_MAX && model->resources[i]; i++)
		only[i] = call_resource(call, model->resources[i]);
	return only;
}

static void
revert(struct call *call)
{
	struct store   *store = call->request->service->store;
	struct revision revision;

	if (store_revision_at(store, call->request->arena, text_of(revision_of(call)), &revision) != RESULT_DONE ||
	    store_restore_into(store, call->request->change, revision.id, rule_resources(call)) != RESULT_DONE) {
		answer_word(call, "status", "unknown (or removed) savepoint");
		return;
	}
	call->request->keep = true;
	answer_word(call, "status", "ok");
}

static void
apply_reverted(struct call *call)
{
	const char       *message;
	const enum result result = topic_apply(call->request, PART_FILTER | PART_ALIASES, &message);

	answer_word(call, "status", result == RESULT_DONE ? "ok" : message[0] ? message : result_word(result));
}

#define NO_GET "{\"status\":\"error\"}"

/* clang-format off */
#define ROLLBACK(at) \
	{ at "/savepoint", KIND_ACTION, .lane = LANE_COMMIT, .handle = savepoint, .finish = tell_savepoint, \
	  .refusal = NO_GET }, \
	{ at "/apply", KIND_ACTION, .lane = LANE_APPLY, .handle = apply, .refusal = NO_GET }, \
	{ at "/cancel_rollback", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = cancel_rollback, .refusal = NO_GET }, \
	{ at "/revert", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = revert, .finish = apply_reverted, .refusal = NO_GET }

const struct action firewall_rollback_actions[] = {
	ROLLBACK("firewall/filter"),
	ROLLBACK("firewall/source_nat"),
	ROLLBACK("firewall/one_to_one"),
	ROLLBACK("firewall/npt"),
	ROLLBACK("firewall/d_nat"),
	{ NULL },
};
/* clang-format on */
