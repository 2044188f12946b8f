/* WireGuard: peers are entered in the servers they belong to; keys; what a new peer needs to know. */
#include <string.h>

#include "api/keys.h"
#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"

static const struct collection *
servers_of(const struct call *call)
{
	return snapshot_named(call->request->snapshot, "wireguard.server");
}

/* A new peer without anything in it is refused without further words. */
static void
add_client(struct call *call)
{
	const struct value *sent = value_get(call->input, "client");

	if (value_is(sent, VALUE_OBJECT) && sent->count == 0)
		answer_word(call, "result", "failed");
	else
		regular_add(call);
}

/* Whatever state is asked for, a server changes to the other one. */
static void
toggle(struct call *call)
{
	const struct record *record = regular_stored(call, call_param(call, 0));

	if (!record) {
		answer_word(call, "result", "failed");
		return;
	}
	struct record *after = record_copy(call->request->arena, record);
	const bool     on = !record_bool(record, "enabled");

	record_set(after, "enabled", on ? "1" : "0");
	change_put(call->request->change, after);
	call->request->keep = call->request->always = true;
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", on ? "Enabled" : "Disabled");
	json_put_bool(&call->json, "changed", true);
	json_object_end(&call->json);
}

static void
list_servers(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "rows");
	json_list(&call->json);
	for (size_t i = 0; i < collection_count(servers_of(call)); i++) {
		json_object(&call->json);
		json_put_string(&call->json, "uuid", collection_at(servers_of(call), i)->uuid);
		json_put_string(&call->json, "name", record_get(collection_at(servers_of(call), i), "name"));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_put_string(&call->json, "status", "ok");
	json_object_end(&call->json);
}

/* --- the next free address ------------------------------------------------------------------ */

/* Does anybody have it: the server itself or one of its peers? */
static bool
is_taken(struct call *call, const struct record *server, const struct address *address)
{
	const struct collection *clients = snapshot_named(call->request->snapshot, "wireguard.client");
	const char              *peers = record_get(server, "peers");

	for (size_t i = 0; i <= collection_count(clients); i++) {
		const struct record *record = i < collection_count(clients) ? collection_at(clients, i) : server;
		struct text          rest = record_text(record, "tunneladdress"), one;
		struct prefix        prefix;

		if (record != server && !text_lists(text_of(peers), text_of(record->uuid)))
			continue;
		while (text_next(&rest, ",", &one)) {
			if (!prefix_read(one, &prefix))
				continue;
			if (record != server && prefix_covers(&prefix, address))
				return true;
			if (address_compare(&prefix.address, address) == 0)
				return true;
		}
	}
	return false;
}

static const char *
next_addresses(struct call *call, const struct record *server)
{
	struct arena *arena = call->request->arena;
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = record_text(server, "tunneladdress"), one;

	while (text_next(&rest, ",", &one)) {
		struct prefix prefix;

		if (!prefix_read(one, &prefix))
			continue;
		struct address address = prefix_first(&prefix);

		while (address_next(&address) && prefix_covers(&prefix, &address)) {
			if (is_taken(call, server, &address))
				continue;
			buffer_print(&out, "%s%s/%u", out.len ? "," : "", address_print(arena, &address),
				     address_bits(address.family));
			break;
		}
	}
	return arena_copy(arena, buffer_text(&out));
}

static void
get_server_info(struct call *call)
{
	static const char *const names[] = { "endpoint", "peer_dns", "allowed_ips", "mtu", "pubkey" };
	const struct record     *server = collection_find(servers_of(call), call_param(call, 0));

	if (!server) {
		answer_word(call, "status", "failed");
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "ok");
	for (size_t i = 0; i < COUNT(names); i++)
		json_put_string(&call->json, names[i], record_get(server, names[i]));
	json_put_string(&call->json, "address", next_addresses(call, server));
	json_object_end(&call->json);
}

/* --- keys and state ------------------------------------------------------------------------- */

static void
make_pair(struct call *call)
{
	struct key_pair pair;

	if (!curve25519_pair(call->request->arena, &pair)) {
		answer_broken(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "privkey", pair.private_key);
	json_put_string(&call->json, "pubkey", pair.public_key);
	json_object_end(&call->json);
}

static void
make_shared(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "psk", shared_key(call->request->arena));
	json_put_string(&call->json, "status", "ok");
	json_object_end(&call->json);
}

/* Rows of the type that is asked for; nothing asked: all. */
static bool
is_type_asked(const struct value *sent, const struct value *row)
{
	const struct value *type = value_get(row, "type");

	if (value_count(sent) == 0)
		return true;
	for (size_t i = 0; i < sent->count; i++)
		if (value_equal(sent->members[i].value, type))
			return true;
	return false;
}

static void
show(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct arena *arena = call->request->arena;
	struct value *said = topic_ask(call->request, &message, "wireguard.show", NULL);
	struct value *rows = value_list(arena);

	for (size_t i = 0; i < value_count(said); i++)
		if (is_type_asked(value_get(call->input, "type"), said->members[i].value))
			value_add(arena, rows, said->members[i].value);
	grid_answer(call, rows, 9999);
}

/* clang-format off */
const struct action wireguard_actions[] = {
	{ "wireguard/client/add_client", KIND_ADD, .lane = LANE_COMMIT, .handle = add_client },
	{ "wireguard/server/toggle_server", KIND_TOGGLE, 1, .lane = LANE_COMMIT, .handle = toggle },
	{ "wireguard/client/list_servers", KIND_QUERY, .methods = GETS, .handle = list_servers },
	{ "wireguard/client/get_server_info", KIND_QUERY, .methods = GETS, .handle = get_server_info },
	{ "wireguard/client/psk", KIND_QUERY, .lane = LANE_SLOW, .handle = make_shared },
	{ "wireguard/server/key_pair", KIND_QUERY, .lane = LANE_SLOW, .handle = make_pair },
	{ "wireguard/service/show", KIND_GRID, .lane = LANE_SLOW, .handle = show },
	{ NULL },
};
/* clang-format on */
