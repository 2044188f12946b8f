/* The time service: its servers, what the columns and marks of their list mean, and the receiver that sees satellites. */
#include "api/topics.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"

/* clang-format off */
static const struct {
	const char *name, *label;
} columns[] = {
	{ "status", "Status" }, { "server", "Server" }, { "refid", "Ref ID" }, { "stratum", "Stratum" }, { "type", "Type" },
	{ "when", "When" }, { "poll", "Poll" }, { "reach", "Reach" }, { "delay", "Delay" }, { "offset", "Offset" },
	{ "jitter", "Jitter" },
};

static const struct {
	const char *symbol, *words, *status;
} marks[] = {
	{ "*", "The clock follows this server", "Active Peer" },
	{ "+", "Used together with the active peer", "Candidate" },
	{ "#", "Varies too much to be used", "Selected" },
	{ "-", "Good, but not needed", "Outlier" },
	{ "x", "Says another time than the majority", "False Ticker" },
	{ " ", "No usable answer yet", "Unreach/Pending" },
};

static const struct {
	const char *letter, *words;
} kinds[] = { { "u", "unicast" }, { "l", "local reference clock" } };
/* clang-format on */

static struct value *
peers(struct call *call, struct buffer *message)
{
	return topic_ask(call->request, message, "time.peers", NULL);
}

static void
status(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *rows = peers(call, &message);

	if (value_is(rows, VALUE_LIST))
		grid_answer(call, rows, 9999);
	else
		answer_refusal(call, "Status", "%s", buffer_string(&message));
}

static void
meta(struct call *call)
{
	struct json *json = &call->json;

	answer_begin(call, 200, TYPE_JSON);
	json_object(json);
	json_name(json, "key");
	json_object(json);
	for (size_t i = 0; i < COUNT(columns); i++)
		json_put_string(json, columns[i].name, columns[i].label);
	json_object_end(json);
	json_name(json, "symbols");
	json_object(json);
	json_name(json, "status");
	json_object(json);
	for (size_t i = 0; i < COUNT(marks); i++) {
		json_name(json, marks[i].symbol);
		json_object(json);
		json_put_string(json, "descr", marks[i].words);
		json_put_string(json, "status", marks[i].status);
		json_object_end(json);
	}
	json_object_end(json);
	json_name(json, "connection_type");
	json_object(json);
	for (size_t i = 0; i < COUNT(kinds); i++)
		json_put_string(json, kinds[i].letter, kinds[i].words);
	json_object_end(json);
	json_object_end(json);
	json_object_end(json);
}

/* No receiver can be configured, so none is seen. */
static void
gps(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct arena       *arena = call->request->arena;
	const struct value *rows = peers(call, &message);
	struct value       *answer = value_object(arena);

	value_set(arena, answer, "ntpq_servers", rows ? value_copy(arena, rows) : value_list(arena));
	value_set(arena, answer, "gps", value_list(arena));
	answer_value(call, answer);
}

/* clang-format off */
const struct action time_actions[] = {
	{ "ntpd/service/status", KIND_GRID, .lane = LANE_SLOW, .handle = status },
	{ "ntpd/service/meta", KIND_QUERY, .handle = meta },
	{ "ntpd/service/gps", KIND_QUERY, .lane = LANE_SLOW, .handle = gps },
	{ NULL },
};
/* clang-format on */
