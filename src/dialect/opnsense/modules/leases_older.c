/*
 * Leases as clients of releases up to 25.7 ask for them, which knew one DHCP server for each family: those of both servers of
 * this box, in the words of that time.
 */
#include <string.h>
#include <time.h>

#include "api/topics.h"
#include "base/map.h"
#include "dialect/opnsense/modules/leases.h"
#include "dialect/opnsense/tables.h"

static const char *const servers4[] = { "kea4", "dnsmasq", NULL };
static const char *const servers6[] = { "kea6", "dnsmasq", NULL };

/* Where it is said what a client with a place of its own is. */
static const struct {
	const char *resource, *client, *described, *key; /* the key of a lease's row */
} reservations[] = {
	{ "kea.reservation4", "hw_address", "description", "hwaddr" },
	{ "kea.reservation6", "duid", "description", "duid" },
	{ "dnsmasq.host", "hwaddr", "descr", "hwaddr" },
};

static bool
is_six(const struct call *call)
{
	return text_starts(text_of(call->route->endpoint), TEXT("dhcpv6/"));
}

static const char *
text_in(struct arena *arena, const struct value *row, const char *name)
{
	const char *text = value_as_string(arena, value_get(row, name));

	return text ? text : "";
}

static int64_t
number_in(const struct value *row, const char *name)
{
	const struct value *number = value_get(row, name);

	return value_is(number, VALUE_INTEGER) ? number->integer : 0;
}

/* "" for what never ends, and what is not known. */
static const char *
moment(struct arena *arena, int64_t seconds)
{
	const time_t time = seconds;
	struct tm    parts;
	char         text[32] = "";

	if (seconds > 0 && gmtime_r(&time, &parts))
		strftime(text, sizeof(text), "%Y/%m/%d %H:%M:%S", &parts);
	return arena_copy(arena, text_of(text));
}

static const char *
described(struct call *call, const struct value *lease)
{
	struct arena *arena = call->request->arena;

	for (size_t i = 0; i < COUNT(reservations); i++) {
		const struct text    client = text_of(text_in(arena, lease, reservations[i].key));
		size_t               count;
		const struct record **found = collection_naming(arena, snapshot_named(call->request->snapshot, reservations[i].resource),
								reservations[i].client, client, &count);

		if (count > 0)
			return record_get(found[0], reservations[i].described);
	}
	return "";
}

/* By address, those that were there just now. */
static struct map *
neighbours_of(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct map         *neighbours = map_make(call->request->arena);
	const struct value *said =
		topic_ask(call->request, &message, "neighbours.table", "family", is_six(call) ? "inet6" : "inet", "resolve", "", NULL);

	for (size_t i = 0; i < value_count(said); i++)
		map_set(neighbours, value_get(said->members[i].value, "ip")->text, said->members[i].value);
	return neighbours;
}

static struct value *
row_of(struct call *call, const struct value *lease, const struct map *neighbours)
{
	struct arena       *arena = call->request->arena;
	struct value       *row = value_object(arena);
	const struct value *neighbour = map_get(neighbours, value_get(lease, "address")->text);
	const int64_t       expire = number_in(lease, "expire"), lifetime = number_in(lease, "valid_lifetime");
	const bool          is_active = number_in(lease, "state") == 0 && (expire == 0 || expire > time(NULL));
	const char         *mac = text_in(arena, lease, "hwaddr");
	const struct {
		const char *name, *value;
	} members[] = {
		{ "address", text_in(arena, lease, "address") },
		{ "type", value_count(value_get(lease, "is_reserved")) > 0 ? "static" : "dynamic" },
		{ "status", neighbour ? "online" : "offline" },
		{ "state", is_active ? "active" : "expired" },
		{ "binding", is_active ? "active" : "free" },
		{ "mac", mac[0] ? mac : text_in(arena, neighbour, "mac") },
		{ "man", text_in(arena, neighbour, "manufacturer") },
		{ "hostname", text_in(arena, lease, "hostname") },
		{ "descr", described(call, lease) },
		{ "starts", moment(arena, lifetime > 0 ? expire - lifetime : 0) },
		{ "ends", moment(arena, expire) },
		{ "cltt", moment(arena, lifetime > 0 ? expire - lifetime : 0) },
		{ "if", text_in(arena, lease, "if_name") },
		{ "if_name", text_in(arena, lease, "if_name") },
		{ "if_descr", text_in(arena, lease, "if_descr") },
		{ "uid", text_in(arena, lease, "client_id") },
	};

	for (size_t i = 0; i < COUNT(members); i++)
		value_set_string(arena, row, members[i].name, members[i].value);
	if (!is_six(call))
		return row;
	value_set_string(arena, row, "duid", text_in(arena, lease, "duid")[0] ? text_in(arena, lease, "duid") : text_in(arena, lease, "client_id"));
	value_set_string(arena, row, "iaid", text_in(arena, lease, "iaid"));
	value_set_string(arena, row, "lease_type", "ia-na");
	return row;
}

/* Those of one kind, which is said for IPv6 by Kea only: dnsmasq gives no prefixes. */
static bool
is_asked_for(const struct call *call, const struct value *lease, bool prefixes)
{
	const struct value *type = value_get(lease, "type"), *address = value_get(lease, "address");
	const bool          is_prefix = value_is(type, VALUE_TEXT) && text_is(type->text, "IA_PD");

	return is_prefix == prefixes && value_is(address, VALUE_TEXT) && text_contains(address->text, TEXT(":")) == is_six(call);
}

/* All of them, of all servers. A server that does not run has none. */
static struct value *
leases_of(struct call *call, bool prefixes)
{
	struct arena *arena = call->request->arena;
	struct value *leases = value_list(arena);

	for (const char *const *server = is_six(call) ? servers6 : servers4; *server; server++) {
		scoped_buffer       message = BUFFER_NONE;
		const struct value *said = topic_ask(call->request, &message, "dhcp.leases", "server", *server, NULL);

		for (size_t i = 0; i < value_count(said); i++)
			if (is_asked_for(call, said->members[i].value, prefixes))
				value_add(arena, leases, said->members[i].value);
	}
	return leases;
}

/* What has ended shows only to who asks for it. */
static bool
is_wanted(const struct call *call, const struct value *row)
{
	const struct value *inactive = value_get(call->input, "inactive");
	const bool          all = (value_is(inactive, VALUE_TEXT) && text_is(inactive->text, "1")) ||
			 (value_is(inactive, VALUE_INTEGER) && inactive->integer == 1);
	const struct value *state = value_get(row, "state");

	return all || text_is(state->text, "active");
}

static void
search_leases(struct call *call)
{
	struct arena       *arena = call->request->arena;
	const struct value *leases = leases_of(call, false), *selected = value_get(call->input, "selected_interfaces");
	const struct map   *neighbours = neighbours_of(call);
	struct value       *rows = value_list(arena);

	for (size_t i = 0; i < value_count(leases); i++) {
		struct value *row = row_of(call, leases->members[i].value, neighbours);

		if (leases_are_selected(selected, row) && is_wanted(call, row))
			value_add(arena, rows, row);
	}
	leases_answer(call, rows, leases, NULL);
}

static void
search_prefixes(struct call *call)
{
	struct arena       *arena = call->request->arena;
	const struct value *leases = leases_of(call, true);
	const struct map   *nobody = map_make(arena);
	struct value       *rows = value_list(arena);

	for (size_t i = 0; i < value_count(leases); i++) {
		const struct value *lease = leases->members[i].value;
		struct value       *row = row_of(call, lease, nobody);

		value_set_string(arena, row, "prefix",
				 arena_print(arena, "%s/%s", text_in(arena, lease, "address"), text_in(arena, lease, "prefix_len")));
		value_set_string(arena, row, "lease_type", "ia-pd");
		if (is_wanted(call, row))
			value_add(arena, rows, row);
	}
	leases_answer(call, rows, leases, NULL);
}

static void
del_lease(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *address = call_param_string(call, 0);

	answer_word(call, "result",
		    address[0] && topic_ask(call->request, &message, "dhcp.release", "address", address, NULL) ? "deleted" : "failed");
}

/* clang-format off */
const struct action leases_older_actions[] = {
	{ "dhcpv4/leases/search_lease", KIND_GRID, .lane = LANE_SLOW, .handle = search_leases },
	{ "dhcpv6/leases/search_lease", KIND_GRID, .lane = LANE_SLOW, .handle = search_leases },
	{ "dhcpv6/leases/search_prefix", KIND_GRID, .lane = LANE_SLOW, .handle = search_prefixes },
	{ "dhcpv4/leases/del_lease", KIND_ACTION, 1, .lane = LANE_APPLY, .handle = del_lease },
	{ "dhcpv6/leases/del_lease", KIND_ACTION, 1, .lane = LANE_APPLY, .handle = del_lease },
	{ NULL },
};
/* clang-format on */
