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

enum result
asked_routes(const struct asking *asking, struct routes *out)
{
	scoped_sealed     mapped = TEXT_NONE;
	const enum result result = asked_sealed(asking, ORDER_ROUTES, NULL, ROUTES_BYTES_MAX, &mapped);

	if (result != RESULT_DONE)
		return result;
	return routes_decode(asking->arena, mapped, out) ? RESULT_DONE
							 : asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
}

enum result
asked_neighbours(const struct asking *asking, struct neighbours *out)
{
	scoped_sealed     mapped = TEXT_NONE;
	const enum result result = asked_sealed(asking, ORDER_NEIGHBOURS, NULL, ROUTES_BYTES_MAX, &mapped);

	if (result != RESULT_DONE)
		return result;
	return neighbours_decode(asking->arena, mapped, out)
		       ? RESULT_DONE
		       : asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
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

static void
put_number(struct arena *arena, struct value *row, const char *name, uint64_t number)
{
	value_set(arena, row, name, value_integer(arena, (int64_t)number));
}

/* --- Links -------------------------------------------------------------------------------------- */

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

		value_add(asking->arena, *answer, interface_row(asking, interface, links_find(&links, record_get(interface, "if"))));
	}
	return RESULT_DONE;
}

/* --- Neighbours ------------------------------------------------------------------------------------------- */

/* As pfSense shows them. */
enum result
topic_arp(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	struct neighbours all;
	struct links      links;
	enum result       result = asked_links(asking, &links);

	if (result == RESULT_DONE)
		result = asked_neighbours(asking, &all);
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
		value_set_string(arena, row, "interface", links_name(&links, one->link));
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
