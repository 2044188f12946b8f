/*
 * What runs: sessions, leases, neighbours. All of it is asked of the box; without an answer, the reason is told.
 */
#include <string.h>

#include "api/topics.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"

/* clang-format off */
static const struct {
	const char *endpoint, *topic;
} grids[] = {
	{ "hostdiscovery/service/search", "hostdiscovery.hosts" },
	{ "ipsec/leases/search", "ipsec.leases" },
	{ "ipsec/sad/search", "ipsec.associations" },
	{ "ipsec/sessions/search_phase1", "ipsec.phase1" },
	{ "ipsec/sessions/search_phase2", "ipsec.phase2" },
	{ "ipsec/spd/search", "ipsec.policies" },
	{ "openvpn/service/search_routes", "openvpn.routes" },
	{ "openvpn/service/search_sessions", "openvpn.sessions" },
};
/* clang-format on */

static const char *
topic_of(const struct call *call)
{
	for (size_t i = 0; i < COUNT(grids); i++)
		if (strcmp(grids[i].endpoint, call->route->endpoint) == 0)
			return grids[i].topic;
	bug_report(__FILE__, __LINE__, "%s has no topic", call->route->endpoint);
}

/* One word, or a list of them with commas between. */
static const char *
words_of(const struct call *call, const char *name)
{
	struct arena       *arena = call->request->arena;
	const struct value *value = value_get(call->input, name);
	const char         *words = value_as_string(arena, value);

	for (size_t i = 0; value_is(value, VALUE_LIST) && i < value_count(value); i++) {
		const char *one = value_as_string(arena, value_at(value, i));

		if (one)
			words = words ? arena_print(arena, "%s,%s", words, one) : one;
	}
	return words ? words : "";
}

/* Those of the pools that are asked for; all when none is. */
static struct value *
keep_pools(struct call *call, struct value *rows)
{
	const struct value *pools = value_get(call->input, "pool");
	struct value       *kept = value_list(call->request->arena);

	if (!value_is(rows, VALUE_LIST) || !value_is(pools, VALUE_LIST) || value_count(pools) == 0)
		return rows;
	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *pool = value_get(value_at(rows, i), "pool");
		bool                is_asked = false;

		for (size_t j = 0; j < value_count(pools); j++)
			is_asked |= value_equal(value_at(pools, j), pool);
		if (is_asked)
			value_add(call->request->arena, kept, value_at(rows, i));
	}
	return kept;
}

static void
grid(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *id = value_as_string(call->request->arena, value_get(call->input, "id"));
	struct value *rows = topic_ask(call->request, &message, topic_of(call), "id", id ? id : "", "type", words_of(call, "type"), NULL);

	if (strcmp(topic_of(call), "ipsec.leases") == 0)
		rows = keep_pools(call, rows);
	if (value_is(rows, VALUE_LIST))
		grid_answer(call, rows, 9999);
	else
		answer_refusal(call, "Status", "%s", buffer_string(&message));
}

/* --- IPsec sessions ------------------------------------------------------------------------- */

static void
turn_session(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *verb = strrchr(call->route->endpoint, '/') + 1;

	answer_word(call, "result",
		    topic_ask(call->request, &message, arena_print(call->request->arena, "ipsec.%s", verb), "id",
			      call_param_string(call, 0), NULL)
			    ? "ok"
			    : "failed");
}

#define FAILED "{\"result\":\"failed\"}"

/* clang-format off */
#define GRID(at) { at, KIND_GRID, .lane = LANE_SLOW, .handle = grid }
const struct action running_actions[] = {
	GRID("hostdiscovery/service/search"), GRID("ipsec/leases/search"),
	GRID("ipsec/sad/search"), GRID("ipsec/sessions/search_phase1"), GRID("ipsec/sessions/search_phase2"),
	GRID("ipsec/spd/search"), GRID("openvpn/service/search_routes"),
	GRID("openvpn/service/search_sessions"),
	{ "ipsec/sessions/connect", KIND_ACTION, 1, .lane = LANE_APPLY, .handle = turn_session, .refusal = FAILED },
	{ "ipsec/sessions/disconnect", KIND_ACTION, 1, .lane = LANE_APPLY, .handle = turn_session, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
