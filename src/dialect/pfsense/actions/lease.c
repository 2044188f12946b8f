/* services/dhcpd/lease: what the servers gave, and who has an address of its own, in this API's words. */
#include "dialect/pfsense/actions/ask.h"

#include <time.h>

#include "base/map.h"
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/coerce.h"

struct listing {
	struct scope *scope;
	struct map   *online; /* of hardware addresses in the table of neighbours, in lower case */
	struct map   *fixed;  /* of addresses that mappings have */
	struct value *leases;
	int64_t       now;
};

static const char *
lower(struct arena *arena, const char *text)
{
	char *copy = arena_copy(arena, text_of(text));

	for (char *at = copy; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return copy;
}

static const char *
time_text(struct arena *arena, int64_t seconds)
{
	const time_t when = (time_t)seconds;
	struct tm    parts;

	if (!gmtime_r(&when, &parts))
		return "";
	return arena_print(arena, "%04d/%02d/%02d %02d:%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
			   parts.tm_hour, parts.tm_min, parts.tm_sec);
}

static struct value *
begin(struct listing *listing, const char *ip, const char *type, const char *mac, const char *device)
{
	struct arena *arena = listing->scope->arena;
	struct value *row = value_object(arena);

	value_set_string(arena, row, "ip", ip);
	value_set_string(arena, row, "type", type);
	value_set_string(arena, row, "mac", mac);
	value_set_string(arena, row, "if", device);
	return row;
}

static void
finish(struct listing *listing, struct value *row, const char *hostname, const char *descr, const char *mac, const char *state)
{
	struct arena *arena = listing->scope->arena;
	const bool    is_online = mac[0] && map_get(listing->online, text_of(lower(arena, mac)));

	value_set_string(arena, row, "hostname", hostname);
	value_set_string(arena, row, "descr", descr);
	value_set_string(arena, row, "online", is_online ? "active/online" : "idle/offline");
	value_set_string(arena, row, "state", state);
	value_add(arena, listing->leases, row);
}

/* --- mappings ------------------------------------------------------------------------------------- */

static void
add_mapping(struct listing *listing, struct text interface, size_t index, const struct value *mapping)
{
	struct arena *arena = listing->scope->arena;
	const char   *ip = to_string(arena, value_get(mapping, "ipaddr")), *mac = to_string(arena, value_get(mapping, "mac"));
	struct value *row = begin(listing, ip, "static", mac, arena_copy(arena, interface));

	map_set(listing->fixed, text_of(ip), row);
	value_set_string(arena, row, "start", "");
	value_set_string(arena, row, "end", "");
	value_set(arena, row, "staticmap_array_index", value_integer(arena, (int64_t)index));
	finish(listing, row, to_string(arena, value_get(mapping, "hostname")), to_string(arena, value_get(mapping, "descr")), mac,
	       "static");
}

static void
add_mappings(struct listing *listing)
{
	const struct value *servers = tree_find(listing->scope->tree, "dhcpd");

	for (size_t i = 0; i < value_count(servers); i++) {
		const struct value *list = value_get(servers->members[i].value, "staticmap");

		for (size_t k = 0; k < value_count(list); k++)
			add_mapping(listing, servers->members[i].name, k, list->members[k].value);
	}
}

/* --- leases ---------------------------------------------------------------------------------------- */

static void
add_lease(struct listing *listing, const struct value *lease)
{
	struct arena *arena = listing->scope->arena;
	const char   *ip = to_string(arena, value_get(lease, "address")), *mac = to_string(arena, value_get(lease, "hwaddr"));
	const int64_t end = to_integer(value_get(lease, "expire")), lifetime = to_integer(value_get(lease, "valid_lifetime"));
	struct value *row;

	if (map_get(listing->fixed, text_of(ip)) || strchr(ip, ':'))
		return;
	row = begin(listing, ip, "dynamic", mac, to_string(arena, value_get(lease, "if_name")));
	value_set_string(arena, row, "start", lifetime ? time_text(arena, end - lifetime) : "");
	value_set_string(arena, row, "end", time_text(arena, end));
	value_set_string(arena, row, "staticmap_array_index", "");
	finish(listing, row, to_string(arena, value_get(lease, "hostname")), "", mac,
	       end > listing->now && to_integer(value_get(lease, "state")) == 0 ? "active" : "expired");
}

static void
note_neighbours(struct listing *listing, const struct value *rows)
{
	static char is_there;

	for (size_t i = 0; i < value_count(rows); i++)
		map_set(listing->online,
			text_of(lower(listing->scope->arena,
				      to_string(listing->scope->arena, value_get(rows->members[i].value, "mac")))),
			&is_there);
}

void
act_leases(struct scope *scope, struct outcome *outcome)
{
	static const char *const servers[] = { "kea4", "dnsmasq" };
	struct listing listing = { scope, map_make(scope->arena), map_make(scope->arena), value_list(scope->arena), time(NULL) };
	struct outcome asked = { 0 };

	note_neighbours(&listing, ask_box(scope, "arp.list", NULL, &asked));
	add_mappings(&listing);
	for (size_t i = 0; i < COUNT(servers); i++) {
		/* Who does not run has given nothing. */
		struct outcome      ignored = { 0 };
		const struct value *rows = ask_box(scope, "dhcp.leases", ask_with(scope, "server", servers[i]), &ignored);

		for (size_t k = 0; k < value_count(rows); k++)
			add_lease(&listing, rows->members[k].value);
	}
	outcome->data = listing.leases;
}
