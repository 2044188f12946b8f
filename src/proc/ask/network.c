/* Links, routes and neighbours, and in words of both dialects what follows from them. */
#include <string.h>

#include "base/bug.h"
#include "proc/ask/ask.h"
#include "wire/links.h"
#include "wire/routes.h"

/* --- Reading --------------------------------------------------------------------------------- */

enum result
asked_links(const struct asking *asking, struct links *out)
{
	scoped_sealed     mapped = TEXT_NONE;
	const enum result result = asked_sealed(asking, ORDER_LINKS, NULL, LINKS_BYTES_MAX, &mapped);

	if (result != RESULT_DONE)
		return result;
	return links_decode(asking->arena, mapped, out) ? RESULT_DONE
							: asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
}

static enum result
read_neighbours(const struct asking *asking, struct neighbours *out)
{
	scoped_sealed     mapped = TEXT_NONE;
	const enum result result = asked_sealed(asking, ORDER_NEIGHBOURS, NULL, ROUTES_BYTES_MAX, &mapped);

	if (result != RESULT_DONE)
		return result;
	return neighbours_decode(asking->arena, mapped, out)
		       ? RESULT_DONE
		       : asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
}

static const char *
link_name(const struct links *links, uint32_t index)
{
	for (size_t i = 0; i < links->n; i++)
		if (links->links[i].index == index)
			return links->links[i].name;
	return "";
}

/* The configuration's interface on this link; NULL: none. */
const struct record *
asked_interface(const struct asking *asking, const char *device)
{
	return device[0] ? collection_where(snapshot_named(asking->snapshot, "interfaces.interface"), "if", text_of(device)) : NULL;
}

static const char *
description(const struct record *interface)
{
	if (!interface)
		return "";
	return record_has(interface, "descr") ? record_get(interface, "descr") : interface->uuid;
}

static const char *
mac_print(struct arena *arena, const uint8_t *mac)
{
	return arena_print(arena, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void
put_number(struct arena *arena, struct value *row, const char *name, uint64_t number)
{
	value_set(arena, row, name, value_integer(arena, (int64_t)number));
}

/* --- Links -------------------------------------------------------------------------------------- */

static struct value *
address_list(struct arena *arena, const struct link *link, enum family family)
{
	struct value *list = value_list(arena);

	for (size_t i = 0; i < link->naddresses; i++)
		if (link->addresses[i].prefix.address.family == family)
			value_add(arena, list, value_string(arena, prefix_print(arena, &link->addresses[i].prefix)));
	return list;
}

static void
put_counters(struct arena *arena, struct value *row, const struct link *link)
{
	put_number(arena, row, "inpkts", link->in.packets);
	put_number(arena, row, "inbytes", link->in.bytes);
	put_number(arena, row, "inerrs", link->in.errors);
	put_number(arena, row, "indrops", link->in.drops);
	put_number(arena, row, "outpkts", link->out.packets);
	put_number(arena, row, "outbytes", link->out.bytes);
	put_number(arena, row, "outerrs", link->out.errors);
	put_number(arena, row, "outdrops", link->out.drops);
	put_number(arena, row, "collisions", 0);
}

enum result
topic_links(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	struct links      links;
	const enum result result = asked_links(asking, &links);

	if (result != RESULT_DONE)
		return result;
	*answer = value_list(arena);
	for (size_t i = 0; i < links.n; i++) {
		const struct link   *link = &links.links[i];
		const struct record *interface = asked_interface(asking, link->name);
		struct value        *row = value_object(arena);

		value_set_string(arena, row, "device", link->name);
		value_set_string(arena, row, "identifier", interface ? interface->uuid : "");
		value_set_string(arena, row, "description", description(interface));
		value_set_string(arena, row, "kind", link->kind);
		value_set_string(arena, row, "master", link_name(&links, link->master));
		value_set_string(arena, row, "mac", mac_print(arena, link->mac));
		put_number(arena, row, "mtu", link->mtu);
		value_set(arena, row, "up", value_bool(arena, link->up));
		value_set(arena, row, "running", value_bool(arena, link->running));
		value_set(arena, row, "ipv4", address_list(arena, link, FAMILY_INET));
		value_set(arena, row, "ipv6", address_list(arena, link, FAMILY_INET6));
		put_counters(arena, row, link);
		value_set(arena, row, "simulated", value_bool(arena, asking->box->setup.is_simulated));
		value_add(arena, *answer, row);
	}
	return RESULT_DONE;
}

/* --- pfSense's interfaces ---------------------------------------------------------------------------- */

static void
put_address(struct arena *arena, struct value *row, const struct link *link, enum family family, bool local, const char *name,
	    const char *bits)
{
	for (size_t i = 0; i < link->naddresses; i++) {
		const struct link_address *address = &link->addresses[i];

		if (address->prefix.address.family != family || address->local != local)
			continue;
		value_set_string(arena, row, name, address_print(arena, &address->prefix.address));
		if (bits)
			value_set_string(arena, row, bits, arena_print(arena, "%u", address->prefix.bits));
		return;
	}
}

/* The address of the most preferred gateway on the interface. */
static void
put_way(const struct asking *asking, struct value *row, const struct record *interface, enum family family)
{
	const struct gateways gateways = gateway_part_read(asking->box->gateways, asking->arena, asking->snapshot);

	for (size_t i = 0; i < gateways.n; i++) {
		const struct gateway *gateway = &gateways.list[i];

		if (gateway->family != family || strcmp(gateway->interface, interface->uuid) != 0 ||
		    gateway->address.family == FAMILY_NONE)
			continue;
		value_set_string(asking->arena, row, family == FAMILY_INET6 ? "gatewayv6" : "gateway",
				 address_print(asking->arena, &gateway->address));
		return;
	}
}

static struct value *
interface_row(const struct asking *asking, const struct record *interface, const struct link *link)
{
	struct arena *arena = asking->arena;
	struct value *row = value_object(arena);

	value_set_string(arena, row, "name", interface->uuid);
	value_set_string(arena, row, "descr", description(interface));
	value_set_string(arena, row, "hwif", record_get(interface, "if"));
	value_set(arena, row, "enable", value_bool(arena, record_bool(interface, "enable")));
	value_set_string(arena, row, "if", record_get(interface, "if"));
	value_set_string(arena, row, "status", link ? link->up && link->running ? "up" : link->up ? "no carrier" : "down" : "down");
	if (!link)
		return row;
	value_set_string(arena, row, "macaddr", mac_print(arena, link->mac));
	value_set_string(arena, row, "mtu", arena_print(arena, "%u", link->mtu));
	put_address(arena, row, link, FAMILY_INET, false, "ipaddr", "subnet");
	put_address(arena, row, link, FAMILY_INET6, false, "ipaddrv6", "subnetv6");
	put_address(arena, row, link, FAMILY_INET6, true, "linklocal", NULL);
	put_counters(arena, row, link);
	value_set_string(arena, row, "media", link->speed ? arena_print(arena, "%ubaseT", link->speed) : "");
	put_way(asking, row, interface, FAMILY_INET);
	put_way(asking, row, interface, FAMILY_INET6);
	if (text_is(record_text(interface, "type4"), "dhcp"))
		value_set_string(arena, row, "dhcplink", value_get(row, "ipaddr") ? "up" : "down");
	return row;
}

enum result
topic_interfaces_status(struct asking *asking, struct value **answer)
{
	const struct collection *interfaces = snapshot_named(asking->snapshot, "interfaces.interface");
	struct links             links;
	const enum result        result = asked_links(asking, &links);

	if (result != RESULT_DONE)
		return result;
	*answer = value_list(asking->arena);
	for (size_t i = 0; i < collection_count(interfaces); i++) {
		const struct record *interface = collection_at(interfaces, i);
		const struct link   *link = NULL;

		for (size_t k = 0; k < links.n; k++)
			if (strcmp(links.links[k].name, record_get(interface, "if")) == 0)
				link = &links.links[k];
		value_add(asking->arena, *answer, interface_row(asking, interface, link));
	}
	return RESULT_DONE;
}

/* --- Routes --------------------------------------------------------------------------------------------- */

/* U: usable, G: by a gateway, H: one host, S: static, R: refused, B: thrown away. */
static const char *
flags_of(struct arena *arena, const struct route *route)
{
	return arena_print(arena, "U%s%s%s%s%s", route->gateway.family ? "G" : "",
			   route->destination.bits == address_bits(route->destination.address.family) ? "H" : "",
			   route->is_static ? "S" : "", route->kind == ROUTE_UNREACHABLE ? "R" : "",
			   route->kind == ROUTE_BLACKHOLE ? "B" : "");
}

static struct value *
route_row(const struct asking *asking, const struct links *links, const struct route *route)
{
	struct arena *arena = asking->arena;
	struct value *row = value_object(arena);
	const bool    is_host = route->destination.bits == address_bits(route->destination.address.family);
	const char   *device = link_name(links, route->link);
	const char   *destination = route->destination.bits == 0 ? "default"
				    : is_host ? address_print(arena, &route->destination.address)
					      : prefix_print(arena, &route->destination);
	const char *gateway = route->gateway.family ? address_print(arena, &route->gateway)
						    : arena_print(arena, "link#%u", route->link);

	value_set_string(arena, row, "proto", route->destination.address.family == FAMILY_INET6 ? "ipv6" : "ipv4");
	value_set_string(arena, row, "destination", destination);
	value_set_string(arena, row, "gateway", gateway);
	value_set_string(arena, row, "flags", flags_of(arena, route));
	put_number(arena, row, "nhop#", route->link);
	put_number(arena, row, "mtu", route->mtu);
	value_set_string(arena, row, "netif", device);
	value_set_string(arena, row, "expire", route->expires ? arena_print(arena, "%u", route->expires) : "");
	value_set_string(arena, row, "intf_description", description(asked_interface(asking, device)));
	value_set_string(arena, row, "id", arena_print(arena, "%s,%s", destination, gateway));
	return row;
}

/* Of the main table, and the addresses of this machine. */
enum result
topic_routes(struct asking *asking, struct value **answer)
{
	scoped_sealed mapped = TEXT_NONE;
	struct routes routes;
	struct links  links;
	enum result   result = asked_links(asking, &links);

	if (result == RESULT_DONE)
		result = asked_sealed(asking, ORDER_ROUTES, NULL, ROUTES_BYTES_MAX, &mapped);
	if (result != RESULT_DONE)
		return result;
	if (!routes_decode(asking->arena, mapped, &routes))
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	*answer = value_list(asking->arena);
	for (size_t i = 0; i < routes.n; i++) {
		const struct route *route = &routes.routes[i];

		if (route->table == 254 || (route->table == 255 && route->kind == ROUTE_LOCAL))
			value_add(asking->arena, *answer, route_row(asking, &links, route));
	}
	return RESULT_DONE;
}

/* --- Neighbours ------------------------------------------------------------------------------------------- */

static struct value *
neighbour_row(const struct asking *asking, const struct links *links, const struct neighbour *one)
{
	struct arena *arena = asking->arena;
	struct value *row = value_object(arena);
	const char   *device = link_name(links, one->link);
	const bool    permanent = one->state == NEIGHBOUR_PERMANENT;

	value_set_string(arena, row, "mac", one->has_mac ? mac_print(arena, one->mac) : "");
	value_set_string(arena, row, "ip", address_print(arena, &one->address));
	value_set_string(arena, row, "intf", device);
	value_set(arena, row, "expired", value_bool(arena, one->state == NEIGHBOUR_FAILED));
	value_set(arena, row, "expires", value_integer(arena, permanent || one->age > 1200 ? -1 : 1200 - (int64_t)one->age));
	value_set(arena, row, "permanent", value_bool(arena, permanent));
	value_set_string(arena, row, "type", "ethernet");
	value_set_string(arena, row, "manufacturer", "");
	value_set_string(arena, row, "hostname", "");
	value_set_string(arena, row, "intf_description", description(asked_interface(asking, device)));
	return row;
}

enum result
topic_neighbours(struct asking *asking, struct value **answer)
{
	const char       *family = asked_text(asking, "family");
	struct neighbours all;
	struct links      links;
	enum result       result = asked_links(asking, &links);

	if (result == RESULT_DONE)
		result = read_neighbours(asking, &all);
	if (result != RESULT_DONE)
		return result;
	*answer = value_list(asking->arena);
	for (size_t i = 0; i < all.n; i++) {
		const bool inet6 = all.neighbours[i].address.family == FAMILY_INET6;

		if (!family[0] || strcmp(family, inet6 ? "inet6" : "inet") == 0)
			value_add(asking->arena, *answer, neighbour_row(asking, &links, &all.neighbours[i]));
	}
	return RESULT_DONE;
}

/* As pfSense shows them. */
enum result
topic_arp(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	struct neighbours all;
	struct links      links;
	enum result       result = asked_links(asking, &links);

	if (result == RESULT_DONE)
		result = read_neighbours(asking, &all);
	if (result != RESULT_DONE)
		return result;
	*answer = value_list(arena);
	for (size_t i = 0; i < all.n; i++) {
		const struct neighbour *one = &all.neighbours[i];
		struct value           *row = value_object(arena);

		if (one->address.family != FAMILY_INET)
			continue;
		value_set_string(arena, row, "ip", address_print(arena, &one->address));
		value_set_string(arena, row, "mac", one->has_mac ? mac_print(arena, one->mac) : "(incomplete)");
		value_set_string(arena, row, "interface", link_name(&links, one->link));
		value_set_string(arena, row, "status",
				 one->state == NEIGHBOUR_PERMANENT ? "permanent"
				 : one->has_mac && one->age < 1200 ? arena_print(arena, "expires in %u seconds", 1200 - one->age)
								   : "expired");
		value_set_string(arena, row, "linktype", "ethernet");
		value_add(arena, *answer, row);
	}
	return RESULT_DONE;
}

static enum result
forget(struct asking *asking, const struct address *address, uint32_t *forgotten)
{
	struct writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_u8(&order, (uint8_t)address->family);
	for (size_t i = 0; i < address_bits(address->family) / 8; i++)
		put_u8(&order, address->bytes[i]);
	const enum result result = asked_order(asking, ORDER_FORGET_NEIGHBOURS, &order, &reply);

	if (result == RESULT_DONE) {
		struct reader in = message_reader(&reply);

		*forgotten += get_u32(&in);
	}
	return result;
}

enum result
topic_arp_delete(struct asking *asking, struct value **answer)
{
	const char    *text = asked_text(asking, "address");
	struct address address;
	uint32_t       forgotten = 0;

	if (!address_read(text_of(text), &address))
		return asked_wrong(asking, RESULT_INVALID, "%s is not an address", text);
	const enum result result = forget(asking, &address, &forgotten);

	*answer = value_list(asking->arena);
	if (result == RESULT_DONE && forgotten)
		value_add(asking->arena, *answer, value_string(asking->arena, text));
	return result;
}

enum result
topic_neighbours_flush(struct asking *asking, struct value **answer)
{
	const struct address families[] = { { .family = FAMILY_INET }, { .family = FAMILY_INET6 } };
	const char          *family = asked_text(asking, "family");
	uint32_t             forgotten = 0;
	enum result          result = RESULT_DONE;

	for (size_t i = 0; i < COUNT(families) && result == RESULT_DONE; i++)
		if (!family[0] || strcmp(family, i ? "inet6" : "inet") == 0)
			result = forget(asking, &families[i], &forgotten);
	*answer = value_integer(asking->arena, forgotten);
	return result;
}
