/* Routes and neighbours as bytes: fixed fields in the order of the structs. */
#include "wire/routes.h"

#include "wire/bulk.h"

#define ENTRY_MIN 20 /* bytes of the shortest one: no more room is made than the bytes can fill */

/* --- Routes ------------------------------------------------------------------------------ */

static void
add_route(struct buffer *out, const struct route *route)
{
	bulk_prefix(out, &route->destination);
	bulk_address(out, &route->gateway);
	bulk_address(out, &route->source);
	bulk_u32(out, route->link);
	bulk_u32(out, route->table);
	bulk_u32(out, route->metric);
	bulk_u32(out, route->mtu);
	bulk_u32(out, route->expires);
	bulk_u32(out, route->kind);
	bulk_u8(out, route->is_static);
	bulk_u8(out, route->is_ours);
}

void
routes_encode(struct buffer *out, const struct routes *routes)
{
	bulk_u32(out, (uint32_t)routes->n);
	for (size_t i = 0; i < routes->n; i++)
		add_route(out, &routes->routes[i]);
}

static struct route
get_route(struct reader *in)
{
	struct route route = { .destination = get_prefix(in) };

	route.gateway = get_address(in);
	route.source = get_address(in);
	route.link = get_u32(in);
	route.table = get_u32(in);
	route.metric = get_u32(in);
	route.mtu = get_u32(in);
	route.expires = get_u32(in);
	route.kind = get_choice(in, ROUTE_OTHER + 1);
	route.is_static = get_bool(in);
	route.is_ours = get_bool(in);
	return route;
}

bool
routes_decode(struct arena *arena, struct text bytes, struct routes *out)
{
	struct reader in = reader_of(bytes);
	const size_t  n = get_choice(&in, ROUTES_MAX + 1);

	if (n > bytes.len / ENTRY_MIN)
		return false;
	struct route *routes = ARENA_MAKE(arena, struct route, n);

	for (size_t i = 0; i < n && !in.failed; i++)
		routes[i] = get_route(&in);
	if (!got_all(&in))
		return false;
	*out = (struct routes){ routes, n };
	return true;
}

/* --- Neighbours -------------------------------------------------------------------------- */

static void
add_neighbour(struct buffer *out, const struct neighbour *one)
{
	bulk_address(out, &one->address);
	bulk_u32(out, one->link);
	bulk_u32(out, one->age);
	bulk_u8(out, one->has_mac);
	buffer_add(out, (struct text){ (const char *)one->mac, sizeof(one->mac) });
	bulk_u8(out, one->is_router);
	bulk_u32(out, one->state);
}

void
neighbours_encode(struct buffer *out, const struct neighbours *list)
{
	bulk_u32(out, (uint32_t)list->n);
	for (size_t i = 0; i < list->n; i++)
		add_neighbour(out, &list->neighbours[i]);
}

static struct neighbour
get_neighbour(struct reader *in)
{
	struct neighbour one = { .address = get_address(in) };

	one.link = get_u32(in);
	one.age = get_u32(in);
	one.has_mac = get_bool(in);
	for (size_t i = 0; i < sizeof(one.mac); i++)
		one.mac[i] = get_u8(in);
	one.is_router = get_bool(in);
	one.state = get_choice(in, NEIGHBOUR_PERMANENT + 1);
	return one;
}

bool
neighbours_decode(struct arena *arena, struct text bytes, struct neighbours *out)
{
	struct reader in = reader_of(bytes);
	const size_t  n = get_choice(&in, ROUTES_MAX + 1);

	if (n > bytes.len / ENTRY_MIN)
		return false;
	struct neighbour *list = ARENA_MAKE(arena, struct neighbour, n);

	for (size_t i = 0; i < n && !in.failed; i++)
		list[i] = get_neighbour(&in);
	if (!got_all(&in))
		return false;
	*out = (struct neighbours){ list, n };
	return true;
}
