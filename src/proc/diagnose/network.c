/*
 * Neighbours and routes with names, and taking them away; addresses that are ours by configuration, and where they are.
 * Names of hosts are asked for without the box's lock: name servers may be slow.
 */
#include "proc/diagnose/diagnose.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/record/makers.h"
#include "wire/bulk.h"
#include "wire/routes.h"

#define RESOLVE_SECONDS 10 /* for all names of one answer */
#define EXPIRES         1200 /* seconds that an entry is shown to live, as upstream's do */

/* --- Names -------------------------------------------------------------------------------------------------- */

bool
host_name_of(struct arena *arena, const struct address *address, const char **name)
{
	struct sockaddr_storage room = { 0 };
	struct sockaddr_in     *four = (struct sockaddr_in *)&room;
	struct sockaddr_in6    *six = (struct sockaddr_in6 *)&room;
	const bool              inet6 = address->family == FAMILY_INET6;
	char                    host[NI_MAXHOST];

	if (inet6) {
		six->sin6_family = AF_INET6;
		memcpy(&six->sin6_addr, address->bytes, 16);
	} else {
		four->sin_family = AF_INET;
		memcpy(&four->sin_addr, address->bytes, 4);
	}
	if (getnameinfo((const struct sockaddr *)&room, inet6 ? sizeof(*six) : sizeof(*four), host, sizeof(host), NULL, 0,
			NI_NAMEREQD) != 0)
		return false;
	*name = arena_copy(arena, text_of(host));
	return true;
}

/* Looks up as long as there is time; then nothing has a name. */
struct resolving {
	bool   is_wanted;
	time_t until;
};

static struct resolving
begin_resolving(const struct asking *asking)
{
	return (struct resolving){ asked_text(asking, "resolve")[0] != '\0', time(NULL) + RESOLVE_SECONDS };
}

static const char *
resolve(const struct resolving *resolving, struct arena *arena, const struct address *address, const char *otherwise)
{
	const char *name = otherwise;

	if (resolving->is_wanted && time(NULL) < resolving->until)
		host_name_of(arena, address, &name);
	return name;
}

/* --- Neighbours ---------------------------------------------------------------------------------------------------- */

static struct value *
neighbour_row(const struct asking *asking, const struct links *links, const struct neighbour *one,
	      const struct resolving *resolving)
{
	struct arena *arena = asking->arena;
	struct value *row = value_object(arena);
	const char   *device = links_name(links, one->link);
	const bool    permanent = one->state == NEIGHBOUR_PERMANENT, inet6 = one->address.family == FAMILY_INET6;

	value_set_string(arena, row, "mac", one->has_mac ? mac_print(arena, one->mac) : "");
	value_set_string(arena, row, "ip", address_print(arena, &one->address));
	value_set_string(arena, row, "intf", device);
	value_set_string(arena, row, "intf_description", asked_description(asking, device));
	if (!inet6) {
		value_set(arena, row, "expired", value_bool(arena, one->state == NEIGHBOUR_FAILED));
		value_set(arena, row, "expires",
			  value_integer(arena, permanent || one->age > EXPIRES ? -1 : EXPIRES - (int64_t)one->age));
		value_set(arena, row, "permanent", value_bool(arena, permanent));
		value_set_string(arena, row, "type", "ethernet");
	}
	value_set(arena, row, "manufacturer",
		  value_text(arena, one->has_mac ? makers_find(asking->box->makers, one->mac) : TEXT_NONE));
	if (!inet6)
		value_set_string(arena, row, "hostname", resolve(resolving, arena, &one->address, ""));
	return row;
}

enum result
topic_neighbours_table(struct asking *asking, struct value **answer)
{
	const bool        inet6 = strcmp(asked_text(asking, "family"), "inet6") == 0;
	struct resolving  resolving = begin_resolving(asking);
	struct neighbours all;
	struct links      links;
	enum result       result = asked_links(asking, &links);

	if (result == RESULT_DONE)
		result = asked_neighbours(asking, &all);
	if (result != RESULT_DONE)
		return result;
	*answer = value_list(asking->arena);
	for (size_t i = 0; i < all.n; i++) {
		const struct neighbour *one = &all.neighbours[i];

		/* One that does not answer has no address of hardware: upstream's tables do not have it. */
		if ((one->address.family == FAMILY_INET6) == inet6 && one->has_mac)
			value_add(asking->arena, *answer, neighbour_row(asking, &links, one, &resolving));
	}
	return RESULT_DONE;
}

/* Forgets ARP; the text says what was forgotten. */
enum result
topic_neighbours_clear(struct asking *asking, struct value **answer)
{
	const struct address every = { .family = FAMILY_INET };
	scoped_buffer        text = BUFFER_NONE;
	struct neighbours    all;
	struct writer        order;
	enum result          result = asked_neighbours(asking, &all);

	if (result != RESULT_DONE)
		return result;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_address(&order, &every);
	result = asked_order(asking, ORDER_FORGET_NEIGHBOURS, &order, &reply);
	for (size_t i = 0; i < all.n; i++) {
		const struct neighbour *one = &all.neighbours[i];

		if (one->address.family == FAMILY_INET && one->state != NEIGHBOUR_PERMANENT)
			buffer_print(&text, "%s deleted\n", address_print(asking->arena, &one->address));
	}
	*answer = value_text(asking->arena, buffer_text(&text));
	return result;
}

/* --- Routes --------------------------------------------------------------------------------------------------------- */

static bool
is_host(const struct route *route)
{
	return route->destination.bits == address_bits(route->destination.address.family);
}

static const char *
destination_text(struct arena *arena, const struct route *route)
{
	if (route->destination.bits == 0)
		return "default";
	return is_host(route) ? address_print(arena, &route->destination.address) : prefix_print(arena, &route->destination);
}

static const char *
gateway_text(struct arena *arena, const struct route *route)
{
	return route->gateway.family ? address_print(arena, &route->gateway) : arena_print(arena, "link#%u", route->link);
}

/* U: usable, G: by a gateway, H: one host, S: static, R: refused, B: thrown away. */
static const char *
flags_text(struct arena *arena, const struct route *route)
{
	return arena_print(arena, "U%s%s%s%s%s", route->gateway.family ? "G" : "", is_host(route) ? "H" : "",
			   route->is_static ? "S" : "", route->kind == ROUTE_UNREACHABLE ? "R" : "",
			   route->kind == ROUTE_BLACKHOLE ? "B" : "");
}

static struct value *
route_row(const struct asking *asking, const struct links *links, const struct route *route, const struct resolving *resolving)
{
	struct arena *arena = asking->arena;
	struct value *row = value_object(arena);
	const char   *device = links_name(links, route->link), *gateway = gateway_text(arena, route);
	const char   *destination = destination_text(arena, route);
	uint32_t      mtu = route->mtu;

	for (size_t i = 0; i < links->n && !mtu; i++)
		mtu = links->links[i].index == route->link ? links->links[i].mtu : 0;
	value_set_string(arena, row, "proto", route->destination.address.family == FAMILY_INET6 ? "ipv6" : "ipv4");
	value_set_string(arena, row, "destination",
			 is_host(route) ? resolve(resolving, arena, &route->destination.address, destination) : destination);
	value_set_string(arena, row, "gateway",
			 route->gateway.family ? resolve(resolving, arena, &route->gateway, gateway) : gateway);
	value_set_string(arena, row, "flags", flags_text(arena, route));
	value_set_string(arena, row, "nhop#", arena_print(arena, "%u", route->link));
	value_set_string(arena, row, "mtu", arena_print(arena, "%u", mtu));
	value_set_string(arena, row, "netif", device);
	value_set_string(arena, row, "expire", route->expires ? arena_print(arena, "%u", route->expires) : "");
	value_set_string(arena, row, "intf_description", asked_description(asking, device));
	value_set_string(arena, row, "id", arena_print(arena, "%s,%s", destination, gateway));
	return row;
}

/* Of the main table, and the addresses of this machine. */
enum result
topic_routes_table(struct asking *asking, struct value **answer)
{
	struct resolving resolving = begin_resolving(asking);
	struct routes    routes;
	struct links     links;
	enum result      result = asked_links(asking, &links);

	if (result == RESULT_DONE)
		result = asked_routes(asking, &routes);
	if (result != RESULT_DONE)
		return result;
	*answer = value_list(asking->arena);
	for (size_t i = 0; i < routes.n; i++) {
		const struct route *route = &routes.routes[i];

		if (route->table == 254 || (route->table == 255 && route->kind == ROUTE_LOCAL))
			value_add(asking->arena, *answer, route_row(asking, &links, route, &resolving));
	}
	return RESULT_DONE;
}

/* The one of the main table that is shown so; NULL: none is. */
static const struct route *
find_route(const struct asking *asking, const struct routes *routes)
{
	const char *destination = asked_text(asking, "destination"), *gateway = asked_text(asking, "gateway");

	for (size_t i = 0; i < routes->n; i++) {
		const struct route *route = &routes->routes[i];

		if (route->table == 254 && strcmp(destination_text(asking->arena, route), destination) == 0 &&
		    strcmp(gateway_text(asking->arena, route), gateway) == 0)
			return route;
	}
	return NULL;
}

enum result
topic_route_delete(struct asking *asking, struct value **answer)
{
	struct routes       routes;
	struct writer       order;
	enum result         result = asked_routes(asking, &routes);
	const struct route *route = result == RESULT_DONE ? find_route(asking, &routes) : NULL;

	if (result == RESULT_DONE && !route)
		return asked_wrong(asking, RESULT_MISSING, "route has not been found");
	if (result != RESULT_DONE)
		return result;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_prefix(&order, &route->destination);
	put_address(&order, &route->gateway);
	put_u32(&order, route->link);
	result = asked_order(asking, ORDER_DELETE_ROUTE, &order, &reply);
	*answer = value_string(asking->arena, arena_print(asking->arena, "delete %s %s: gateway %s", is_host(route) ? "host" : "net",
							  asked_text(asking, "destination"), asked_text(asking, "gateway")));
	return result;
}
