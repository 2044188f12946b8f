/* The packet filter as it runs: connections, counters, its log. */
#include <string.h>

#include "base/map.h"
#include "base/number.h"
#include "dialect/opnsense/diagnostics/stream.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"
#include "schema/interfaces.h"

#define PAGE_PRESET   9999
#define STREAM_EVERY  100 /* ms */
#define STREAM_MOST   10  /* records each time; the rest is left out */
#define STREAM_FIRST  "5" /* records that were there before */

/* A text of the body; "" when it is not there. */
static const char *
text_in(const struct call *call, const char *name)
{
	const char *text = value_as_string(call->request->arena, value_get(call->input, name));

	return text ? text : "";
}

/* A text of the body or the query; "" when it is in neither. */
static const char *
text_anywhere(struct call *call, const char *name)
{
	const char *text = call_text(call, name);

	return text ? text : "";
}

static void
put_integer(struct call *call, struct value *object, const char *name, int64_t number)
{
	value_set(call->request->arena, object, name, value_integer(call->request->arena, number));
}

static int64_t
integer_at(const struct value *object, const char *name)
{
	const struct value *value = value_get(object, name);

	return value_is(value, VALUE_INTEGER) ? value->integer : 0;
}

/* --- Connections ------------------------------------------------------------------------------------------ */

static void
empty_grid(struct call *call)
{
	struct value *answer = value_object(call->request->arena);

	put_integer(call, answer, "total", 0);
	put_integer(call, answer, "rowCount", 0);
	put_integer(call, answer, "current", 0);
	value_set(call->request->arena, answer, "rows", value_list(call->request->arena));
	answer_value(call, answer);
}

static int64_t
number_in(const struct call *call, const char *name, int64_t otherwise)
{
	int64_t number = otherwise;

	number_read(text_trim(text_of(text_in(call, name))), INT32_MIN, INT32_MAX, &number);
	return number;
}

/* There may be very many: the box finds and sorts them, and gives one page. */
static void
search_states(struct call *call, const char *form)
{
	struct arena       *arena = call->request->arena;
	scoped_buffer       message = BUFFER_NONE;
	const struct value *sort = value_get(call->input, "sort");
	const bool          sorted = value_is(sort, VALUE_OBJECT) && sort->count > 0;
	const int64_t       current = number_in(call, "current", 1), page = current < 1 ? 1 : current;
	const int64_t       asked = number_in(call, "rowCount", PAGE_PRESET), size = asked < 0 ? INT32_MAX : asked;
	const int64_t       skip = size == INT32_MAX ? 0 : (page - 1) * size;
	const char         *way = sorted ? value_as_string(arena, sort->members[0].value) : NULL;
	const struct value *found = topic_ask(
		call->request, &message, "states.search", "phrase", text_in(call, "searchPhrase"), "rule",
		text_in(call, "ruleid"), "sort", sorted ? arena_copy(arena, sort->members[0].name) : "", "order",
		way && strcmp(way, "asc") != 0 ? "desc" : "asc", "skip",
		arena_print(arena, "%lld", (long long)(skip > INT32_MAX ? INT32_MAX : skip)), "take",
		arena_print(arena, "%lld", (long long)size), "form", form, NULL);
	struct value *rows = value_get(found, "rows"), *answer = value_object(arena);

	if (!rows) {
		answer_refusal(call, "Firewall states", "%s", buffer_string(&message));
		return;
	}
	put_integer(call, answer, "total", integer_at(found, "total"));
	put_integer(call, answer, "rowCount", (int64_t)rows->count);
	put_integer(call, answer, "current", current);
	value_set(arena, answer, "rows", rows);
	answer_value(call, answer);
}

static void
query_states(struct call *call)
{
	if (call_is_post(call))
		search_states(call, "states");
	else
		empty_grid(call);
}

static void
query_pf_top(struct call *call)
{
	if (call_is_post(call))
		search_states(call, "top");
	else
		empty_grid(call);
}

static void
kill_states(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *phrase = text_in(call, "filter"), *rule = text_in(call, "ruleid");
	const struct value *killed = NULL;
	struct value       *answer = value_object(call->request->arena);

	if (phrase[0] || rule[0])
		killed = topic_ask(call->request, &message, "states.kill_found", "phrase", phrase, "rule", rule, NULL);
	value_set_string(call->request->arena, answer, "result", killed ? "ok" : "failed");
	if (killed)
		put_integer(call, answer, "dropped_states", integer_at(killed, "killed"));
	answer_value(call, answer);
}

/* Nothing but letters and digits; NULL: there are others, or none. */
static const char *
id_param(const struct call *call, size_t n)
{
	const char *id = call_param_string(call, n);

	return id[0] && id[strspn(id, "0123456789abcdefABCDEF")] == '\0' ? id : NULL;
}

static void
del_state(struct call *call)
{
	struct arena       *arena = call->request->arena;
	scoped_buffer       message = BUFFER_NONE;
	const char         *state = id_param(call, 0), *creator = id_param(call, 1);
	const struct value *killed = NULL;

	if (state && creator && strlen(state) <= 8)
		killed = topic_ask(call->request, &message, "states.kill", "id", arena_print(arena, "%s/%s", state, creator), NULL);
	answer_word(call, "result",
		    killed ? arena_print(arena, "killed %lld states", (long long)integer_at(killed, "killed")) : "");
}

static void
flush_states(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_word(call, "result", topic_ask(call->request, &message, "states.reset", NULL) ? "ok" : "failed");
}

static void
flush_sources(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_word(call, "result", topic_ask(call->request, &message, "sources.flush", NULL) ? "ok" : "failed");
}

/* --- Counters ------------------------------------------------------------------------------------------------ */

static void
pf_states(struct call *call)
{
	struct arena       *arena = call->request->arena;
	scoped_buffer       message = BUFFER_NONE;
	const struct value *count = topic_ask(call->request, &message, "states.count", NULL);
	struct value       *answer = value_object(arena);

	if (!count) {
		answer_word(call, "result", "failed");
		return;
	}
	value_set_string(arena, answer, "current", arena_print(arena, "%lld", (long long)integer_at(count, "current")));
	value_set_string(arena, answer, "limit", arena_print(arena, "%lld", (long long)integer_at(count, "limit")));
	answer_value(call, answer);
}

static void
pf_statistics(struct call *call)
{
	answer_asked(call, "Firewall statistics", "filter.statistics", "section", call_param_string(call, 0), NULL);
}

/* --- The log ---------------------------------------------------------------------------------------------------- */

static void
read_log(struct call *call)
{
	answer_asked(call, "Firewall log", "filterlog.read", "limit", text_anywhere(call, "limit"), "digest",
		     text_anywhere(call, "digest"), NULL);
}

/* Links are called what their interfaces are. */
static void
name_links(struct call *call, struct value *groups)
{
	const struct view       view = call_view(call, NULL);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(&view, &count);

	for (size_t i = 0; i < value_count(groups); i++) {
		struct value      *group = groups->members[i].value;
		const struct text  device = value_get(group, "label") ? value_get(group, "label")->text : TEXT_NONE;

		for (size_t k = 0; k < count; k++)
			if (!interfaces[k].dynamic && text_is(device, record_get(interfaces[k].record, "if")))
				value_set_string(view.arena, group, "label", interfaces[k].label);
	}
}

static void
stats(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *group = text_anywhere(call, "group_by");
	struct value *groups = topic_ask(call->request, &message, "filterlog.stats", "group_by", group, "limit",
					 text_anywhere(call, "limit"), NULL);

	if (!groups) {
		answer_refusal(call, "Firewall log", "%s", buffer_string(&message));
		return;
	}
	if (!group[0] || strcmp(group, "interface") == 0)
		name_links(call, groups);
	answer_value(call, groups);
}

/* --- The log as it grows ------------------------------------------------------------------------------------------ */

struct live_log {
	struct pulse pulse;
	struct map  *hits; /* of rules */
	int64_t      after; /* -1: nothing was given yet */
};

/* How often this rule was given. */
static int64_t
count_hit(struct follow *follow, struct live_log *live, struct text rule)
{
	int64_t *hits = map_get(live->hits, rule);

	if (!hits) {
		hits = ARENA_MAKE(follow->arena, int64_t, 1);
		map_set(live->hits, (struct text){ arena_copy(follow->arena, rule), rule.len }, hits);
	}
	return ++*hits;
}

static bool
more_log(struct follow *follow, const struct service *service, struct buffer *out)
{
	scoped_arena        arena = arena_new();
	struct live_log    *live = follow->self;
	const char         *after = arena_print(arena, "%lld", (long long)live->after);
	const bool          is_first = live->after < 0;
	const struct value *said = topic_ask_again(service, arena, "filterlog.follow", is_first ? "last" : "after",
						   is_first ? STREAM_FIRST : after, NULL);
	const struct value *records = value_get(said, "records");
	size_t              given = 0;

	if (!said)
		return false;
	for (size_t i = 0; i < value_count(records) && given < STREAM_MOST; i++, given++) {
		struct value       *record = records->members[i].value;
		const struct value *rule = value_get(record, "rid");

		value_set(arena, record, "counter",
			  value_integer(arena, count_hit(follow, live, rule ? rule->text : TEXT_NONE)));
		stream_put(out, "message", record);
	}
	live->after = integer_at(said, "newest");
	pulse_beat(&live->pulse, out, given > 0);
	return true;
}

static void
stream_log(struct call *call)
{
	struct follow   *follow = stream_begin(call, STREAM_EVERY, more_log);
	struct live_log *live = ARENA_MAKE(follow->arena, struct live_log, 1);

	*live = (struct live_log){ .pulse = { .limit = 1000 / STREAM_EVERY }, .hits = map_make(follow->arena), .after = -1 };
	follow->self = live;
}

#define FAILED "{\"result\":\"failed\"}"

/* clang-format off */
const struct action diagnostics_firewall_actions[] = {
	{ "diagnostics/firewall/query_states", KIND_GRID, .lane = LANE_SLOW, .handle = query_states },
	{ "diagnostics/firewall/query_pf_top", KIND_GRID, .lane = LANE_SLOW, .handle = query_pf_top },
	{ "diagnostics/firewall/kill_states", KIND_ACTION, .lane = LANE_SLOW, .handle = kill_states, .refusal = FAILED },
	{ "diagnostics/firewall/del_state", KIND_ACTION, 2, .lane = LANE_SLOW, .handle = del_state,
	  .refusal = "{\"result\":\"\"}" },
	{ "diagnostics/firewall/flush_states", KIND_ACTION, .lane = LANE_SLOW, .handle = flush_states, .refusal = FAILED },
	{ "diagnostics/firewall/flush_sources", KIND_ACTION, .lane = LANE_SLOW, .handle = flush_sources, .refusal = FAILED },
	{ "diagnostics/firewall/pf_states", KIND_QUERY, .lane = LANE_SLOW, .handle = pf_states },
	{ "diagnostics/firewall/pf_statistics", KIND_QUERY, .lane = LANE_SLOW, .handle = pf_statistics },
	{ "diagnostics/firewall/log", KIND_QUERY, .methods = GETS, .lane = LANE_SLOW, .handle = read_log },
	{ "diagnostics/firewall/stats", KIND_QUERY, .methods = GETS, .lane = LANE_SLOW, .handle = stats },
	{ "diagnostics/firewall/stream_log", KIND_STREAM, .lane = LANE_SLOW, .handle = stream_log },
	{ NULL },
};
/* clang-format on */
