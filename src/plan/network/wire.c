/* The plan of the network as bytes. Reading remembers the first fault; zeros follow, and who reads asks at the end. */
#include <string.h>

#include "base/bug.h"
#include "base/map.h"
#include "plan/network/network.h"
#include "plan/vlan_priority.h"

/* --- Writing ------------------------------------------------------------------------------------ */

static void
add(struct buffer *out, const void *bytes, size_t n)
{
	buffer_add(out, (struct text){ bytes, n });
}

static void
add_u32(struct buffer *out, size_t number)
{
	const uint32_t narrow = (uint32_t)number;

	add(out, &narrow, sizeof(narrow));
}

static void
add_name(struct buffer *out, const char *name)
{
	buffer_add_byte(out, (char)strlen(name));
	buffer_add_string(out, name);
}

static void
add_address(struct buffer *out, const struct address *address)
{
	buffer_add_byte(out, (char)address->family);
	if (address->family != FAMILY_NONE)
		add(out, address->bytes, address_bits(address->family) / 8);
}

static void
add_prefix(struct buffer *out, const struct prefix *prefix)
{
	add_address(out, &prefix->address);
	buffer_add_byte(out, (char)prefix->bits);
}

static void
add_link(struct buffer *out, const struct network_link *link)
{
	const bool flags[] = { link->up,     link->fixed4,        link->fixed6,   link->own4,
		               link->own6, link->hears_routers, link->spanning, link->outer_tag, link->comes };

	add_name(out, link->name);
	add_name(out, link->parent);
	add_name(out, link->master);
	buffer_add_byte(out, (char)link->kind);
	buffer_add_byte(out, (char)link->mode);
	buffer_add_byte(out, (char)link->priority);
	for (size_t i = 0; i < COUNT(flags); i++)
		buffer_add_byte(out, flags[i]);
	add_u32(out, link->mtu);
	add(out, link->mac, sizeof(link->mac));
	add_u32(out, link->tag);
	add_u32(out, link->local_port);
	add_u32(out, link->remote_port);
	add_address(out, &link->local);
	add_address(out, &link->remote);
	add_address(out, &link->while_here);
	add_u32(out, link->naddresses);
	for (size_t i = 0; i < link->naddresses; i++) {
		add_prefix(out, &link->addresses[i].prefix);
		add_address(out, &link->addresses[i].peer);
		buffer_add_byte(out, link->addresses[i].floats);
	}
}

void
network_encode(struct buffer *out, const struct network *network)
{
	buffer_add_byte(out, network->has_links);
	buffer_add_byte(out, network->has_routes);
	buffer_add_byte(out, network->leaves_links);
	buffer_add_byte(out, network->leaves_routes);
	buffer_add_byte(out, network->mends);
	add_u32(out, network->nlinks);
	for (size_t i = 0; i < network->nlinks; i++)
		add_link(out, &network->links[i]);
	add_u32(out, network->nneighbours);
	for (size_t i = 0; i < network->nneighbours; i++) {
		add_address(out, &network->neighbours[i].address);
		add_name(out, network->neighbours[i].device);
		add(out, network->neighbours[i].mac, sizeof(network->neighbours[i].mac));
	}
	add_u32(out, network->nproxies);
	for (size_t i = 0; i < network->nproxies; i++) {
		add_prefix(out, &network->proxies[i].prefix);
		add_name(out, network->proxies[i].device);
		buffer_add_byte(out, network->proxies[i].leads_away);
	}
	add_u32(out, network->nroutes);
	for (size_t i = 0; i < network->nroutes; i++) {
		add_prefix(out, &network->routes[i].destination);
		add_address(out, &network->routes[i].gateway);
		add_name(out, network->routes[i].device);
		buffer_add_byte(out, network->routes[i].discards);
		buffer_add_byte(out, network->routes[i].far);
	}
	add_u32(out, network->ngateways);
	for (size_t i = 0; i < network->ngateways; i++) {
		buffer_add_byte(out, (char)network->gateways[i].number);
		buffer_add_byte(out, (char)network->gateways[i].family);
		add_address(out, &network->gateways[i].address);
		add_name(out, network->gateways[i].device);
		buffer_add_byte(out, network->gateways[i].far);
	}
}

/* --- Reading ------------------------------------------------------------------------------------ */

struct input {
	struct text   rest;
	bool          failed;
	struct arena *arena;
	struct map   *names;  /* of the links so far */
};

static void
take(struct input *in, void *out, size_t n)
{
	if (in->failed || in->rest.len < n) {
		in->failed = true;
		memset(out, 0, n);
		return;
	}
	if (n > 0)
		memcpy(out, in->rest.ptr, n);
	in->rest = text_after(in->rest, n);
}

/* Below `limit`. */
static unsigned
take_u8(struct input *in, unsigned limit)
{
	uint8_t byte;

	take(in, &byte, 1);
	in->failed |= byte >= limit;
	return in->failed ? 0 : byte;
}

static bool
take_bool(struct input *in)
{
	return take_u8(in, 2);
}

static uint32_t
take_u32(struct input *in, uint32_t most)
{
	uint32_t number;

	take(in, &number, sizeof(number));
	in->failed |= number > most;
	return in->failed ? 0 : number;
}

/* So many things of at least `size` bytes each. */
static size_t
take_count(struct input *in, uint32_t most, size_t size)
{
	const size_t count = take_u32(in, most);

	in->failed |= count > in->rest.len / size;
	return in->failed ? 0 : count;
}

bool
network_mac_read(struct text t, uint8_t mac[6])
{
	static const char digits[] = "0123456789abcdef";

	memset(mac, 0, 6);
	if (t.len != 17)
		return false;
	for (size_t i = 0; i < 17; i++) {
		const char  lower = t.ptr[i] >= 'A' && t.ptr[i] <= 'F' ? (char)(t.ptr[i] + 32) : t.ptr[i];
		const char *digit = lower ? strchr(digits, lower) : NULL;

		if (i % 3 == 2 ? lower != ':' && lower != '-' : !digit)
			return false;
		if (i % 3 != 2)
			mac[i / 3] = (uint8_t)(mac[i / 3] << 4 | (digit - digits));
	}
	return !(mac[0] & 1);
}

bool
network_mac_is_set(const uint8_t mac[6])
{
	return memcmp(mac, (const uint8_t[6]){ 0 }, 6) != 0;
}

bool
network_name_is_valid(struct text name)
{
	if (name.len == 0 || name.len > NETWORK_NAME_MAX || name.ptr[0] == '.' || name.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
		      c == '-'))
			return false;
	}
	return true;
}

static const char *
take_name(struct input *in, bool may_be_empty)
{
	char           name[NETWORK_NAME_MAX + 1] = "";
	const unsigned len = take_u8(in, NETWORK_NAME_MAX + 1);

	take(in, name, len);
	if (len == 0 ? !may_be_empty : !network_name_is_valid((struct text){ name, len }))
		in->failed = true;
	return in->failed ? "" : arena_copy(in->arena, (struct text){ name, len });
}

static struct address
take_address(struct input *in, bool may_be_none)
{
	struct address address = { .family = (enum family)take_u8(in, FAMILY_INET6 + 1) };

	if (address.family == FAMILY_NONE ? !may_be_none
	                                  : address.family != FAMILY_INET && address.family != FAMILY_INET6)
		in->failed = true;
	if (!in->failed && address.family != FAMILY_NONE)
		take(in, address.bytes, address_bits(address.family) / 8);
	return address;
}

static struct prefix
take_prefix(struct input *in)
{
	struct prefix prefix = { .address = take_address(in, false) };

	prefix.bits = take_u8(in, address_bits(prefix.address.family) + 1);
	return prefix;
}

static void
take_addresses(struct input *in, struct network_link *link)
{
	link->naddresses = take_count(in, NETWORK_ADDRESSES_MAX, 8);
	struct network_address *list = ARENA_MAKE(in->arena, struct network_address, link->naddresses + 1);

	for (size_t i = 0; i < link->naddresses && !in->failed; i++) {
		list[i].prefix = take_prefix(in);
		list[i].peer = take_address(in, true);
		list[i].floats = take_bool(in);
		in->failed |= list[i].peer.family != FAMILY_NONE && list[i].peer.family != list[i].prefix.address.family;
	}
	link->addresses = list;
}

static void
take_mac(struct input *in, uint8_t mac[6])
{
	take(in, mac, 6);
	in->failed |= mac[0] & 1; /* a group */
}

/* What a kind cannot do without. */
static bool
is_complete(const struct network_link *link)
{
	switch (link->kind) {
	case LINK_VLAN:
		return *link->parent && link->tag >= 1 && link->tag <= 4094;
	case LINK_VXLAN:
		return link->remote.family != FAMILY_NONE && link->tag < 1U << 24;
	case LINK_XFRM:
		return link->tag > 0;
	case LINK_TUNNEL:
	case LINK_GRE:
		return link->local.family != FAMILY_NONE && link->local.family == link->remote.family;
	case LINK_WIREGUARD:
		return false;
	default:
		return true;
	}
}

/* A name that nothing here has yet is somebody else's link. */
static bool
is_known(const struct input *in, const char *name)
{
	return !*name || map_get(in->names, text_of(name));
}

static void
take_link(struct input *in, struct network_link *link)
{
	bool *const flags[] = { &link->up,     &link->fixed4,        &link->fixed6,   &link->own4,
		                &link->own6, &link->hears_routers, &link->spanning, &link->outer_tag, &link->comes };

	link->name = take_name(in, false);
	link->parent = take_name(in, true);
	link->master = take_name(in, true);
	link->kind = (enum link_kind)take_u8(in, LINK_KINDS);
	link->mode = (enum bond_mode)take_u8(in, BOND_MODES);
	link->priority = (uint8_t)take_u8(in, VLAN_PRIORITY_MAX + 1);
	for (size_t i = 0; i < COUNT(flags); i++)
		*flags[i] = take_bool(in);
	link->mtu = take_u32(in, 65535);
	take_mac(in, link->mac);
	link->tag = take_u32(in, (1U << 24) - 1);
	link->local_port = (uint16_t)take_u32(in, 65535);
	link->remote_port = (uint16_t)take_u32(in, 65535);
	link->local = take_address(in, true);
	link->remote = take_address(in, true);
	link->while_here = take_address(in, true);
	take_addresses(in, link);
	if (in->failed || !is_complete(link) || !is_known(in, link->parent) || !is_known(in, link->master) ||
	    map_set(in->names, text_of(link->name), link))
		in->failed = true;
}

static void
take_neighbour(struct input *in, struct network_neighbour *neighbour)
{
	neighbour->address = take_address(in, false);
	neighbour->device = take_name(in, false);
	take_mac(in, neighbour->mac);
}

/* Of at most `room` addresses. */
static void
take_proxy(struct input *in, struct network_proxy *proxy, size_t *room)
{
	proxy->prefix = take_prefix(in);
	proxy->device = take_name(in, false);
	proxy->leads_away = take_bool(in);
	if (in->failed)
		return;
	const struct address first = prefix_first(&proxy->prefix);
	const enum family    family = proxy->prefix.address.family;
	const unsigned       host_bits = address_bits(family) - proxy->prefix.bits;
	const size_t         count = host_bits < 31 ? (size_t)1 << host_bits : SIZE_MAX;

	in->failed = address_compare(&first, &proxy->prefix.address) != 0 || count > *room ||
	             (proxy->leads_away && family != FAMILY_INET);
	*room -= in->failed ? 0 : count;
}

static void
take_proxies(struct input *in, struct network *network)
{
	size_t room = NETWORK_PROXIED_MAX;

	network->nproxies = take_count(in, NETWORK_PROXIED_MAX, 9);
	struct network_proxy *list = ARENA_MAKE(in->arena, struct network_proxy, network->nproxies + 1);

	for (size_t i = 0; i < network->nproxies && !in->failed; i++)
		take_proxy(in, &list[i], &room);
	network->proxies = list;
}

static void
take_route(struct input *in, struct network_route *route)
{
	route->destination = take_prefix(in);
	route->gateway = take_address(in, true);
	route->device = take_name(in, true);
	route->discards = take_bool(in);
	route->far = take_bool(in);
	if (in->failed)
		return;
	const struct address first = prefix_first(&route->destination);
	const bool           leads = *route->device || route->gateway.family != FAMILY_NONE;

	in->failed = address_compare(&first, &route->destination.address) != 0 || route->discards == leads ||
	             (leads && !*route->device) ||
	             (route->gateway.family != FAMILY_NONE && route->gateway.family != route->destination.address.family);
}

static void
take_gateway(struct input *in, struct network_gateway *gateway, bool *numbers)
{
	gateway->number = (uint8_t)take_u8(in, NETWORK_GATEWAYS_MAX + 1);
	gateway->family = (enum family)take_u8(in, FAMILY_INET6 + 1);
	gateway->address = take_address(in, true);
	gateway->device = take_name(in, false);
	gateway->far = take_bool(in);
	in->failed |= gateway->number == 0 || numbers[gateway->number] ||
	              (gateway->family != FAMILY_INET && gateway->family != FAMILY_INET6) ||
	              (gateway->address.family != FAMILY_NONE && gateway->address.family != gateway->family);
	numbers[gateway->number] = true;
}

static void
take_gateways(struct input *in, struct network *network)
{
	bool numbers[NETWORK_GATEWAYS_MAX + 1] = { false };

	network->ngateways = take_count(in, NETWORK_GATEWAYS_MAX, 6);
	struct network_gateway *list = ARENA_MAKE(in->arena, struct network_gateway, network->ngateways + 1);

	for (size_t i = 0; i < network->ngateways && !in->failed; i++)
		take_gateway(in, &list[i], numbers);
	network->gateways = list;
}

bool
network_decode(struct arena *arena, struct text bytes, struct network *out)
{
	struct input   in = { .rest = bytes, .arena = arena, .names = map_make(arena) };
	struct network network = { .has_links = take_bool(&in) };

	network.has_routes = take_bool(&in);
	network.leaves_links = take_bool(&in);
	network.leaves_routes = take_bool(&in);
	network.mends = take_bool(&in);
	network.nlinks = take_count(&in, NETWORK_LINKS_MAX, 42);
	struct network_link *links = ARENA_MAKE(arena, struct network_link, network.nlinks + 1);

	for (size_t i = 0; i < network.nlinks && !in.failed; i++)
		take_link(&in, &links[i]);
	network.nneighbours = take_count(&in, NETWORK_NEIGHBOURS_MAX, 13);
	struct network_neighbour *neighbours = ARENA_MAKE(arena, struct network_neighbour, network.nneighbours + 1);

	for (size_t i = 0; i < network.nneighbours && !in.failed; i++)
		take_neighbour(&in, &neighbours[i]);
	take_proxies(&in, &network);
	network.nroutes = take_count(&in, NETWORK_ROUTES_MAX, 10);
	struct network_route *routes = ARENA_MAKE(arena, struct network_route, network.nroutes + 1);

	for (size_t i = 0; i < network.nroutes && !in.failed; i++)
		take_route(&in, &routes[i]);
	take_gateways(&in, &network);
	if (in.failed || in.rest.len > 0 || (!network.has_links && network.nlinks + network.nneighbours + network.nproxies > 0) ||
	    (!network.has_routes && network.nroutes + network.ngateways > 0))
		return false;
	network.links = links;
	network.neighbours = neighbours;
	network.routes = routes;
	*out = network;
	return true;
}
