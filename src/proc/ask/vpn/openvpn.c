/* Who is connected by OpenVPN, as its processes say: lines whose words stand between tabs. */
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/service/openvpn/openvpn.h"
#include "proc/ask/ask.h"

#define SESSIONS_MAX 20000 /* that are shown */

/* In the order of its lines. */
static const char *const client_columns[] = {
	"common_name", "real_address", "virtual_address", "virtual_ipv6_address", "bytes_received", "bytes_sent", "connected_since",
	"connected_since__time_t_", "username", "client_id", "peer_id", "data_channel_cipher", NULL,
};
static const char *const route_columns[] = { "virtual_address", "common_name", "real_address", "last_ref", "last_ref__time_t_", NULL };

/* Columns of clients. */
#define REAL_ADDRESS 1
#define CLIENT_ID    9

/* --- Asking ---------------------------------------------------------------------------------------------- */

static bool
is_server(const struct record *instance)
{
	return strcmp(record_get(instance, "role"), "client") != 0;
}

/* False: it does not run, or does not answer. */
static bool
ask_instance(const struct asking *asking, const struct record *instance, struct text *said)
{
	scoped_buffer why = BUFFER_NONE;
	struct asking quiet = *asking;

	quiet.message = &why;
	return asked_daemon(&quiet, "openvpn.status", instance->uuid, said) == RESULT_DONE;
}

/* The words of a line that begins with this one; false: it begins otherwise. */
static bool
is_line(struct text line, const char *kind, struct text *words)
{
	*words = text_trim(line);
	return text_is(text_until(words, '\t'), kind);
}

static struct text
column(struct text words, size_t n)
{
	while (n-- > 0)
		text_until(&words, '\t');
	return text_until(&words, '\t');
}

/* --- Rows ------------------------------------------------------------------------------------------------ */

static struct value *
row_of(const struct asking *asking, const struct record *instance, const char *id)
{
	struct arena *arena = asking->arena;
	struct value *row = value_object(arena);

	value_set_string(arena, row, "id", id);
	value_set_string(arena, row, "type", is_server(instance) ? "server" : "client");
	value_set_string(arena, row, "description", record_get(instance, "description"));
	return row;
}

/* Of a session: every key is there, whatever is known. */
static struct value *
session_of(const struct asking *asking, const struct record *instance, const char *id, const char *status)
{
	static const char *const others[] = { "is_client", "service_id", "timestamp" };
	struct arena            *arena = asking->arena;
	struct value            *row = row_of(asking, instance, id);

	value_set_string(arena, row, "status", status);
	for (size_t i = 0; i < COUNT(others); i++)
		value_set(arena, row, others[i], value_null(arena));
	for (size_t i = 0; client_columns[i]; i++)
		value_set(arena, row, client_columns[i], value_null(arena));
	return row;
}

static void
set_columns(const struct asking *asking, struct value *row, const char *const *columns, struct text words)
{
	for (; *columns; columns++)
		value_set(asking->arena, row, *columns, value_text(asking->arena, text_until(&words, '\t')));
}

static size_t
add_clients(const struct asking *asking, const struct record *instance, struct text said, struct value *rows)
{
	struct text line, words;
	size_t      count = 0;

	while (text_next(&said, "\n", &line)) {
		if (!is_line(line, "CLIENT_LIST", &words) || value_count(rows) == SESSIONS_MAX)
			continue;
		const struct text from = column(words, REAL_ADDRESS);
		struct value     *row = session_of(asking, instance, arena_print(asking->arena, "%s_%.*s", instance->uuid,
									     TEXT_ARGS(from)), "ok");

		value_set(asking->arena, row, "is_client", value_bool(asking->arena, true));
		set_columns(asking, row, client_columns, words);
		value_add(asking->arena, rows, row);
		count++;
	}
	return count;
}

/* "1732890000,CONNECTED,SUCCESS,10.8.0.2,198.51.100.1,1194,,,fd00::2" */
static void
set_state(const struct asking *asking, struct value *row, struct text line)
{
	struct arena *arena = asking->arena;
	struct text   since = text_until(&line, ','), state = text_until(&line, ',');
	char         *status = arena_copy(arena, state);

	for (char *at = status; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	text_until(&line, ',');
	value_set_string(arena, row, "status", status);
	value_set(arena, row, "connected_since__time_t_", value_text(arena, since));
	value_set(arena, row, "virtual_address", value_text(arena, text_until(&line, ',')));
	value_set(arena, row, "real_address", value_text(arena, text_until(&line, ',')));
	for (int i = 0; i < 3; i++)
		text_until(&line, ',');
	value_set(arena, row, "virtual_ipv6_address", value_text(arena, text_until(&line, ',')));
}

static bool
is_state(struct text line)
{
	const struct text first = text_until(&line, ',');
	int64_t           number;

	return line.len > 0 && number_read(first, 0, INT64_MAX, &number);
}

/* Of one that is a client itself. */
static struct value *
row_of_client(const struct asking *asking, const struct record *instance, struct text said)
{
	struct value *row = session_of(asking, instance, instance->uuid, "ok");
	struct text   line;

	while (text_next(&said, "\n", &line)) {
		struct text       rest = text_trim(line);
		const struct text name = text_until(&rest, ',');

		if (is_state(text_trim(line)))
			set_state(asking, row, text_trim(line));
		else if (text_is(name, "TCP/UDP read bytes"))
			value_set(asking->arena, row, "bytes_received", value_text(asking->arena, rest));
		else if (text_is(name, "TCP/UDP write bytes"))
			value_set(asking->arena, row, "bytes_sent", value_text(asking->arena, rest));
		else if (text_is(name, "Updated"))
			value_set(asking->arena, row, "timestamp", value_text(asking->arena, rest));
	}
	return row;
}

/* Those of a server, or the server itself while it has none. */
static void
add_sessions(const struct asking *asking, const struct record *instance, struct value *rows)
{
	struct arena *arena = asking->arena;
	struct text   said;
	struct value *row;

	if (!ask_instance(asking, instance, &said)) {
		row = session_of(asking, instance, instance->uuid, "failed");
		value_set_string(arena, row, "service_id", arena_print(arena, "openvpn/%s", instance->uuid));
		value_add(arena, rows, row);
	} else if (!is_server(instance)) {
		value_add(arena, rows, row_of_client(asking, instance, said));
	} else if (add_clients(asking, instance, said, rows) == 0) {
		value_add(arena, rows, session_of(asking, instance, instance->uuid, "ok"));
	}
}

static void
add_routes(const struct asking *asking, const struct record *instance, struct value *rows)
{
	struct text said, line, words;

	if (!is_server(instance) || !ask_instance(asking, instance, &said))
		return;
	while (text_next(&said, "\n", &line)) {
		if (!is_line(line, "ROUTING_TABLE", &words) || value_count(rows) == SESSIONS_MAX)
			continue;
		struct value *row = row_of(asking, instance, instance->uuid);

		set_columns(asking, row, route_columns, words);
		value_add(asking->arena, rows, row);
	}
}

/* --- Topics ---------------------------------------------------------------------------------------------- */

/* Is its kind among those asked for? Nothing asked: all. */
static bool
is_asked(const struct asking *asking, const struct record *instance)
{
	const struct text types = text_of(asked_text(asking, "type"));

	return record_bool(instance, "enabled") &&
	       (types.len == 0 || text_lists(types, is_server(instance) ? TEXT("server") : TEXT("client")));
}

static enum result
list_all(struct asking *asking, void (*add)(const struct asking *, const struct record *, struct value *), struct value **answer)
{
	const struct collection *instances = snapshot_named(asking->snapshot, "openvpn.instance");

	*answer = value_list(asking->arena);
	for (size_t i = 0; !asking->box->setup.is_simulated && i < collection_count(instances); i++)
		if (is_asked(asking, collection_at(instances, i)))
			add(asking, collection_at(instances, i), *answer);
	return RESULT_DONE;
}

enum result
topic_openvpn_sessions(struct asking *asking, struct value **answer)
{
	return list_all(asking, add_sessions, answer);
}

enum result
topic_openvpn_routes(struct asking *asking, struct value **answer)
{
	return list_all(asking, add_routes, answer);
}

enum result
topic_openvpn_kill(struct asking *asking, struct value **answer)
{
	struct arena        *arena = asking->arena;
	const struct record *instance = collection_find(snapshot_named(asking->snapshot, "openvpn.instance"),
							text_of(asked_text(asking, "server")));
	const struct text    session = text_of(asked_text(asking, "session"));
	struct text          said, line, words, told;
	int64_t              killed = 0, id;

	if (!instance || !ask_instance(asking, instance, &said))
		return asked_wrong(asking, RESULT_UNAVAILABLE, "the instance does not run");
	while (text_next(&said, "\n", &line)) {
		if (!is_line(line, "CLIENT_LIST", &words) || !number_read(column(words, CLIENT_ID), 0, INT64_MAX, &id) ||
		    !(text_equal(column(words, CLIENT_ID), session) || text_equal(column(words, 0), session)))
			continue;
		if (asked_daemon(asking, "openvpn.kill", arena_print(arena, "%s/%lld", instance->uuid, (long long)id), &told) != RESULT_DONE)
			return RESULT_UNAVAILABLE;
		killed += text_contains(told, TEXT("SUCCESS:"));
	}
	*answer = value_object(arena);
	value_set_string(arena, *answer, "status", killed ? "killed" : "not_found");
	if (killed)
		value_set(arena, *answer, "clients", value_integer(arena, killed));
	return RESULT_DONE;
}

/* --- As pfSense has it ------------------------------------------------------------------------------------ */

/* In the order of the lines, too. */
static const char *const peer_columns[] = {
	"common_name", "remote_host", "virtual_addr", "virtual_addr6", "bytes_recv", "bytes_sent", "connect_time", "connect_time_unix",
	"user_name", "client_id", "peer_id", "cipher", NULL,
};
static const char *const path_columns[] = { "virtual_addr", "common_name", "remote_host", "last_time", "last_time_unix", NULL };

static struct value *
lines_of(const struct asking *asking, struct text said, const char *kind, const char *const *columns)
{
	struct value *list = value_list(asking->arena);
	struct text   line, words;

	while (text_next(&said, "\n", &line))
		if (is_line(line, kind, &words) && value_count(list) < SESSIONS_MAX) {
			struct value *row = value_object(asking->arena);

			set_columns(asking, row, columns, words);
			value_add(asking->arena, list, row);
		}
	return list;
}

static struct value *
peer_of(const struct asking *asking, const struct record *instance)
{
	struct arena *arena = asking->arena;
	struct value *peer = value_object(arena);
	const char   *proto = record_get(instance, "proto"), *port = record_get(instance, "port");

	value_set_string(arena, peer, "port", port);
	value_set_string(arena, peer, "name", arena_print(arena, "%s %s%s%s", record_get(instance, "description"), proto, port[0] ? ":" : "", port));
	value_set_string(arena, peer, "vpnid", record_get(instance, "vpnid"));
	value_set_string(arena, peer, "mgmt", openvpn_device(arena, instance));
	return peer;
}

static void
add_peer(const struct asking *asking, const struct record *instance, struct value *answer)
{
	static const char *const same[][2] = { { "status", "status" },           { "connected_since__time_t_", "connect_time" },
					       { "virtual_address", "virtual_addr" }, { "virtual_ipv6_address", "virtual_addr6" },
					       { "real_address", "remote_host" },    { "bytes_received", "bytes_recv" },
					       { "bytes_sent", "bytes_sent" } };
	struct arena            *arena = asking->arena;
	struct value            *peer = peer_of(asking, instance);
	struct text              said = TEXT_NONE;
	const bool               is_up = ask_instance(asking, instance, &said);
	const bool               is_pair = strcmp(record_get(instance, "topology"), "p2p") == 0;

	if (is_server(instance)) {
		value_set(arena, peer, "conns", lines_of(asking, said, "CLIENT_LIST", peer_columns));
		value_set(arena, peer, "routes", lines_of(asking, said, "ROUTING_TABLE", path_columns));
		value_add(arena, value_get(answer, is_pair ? "p2p_servers" : "servers"), peer);
		return;
	}
	const struct value *row = is_up ? row_of_client(asking, instance, said) : NULL;

	for (size_t i = 0; i < COUNT(same); i++) {
		const char *text = value_as_string(arena, value_get(row, same[i][0]));

		value_set_string(arena, peer, same[i][1], text ? text : i == 0 ? "down" : "");
	}
	value_add(arena, value_get(answer, "clients"), peer);
}

enum result
topic_openvpn_status(struct asking *asking, struct value **answer)
{
	static const char *const  lists[] = { "servers", "p2p_servers", "clients" };
	const struct openvpn_all *all = openvpn_read(asking->arena, asking->snapshot);

	*answer = value_object(asking->arena);
	for (size_t i = 0; i < COUNT(lists); i++)
		value_set(asking->arena, *answer, lists[i], value_list(asking->arena));
	for (size_t i = 0; !asking->box->setup.is_simulated && i < all->ninstances; i++) {
		const struct record *instance = all->instances[i].record;

		/* It knows of its own only. */
		if (text_starts(text_of(instance->uuid), TEXT("pfsense-")) && record_bool(instance, "enabled") &&
		    openvpn_device(asking->arena, instance))
			add_peer(asking, instance, *answer);
	}
	return RESULT_DONE;
}
