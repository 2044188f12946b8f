/* Virtual addresses with proxy ARP: the box answers for them on a link, though nobody has them. */
#include <string.h>

#include "base/number.h"
#include "plan/network/making.h"

static bool
overlap(const struct prefix *a, const struct prefix *b)
{
	return a->address.family == b->address.family && (prefix_covers(a, &b->address) || prefix_covers(b, &a->address));
}

/* Is it so of where a network is, or a route that is not the default one leads? */
typedef bool place_test(void *self, const struct prefix *, const char *device);

/* Until one says yes. */
static bool
any_place(const struct making *making, const struct network *network, place_test *test, void *self)
{
	for (const struct node *node = making->first; node; node = node->next)
		for (size_t i = 0; i < node->link.naddresses; i++)
			if (test(self, &node->link.addresses[i].prefix, node->link.name))
				return true;
	for (size_t i = 0; i < network->nroutes; i++)
		if (network->routes[i].destination.bits > 0 && !network->routes[i].discards &&
		    test(self, &network->routes[i].destination, network->routes[i].device))
			return true;
	return false;
}

/* Is some of it by another link? Then the kernel answers for that by itself. */
static bool
touches_elsewhere(void *self, const struct prefix *place, const char *device)
{
	const struct network_proxy *proxy = self;

	return strcmp(device, proxy->device) != 0 && overlap(place, &proxy->prefix);
}

static bool
is_all_elsewhere(void *self, const struct prefix *place, const char *device)
{
	const struct network_proxy *proxy = self;

	return touches_elsewhere(self, place, device) && place->bits <= proxy->prefix.bits;
}

static bool
read_proxy(struct making *making, const struct record *vip, struct network_proxy *out)
{
	const char  *device = making_device(making->snapshot, record_text(vip, "interface"));
	struct node *node;
	int64_t      bits;

	if (!device || !text_is(record_text(vip, "mode"), "proxyarp") ||
	    !address_read(record_text(vip, "subnet"), &out->prefix.address))
		return false;
	bits = address_bits(out->prefix.address.family);
	number_read(record_text(vip, "subnet_bits"), 0, bits, &bits);
	out->prefix.bits = (unsigned)bits;
	out->prefix.address = prefix_first(&out->prefix);
	node = making_link(making, device);
	if (!node)
		return false;
	out->device = node->link.name;
	return true;
}

/* Of one that is not counted in, clients are told. */
static bool
has_room(struct making *making, const struct network_proxy *proxy, size_t *room)
{
	const unsigned host_bits = address_bits(proxy->prefix.address.family) - proxy->prefix.bits;

	if (host_bits < 31 && (size_t)1 << host_bits <= *room) {
		*room -= (size_t)1 << host_bits;
		return true;
	}
	making_miss(making, "virtual IP %s: the box can answer for %d addresses in all", prefix_print(making->arena, &proxy->prefix),
		    NETWORK_PROXIED_MAX);
	return false;
}

static void
add(struct making *making, struct network *network, struct network_proxy *list, const struct network_proxy *proxy)
{
	struct node *nowhere = proxy->leads_away ? making_link(making, NETWORK_NOWHERE) : NULL;

	if (proxy->leads_away && !nowhere)
		return;
	if (nowhere) {
		nowhere->link.kind = LINK_LOOPBACK;
		nowhere->needed = true;
	}
	list[network->nproxies++] = *proxy;
}

/* As a whole, unless parts of it are elsewhere. */
static void
add_parts(struct making *making, struct network *network, struct network_proxy *list, struct network_proxy proxy)
{
	const struct address last = prefix_last(&proxy.prefix);

	proxy.leads_away = proxy.prefix.address.family == FAMILY_INET &&
	                   !any_place(making, network, is_all_elsewhere, &proxy);
	if (!proxy.leads_away || !any_place(making, network, touches_elsewhere, &proxy)) {
		add(making, network, list, &proxy);
		return;
	}
	proxy.prefix.bits = address_bits(FAMILY_INET);
	for (bool more = true; more;) {
		proxy.leads_away = !any_place(making, network, is_all_elsewhere, &proxy);
		add(making, network, list, &proxy);
		more = address_compare(&proxy.prefix.address, &last) != 0 && address_next(&proxy.prefix.address);
	}
}

void
making_proxies(struct making *making, struct network *network)
{
	const struct collection *vips = snapshot_named(making->snapshot, "interfaces.vip");
	struct network_proxy    *list = ARENA_MAKE(making->arena, struct network_proxy, NETWORK_PROXIED_MAX);
	size_t                   room = NETWORK_PROXIED_MAX;

	network->proxies = list;
	for (size_t i = 0; i < collection_count(vips); i++) {
		struct network_proxy proxy = { .device = "" };

		if (read_proxy(making, collection_at(vips, i), &proxy) && has_room(making, &proxy, &room))
			add_parts(making, network, list, proxy);
	}
}
