/* Traffic over time: who, where and how much, for those who draw it. */
#include <string.h>
#include <time.h>

#include "api/topics.h"
#include "base/number.h"
#include "dialect/opnsense/tables.h"
#include "schema/facts.h"
#include "schema/interfaces.h"

/* clang-format off */
/* As /etc/protocols has them. */
static const struct choice protocols[] = {
	{ "0", "ip" }, { "1", "icmp" }, { "2", "igmp" }, { "3", "ggp" }, { "4", "ipencap" }, { "5", "st2" }, { "6", "tcp" },
	{ "7", "cbt" }, { "8", "egp" }, { "9", "igp" }, { "12", "pup" }, { "17", "udp" }, { "20", "hmp" }, { "22", "xns-idp" },
	{ "27", "rdp" }, { "29", "iso-tp4" }, { "33", "dccp" }, { "36", "xtp" }, { "37", "ddp" }, { "38", "idpr-cmtp" },
	{ "41", "ipv6" }, { "43", "ipv6-route" }, { "44", "ipv6-frag" }, { "45", "idrp" }, { "46", "rsvp" }, { "47", "gre" },
	{ "50", "esp" }, { "51", "ah" }, { "57", "skip" }, { "58", "ipv6-icmp" }, { "59", "ipv6-nonxt" }, { "60", "ipv6-opts" },
	{ "81", "vmtp" }, { "88", "eigrp" }, { "89", "ospf" }, { "93", "ax.25" }, { "94", "ipip" }, { "97", "etherip" },
	{ "98", "encap" }, { "103", "pim" }, { "108", "ipcomp" }, { "112", "vrrp" }, { "115", "l2tp" }, { "124", "isis" },
	{ "132", "sctp" }, { "133", "fc" }, { "135", "mobility-header" }, { "136", "udplite" }, { "137", "mpls-in-ip" },
	{ "138", "manet" }, { "139", "hip" }, { "140", "shim6" }, { "141", "wesp" }, { "142", "rohc" },
};

static const struct measure {
	const char *name, *column; /* numbers of the topic's */
	double      factor;
	bool        by_time;       /* divided by the seconds they are of */
} measures[] = {
	{ "octets", "octets", 1, false }, { "packets", "packets", 1, false },
	{ "octets_ps", "octets", 1, true }, { "packets_ps", "packets", 1, true }, { "bps", "octets", 8, true },
};
/* clang-format on */

/* Commas between fields may come encoded. */
static const char *
param(const struct call *call, size_t n)
{
	return text_decode_form(call->request->arena, call_param(call, n), 0).ptr;
}

/* --- What there is ----------------------------------------------------------------------------------------- */

static void
get_metadata(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct arena       *arena = call->request->arena;
	const struct value *said = topic_ask(call->request, &message, "insight.metadata", NULL);
	struct value       *answer = value_object(arena);

	value_set(arena, answer, "aggregators", said ? value_copy(arena, said) : value_object(arena));
	answer_value(call, answer);
}

static void
get_protocols(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	for (size_t i = 0; i < COUNT(protocols); i++)
		json_put_string(&call->json, protocols[i].key, protocols[i].label);
	json_object_end(&call->json);
}

/* --- Over time ------------------------------------------------------------------------------------------------ */

static const struct measure *
measure_of(const char *name)
{
	for (size_t i = 0; i < COUNT(measures); i++)
		if (strcmp(measures[i].name, name) == 0)
			return &measures[i];
	return NULL;
}

static int64_t
number_of(struct arena *arena, const struct value *row, const char *name)
{
	int64_t number = 0;

	number_read(text_of(value_as_string(arena, value_get(row, name))), 0, INT64_MAX, &number);
	return number;
}

/* [[ms, number]] */
static void
put_values(struct call *call, const struct value *row, const struct measure *measure)
{
	struct arena *arena = call->request->arena;
	struct json  *json = &call->json;
	int64_t       ms = number_of(arena, row, "first"), step = number_of(arena, row, "step"), number;
	struct text   rest = text_of(value_as_string(arena, value_get(row, measure->column)));

	json_list(json);
	for (struct text word; step > 0 && text_next(&rest, " ", &word) && number_read(word, 0, INT64_MAX, &number); ms += step * 1000) {
		json_list(json);
		json_number(json, ms);
		if (measure->by_time)
			json_real(json, (double)number * measure->factor / (double)step);
		else
			json_number(json, number);
		json_list_end(json);
	}
	json_list_end(json);
}

/* Of what is told apart by interface and direction each has a name of its own. */
static void
put_key(struct call *call, struct text key)
{
	struct text fields = text_of(param(call, 5)), rest = key, field;

	json_put_text(&call->json, "key", key);
	while (text_next(&fields, ",", &field)) {
		const struct text value = text_until(&rest, ',');

		if (text_is(field, "if"))
			json_put_text(&call->json, "interface", value);
		else if (text_is(field, "direction"))
			json_put_text(&call->json, "direction", value);
	}
}

/* provider, measure, from, to, resolution, field */
static void
timeserie(struct call *call)
{
	scoped_buffer         message = BUFFER_NONE;
	const struct measure *measure = measure_of(param(call, 1));
	const struct value   *said =
		measure ? topic_ask(call->request, &message, "insight.series", "provider", param(call, 0), "from",
				    param(call, 2), "to", param(call, 3), "resolution",
				    param(call, 4), "fields", param(call, 5), NULL)
			: NULL;

	answer_begin(call, 200, TYPE_JSON);
	json_list(&call->json);
	for (size_t i = 0; i < value_count(said); i++) {
		const struct value *row = value_at(said, i);

		json_object(&call->json);
		put_key(call, value_get(row, "key")->text);
		json_name(&call->json, "values");
		put_values(call, row, measure);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

/* --- The largest ------------------------------------------------------------------------------------------------ */

/* "a=1,b=2" of "a,b" and "1,2". */
static const char *
filter_of(struct call *call)
{
	struct arena *arena = call->request->arena;
	struct text   fields = text_of(call_text(call, "filter_field")), values = text_of(call_text(call, "filter_value")), field;
	const char   *filter = "";

	while (values.len && text_next(&fields, ",", &field)) {
		const struct text value = text_until(&values, ',');

		filter = arena_print(arena, "%s%s%.*s=%.*s", filter, filter[0] ? "," : "", TEXT_ARGS(field), TEXT_ARGS(value));
	}
	return filter;
}

static const char *
interface_label(struct call *call, const char *device)
{
	const struct view       view = call_view(call, NULL);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(&view, &count);

	for (size_t i = 0; i < count; i++)
		if (!interfaces[i].dynamic && strcmp(record_get(interfaces[i].record, "if"), device) == 0)
			return interfaces[i].label;
	return device;
}

static const char *
named(const struct choice *list, size_t count, const char *number, bool by_label)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(by_label ? list[i].label : list[i].key, number) == 0)
			return by_label ? list[i].key : list[i].label;
	return number;
}

static const char *
word_of(struct call *call, struct text field, const char *value)
{
	size_t               count;
	const struct choice *services = facts_list(call->request->service->facts, "port services", &count);

	if (!value[0] || text_is(field, "if"))
		return value[0] ? interface_label(call, value) : "";
	if (text_is(field, "protocol"))
		return arena_print(call->request->arena, "(%s)", named(protocols, COUNT(protocols), value, false));
	return text_ends(field, TEXT("_port")) ? named(services, count, value, true) : value;
}

/* "https (tcp)" */
static const char *
label_of(struct call *call, const struct value *row)
{
	struct arena *arena = call->request->arena;
	struct text   fields = text_of(param(call, 3)), field;
	const char   *label = "";

	while (text_next(&fields, ",", &field)) {
		const char *value = value_as_string(arena, value_get_text(row, field));
		const char *word = value ? word_of(call, field, value) : "";

		label = arena_print(arena, "%s%s%s", label, label[0] && word[0] ? " " : "", word);
	}
	return label[0] ? label : "(other)";
}

static const char *
time_text(struct arena *arena, int64_t seconds)
{
	const time_t time = (time_t)seconds;
	struct tm    parts;
	char         text[32] = "";

	if (localtime_r(&time, &parts))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
	return arena_copy(arena, text_of(text));
}

/* provider, from, to, field, measure, max_hits */
static void
top(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct arena *arena = call->request->arena;
	struct value *said = topic_ask(call->request, &message, "insight.top", "provider", param(call, 0), "from",
				       param(call, 1), "to", param(call, 2), "fields",
				       param(call, 3), "by", param(call, 4), "most",
				       param(call, 5), "filter", filter_of(call), NULL);

	for (size_t i = 0; i < value_count(said); i++) {
		struct value *row = value_at(said, i);

		value_set_string(arena, row, "last_seen_str", time_text(arena, number_of(arena, row, "last_seen")));
		value_set_string(arena, row, "label", label_of(call, row));
	}
	if (said)
		answer_value(call, said);
	else
		answer_empty(call);
}

/* --- As a table -------------------------------------------------------------------------------------------------- */

/* provider, from, to, resolution */
static void
export(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *provider = param(call, 0);
	const struct value *said = topic_ask(call->request, &message, "insight.export", "provider", provider, "from",
					     param(call, 1), "to", param(call, 2), "resolution",
					     param(call, 3), NULL);

	if (!value_is(said, VALUE_TEXT)) {
		answer_empty(call);
		return;
	}
	answer_file(call, TYPE_FILE, arena_print(call->request->arena, "%s.csv", provider));
	buffer_add(&call->request->reply.body, said->text);
}

/* clang-format off */
const struct action diagnostics_insight_actions[] = {
	{ "diagnostics/networkinsight/get_metadata", KIND_QUERY, .methods = GETS, .handle = get_metadata },
	{ "diagnostics/networkinsight/get_protocols", KIND_QUERY, .handle = get_protocols },
	{ "diagnostics/networkinsight/timeserie", KIND_QUERY, .methods = GETS, .lane = LANE_SLOW, .handle = timeserie },
	{ "diagnostics/networkinsight/top", KIND_QUERY, .methods = GETS, .lane = LANE_SLOW, .handle = top },
	{ "diagnostics/networkinsight/export", KIND_DOWNLOAD, .methods = GETS, .lane = LANE_SLOW, .handle = export },
	{ NULL },
};
/* clang-format on */
