/* rtnetlink dumps read into arena lists that grow by doubling. */
#include "backend/network/present.h"

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "backend/netlink.h"
#include "base/bug.h"

#define LIST_MAX    1000000
#define ADDRESS_OWNER 11 /* IFA_PROTO: newer than Debian 12's headers */

struct reading {
	struct arena   *arena;
	struct present *present;
	size_t          room[5];
};

/* Room for one more; NULL when there are too many. */
static void *
grow(struct reading *reading, void **list, size_t *n, size_t size, unsigned which)
{
	if (*n == LIST_MAX)
		return NULL;
	if (*n == reading->room[which]) {
		void *more = arena_take(reading->arena, size * (*n * 2 + 16));

		if (*n > 0)
			memcpy(more, *list, size * *n);
		*list = more;
		reading->room[which] = *n * 2 + 16;
	}
	return (char *)*list + size * (*n)++;
}

static bool
read_address(const struct nlattr *attribute, unsigned family, struct address *out)
{
	const size_t size = family == AF_INET6 ? 16 : 4;

	if ((family != AF_INET && family != AF_INET6) || mnl_attr_get_payload_len(attribute) != size)
		return false;
	*out = (struct address){ .family = family == AF_INET6 ? FAMILY_INET6 : FAMILY_INET };
	memcpy(out->bytes, mnl_attr_get_payload(attribute), size);
	return true;
}

static void
read_mac(const struct nlattr *attribute, uint8_t mac[6])
{
	if (mnl_attr_get_payload_len(attribute) == 6)
		memcpy(mac, mnl_attr_get_payload(attribute), 6);
}

/* --- Links -------------------------------------------------------------------------------------- */

static const char *
read_kind(struct arena *arena, const struct nlattr *info)
{
	struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, info)
		if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND)
			return arena_copy(arena, text_of(mnl_attr_get_str(attribute)));
	return "";
}

/* An address of IPv4 that is none. */
static bool
is_zero(const struct nlattr *attribute)
{
	return mnl_attr_get_payload_len(attribute) == 4 && mnl_attr_get_u32(attribute) == 0;
}

static void
read_link_attribute(struct arena *arena, const struct nlattr *attribute, struct present_link *link)
{
	switch (mnl_attr_get_type(attribute)) {
	case IFLA_IFNAME:
		link->name = arena_copy(arena, text_of(mnl_attr_get_str(attribute)));
		break;
	case IFLA_IFALIAS:
		link->alias = arena_copy(arena, text_of(mnl_attr_get_str(attribute)));
		break;
	case IFLA_LINKINFO:
		link->kind = read_kind(arena, attribute);
		break;
	case IFLA_MTU:
		link->mtu = mnl_attr_get_u32(attribute);
		break;
	case IFLA_ADDRESS:
		read_mac(attribute, link->mac);
		break;
	case IFLA_PERM_ADDRESS:
		read_mac(attribute, link->permanent);
		break;
	case IFLA_MASTER:
		link->master = mnl_attr_get_u32(attribute);
		break;
	default:
		break;
	}
}

static int
take_link(const struct nlmsghdr *message, void *self)
{
	struct reading         *reading = self;
	const struct ifinfomsg *about = mnl_nlmsg_get_payload(message);
	struct present_link    *link;
	struct nlattr          *attribute;
	unsigned                nowhere = 0; /* ends of a tunnel that are no address */

	if (message->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	link = grow(reading, (void **)&reading->present->links, &reading->present->nlinks, sizeof(*link), 0);
	if (!link)
		return MNL_CB_OK;
	*link = (struct present_link){
		.index = (uint32_t)about->ifi_index, .up = about->ifi_flags & IFF_UP, .name = "", .kind = "", .alias = "",
	};
	mnl_attr_for_each(attribute, message, sizeof(*about)) {
		read_link_attribute(reading->arena, attribute, link);
		if (mnl_attr_get_type(attribute) == IFLA_ADDRESS || mnl_attr_get_type(attribute) == IFLA_BROADCAST)
			nowhere += is_zero(attribute);
	}
	link->is_fallback = nowhere == 2 && strcmp(link->kind, "gre") == 0;
	return MNL_CB_OK;
}

const struct present_link *
network_present_link(const struct present *present, const char *name)
{
	for (size_t i = 0; i < present->nlinks; i++)
		if (strcmp(present->links[i].name, name) == 0)
			return &present->links[i];
	return NULL;
}

const struct present_link *
present_link_at(const struct present *present, uint32_t index)
{
	for (size_t i = 0; i < present->nlinks; i++)
		if (present->links[i].index == index)
			return &present->links[i];
	return NULL;
}

bool
present_link_is_ours(const struct present_link *link)
{
	return text_starts(text_of(link->alias), TEXT(NETWORK_ALIAS));
}

/* --- Addresses ---------------------------------------------------------------------------------- */

/* IFA_LOCAL is ours; IFA_ADDRESS the same, or the peer's. In IPv6 the former is only there when there is a peer. */
static bool
read_one(const struct nlmsghdr *message, struct present_address *out)
{
	const struct ifaddrmsg *about = mnl_nlmsg_get_payload(message);
	struct address          local = { FAMILY_NONE }, other = { FAMILY_NONE };
	uint32_t                flags = about->ifa_flags;
	struct nlattr          *attribute;

	*out = (struct present_address){ .ours = false };
	mnl_attr_for_each(attribute, message, sizeof(*about)) {
		const unsigned type = mnl_attr_get_type(attribute);

		if (type == IFA_LOCAL)
			read_address(attribute, about->ifa_family, &local);
		else if (type == IFA_ADDRESS)
			read_address(attribute, about->ifa_family, &other);
		else if (type == IFA_FLAGS)
			flags = mnl_attr_get_u32(attribute);
		else if (type == ADDRESS_OWNER)
			out->ours = mnl_attr_get_u8(attribute) == NETWORK_OURS;
	}
	if (local.family == FAMILY_NONE)
		local = other;
	if (local.family == FAMILY_NONE)
		return false;
	out->address.prefix = (struct prefix){ local, about->ifa_prefixlen };
	if (other.family != FAMILY_NONE && address_compare(&local, &other) != 0)
		out->address.peer = other;
	out->stays = (flags & IFA_F_PERMANENT) && !address_is_link_local(&local);
	return true;
}

static int
take_address(const struct nlmsghdr *message, void *self)
{
	struct reading         *reading = self;
	const struct ifaddrmsg *about = mnl_nlmsg_get_payload(message);
	struct present_link    *link = (struct present_link *)(uintptr_t)present_link_at(reading->present, about->ifa_index);
	struct present_address  one, *more;

	if (message->nlmsg_type != RTM_NEWADDR || !link || !read_one(message, &one))
		return MNL_CB_OK;
	/* Full at 0, 1, 3, 7... */
	if ((link->naddresses & (link->naddresses + 1)) == 0) {
		more = ARENA_MAKE(reading->arena, struct present_address, link->naddresses * 2 + 1);
		if (link->naddresses > 0)
			memcpy(more, link->addresses, sizeof(*more) * link->naddresses);
		link->addresses = more;
	}
	link->addresses[link->naddresses++] = one;
	return MNL_CB_OK;
}

/* --- Routes ------------------------------------------------------------------------------------- */

static void
read_route_attribute(const struct nlattr *attribute, const struct rtmsg *about, struct present_route *route,
                     uint32_t *table)
{
	switch (mnl_attr_get_type(attribute)) {
	case RTA_DST:
		read_address(attribute, about->rtm_family, &route->destination.address);
		break;
	case RTA_GATEWAY:
		read_address(attribute, about->rtm_family, &route->gateway);
		break;
	case RTA_OIF:
		route->link = mnl_attr_get_u32(attribute);
		break;
	case RTA_PRIORITY:
		route->metric = mnl_attr_get_u32(attribute);
		break;
	case RTA_TABLE:
		*table = mnl_attr_get_u32(attribute);
		break;
	default:
		break;
	}
}

static bool
is_looked_at(uint32_t table)
{
	return table == RT_TABLE_MAIN || table == NETWORK_AWAY_TABLE || (table > NETWORK_TABLE(0) && table <= NETWORK_TABLE(NETWORK_GATEWAYS_MAX));
}

static int
take_route(const struct nlmsghdr *message, void *self)
{
	struct reading      *reading = self;
	const struct rtmsg  *about = mnl_nlmsg_get_payload(message);
	struct present_route route = {
		.destination = { { about->rtm_family == AF_INET6 ? FAMILY_INET6 : FAMILY_INET, { 0 } }, about->rtm_dst_len },
		.protocol = about->rtm_protocol, .discards = about->rtm_type == RTN_BLACKHOLE,
		.far = about->rtm_flags & RTNH_F_ONLINK,
	};
	uint32_t              table = about->rtm_table;
	struct present_route *place;
	struct nlattr        *attribute;

	if (message->nlmsg_type != RTM_NEWROUTE || (about->rtm_family != AF_INET && about->rtm_family != AF_INET6) ||
	    about->rtm_flags & RTM_F_CLONED || (about->rtm_type != RTN_UNICAST && about->rtm_type != RTN_BLACKHOLE))
		return MNL_CB_OK;
	mnl_attr_for_each(attribute, message, sizeof(*about))
		read_route_attribute(attribute, about, &route, &table);
	if (!is_looked_at(table) || route.protocol == RTPROT_KERNEL || route.protocol == RTPROT_RA)
		return MNL_CB_OK;
	route.table = table;
	place = grow(reading, (void **)&reading->present->routes, &reading->present->nroutes, sizeof(route), 1);
	if (place)
		*place = route;
	return MNL_CB_OK;
}

/* --- Rules -------------------------------------------------------------------------------------- */

static int
take_rule(const struct nlmsghdr *message, void *self)
{
	struct reading            *reading = self;
	const struct fib_rule_hdr *about = mnl_nlmsg_get_payload(message);
	struct present_rule        rule = { .family = about->family == AF_INET6 ? FAMILY_INET6 : FAMILY_INET, .table = about->table,
					    .incoming = "" },
				   *place;
	bool                       ours = false;
	struct nlattr             *attribute;

	if (message->nlmsg_type != RTM_NEWRULE || (about->family != AF_INET && about->family != AF_INET6))
		return MNL_CB_OK;
	mnl_attr_for_each(attribute, message, sizeof(*about)) {
		const unsigned type = mnl_attr_get_type(attribute);

		if (type == FRA_PRIORITY)
			rule.priority = mnl_attr_get_u32(attribute);
		else if (type == FRA_FWMARK)
			rule.mark = mnl_attr_get_u32(attribute);
		else if (type == FRA_FWMASK)
			rule.mask = mnl_attr_get_u32(attribute);
		else if (type == FRA_TABLE)
			rule.table = mnl_attr_get_u32(attribute);
		else if (type == FRA_IIFNAME)
			rule.incoming = arena_copy(reading->arena, text_of(mnl_attr_get_str(attribute)));
		else if (type == FRA_PROTOCOL)
			ours = mnl_attr_get_u8(attribute) == NETWORK_OURS;
	}
	place = ours ? grow(reading, (void **)&reading->present->rules, &reading->present->nrules, sizeof(rule), 3) : NULL;
	if (place)
		*place = rule;
	return MNL_CB_OK;
}

/* --- Neighbours --------------------------------------------------------------------------------- */

static struct present_neighbour
read_neighbour(const struct nlmsghdr *message)
{
	const struct ndmsg      *about = mnl_nlmsg_get_payload(message);
	struct present_neighbour one = { .link = (uint32_t)about->ndm_ifindex };
	struct nlattr           *attribute;

	mnl_attr_for_each(attribute, message, sizeof(*about)) {
		const unsigned type = mnl_attr_get_type(attribute);

		if (type == NDA_DST)
			read_address(attribute, about->ndm_family, &one.address);
		else if (type == NDA_LLADDR)
			read_mac(attribute, one.mac);
		else if (type == NDA_PROTOCOL)
			one.ours = mnl_attr_get_u8(attribute) == NETWORK_OURS;
	}
	return one;
}

static int
take_neighbour(const struct nlmsghdr *message, void *self)
{
	struct reading          *reading = self;
	struct present          *present = reading->present;
	const struct ndmsg      *about = mnl_nlmsg_get_payload(message);
	const bool               is_proxy = about->ndm_flags & NTF_PROXY;
	struct present_neighbour one, *place;

	if (message->nlmsg_type != RTM_NEWNEIGH || (!is_proxy && !(about->ndm_state & NUD_PERMANENT)))
		return MNL_CB_OK;
	one = read_neighbour(message);
	if (one.address.family == FAMILY_NONE)
		return MNL_CB_OK;
	place = is_proxy ? grow(reading, (void **)&present->proxies, &present->nproxies, sizeof(one), 4)
	                 : grow(reading, (void **)&present->neighbours, &present->nneighbours, sizeof(one), 2);
	if (place)
		*place = one;
	return MNL_CB_OK;
}

/* --- Asking ------------------------------------------------------------------------------------- */

enum result
network_present_read(struct arena *arena, struct present *out)
{
	struct present present = { 0 };
	struct reading reading = { .arena = arena, .present = &present };
	struct ndmsg   proxies = { .ndm_flags = NTF_PROXY };

	const bool done = netlink_dump(RTM_GETLINK, take_link, &reading) && netlink_dump(RTM_GETADDR, take_address, &reading) &&
			  netlink_dump(RTM_GETROUTE, take_route, &reading) && netlink_dump(RTM_GETRULE, take_rule, &reading) &&
			  netlink_dump(RTM_GETNEIGH, take_neighbour, &reading) &&
			  netlink_dump_of(RTM_GETNEIGH, &proxies, sizeof(proxies), take_neighbour, &reading);

	if (!done)
		return RESULT_FAILED;
	*out = present;
	return RESULT_DONE;
}
