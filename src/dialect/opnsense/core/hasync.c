/*
 * The peer of a pair. There is nothing yet that would carry the configuration over to it, and its services are only
 * touched after that was done: so it is said why not.
 */
#include <string.h>

#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"

static bool
has_peer(const struct call *call)
{
	return record_has(snapshot_single(call->request->snapshot, "core.hasync"), "synchronizetoip");
}

static const char *
reason(const struct call *call)
{
	return has_peer(call) ? "There is no backend yet that synchronises with the peer."
			      : "There is no peer: no address to synchronise to is set.";
}

static void
answer_reason(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "error");
	json_put_string(&call->json, "message", reason(call));
	json_object_end(&call->json);
}

static void
services(struct call *call)
{
	if (has_peer(call))
		answer_refusal(call, "High availability", "%s", reason(call));
	else
		grid_answer(call, value_list(call->request->arena), 9999);
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
const struct action core_hasync_actions[] = {
	{ "core/hasync_status/version", KIND_QUERY, .handle = answer_reason },
	{ "core/hasync_status/services", KIND_GRID, .handle = services },
	{ "core/hasync_status/restart_all", KIND_ACTION, .handle = answer_reason, .refusal = FAILED },
	{ "core/hasync_status/start", KIND_ACTION, .handle = answer_reason, .refusal = FAILED },
	{ "core/hasync_status/stop", KIND_ACTION, .handle = answer_reason, .refusal = FAILED },
	{ "core/hasync_status/restart", KIND_ACTION, .handle = answer_reason, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
