/* Static routes, the default routes by the chosen gateways, and a way of its own for each gateway. */
#include <string.h>

#include "base/bug.h"
#include "plan/network/making.h"

static bool
is_there(const struct network *network, const struct prefix *destination)
{
	for (size_t i = 0; i < network->nroutes; i++)
		if (network->routes[i].destination.bits == destination->bits &&
		    network->routes[i].destination.address.family == destination->address.family &&
		    address_compare(&network->routes[i].destination.address, &destination->address) == 0)
			return true;
	return false;
}

/* Whoever found the gateway makes a default route too; ours comes before it. */
static void
add_default(struct network *network, struct network_route *list, const struct gateway *gateway)
{
	struct network_route route;

	if (!gateway || !network_name_is_valid(text_of(gateway->device)))
		return;
	route = (struct network_route){
		.destination = { { .family = gateway->family }, 0 },
		.gateway = gateway->address,
		.device = gateway->device,
		.far = gateway->is_far,
	};
	if (!is_there(network, &route.destination))
		list[network->nroutes++] = route;
}

/* A gateway that is found may not be there yet: the route comes with it. */
static void
add_route(struct making *making, struct network *network, struct network_route *list, const struct record *record)
{
	const struct text     name = record_text(record, "gateway");
	const bool            discards = text_is(name, "Null4") || text_is(name, "Null6");
	const struct gateway *gateway = gateways_find(making->gateways, name);
	struct network_route  route = { .device = "", .discards = discards };

	if (!prefix_read(record_text(record, "network"), &route.destination))
		return;
	route.destination.address = prefix_first(&route.destination);
	if (!discards && (!gateway || gateway->family != route.destination.address.family)) {
		making_miss(making, "route %s: there is no gateway %s", record_get(record, "network"), record_get(record, "gateway"));
		return;
	}
	if (!discards && !gateway->is_there)
		return;
	if (!discards) {
		route.gateway = gateway->address;
		route.device = gateway->device;
		route.far = gateway->is_far;
	}
	if (is_there(network, &route.destination))
		making_miss(making, "route %s: there is another to the same network", record_get(record, "network"));
	else if (discards || network_name_is_valid(text_of(route.device)))
		list[network->nroutes++] = route;
}

/* Down or not: connections that belong to a gateway do not change to another one by themselves. */
static void
add_gateways(struct making *making, struct network *network)
{
	const struct gateways  *gateways = making->gateways;
	struct network_gateway *list = ARENA_MAKE(making->arena, struct network_gateway, gateways->n + 1);

	network->gateways = list;
	for (size_t i = 0; i < gateways->n; i++) {
		const struct gateway *gateway = &gateways->list[i];

		if (gateway->is_there && gateway->number && network_name_is_valid(text_of(gateway->device)))
			list[network->ngateways++] = (struct network_gateway){ gateway->number, gateway->family,
									       gateway->address, gateway->device,
									       gateway->is_far };
	}
}

void
making_routes(struct making *making, struct network *network)
{
	const struct collection *records = snapshot_named(making->snapshot, "routes.route");
	const size_t             count = collection_count(records);
	struct network_route    *list = ARENA_MAKE(making->arena, struct network_route, count + 2);

	network->routes = list;
	for (size_t i = 0; i < count && network->nroutes < NETWORK_ROUTES_MAX - 2; i++)
		if (record_bool(collection_at(records, i), "enabled"))
			add_route(making, network, list, collection_at(records, i));
	add_default(network, list, making->gateways->standard4);
	add_default(network, list, making->gateways->standard6);
	add_gateways(making, network);
}
