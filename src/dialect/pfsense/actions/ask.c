/* Operations on the running system: each is one question to the box, and its answer in this API's words. */
#include "dialect/pfsense/actions/ask.h"

#include <stdlib.h>

#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/function.h"

struct value *
ask_with(struct scope *scope, const char *name, const char *text)
{
	struct value *argument = value_object(scope->arena);

	value_set_string(scope->arena, argument, name, text);
	return argument;
}

struct value *
ask_box(struct scope *scope, const char *topic, const struct value *argument, struct outcome *outcome)
{
	const struct box *box = scope->request->service->box;
	struct value     *answer = NULL;
	struct buffer     message = BUFFER_NONE;
	enum result       result = RESULT_UNAVAILABLE;

	if (box && box->ask)
		result = box->ask(box->context, scope->arena, topic, argument, &answer, &message);
	if (result != RESULT_DONE) {
		outcome->code = 1;
		outcome->message = message.len ? arena_copy(scope->arena, buffer_text(&message)) :
						 arena_print(scope->arena, "nothing here answers \"%s\"", topic);
		answer = NULL;
	} else if (!answer) {
		answer = value_list(scope->arena);
	}
	buffer_clear(&message);
	return answer;
}

/* The answer is the data. */
#define ASK(name, topic)                                              \
	void                                                          \
	name(struct scope *scope, struct outcome *outcome)            \
	{                                                         \
		outcome->data = ask_box(scope, topic, NULL, outcome); \
	}

ASK(act_arp, "arp.list")
ASK(act_interfaces, "interfaces.status")
ASK(act_system, "system.status")

/* Where none is configured there is none to ask about. */
void
act_ipsec(struct scope *scope, struct outcome *outcome)
{
	if (value_count(tree_find(scope->tree, "ipsec/phase1")) > 0)
		outcome->data = ask_box(scope, "ipsec.status", NULL, outcome);
}

void
act_openvpn(struct scope *scope, struct outcome *outcome)
{
	static const char *const lists[] = { "servers", "p2p_servers", "clients" };

	if (value_count(tree_find(scope->tree, "openvpn/openvpn-server")) +
		    value_count(tree_find(scope->tree, "openvpn/openvpn-client")) > 0) {
		outcome->data = ask_box(scope, "openvpn.status", NULL, outcome);
		return;
	}
	outcome->data = value_object(scope->arena);
	for (size_t i = 0; i < COUNT(lists); i++)
		value_set(scope->arena, outcome->data, lists[i], value_list(scope->arena));
}

static void
read_log(struct scope *scope, const char *log, struct outcome *outcome)
{
	outcome->data = ask_box(scope, "log.lines", ask_with(scope, "log", log), outcome);
}

void
act_log_dhcp(struct scope *scope, struct outcome *outcome)
{
	read_log(scope, "dhcp", outcome);
}

void
act_log_firewall(struct scope *scope, struct outcome *outcome)
{
	read_log(scope, "filter", outcome);
}

void
act_log_system(struct scope *scope, struct outcome *outcome)
{
	read_log(scope, "system", outcome);
}

static bool
member_is_true(struct scope *scope, const char *name)
{
	const struct value *value = value_get(scope->input, name);

	return value_is(value, VALUE_BOOL) && value->truth;
}

static void
turn_off(struct scope *scope, const char *topic, struct outcome *outcome)
{
	const struct value *debug = value_get(scope->input, "debug");

	if (member_is_true(scope, "debug") || text_is(to_text(scope->arena, debug), "true"))
		return;
	ask_box(scope, topic, NULL, outcome);
}

void
act_halt(struct scope *scope, struct outcome *outcome)
{
	turn_off(scope, "system.halt", outcome);
}

void
act_reboot(struct scope *scope, struct outcome *outcome)
{
	turn_off(scope, "system.reboot", outcome);
}

/* The box lists {ip, ...}; here addresses alone are wanted. */
static struct value *
addresses_of(struct scope *scope, const struct value *entries)
{
	struct value *list = value_list(scope->arena);

	for (size_t i = 0; i < value_count(entries); i++) {
		struct value *entry = entries->members[i].value, *ip = value_get(entry, "ip");

		value_add(scope->arena, list, ip ? ip : entry);
	}
	return list;
}

/* [{name, entries}] of all tables, or of the one that is asked for. */
void
act_tables(struct scope *scope, struct outcome *outcome)
{
	struct value       *names = function_find(TEXT("pf_tables"))->call(scope, NULL, 0, TEXT_NONE);
	const struct value *wanted = value_get(scope->input, "name");

	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(names); i++) {
		const struct value *name = names->members[i].value;
		struct value       *table, *entries;

		if (wanted && !is_alike(name, wanted))
			continue;
		entries = ask_box(scope, "table.list",
				  ask_with(scope, "table", to_string(scope->arena, name)), outcome);
		if (!entries)
			return;
		table = value_object(scope->arena);
		value_set(scope->arena, table, "name", value_copy(scope->arena, name));
		value_set(scope->arena, table, "entries", addresses_of(scope, entries));
		value_add(scope->arena, outcome->data, table);
	}
}

void
act_arp_delete(struct scope *scope, struct outcome *outcome)
{
	outcome->data = ask_box(scope, "arp.delete",
				ask_with(scope, "address",
					 to_string(scope->arena, value_get(scope->object, "ip"))),
				outcome);
}

/* "192.0.2.1:443", IPv6 with the port in brackets, as this API writes them. */
static const char *
end_text(struct scope *scope, const struct value *row, const char *address, const char *port)
{
	const char *host = to_string(scope->arena, value_get(row, address));

	return arena_print(scope->arena, strchr(host, ':') ? "%s[%s]" : "%s:%s", host,
			   to_string(scope->arena, value_get(row, port)));
}

static void
put_counts(struct scope *scope, struct value *out, const struct value *both, const char *name)
{
	static const char *const ways[] = { "in", "out" };
	int64_t                  total = 0;

	for (size_t i = 0; i < COUNT(ways); i++) {
		const int64_t count = to_integer(value_at(both, i));

		value_set(scope->arena, out, arena_print(scope->arena, "%s_%s", name, ways[i]), value_integer(scope->arena, count));
		total += count;
	}
	value_set(scope->arena, out, arena_print(scope->arena, "%s_total", name), value_integer(scope->arena, total));
}

/* The box tells states in more words than this API has. */
void
act_states(struct scope *scope, struct outcome *outcome)
{
	static const char *const same[][2] = {
		{ "interface", "interface" }, { "protocol", "proto" }, { "status", "state" }, { "age", "age" },
		{ "expires_in", "expires" },
	};
	const struct value *rows = ask_box(scope, "states.list", NULL, outcome);

	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = rows->members[i].value;
		struct value       *out = value_object(scope->arena);

		for (size_t k = 0; k < COUNT(same); k++)
			value_set_string(scope->arena, out, same[k][0],
					 to_string(scope->arena, value_get(row, same[k][1])));
		value_set_string(scope->arena, out, "source", end_text(scope, row, "src_addr", "src_port"));
		value_set_string(scope->arena, out, "destination", end_text(scope, row, "dst_addr", "dst_port"));
		put_counts(scope, out, value_get(row, "pkts"), "packets");
		put_counts(scope, out, value_get(row, "bytes"), "bytes");
		value_add(scope->arena, outcome->data, out);
	}
}

/* "12.3ms", "0.0%"; "~": not measured. */
static struct value *
measured(struct scope *scope, const struct value *value)
{
	return value_real(scope->arena, strtod(to_string(scope->arena, value), NULL));
}

/* A gateway that nobody measures counts as up. */
static const char *
gateway_status(const char *status)
{
	if (text_is(text_of(status), "none"))
		return "up";
	return text_is(text_of(status), "force_down") ? "down" : status;
}

void
act_gateways(struct scope *scope, struct outcome *outcome)
{
	static const char *const numbers[] = { "delay", "stddev", "loss" };
	const struct value      *gateways = ask_box(scope, "gateways.list", NULL, outcome);

	if (!gateways)
		return;
	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(gateways); i++) {
		const struct value *gateway = gateways->members[i].value;
		const char         *monitor = to_string(scope->arena, value_get(gateway, "monitor"));
		const char         *status = to_string(scope->arena, value_get(gateway, "status"));
		struct value       *row = value_object(scope->arena);

		if (is_true(value_get(gateway, "disabled")))
			continue;
		if (text_is(text_of(monitor), "~"))
			monitor = to_string(scope->arena, value_get(gateway, "address"));
		value_set_string(scope->arena, row, "monitorip", text_is(text_of(monitor), "~") ? "" : monitor);
		value_set_string(scope->arena, row, "srcip", to_string(scope->arena, value_get(gateway, "srcip")));
		value_set_string(scope->arena, row, "name", to_string(scope->arena, value_get(gateway, "name")));
		for (size_t k = 0; k < COUNT(numbers); k++)
			value_set(scope->arena, row, numbers[k], measured(scope, value_get(gateway, numbers[k])));
		value_set_string(scope->arena, row, "status", gateway_status(status));
		value_set_string(scope->arena, row, "substatus", status);
		value_add(scope->arena, outcome->data, row);
	}
}

void
act_states_kill(struct scope *scope, struct outcome *outcome)
{
	struct value *argument = value_object(scope->arena);

	if (!is_none(value_get(scope->object, "reset"))) {
		value_set(scope->arena, argument, "all", value_bool(scope->arena, true));
	} else {
		value_set_string(scope->arena, argument, "source",
				 to_string(scope->arena, value_get(scope->input, "source")));
		value_set_string(scope->arena, argument, "destination",
				 to_string(scope->arena, value_get(scope->input, "destination")));
	}
	if (ask_box(scope, "states.kill", argument, outcome) && !outcome->code)
		outcome->data = NULL;
}

/* How many states there may be and are; PUT cannot wait for the box, and leaves the count out at 0. */
void
act_states_size(struct scope *scope, struct outcome *outcome)
{
	const struct value *maximum = tree_find(scope->tree, "system/maximumstates");
	const int64_t       preset = 100000;
	struct outcome      asked = { 0 };
	const struct value *count = scope->request->lane == LANE_SLOW ?
					    ask_box(scope, "states.count", NULL, &asked) :
					    NULL;

	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "defaultmaximumstates", value_integer(scope->arena, preset));
	value_set(scope->arena, outcome->data, "maximumstates",
		  value_integer(scope->arena, is_none(maximum) ? preset : to_integer(maximum)));
	value_set(scope->arena, outcome->data, "currentstates",
		  value_integer(scope->arena, value_is(value_get(count, "current"), VALUE_INTEGER) ? value_get(count, "current")->integer : 0));
}

/* {interface, interface_ip, mac, broadcast_ip}; 2103 with the same when the packet cannot be sent. */
void
act_wake(struct scope *scope, struct outcome *outcome)
{
	static const char *const members[] = { "interface", "interface_ip", "mac", "broadcast_ip" };
	struct outcome           asked = { 0 };

	outcome->data = value_object(scope->arena);
	for (size_t i = 0; i < COUNT(members); i++) {
		const struct value *member = value_get(scope->object, members[i]);

		if (member)
			value_set(scope->arena, outcome->data, members[i], value_copy(scope->arena, member));
	}
	ask_box(scope, "wake.send", outcome->data, &asked);
	if (asked.code) {
		outcome->code = 2103;
		outcome->message = asked.message;
	}
}

/* Lines without the blanks at their ends, as they are joined. */
static struct value *
lines_of(struct arena *arena, struct text said)
{
	scoped_buffer lines = BUFFER_NONE;
	struct text   line;

	for (bool is_first = true; said.len > 0; is_first = false) {
		line = text_until(&said, '\n');
		while (line.len > 0 && memchr(" \t\v\f\r", line.ptr[line.len - 1], 5))
			line.len--;
		if (!is_first)
			buffer_add_byte(&lines, '\n');
		buffer_add(&lines, line);
	}
	return value_text(arena, buffer_text(&lines));
}

/* Commands of clients run nowhere unless the administrator's own file says so. What one said before it was ended is shown. */
void
act_command(struct scope *scope, struct outcome *outcome)
{
	struct value *argument = value_object(scope->arena), *answer;
	const char   *ended;

	if (!scope->request->service->allow_commands) {
		outcome->code = 1;
		outcome->message = "commands are not allowed on this box";
		return;
	}
	value_set(scope->arena, argument, "command",
		  value_text(scope->arena, to_text(scope->arena, value_get(scope->object, "shell_cmd"))));
	answer = ask_box(scope, "command.run", argument, outcome);
	if (!answer)
		return;
	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "cmd_output", lines_of(scope->arena, to_text(scope->arena, value_get(answer, "output"))));
	ended = to_string(scope->arena, value_get(answer, "ended"));
	if (!*ended)
		return;
	outcome->code = 1;
	outcome->message = strcmp(ended, "late") == 0 ? "the command was ended: it took longer than this box allows" :
							"the command was ended: it said more than this box allows";
}
