/* Links, neighbours, routes, sockets: what the kernel has of the network, in netstat's words. */
#include <string.h>

#include "api/topics.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"

#define PAGE_PRESET 9999

static const char *
text_anywhere(struct call *call, const char *name)
{
	const char *text = call_text(call, name);

	return text ? text : "";
}

/* What the box says, under a name; "": as it is. */
static void
answer_topic(struct call *call, const struct value *said, const char *name, struct buffer *message)
{
	struct arena *arena = call->request->arena;
	struct value *around = value_object(arena);

	if (!said) {
		answer_refusal(call, "Diagnostics", "%s", buffer_string(message));
		return;
	}
	value_set(arena, around, name, value_copy(arena, said));
	answer_value(call, name[0] ? around : said);
}

/* --- What is only shown ----------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *endpoint, *topic, *name;
} shown[] = {
	{ "diagnostics/interface/get_interface_statistics", "interfaces.statistics", "statistics" },
	{ "diagnostics/interface/get_protocol_statistics", "network.protocols", "statistics" },
	{ "diagnostics/interface/get_socket_statistics", "network.sockets", "statistics" },
	{ "diagnostics/interface/get_netisr_statistics", "network.netisr", "netisr" },
	{ "diagnostics/interface/get_memory_statistics", "network.buffers", "mbuf-statistics" },
	{ "diagnostics/system/system_mbuf", "network.buffers", "mbuf-statistics" },
	{ "diagnostics/system/memory", "system.memory", "" },
};
/* clang-format on */

static void
show(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	for (size_t i = 0; i < COUNT(shown); i++)
		if (strcmp(shown[i].endpoint, call->route->endpoint) == 0)
			answer_topic(call, topic_ask(call->request, &message, shown[i].topic, NULL), shown[i].name, &message);
}

static void
show_bpf(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct arena *arena = call->request->arena;
	struct value *said = topic_ask(call->request, &message, "network.bpf", NULL), *entry = value_object(arena);

	if (said)
		value_set(arena, entry, "bpf-entry", said);
	answer_topic(call, said ? entry : NULL, "bpf-statistics", &message);
}

/* --- Neighbours ------------------------------------------------------------------------------------------------ */

static struct value *
ask_neighbours(struct call *call, struct buffer *message)
{
	const bool  inet6 = text_ends(text_of(call->route->endpoint), TEXT("ndp"));
	const char *resolve = text_anywhere(call, "resolve");

	return topic_ask(call->request, message, "neighbours.table", "family", inet6 ? "inet6" : "inet", "resolve",
			 strcmp(resolve, "yes") == 0 ? "yes" : "", NULL);
}

static void
get_neighbours(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_topic(call, ask_neighbours(call, &message), "", &message);
}

static void
search_neighbours(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *rows = ask_neighbours(call, &message);

	if (value_is(rows, VALUE_LIST))
		grid_answer(call, rows, PAGE_PRESET);
	else
		answer_refusal(call, "Diagnostics", "%s", buffer_string(&message));
}

/* Text, not JSON: as the tool says it. */
static void
flush_arp(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, "neighbours.clear", NULL);

	if (!value_is(said, VALUE_TEXT)) {
		answer_refusal(call, "Diagnostics", "%s", buffer_string(&message));
		return;
	}
	answer_begin(call, 200, "text/plain; charset=UTF-8");
	buffer_add(&call->request->reply.body, said->text);
}

/* --- Routes ------------------------------------------------------------------------------------------------------ */

static bool
is_truthy(const char *text)
{
	return text[0] && strcmp(text, "0") != 0 && strcmp(text, "no") != 0 && strcmp(text, "false") != 0;
}

static void
get_routes(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_topic(call, topic_ask(call->request, &message, "routes.table", "resolve",
				     is_truthy(text_anywhere(call, "resolve")) ? "yes" : "", NULL), "", &message);
}

static void
del_route(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *destination = value_get(call->input, "destination"), *gateway = value_get(call->input, "gateway");

	if (!value_is(destination, VALUE_TEXT) || !value_is(gateway, VALUE_TEXT)) {
		answer_word(call, "message", "error");
		return;
	}
	const struct value *said = topic_ask(call->request, &message, "route.delete", "destination", destination->text.ptr, "gateway",
					     gateway->text.ptr, NULL);

	answer_word(call, "message", said ? said->text.ptr : buffer_string(&message));
}

/* --- Pairs of boxes ---------------------------------------------------------------------------------------------- */

static const char *
modes(struct call *call)
{
	const struct value *sent = value_get(call->input, "mode");
	struct arena       *arena = call->request->arena;
	const char         *all = "";

	if (!value_is(sent, VALUE_LIST) && !value_is(sent, VALUE_OBJECT))
		return text_anywhere(call, "mode");
	for (size_t i = 0; i < sent->count; i++) {
		const char *one = value_as_string(arena, sent->members[i].value);

		all = one ? arena_print(arena, "%s%s%s", all, all[0] ? "," : "", one) : all;
	}
	return all;
}

static void
get_vip_status(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *said = topic_ask(call->request, &message, "vips.status", "mode", modes(call), NULL);
	struct value *rows = value_get(said, "rows");
	struct json  *json = &call->json;

	if (!value_is(rows, VALUE_LIST)) {
		answer_refusal(call, "Diagnostics", "%s", buffer_string(&message));
		return;
	}
	for (size_t i = 0; i < rows->count; i++) {
		value_remove(rows->members[i].value, "identifier");
		value_remove(rows->members[i].value, "subnet_bits");
	}
	grid_answer(call, rows, PAGE_PRESET);
	/* The grid is an object: one more member before its end. */
	buffer_cut(json->out, json->out->len - 1);
	json->comma = true;
	json_name(json, "carp");
	json_value(json, value_get(said, "carp"));
	buffer_add_byte(json->out, '}');
}

/* "enable", "disable", or "maintenance", which flips. */
static void
carp_status(struct call *call)
{
	static const struct {
		const char *word, *field, *value, *action;
		const char *now; /* only when the field has it; NULL: anyway */
	} words[] = {
		{ "enable", "disabled", "0", "enable" }, { "disable", "disabled", "1", "disable" },
		{ "maintenance", "maintenance", "1", "enter_maintenance", "0" },
		{ "maintenance", "maintenance", "0", "leave_maintenance", "1" },
	};
	const struct record *state = snapshot_single(call->request->snapshot, "interfaces.carp");

	for (size_t i = 0; i < COUNT(words); i++) {
		if (!text_is(call_param(call, 0), words[i].word) ||
		    (words[i].now && record_bool(state, words[i].field) != (words[i].now[0] == '1')))
			continue;
		struct record *after = record_copy(call->request->arena, state);

		record_set(after, words[i].field, words[i].value);
		change_put(call->request->change, after);
		call->request->keep = call->request->always = true;
		call->kept = arena_copy(call->request->arena, text_of(words[i].action));
		return;
	}
	answer_word(call, "status", "failed");
}

static void
finish_carp_status(struct call *call)
{
	const char       *message;
	const enum result result = topic_apply(call->request, PART_INTERFACES | PART_FILTER, &message);
	struct value     *answer = value_object(call->request->arena);

	if (result != RESULT_DONE) {
		answer_refusal(call, "Not applied", "%s", message[0] ? message : result_word(result));
		return;
	}
	value_set_string(call->request->arena, answer, "status", "ok");
	value_set_string(call->request->arena, answer, "action", call->kept);
	answer_value(call, answer);
}

/* Connections are this box's own: nobody else made them. */
static void
get_pfsync_nodes(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct arena       *arena = call->request->arena;
	struct value       *rows = value_list(arena), *row = value_object(arena);
	const struct value *count = topic_ask(call->request, &message, "states.count", NULL);
	const struct value *current = value_get(count, "current");

	value_set_string(arena, row, "creatorid", "0");
	value_set_string(arena, row, "this", "1");
	if (value_is(current, VALUE_INTEGER) && current->integer > 0)
		value_add(arena, rows, row);
	grid_answer(call, rows, PAGE_PRESET);
}

#define ERROR "{\"message\":\"error\"}"

/* clang-format off */
#define SHOWS(at, words) { "diagnostics/" at, KIND_QUERY, .lane = LANE_SLOW, .handle = words }

const struct action diagnostics_interface_actions[] = {
	SHOWS("interface/get_interface_statistics", show), SHOWS("interface/get_protocol_statistics", show),
	SHOWS("interface/get_socket_statistics", show), SHOWS("interface/get_netisr_statistics", show),
	SHOWS("interface/get_memory_statistics", show), SHOWS("interface/get_bpf_statistics", show_bpf),
	SHOWS("system/system_mbuf", show), SHOWS("system/memory", show),
	{ "diagnostics/interface/get_arp", KIND_QUERY, .lane = LANE_LONG, .handle = get_neighbours },
	{ "diagnostics/interface/get_ndp", KIND_QUERY, .lane = LANE_SLOW, .handle = get_neighbours },
	{ "diagnostics/interface/search_arp", KIND_GRID, .lane = LANE_LONG, .handle = search_neighbours },
	{ "diagnostics/interface/search_ndp", KIND_GRID, .lane = LANE_SLOW, .handle = search_neighbours },
	{ "diagnostics/interface/flush_arp", KIND_ACTION, .lane = LANE_SLOW, .handle = flush_arp, .refusal = ERROR },
	{ "diagnostics/interface/get_routes", KIND_QUERY, .lane = LANE_LONG, .handle = get_routes },
	{ "diagnostics/interface/del_route", KIND_ACTION, .lane = LANE_SLOW, .handle = del_route, .refusal = ERROR },
	{ "diagnostics/interface/get_vip_status", KIND_GRID, .lane = LANE_SLOW, .handle = get_vip_status },
	{ "diagnostics/interface/carp_status", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = carp_status,
	  .finish = finish_carp_status, .refusal = ERROR },
	{ "diagnostics/interface/get_pfsync_nodes", KIND_GRID, .lane = LANE_SLOW, .handle = get_pfsync_nodes },
	{ NULL },
};
/* clang-format on */
