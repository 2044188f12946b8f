/*
 * Devices of WireGuard: what the network has of them. A peer's networks are routed to it unless its server says no; then only its
 * gateway is. As upstream, a route to everything is two to its halves, which leave the default route as it is.
 */
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/network/making.h"
#include "plan/wireguard/server.h"

#define MTU_MAX 9300

/* --- Links -------------------------------------------------------------------------------------- */

/* Up only where this virtual address is. */
static struct address
address_of_vip(const struct snapshot *snapshot, struct text uuid)
{
	const struct record *vip = uuid.len ? collection_find(snapshot_named(snapshot, "interfaces.vip"), uuid) : NULL;
	struct address       address = { FAMILY_NONE };

	if (vip)
		(void)address_read(record_text(vip, "subnet"), &address);
	return address;
}

static void
make_device(struct making *making, const struct snapshot *devices, const struct record *server)
{
	const char            *name = wireguard_device(making->arena, server);
	struct node           *node = name ? making_link(making, name) : NULL;
	struct text            rest = record_text(server, "tunneladdress"), one;
	struct network_address address = { 0 };
	int64_t                mtu = 0;

	if (!node)
		return;
	(void)number_read(record_text(server, "mtu"), 1, MTU_MAX, &mtu);
	node->link.comes = true;
	node->link.mtu = (uint32_t)mtu;
	node->link.while_here = address_of_vip(devices, record_text(server, "carp_depend_on"));
	node->needed = true;
	while (text_next(&rest, ",", &one))
		if (prefix_read(text_trim(one), &address.prefix))
			making_add_address(node, making, &address);
}

void
making_devices(struct making *making, const struct snapshot *devices)
{
	size_t                count;
	const struct record **servers = wireguard_servers(making->arena, devices, &count);

	for (size_t i = 0; i < count; i++)
		make_device(making, devices, servers[i]);
}

/* --- Routes ------------------------------------------------------------------------------------- */

struct routing {
	struct arena         *arena;
	struct map           *taken; /* destinations, as text */
	struct network_route *list;
	size_t                n, room;
	const char           *device;
};

static bool
is_new(struct routing *routing, const struct prefix *destination)
{
	return !map_set(routing->taken, text_of(prefix_print(routing->arena, destination)), routing);
}

static void
add_route(struct routing *routing, const struct prefix *destination)
{
	struct network_route *more;

	if (routing->n == NETWORK_ROUTES_MAX || !is_new(routing, destination))
		return;
	if (routing->n == routing->room) {
		routing->room = routing->room * 2 + 16;
		more = ARENA_MAKE(routing->arena, struct network_route, routing->room);
		if (routing->n > 0)
			memcpy(more, routing->list, routing->n * sizeof(*more));
		routing->list = more;
	}
	routing->list[routing->n++] = (struct network_route){ .destination = *destination, .device = routing->device };
}

static void
add_routes(struct routing *routing, struct text rest)
{
	struct text   one;
	struct prefix prefix;

	while (text_next(&rest, ",", &one)) {
		if (!prefix_read(text_trim(one), &prefix))
			continue;
		prefix.address = prefix_first(&prefix);
		if (prefix.bits > 0) {
			add_route(routing, &prefix);
			continue;
		}
		prefix.bits = 1;
		add_route(routing, &prefix);
		prefix.address.bytes[0] = 0x80;
		add_route(routing, &prefix);
	}
}

static void
route_device(struct routing *routing, const struct snapshot *devices, const struct record *server)
{
	size_t                count;
	const struct record **peers = wireguard_peers(routing->arena, devices, server, &count);

	if (record_bool(server, "disableroutes")) {
		add_routes(routing, record_text(server, "gateway"));
		return;
	}
	for (size_t i = 0; i < count; i++)
		add_routes(routing, record_text(peers[i], "tunneladdress"));
}

void
making_device_routes(struct making *making, const struct snapshot *devices, struct network *network)
{
	size_t                count;
	const struct record **servers = wireguard_servers(making->arena, devices, &count);
	struct routing        routing = { .arena = making->arena, .taken = map_make(making->arena) };

	routing.room = network->nroutes;
	routing.n = network->nroutes;
	routing.list = (struct network_route *)(uintptr_t)network->routes;
	for (size_t i = 0; i < network->nroutes; i++)
		(void)is_new(&routing, &network->routes[i].destination);
	for (size_t i = 0; i < count; i++) {
		routing.device = wireguard_device(making->arena, servers[i]);
		if (routing.device)
			route_device(&routing, devices, servers[i]);
	}
	network->routes = routing.list;
	network->nroutes = routing.n;
}
