/* Numbers over time: of the machine, its interfaces and its gateways. */
#include <string.h>
#include <time.h>

#include "api/topics.h"
#include "base/number.h"
#include "dialect/opnsense/csv_text.h"
#include "dialect/opnsense/tables.h"
#include "schema/interfaces.h"

/* clang-format off */
static const struct {
	const char *topic, *item; /* NULL: any */
	const char *title, *axis;
} labels[] = {
	{ "system", "processor", "System: processor", "percent, processes" },
	{ "system", "memory", "System: memory", "percent" },
	{ "system", "states", "System: connections", "connections, changes per second" },
	{ "system", "mbuf", "System: buffers of packets", "buffers" },
	{ "system", "cputemp", "System: temperature", "degrees Celsius" },
	{ "traffic", NULL, "Traffic", "bits per second" },
	{ "packets", NULL, "Packets", "packets per second" },
	{ "quality", NULL, "Quality", "percent, ms" },
};
/* clang-format on */

/* --- What there is ----------------------------------------------------------------------------------------- */

/* {key: {descr}} of those that have a link. */
static struct value *
interface_names(struct call *call)
{
	struct arena           *arena = call->request->arena;
	const struct view       view = call_view(call, NULL);
	struct value           *answer = value_object(arena);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(&view, &count);

	for (size_t i = 0; i < count; i++) {
		struct value *entry = value_object(arena);

		if (interfaces[i].dynamic || !record_get(interfaces[i].record, "if")[0])
			continue;
		value_set_string(arena, entry, "descr", interfaces[i].label);
		value_set(arena, answer, interfaces[i].key, entry);
	}
	return answer;
}

static void
get_interfaces(struct call *call)
{
	answer_value(call, interface_names(call));
}

static void
list_series(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct arena       *arena = call->request->arena;
	const struct value *said = topic_ask(call->request, &message, "health.list", NULL);
	struct value       *answer = value_object(arena), *data = value_object(arena), *files = value_list(arena);

	for (size_t i = 0; i < value_count(said); i++) {
		const struct value *item = value_get(said->members[i].value, "item");
		const char         *topic = value_as_string(arena, value_get(said->members[i].value, "topic"));
		struct value       *file = value_object(arena);

		if (!value_get(data, topic))
			value_set(arena, data, topic, value_list(arena));
		value_add(arena, value_get(data, topic), value_copy(arena, item));
		const char *key = arena_print(arena, "%.*s-%s", TEXT_ARGS(item->text), topic);

		value_set_string(arena, file, "key", key);
		value_set_string(arena, file, "filename", arena_print(arena, "%s.health", key));
		value_add(arena, files, file);
	}
	value_set(arena, answer, "data", data);
	value_set(arena, answer, "files", files);
	value_set(arena, answer, "interfaces", interface_names(call));
	value_set_string(arena, answer, "result", "ok");
	answer_value(call, answer);
}

/* --- One of them ---------------------------------------------------------------------------------------------- */

static const struct value *
fetch(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	int64_t       detail = 0;

	/* As when nothing is said: the finest. */
	if (call->nparams > 1 && !text_is(call_param(call, 1), "-1") && !number_read(call_param(call, 1), 0, INT32_MAX, &detail))
		return NULL;
	return topic_ask(call->request, &message, "health.fetch", "series", call_param_string(call, 0), "detail",
			 arena_print(call->request->arena, "%lld", (long long)detail), NULL);
}

static const char *
label_of(struct call *call, const struct value *item)
{
	const struct view       view = call_view(call, NULL);
	const struct interface *interface = interfaces_find(&view, item->text);

	return interface ? interface->label : value_as_string(call->request->arena, item);
}

static void
put_labels(struct call *call, struct value *answer, const struct value *said)
{
	struct arena       *arena = call->request->arena;
	const struct value *item = value_get(said, "item"), *topic = value_get(said, "topic");
	const char         *title = "error", *axis = "";

	for (size_t i = 0; said && i < COUNT(labels); i++) {
		if (!text_is(topic->text, labels[i].topic) || (labels[i].item && !text_is(item->text, labels[i].item)))
			continue;
		title = labels[i].item ? labels[i].title : arena_print(arena, "%s: %s", labels[i].title, label_of(call, item));
		axis = labels[i].axis;
		break;
	}
	value_set_string(arena, answer, "title", title);
	value_set_string(arena, answer, "y-axis_label", axis);
}

static void
show_series(struct call *call)
{
	struct arena       *arena = call->request->arena;
	const struct value *said = fetch(call);
	struct value       *answer = value_object(arena), *set = said ? value_object(arena) : value_list(arena);

	if (said) {
		value_set(arena, set, "count", value_copy(arena, value_get(said, "rows")));
		value_set(arena, set, "step_size", value_copy(arena, value_get(said, "step")));
		value_set(arena, set, "data", value_copy(arena, value_get(said, "columns")));
	}
	value_set(arena, answer, "set", set);
	put_labels(call, answer, said);
	answer_value(call, answer);
}

/* --- As a table ----------------------------------------------------------------------------------------------- */

/* The number of a column at this time, taken off its front; "" when it has none. */
static const char *
take_number(struct arena *arena, const struct value *values, size_t *at, int64_t ms)
{
	if (*at >= value_count(values))
		return "";
	const struct value *pair = values->members[*at].value;
	int64_t             time = 0;

	number_read(text_of(value_as_string(arena, pair->members[0].value)), 0, INT64_MAX, &time);
	if (time != ms)
		return "";
	(*at)++;
	return value_as_string(arena, pair->members[1].value);
}

/* The first time that a column has not given yet; INT64_MAX: all are through. */
static int64_t
next_time(struct arena *arena, const struct value *columns, const size_t *at)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < value_count(columns); i++) {
		const struct value *values = value_get(columns->members[i].value, "values");
		int64_t             time;

		if (at[i] < value_count(values) &&
		    number_read(text_of(value_as_string(arena, values->members[at[i]].value->members[0].value)), 0, INT64_MAX, &time) &&
		    time < first)
			first = time;
	}
	return first;
}

static void
put_rows(struct arena *arena, struct buffer *out, const struct value *columns)
{
	const size_t count = value_count(columns);
	size_t      *at = ARENA_MAKE(arena, size_t, count + 1);

	csv_put(out, true, "timestamp");
	for (size_t i = 0; i < count; i++)
		csv_put(out, false, value_as_string(arena, value_get(columns->members[i].value, "key")));
	buffer_add_byte(out, '\n');
	for (int64_t ms; (ms = next_time(arena, columns, at)) != INT64_MAX;) {
		const time_t time = (time_t)(ms / 1000);
		struct tm    parts;
		char         text[32];

		gmtime_r(&time, &parts);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
		csv_put(out, true, text);
		for (size_t i = 0; i < count; i++)
			csv_put(out, false, take_number(arena, value_get(columns->members[i].value, "values"), &at[i], ms));
		buffer_add_byte(out, '\n');
	}
}

static void
export_series(struct call *call)
{
	struct arena       *arena = call->request->arena;
	const struct value *said = fetch(call);

	if (!said) {
		show_series(call);
		return;
	}
	answer_file(call, TYPE_CSV,
		    arena_print(arena, "%s-%s.csv", value_as_string(arena, value_get(said, "item")),
				value_as_string(arena, value_get(said, "topic"))));
	put_rows(arena, &call->request->reply.body, value_get(said, "columns"));
}

/* --- What is done to them ----------------------------------------------------------------------------------------- */

static void
forget_series(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *name = call_param_string(call, 0);
	const size_t  len = strlen(name), end = strlen(".health");

	if (len > end && strcmp(name + len - end, ".health") == 0)
		name = arena_print(call->request->arena, "%.*s", (int)(len - end), name);
	answer_word(call, "status", topic_ask(call->request, &message, "health.forget", "series", name, NULL) ? "ok" : "failed");
}

static void
look_again(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_word(call, "status", topic_ask(call->request, &message, "health.look", NULL) ? "ok" : "failed");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
const struct action diagnostics_health_actions[] = {
	{ "diagnostics/systemhealth/get_interfaces", KIND_QUERY, .handle = get_interfaces },
	{ "diagnostics/systemhealth/get_rrd_list", KIND_QUERY, .lane = LANE_SLOW, .handle = list_series },
	{ "diagnostics/systemhealth/get_system_health", KIND_QUERY, .lane = LANE_SLOW, .handle = show_series },
	{ "diagnostics/systemhealth/export_as_c_s_v", KIND_QUERY, .lane = LANE_SLOW, .handle = export_series },
	{ "diagnostics/systemhealth/del_r_r_d", KIND_ACTION, .lane = LANE_SLOW, .handle = forget_series, .refusal = FAILED },
	{ "diagnostics/systemhealth/reconfigure", KIND_RECONFIGURE, .lane = LANE_SLOW, .handle = look_again, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
