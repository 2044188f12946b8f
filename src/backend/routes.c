/* rtnetlink dumps of routes and neighbours. Who changes routes is elsewhere. */
#include "backend/routes.h"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "backend/network/present.h"
#include "backend/netlink.h"
#include "base/bug.h"

#define TICKS      100   /* of the times rtnetlink gives, in a second */

/* Lists grow in the arena by doubling; what was before is left behind. */
struct reading {
	struct arena *arena;
	void         *list;
	size_t        n, room;
};

static void
keep(struct reading *reading, const void *one, size_t size)
{
	if (reading->n == ROUTES_MAX)
		return;
	if (reading->n == reading->room) {
		void *more = arena_take(reading->arena, (reading->room * 2 + 64) * size);

		if (reading->n > 0)
			memcpy(more, reading->list, reading->n * size);
		reading->list = more;
		reading->room = reading->room * 2 + 64;
	}
	memcpy((char *)reading->list + reading->n++ * size, one, size);
}

static bool
read_address(const struct nlattr *attribute, unsigned char family, struct address *out)
{
	const size_t size = family == AF_INET6 ? 16 : 4;

	if ((family != AF_INET && family != AF_INET6) || mnl_attr_get_payload_len(attribute) != size)
		return false;
	*out = (struct address){ .family = family == AF_INET6 ? FAMILY_INET6 : FAMILY_INET };
	memcpy(out->bytes, mnl_attr_get_payload(attribute), size);
	return true;
}

/* --- Routes ---------------------------------------------------------------------------------- */

static enum route_kind
kind_of(unsigned char type)
{
	switch (type) {
	case RTN_UNICAST:
		return ROUTE_UNICAST;
	case RTN_LOCAL:
		return ROUTE_LOCAL;
	case RTN_BROADCAST:
	case RTN_ANYCAST:
		return ROUTE_BROADCAST;
	case RTN_MULTICAST:
		return ROUTE_MULTICAST;
	case RTN_BLACKHOLE:
		return ROUTE_BLACKHOLE;
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
		return ROUTE_UNREACHABLE;
	default:
		return ROUTE_OTHER;
	}
}

static void
read_metrics(const struct nlattr *nest, struct route *route)
{
	struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, nest)
		if (mnl_attr_get_type(attribute) == RTAX_MTU)
			route->mtu = mnl_attr_get_u32(attribute);
}

/* A gateway of the other family. */
static void
read_via(const struct nlattr *attribute, struct route *route)
{
	const struct rtvia *via = mnl_attr_get_payload(attribute);
	const size_t        size = mnl_attr_get_payload_len(attribute);

	if (size != sizeof(*via) + 16 || via->rtvia_family != AF_INET6)
		return;
	route->gateway.family = FAMILY_INET6;
	memcpy(route->gateway.bytes, via->rtvia_addr, 16);
}

static void
read_route_attribute(const struct nlattr *attribute, const struct rtmsg *about, struct route *route)
{
	switch (mnl_attr_get_type(attribute)) {
	case RTA_DST:
		read_address(attribute, about->rtm_family, &route->destination.address);
		break;
	case RTA_GATEWAY:
		read_address(attribute, about->rtm_family, &route->gateway);
		break;
	case RTA_VIA:
		read_via(attribute, route);
		break;
	case RTA_PREFSRC:
		read_address(attribute, about->rtm_family, &route->source);
		break;
	case RTA_OIF:
		route->link = mnl_attr_get_u32(attribute);
		break;
	case RTA_TABLE:
		route->table = mnl_attr_get_u32(attribute);
		break;
	case RTA_PRIORITY:
		route->metric = mnl_attr_get_u32(attribute);
		break;
	case RTA_METRICS:
		read_metrics(attribute, route);
		break;
	case RTA_CACHEINFO:
		if (mnl_attr_get_payload_len(attribute) >= sizeof(struct rta_cacheinfo)) {
			const struct rta_cacheinfo *info = mnl_attr_get_payload(attribute);

			route->expires = info->rta_expires > 0 ? (uint32_t)info->rta_expires / TICKS : 0;
		}
		break;
	default:
		break;
	}
}

/* Each next hop as a route of its own. */
static void
keep_hops(struct reading *reading, const struct nlattr *list, const struct rtmsg *about, struct route *route)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(list);
	size_t                  left = mnl_attr_get_payload_len(list);

	while (left >= sizeof(*hop) && hop->rtnh_len >= sizeof(*hop) && hop->rtnh_len <= left) {
		const struct nlattr *attribute = (const void *)RTNH_DATA(hop);
		int                  rest = hop->rtnh_len - (int)sizeof(*hop);

		route->link = (uint32_t)hop->rtnh_ifindex;
		route->gateway = (struct address){ 0 };
		for (; mnl_attr_ok(attribute, rest);
		     rest -= MNL_ALIGN(attribute->nla_len), attribute = mnl_attr_next(attribute))
			read_route_attribute(attribute, about, route);
		keep(reading, route, sizeof(*route));
		if ((size_t)RTNH_ALIGN(hop->rtnh_len) > left)
			break;
		left -= (size_t)RTNH_ALIGN(hop->rtnh_len);
		hop = (const void *)((const char *)hop + RTNH_ALIGN(hop->rtnh_len));
	}
}

static int
take_route(const struct nlmsghdr *message, void *self)
{
	const struct rtmsg  *about = mnl_nlmsg_get_payload(message);
	const enum family    family = about->rtm_family == AF_INET6 ? FAMILY_INET6 : FAMILY_INET;
	struct route         route = {
		.destination = { { .family = family }, about->rtm_dst_len }, .table = about->rtm_table,
		.kind = kind_of(about->rtm_type),
		.is_static = about->rtm_protocol == RTPROT_STATIC || about->rtm_protocol == RTPROT_BOOT ||
			     about->rtm_protocol == NETWORK_OURS,
		.is_ours = about->rtm_protocol == NETWORK_OURS,
	};
	const struct nlattr *hops = NULL;
	struct nlattr       *attribute;

	if (message->nlmsg_type != RTM_NEWROUTE || (about->rtm_family != AF_INET && about->rtm_family != AF_INET6) ||
	    about->rtm_flags & RTM_F_CLONED || about->rtm_dst_len > address_bits(family))
		return MNL_CB_OK;
	mnl_attr_for_each(attribute, message, sizeof(*about)) {
		if (mnl_attr_get_type(attribute) == RTA_MULTIPATH)
			hops = attribute;
		else
			read_route_attribute(attribute, about, &route);
	}
	if (hops)
		keep_hops(self, hops, about, &route);
	else
		keep(self, &route, sizeof(route));
	return MNL_CB_OK;
}

/* --- Neighbours ------------------------------------------------------------------------------- */

static enum neighbour_state
state_of(uint16_t state)
{
	if (state & NUD_PERMANENT)
		return NEIGHBOUR_PERMANENT;
	if (state & NUD_FAILED)
		return NEIGHBOUR_FAILED;
	if (state & NUD_INCOMPLETE)
		return NEIGHBOUR_INCOMPLETE;
	return state & (NUD_STALE | NUD_DELAY | NUD_PROBE) ? NEIGHBOUR_STALE : NEIGHBOUR_REACHABLE;
}

static void
read_neighbour_attribute(const struct nlattr *attribute, unsigned char family, struct neighbour *out)
{
	const struct nda_cacheinfo *info = mnl_attr_get_payload(attribute);

	switch (mnl_attr_get_type(attribute)) {
	case NDA_DST:
		read_address(attribute, family, &out->address);
		break;
	case NDA_LLADDR:
		out->has_mac = mnl_attr_get_payload_len(attribute) == sizeof(out->mac);
		if (out->has_mac)
			memcpy(out->mac, mnl_attr_get_payload(attribute), sizeof(out->mac));
		break;
	case NDA_CACHEINFO:
		if (mnl_attr_get_payload_len(attribute) >= sizeof(*info))
			out->age = info->ndm_confirmed / TICKS;
		break;
	default:
		break;
	}
}

static int
take_neighbour(const struct nlmsghdr *message, void *self)
{
	const struct ndmsg *about = mnl_nlmsg_get_payload(message);
	struct neighbour    one = {
		.link = (uint32_t)about->ndm_ifindex, .state = state_of(about->ndm_state),
		.is_router = about->ndm_flags & NTF_ROUTER,
	};
	struct nlattr *attribute;

	/* NOARP: multicast and the like, which nobody has learnt. */
	if (message->nlmsg_type != RTM_NEWNEIGH || about->ndm_state & NUD_NOARP || about->ndm_state == NUD_NONE)
		return MNL_CB_OK;
	mnl_attr_for_each(attribute, message, sizeof(*about))
		read_neighbour_attribute(attribute, about->ndm_family, &one);
	if (one.address.family != FAMILY_NONE)
		keep(self, &one, sizeof(one));
	return MNL_CB_OK;
}

/* --- Asking ------------------------------------------------------------------------------------ */

enum result
routes_read(struct arena *arena, struct routes *out)
{
	struct reading reading = { .arena = arena };

	if (!netlink_dump(RTM_GETROUTE, take_route, &reading))
		return RESULT_FAILED;
	*out = (struct routes){ reading.list, reading.n };
	return RESULT_DONE;
}

enum result
neighbours_read(struct arena *arena, struct neighbours *out)
{
	struct reading reading = { .arena = arena };

	if (!netlink_dump(RTM_GETNEIGH, take_neighbour, &reading))
		return RESULT_FAILED;
	*out = (struct neighbours){ reading.list, reading.n };
	return RESULT_DONE;
}

/* --- Forgetting -------------------------------------------------------------------------------- */

static bool
forget(struct mnl_socket *socket, const struct neighbour *one)
{
	char             room[128];
	struct nlmsghdr *request = mnl_nlmsg_put_header(room);
	struct ndmsg    *about = mnl_nlmsg_put_extra_header(request, sizeof(*about));

	request->nlmsg_type = RTM_DELNEIGH;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	about->ndm_family = one->address.family == FAMILY_INET6 ? AF_INET6 : AF_INET;
	about->ndm_ifindex = (int)one->link;
	mnl_attr_put(request, NDA_DST, address_bits(one->address.family) / 8, one->address.bytes);
	return mnl_socket_sendto(socket, request, request->nlmsg_len) >= 0 && netlink_hear(socket, NULL, NULL);
}

static bool
is_any(const struct address *address)
{
	return address_compare(address, &(struct address){ .family = address->family }) == 0;
}

enum result
neighbours_forget(const struct address *address, uint32_t *forgotten)
{
	scoped_arena       arena = arena_new();
	struct neighbours  all;
	struct mnl_socket *socket;
	uint32_t           count = 0;

	if (neighbours_read(arena, &all) != RESULT_DONE)
		return RESULT_FAILED;
	socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!socket)
		return RESULT_FAILED;
	for (size_t i = 0; i < all.n; i++) {
		const struct neighbour *one = &all.neighbours[i];
		const bool              meant = is_any(address) ? one->address.family == address->family &&
						       one->state != NEIGHBOUR_PERMANENT
								: address_compare(&one->address, address) == 0;

		count += meant && forget(socket, one);
	}
	mnl_socket_close(socket);
	*forgotten = count;
	return RESULT_DONE;
}
