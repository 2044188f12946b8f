/* Interfaces, virtual addresses and neighbours; and all links in the order in which they can be made. */
#include "plan/network/read.h"

#include <stdarg.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/network/carp.h"
#include "plan/network/making.h"
#include "plan/network/point.h"

#define MISSING_MAX 2000 /* bytes; more would only repeat itself */

/* --- Shared ------------------------------------------------------------------------------------- */

void
making_miss(struct making *making, const char *format, ...)
{
	va_list args;

	if (making->missing->len > MISSING_MAX)
		return;
	va_start(args, format);
	buffer_print_args(making->missing, format, args);
	va_end(args);
	buffer_add_byte(making->missing, '\n');
}

struct node *
making_link(struct making *making, const char *name)
{
	struct node *node = map_get(making->nodes, text_of(name));

	if (node)
		return node;
	if (!network_name_is_valid(text_of(name)) || map_count(making->nodes) == NETWORK_LINKS_MAX) {
		making_miss(making, "%s: no link can be called so", name);
		return NULL;
	}
	node = ARENA_MAKE(making->arena, struct node, 1);
	node->link = (struct network_link){ .name = arena_copy(making->arena, text_of(name)), .parent = "", .master = "" };
	map_set(making->nodes, text_of(node->link.name), node);
	*making->end = node;
	making->end = &node->next;
	return node;
}

static bool
same_address(const struct network_address *a, const struct network_address *b)
{
	return a->prefix.address.family == b->prefix.address.family &&
	       address_compare(&a->prefix.address, &b->prefix.address) == 0;
}

void
making_add_address(struct node *node, struct making *making, const struct network_address *address)
{
	struct network_link *link = &node->link;

	for (size_t i = 0; i < link->naddresses; i++)
		if (same_address(&node->addresses[i], address))
			return;
	if (link->naddresses == NETWORK_ADDRESSES_MAX) {
		making_miss(making, "%s: more than %d addresses", link->name, NETWORK_ADDRESSES_MAX);
		return;
	}
	if (link->naddresses == node->room) {
		struct network_address *more = ARENA_MAKE(making->arena, struct network_address, node->room * 2 + 4);

		if (node->room > 0)
			memcpy(more, node->addresses, sizeof(*more) * node->room);
		node->addresses = more;
		node->room = node->room * 2 + 4;
	}
	node->addresses[link->naddresses++] = *address;
	link->addresses = node->addresses;
}

const char *
making_device(const struct snapshot *snapshot, struct text interface)
{
	const struct record *record = collection_find(snapshot_named(snapshot, "interfaces.interface"), interface);

	if (!record)
		return text_is(interface, "lo0") ? "lo" : NULL;
	return record_bool(record, "enable") && network_name_is_valid(record_text(record, "if")) ? record_get(record, "if") : NULL;
}

struct address
making_own_address(const struct snapshot *snapshot, struct text interface, enum family family)
{
	const struct record *record = collection_find(snapshot_named(snapshot, "interfaces.interface"), interface);
	struct prefix        prefix;

	if (!record || !prefix_read(record_text(record, family == FAMILY_INET6 ? "ipaddrv6" : "ipaddr"), &prefix))
		return (struct address){ FAMILY_NONE };
	return prefix.address;
}

/* --- Interfaces --------------------------------------------------------------------------------- */

static void
read_static(struct making *making, struct node *node, const struct record *record, const char *field)
{
	struct network_address address = { 0 };

	if (prefix_read(record_text(record, field), &address.prefix))
		making_add_address(node, making, &address);
}

/* An address that is ours beside the one that is given. */
static void
read_beside(struct making *making, struct node *node, const struct record *record)
{
	struct network_address address = { .prefix.bits = (unsigned)record_number(record, "alias-subnet", 32) };

	if (address_read(record_text(record, "alias-address"), &address.prefix.address) &&
	    address.prefix.address.family == FAMILY_INET && address.prefix.bits <= 32)
		making_add_address(node, making, &address);
}

/* Does it take a part of the prefix that another interface was given? */
static bool
follows(const struct record *record)
{
	return text_is(record_text(record, "type6"), "track6") || text_is(record_text(record, "type6"), "idassoc6");
}

/* "0x1f" into the last bits; false when there are more than fit. */
static bool
read_hex(struct text t, uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const struct text number = text_starts(t, TEXT("0x")) ? text_after(t, 2) : t;

	memset(bytes, 0, size);
	for (size_t i = 0; i < number.len; i++) {
		const char  c = number.ptr[i] >= 'A' && number.ptr[i] <= 'F' ? (char)(number.ptr[i] + 32) : number.ptr[i];
		const char *digit = c ? strchr(digits, c) : NULL;

		if (!digit || bytes[0] >> 4)
			return false;
		for (size_t k = 0; k + 1 < size; k++)
			bytes[k] = (uint8_t)(bytes[k] << 4 | bytes[k + 1] >> 4);
		bytes[size - 1] = (uint8_t)(bytes[size - 1] << 4 | (digit - digits));
	}
	return true;
}

/* The network with this number in the prefix; false when the prefix has none. */
static bool
put_network_number(struct prefix *prefix, const uint8_t number[8])
{
	uint64_t high = 0, id = 0;

	for (size_t i = 0; i < 8; i++) {
		high = high << 8 | prefix->address.bytes[i];
		id = id << 8 | number[i];
	}
	if (prefix->bits > 64 || (prefix->bits > 0 && prefix->bits < 64 && id >> (64 - prefix->bits)) || (prefix->bits == 64 && id))
		return false;
	high |= id;
	for (size_t i = 8; i-- > 0; high >>= 8)
		prefix->address.bytes[i] = (uint8_t)high;
	prefix->bits = 64;
	return true;
}

static void
read_part_of_prefix(struct making *making, struct node *node, const struct record *record)
{
	const char             *device = making_device(making->snapshot, record_text(record, "track6-interface"));
	const struct grant     *grant = device ? grants_find(making->grants, device) : NULL;
	struct network_address  address = { .prefix = grant ? grant->prefix : (struct prefix){ { FAMILY_NONE }, 0 } };
	uint8_t                 number[8], host[8];

	if (address.prefix.address.family == FAMILY_NONE)
		return;
	if (!read_hex(record_text(record, "track6-prefix-id"), number, sizeof(number)) || !put_network_number(&address.prefix, number)) {
		making_miss(making, "%s: the prefix that was delegated has no network %s", record->uuid,
		            record_get(record, "track6-prefix-id"));
		return;
	}
	if (!read_hex(record_text(record, "track6_ifid"), host, sizeof(host)) || memcmp(host, (uint8_t[8]){ 0 }, sizeof(host)) == 0)
		memcpy(host, (uint8_t[8]){ [7] = 1 }, sizeof(host));
	memcpy(address.prefix.address.bytes + 8, host, sizeof(host));
	making_add_address(node, making, &address);
}

static void
check_type(struct making *making, const struct record *record, const char *field)
{
	/* What comes from outside is left to who fetches it. */
	static const char *const ours[] = { "none", "staticv4", "staticv6", "dhcp", "dhcp6", "slaac", "linklocal",
					    "idassoc6", "track6", "pppoe", "pppoev6", "", NULL };

	if (record_choice(record, field, ours, SIZE_MAX) == SIZE_MAX)
		making_miss(making, "%s: there is no backend yet for %s", record->uuid, record_get(record, field));
}

/* Tunnels have none. */
static void
read_own_mac(struct making *making, struct node *node, const struct record *record)
{
	const bool is_tunnel = node->link.kind == LINK_TUNNEL || node->link.kind == LINK_GRE ||
			       node->link.kind == LINK_XFRM;

	if (!record_has(record, "spoofmac"))
		return;
	if (is_tunnel || !network_mac_read(record_text(record, "spoofmac"), node->link.mac)) {
		memset(node->link.mac, 0, sizeof(node->link.mac));
		making_miss(making, "%s: the MAC address %s cannot be one of %s", record->uuid, record_get(record, "spoofmac"),
		            node->link.name);
	}
}

/* What the line is spoken over is ours to set up; the link itself comes with the line, as wide as it may be. */
static void
read_point(struct making *making, struct node *node, const struct record *record)
{
	struct point point;
	struct node *port = point_read(making->snapshot, record, &point) ? making_link(making, point.port) : NULL;

	if (!port || port == node) {
		making_miss(making, "%s: there is no PPPoE line %s over a device", record->uuid, record_get(record, "if"));
		return;
	}
	node->link.comes = true;
	node->link.mtu = 0;
	port->needed = true;
	if (!collection_where(snapshot_named(making->snapshot, "interfaces.interface"), "if", text_of(point.port)))
		port->link.own4 = port->link.own6 = !making->keeps_given;
	if (point.frame > POINT_FRAME)
		port->link.mtu = point.frame;
	read_own_mac(making, port, record);
}

static void
read_interface(struct making *making, const struct record *record)
{
	struct node       *node = making_link(making, record_get(record, "if"));
	const struct text  type4 = record_text(record, "type4"), type6 = record_text(record, "type6");

	if (!node)
		return;
	node->link.up = record_bool(record, "enable");
	if (!node->link.up)
		return;
	if (record_has(record, "mtu"))
		node->link.mtu = (uint32_t)record_number(record, "mtu", 0);
	if (point_is_wanted(record))
		read_point(making, node, record);
	else
		read_own_mac(making, node, record);
	node->link.fixed4 = text_is(type4, "staticv4");
	node->link.fixed6 = text_is(type6, "staticv6");
	node->link.own4 = !making->keeps_given && (node->link.fixed4 || text_is(type4, "none"));
	node->link.own6 = !making->keeps_given &&
	                  (node->link.fixed6 || text_is(type6, "none") || text_is(type6, "linklocal") || follows(record));
	node->link.hears_routers = text_is(type6, "slaac") || text_is(type6, "dhcp6") || text_is(type6, "pppoev6");
	if (node->link.fixed4)
		read_static(making, node, record, "ipaddr");
	if (node->link.fixed6)
		read_static(making, node, record, "ipaddrv6");
	if (text_is(type4, "dhcp"))
		read_beside(making, node, record);
	if (follows(record))
		read_part_of_prefix(making, node, record);
	check_type(making, record, "type4");
	check_type(making, record, "type6");
}

static void
read_interfaces(struct making *making)
{
	const struct collection *interfaces = snapshot_named(making->snapshot, "interfaces.interface");

	for (size_t i = 0; i < collection_count(interfaces); i++)
		if (record_has(collection_at(interfaces, i), "if"))
			read_interface(making, collection_at(interfaces, i));
}

/* The others are not addresses of the box: it answers for them (proxy.c), or they are routed to it. */
static void
read_virtual_address(struct making *making, const struct record *vip)
{
	static const char *const bound[] = { "ipalias", "carp", NULL };
	const char            *device = making_device(making->snapshot, record_text(vip, "interface"));
	struct network_address address = { 0 };
	struct node           *node;
	int64_t                bits;

	if (record_choice(vip, "mode", bound, SIZE_MAX) == SIZE_MAX)
		return;
	if (!device || !address_read(record_text(vip, "subnet"), &address.prefix.address))
		return;
	if (carp_floats(vip) && carp_is_disabled(making->snapshot))
		return;
	address.floats = carp_floats(vip);
	bits = address_bits(address.prefix.address.family);
	number_read(record_text(vip, "subnet_bits"), 0, bits, &bits);
	address.prefix.bits = (unsigned)bits;
	node = making_link(making, device);
	if (!node)
		return;
	node->needed |= strcmp(device, "lo") == 0;
	making_add_address(node, making, &address);
}

static void
read_virtual_addresses(struct making *making)
{
	const struct collection *vips = snapshot_named(making->snapshot, "interfaces.vip");

	for (size_t i = 0; i < collection_count(vips); i++)
		read_virtual_address(making, collection_at(vips, i));
}

/* --- Neighbours --------------------------------------------------------------------------------- */

static const struct network_link *
link_towards(const struct making *making, const struct address *address)
{
	for (const struct node *node = making->first; node; node = node->next)
		for (size_t i = 0; i < node->link.naddresses; i++)
			if (prefix_covers(&node->link.addresses[i].prefix, address))
				return &node->link;
	return NULL;
}

static bool
is_listed(const struct network_neighbour *list, size_t count, const struct address *address)
{
	for (size_t i = 0; i < count; i++)
		if (address_compare(&list[i].address, address) == 0)
			return true;
	return false;
}

/* The first to name an address has it. */
static void
read_neighbour(struct making *making, struct network *network, struct network_neighbour *list, struct text address,
	       struct text mac)
{
	struct network_neighbour   one = { .device = "" };
	const struct network_link *link;

	if (network->nneighbours == NETWORK_NEIGHBOURS_MAX || !address_read(address, &one.address) || !network_mac_read(mac, one.mac) ||
	    is_listed(list, network->nneighbours, &one.address))
		return;
	link = link_towards(making, &one.address);
	if (!link) {
		making_miss(making, "neighbour %.*s: no static interface has its network", TEXT_ARGS(address));
		return;
	}
	one.device = link->name;
	list[network->nneighbours++] = one;
}

static void
read_neighbours(struct making *making, struct network *network)
{
	const struct collection  *records = snapshot_named(making->snapshot, "interfaces.neighbor");
	const struct collection  *mappings = snapshot_named(making->snapshot, "dhcp.mapping");
	const size_t              count = collection_count(records) + collection_count(mappings);
	struct network_neighbour *list = ARENA_MAKE(making->arena, struct network_neighbour, count + 1);

	for (size_t i = 0; i < collection_count(records); i++)
		read_neighbour(making, network, list, record_text(collection_at(records, i), "ipaddress"),
			       record_text(collection_at(records, i), "etheraddr"));
	for (size_t i = 0; i < collection_count(mappings); i++)
		if (record_bool(collection_at(mappings, i), "static_arp"))
			read_neighbour(making, network, list, record_text(collection_at(mappings, i), "address"),
				       record_text(collection_at(mappings, i), "mac"));
	network->neighbours = list;
}

/* --- Order -------------------------------------------------------------------------------------- */

static void
place(struct making *making, struct node *node, struct network_link *links, size_t *n)
{
	const char **const before[] = { &node->link.parent, &node->link.master };

	if (node->visit == 2)
		return;
	node->visit = 1;
	for (size_t i = 0; i < COUNT(before); i++) {
		struct node *other = **before[i] ? map_get(making->nodes, text_of(*before[i])) : NULL;

		if (other && other->visit == 1) {
			making_miss(making, "%s and %s lean on each other", node->link.name, other->link.name);
			node->link.kind = i == 0 ? LINK_GIVEN : node->link.kind;
			*before[i] = "";
		} else if (other) {
			place(making, other, links, n);
		}
	}
	node->visit = 2;
	links[(*n)++] = node->link;
}

static void
read_links(struct making *making, const struct snapshot *devices, struct network *network)
{
	if (devices)
		making_devices(making, devices);
	if (making->snapshot) {
		making_virtual_links(making);
		read_interfaces(making);
		making_members(making);
		read_virtual_addresses(making);
		read_neighbours(making, network);
		making_proxies(making, network);
	}

	struct network_link *links = ARENA_MAKE(making->arena, struct network_link, map_count(making->nodes) + 1);

	for (struct node *node = making->first; node; node = node->next)
		node->link.up |= node->needed;
	for (struct node *node = making->first; node; node = node->next)
		place(making, node, links, &network->nlinks);
	network->links = links;
}

struct network
network_read(struct arena *arena, struct network_wish wish, struct buffer *missing)
{
	struct network network = {
		.has_links = wish.links || wish.devices, .has_routes = wish.routes || wish.devices,
		.leaves_links = wish.devices && !wish.links, .leaves_routes = wish.devices && !wish.routes, .mends = wish.mends,
	};
	struct making  making = { .arena = arena, .missing = missing, .nodes = map_make(arena) };

	making.end = &making.first;
	making.gateways = wish.gateways;
	making.grants = wish.grants;
	making.keeps_given = wish.keeps_given;
	making.snapshot = wish.routes;
	if (wish.routes)
		making_routes(&making, &network);
	if (wish.devices)
		making_device_routes(&making, wish.devices, &network);
	making.snapshot = wish.links;
	if (network.has_links)
		read_links(&making, wish.devices, &network);
	return network;
}
