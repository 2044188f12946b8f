/* What goes through interfaces, and what the processors do: as it is, and as it goes on. */
#include <string.h>

#include "base/number.h"
#include "dialect/opnsense/diagnostics/stream.h"
#include "dialect/opnsense/tables.h"
#include "schema/interfaces.h"

#define POLL_MAX 3600 /* seconds */

/* --- Counters of interfaces --------------------------------------------------------------------------------- */

/* {key: counters} of the interfaces there are, with their names. */
static struct value *
by_interface(const struct view *view, const struct value *counters)
{
	struct value           *answer = value_object(view->arena);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(view, &count);

	for (size_t i = 0; i < count; i++) {
		const char         *device = interfaces[i].dynamic ? "" : record_get(interfaces[i].record, "if");
		const struct value *counted = device[0] ? value_get(counters, device) : NULL;

		if (!value_is(counted, VALUE_OBJECT))
			continue;
		struct value *entry = value_copy(view->arena, counted);

		value_set_string(view->arena, entry, "name", interfaces[i].label);
		value_set(view->arena, answer, interfaces[i].key, entry);
	}
	return answer;
}

static void
put_time(struct arena *arena, struct value *answer, const struct service *service)
{
	value_set(arena, answer, "time", value_real(arena, (double)service->now(service->context) / 1e6));
}

static void
traffic_interface(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct arena       *arena = call->request->arena;
	const struct view   view = call_view(call, NULL);
	const struct value *counters = topic_ask(call->request, &message, "interfaces.counters", NULL);
	struct value       *answer = value_object(arena);

	if (!counters) {
		answer_refusal(call, "Traffic", "%s", buffer_string(&message));
		return;
	}
	value_set(arena, answer, "interfaces", by_interface(&view, counters));
	put_time(arena, answer, call->request->service);
	answer_value(call, answer);
}

/* --- Since the last event -------------------------------------------------------------------------------------- */

/* Two arenas by turns: what was there the last time, and what is there now. */
struct traffic {
	struct arena       *arenas[2];
	unsigned            turn;
	const struct value *before;
};

static int64_t
count_of(const struct value *entry, const char *name)
{
	const struct value *value = value_get(entry, name);
	int64_t             number = 0;

	if (value_is(value, VALUE_TEXT))
		number_read(value->text, 0, INT64_MAX, &number);
	return number;
}

static struct value *
difference(struct arena *arena, const struct value *now, const struct value *before)
{
	/* clang-format off */
	static const char *const names[][2] = {
		{ "inbytes", "bytes received" }, { "outbytes", "bytes transmitted" }, { "inpkts", "packets received" },
		{ "outpkts", "packets transmitted" }, { "inerrs", "input errors" }, { "outerrs", "output errors" },
		{ "collisions", "collisions" },
	};
	/* clang-format on */
	struct value *entry = value_object(arena);

	for (size_t i = 0; i < COUNT(names); i++) {
		const int64_t moved = count_of(now, names[i][1]) - count_of(before, names[i][1]);

		value_set(arena, entry, names[i][0], value_integer(arena, moved > 0 ? moved : 0));
	}
	value_set(arena, entry, "name", value_copy(arena, value_get(now, "name")));
	return entry;
}

static bool
more_traffic(struct follow *follow, const struct service *service, struct buffer *out)
{
	struct traffic        *traffic = follow->self;
	struct arena          *arena = traffic->arenas[traffic->turn++ % 2];
	const struct snapshot *snapshot = store_snapshot(service->store);

	arena_reset(arena);
	const struct view   view = { arena, snapshot, service->facts, NULL };
	const struct value *counters = topic_ask_again(service, arena, "interfaces.counters", NULL);
	const struct value *now = counters ? by_interface(&view, counters) : NULL;
	struct value       *event = value_object(arena), *interfaces = value_object(arena);

	snapshot_release(snapshot);
	for (size_t i = 0; i < value_count(now); i++) {
		const struct member *member = &now->members[i];
		const struct value  *before = value_get_text(traffic->before, member->name);

		value_set_text(arena, interfaces, member->name,
			       difference(arena, member->value, before ? before : member->value));
	}
	value_set(arena, event, "interfaces", interfaces);
	put_time(arena, event, service);
	if (traffic->before)
		stream_put(out, "message", event);
	traffic->before = now;
	return now != NULL;
}

static void
free_arena(void *arena)
{
	arena_free(arena);
}

static void
traffic_stream(struct call *call)
{
	int64_t seconds = 1;

	number_read(call_param(call, 0), 1, POLL_MAX, &seconds);
	struct follow  *follow = stream_begin(call, (unsigned)seconds * 1000, more_traffic);
	struct traffic *traffic = ARENA_MAKE(follow->arena, struct traffic, 1);

	for (size_t i = 0; i < COUNT(traffic->arenas); i++) {
		traffic->arenas[i] = arena_new();
		arena_defer(follow->arena, free_arena, traffic->arenas[i]);
	}
	follow->self = traffic;
}

/* --- Who causes it ------------------------------------------------------------------------------------------------ */

static void
traffic_top(struct call *call)
{
	answer_asked(call, "Traffic", "traffic.top", "interfaces", call_param_string(call, 0), NULL);
}

/* --- Processors ---------------------------------------------------------------------------------------------------- */

static void
get_cpu_type(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct arena       *arena = call->request->arena;
	const struct value *said = topic_ask(call->request, &message, "system.processors", NULL);
	struct value       *answer = value_list(arena);

	if (!said) {
		answer_refusal(call, "Processors", "%s", buffer_string(&message));
		return;
	}
	value_add(arena, answer, value_string(arena, arena_print(arena, "%s (%lld cores, %lld threads)",
		value_as_string(arena, value_get(said, "model")), (long long)value_get(said, "cores")->integer,
		(long long)value_get(said, "threads")->integer)));
	answer_value(call, answer);
}

#define CPU_TEXT_MAX 160

static bool
more_cpu(struct follow *follow, const struct service *service, struct buffer *out)
{
	scoped_arena  arena = arena_new();
	char         *before = follow->self;
	struct value *said = topic_ask_again(service, arena, "system.cpu", "before", before, NULL);
	const struct value *now = value_get(said, "now");

	if (!value_is(now, VALUE_TEXT))
		return false;
	const bool        is_first = !before[0];
	const struct text kept = text_first(now->text, CPU_TEXT_MAX - 1);

	memcpy(before, kept.ptr, kept.len);
	before[kept.len] = '\0';
	value_remove(said, "now");
	if (!is_first)
		stream_put(out, "message", said);
	return true;
}

static void
cpu_stream(struct call *call)
{
	struct follow *follow = stream_begin(call, 1000, more_cpu);

	follow->self = arena_take(follow->arena, CPU_TEXT_MAX);
}

static void
get_activity(struct call *call)
{
	answer_asked(call, "Activity", "system.activity", NULL);
}

static void
get_temperatures(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, "system.temperatures", NULL);

	if (said)
		answer_value(call, said);
	else
		answer_empty(call);
}

/* --- Names ----------------------------------------------------------------------------------------------------------- */

/* One address or a list. */
static void
reverse_lookup(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct arena       *arena = call->request->arena;
	const struct value *sent = value_get(call_query(call), "address");
	const char         *all = "";
	const struct value *said;

	if (!call_is_get(call)) {
		answer_begin(call, 200, TYPE_JSON);
		json_null(&call->json);
		return;
	}
	if (value_is(sent, VALUE_TEXT))
		all = sent->text.ptr;
	else
		for (size_t i = 0; i < value_count(sent); i++) {
			const char *one = value_as_string(arena, sent->members[i].value);

			all = one ? arena_print(arena, "%s%s%s", all, all[0] ? "," : "", one) : all;
		}
	said = topic_ask(call->request, &message, "names.reverse", "addresses", all, NULL);
	answer_value(call, said ? said : value_object(arena));
}

/* clang-format off */
const struct action diagnostics_traffic_actions[] = {
	{ "diagnostics/traffic/interface", KIND_QUERY, .lane = LANE_SLOW, .handle = traffic_interface },
	{ "diagnostics/traffic/stream", KIND_STREAM, .lane = LANE_SLOW, .handle = traffic_stream },
	{ "diagnostics/traffic/top", KIND_QUERY, 1, .lane = LANE_LONG, .handle = traffic_top },
	{ "diagnostics/cpu_usage/get_c_p_u_type", KIND_QUERY, .lane = LANE_SLOW, .handle = get_cpu_type },
	{ "diagnostics/cpu_usage/stream", KIND_STREAM, .lane = LANE_SLOW, .handle = cpu_stream },
	{ "diagnostics/activity/get_activity", KIND_QUERY, .lane = LANE_LONG, .handle = get_activity },
	{ "diagnostics/system/system_temperature", KIND_QUERY, .lane = LANE_SLOW, .handle = get_temperatures },
	{ "diagnostics/dns/reverse_lookup", KIND_QUERY, .lane = LANE_LONG, .handle = reverse_lookup },
	{ NULL },
};
/* clang-format on */
