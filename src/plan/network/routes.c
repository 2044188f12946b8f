/* Static routes, and which gateway is the default one: the most preferred that is enabled and not forced down. */
#include <string.h>

#include "base/bug.h"
#include "plan/network/making.h"

#define GATEWAY_RANK_MAX 100000

/* Where a gateway is: false when it cannot be said. */
static bool
is_placed(const struct making *making, const struct record *gateway, struct network_route *out)
{
	const char *device = making_device(making->snapshot, record_text(gateway, "interface"));

	if (!device || !network_name_is_valid(text_of(device)) || !address_read(record_text(gateway, "gateway"), &out->gateway))
		return false;
	out->device = device;
	out->far = record_bool(gateway, "fargw");
	return true;
}

static bool
is_usable(const struct making *making, const struct record *gateway, const char *family)
{
	return !record_bool(gateway, "disabled") && !record_bool(gateway, "force_down") &&
	       text_is(record_text(gateway, "ipprotocol"), family) &&
	       making_device(making->snapshot, record_text(gateway, "interface"));
}

/* Does an interface get its gateway of this family from outside? */
static bool
has_dynamic(const struct making *making, const char *family)
{
	static const char *const types4[] = { "dhcp", NULL }, *const types6[] = { "dhcp6", "slaac", NULL };
	const bool               six = strcmp(family, "inet6") == 0;
	const struct collection *interfaces = snapshot_named(making->snapshot, "interfaces.interface");

	for (size_t i = 0; i < collection_count(interfaces); i++) {
		const struct record *record = collection_at(interfaces, i);

		if (record_bool(record, "enable") &&
		    record_choice(record, six ? "type6" : "type4", six ? types6 : types4, SIZE_MAX) != SIZE_MAX)
			return true;
	}
	return false;
}

/* Upstream gateways come first, then what comes from outside, then the lower priority, then the earlier record. */
static const struct record *
best_gateway(const struct making *making, const char *family)
{
	const struct collection *gateways = snapshot_named(making->snapshot, "routing.gateway");
	const struct record     *best = NULL;
	int64_t                  best_rank = GATEWAY_RANK_MAX;

	for (size_t i = 0; i < collection_count(gateways); i++) {
		const struct record *gateway = collection_at(gateways, i);
		const int64_t        rank =
			record_number(gateway, "priority", 255) + (record_bool(gateway, "defaultgw") ? 0 : GATEWAY_RANK_MAX / 2);

		if (rank < best_rank && is_usable(making, gateway, family)) {
			best = gateway;
			best_rank = rank;
		}
	}
	return best;
}

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

/* A dynamic gateway's default route is the business of whoever got it. */
static void
add_default(struct making *making, struct network *network, struct network_route *list, const char *family)
{
	const struct record *gateway = best_gateway(making, family);
	struct network_route route = { .device = "" };

	if (!gateway || (!record_bool(gateway, "defaultgw") && has_dynamic(making, family)) ||
	    !is_placed(making, gateway, &route))
		return;
	route.destination.address.family = route.gateway.family;
	if (!is_there(network, &route.destination))
		list[network->nroutes++] = route;
}

static void
add_route(struct making *making, struct network *network, struct network_route *list, const struct record *record)
{
	const struct text    name = record_text(record, "gateway");
	const struct record *gateway = collection_where(snapshot_named(making->snapshot, "routing.gateway"), "name", name);
	struct network_route route = { .device = "" };

	if (!prefix_read(record_text(record, "network"), &route.destination))
		return;
	route.destination.address = prefix_first(&route.destination);
	if (gateway && (record_bool(gateway, "disabled") || !making_device(making->snapshot, record_text(gateway, "interface"))))
		return;
	if (!text_is(name, "Null4") && !text_is(name, "Null6") &&
	    (!gateway || !is_placed(making, gateway, &route) || route.gateway.family != route.destination.address.family)) {
		making_miss(making, "route %s: no address is known of gateway %s", record_get(record, "network"),
		            record_get(record, "gateway"));
		return;
	}
	if (is_there(network, &route.destination))
		making_miss(making, "route %s: there is another to the same network", record_get(record, "network"));
	else
		list[network->nroutes++] = route;
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
	add_default(making, network, list, "inet");
	add_default(making, network, list, "inet6");
}
