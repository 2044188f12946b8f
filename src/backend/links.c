/* rtnetlink dumps read into arena lists. Who changes links is elsewhere. */
#include "backend/links.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/snmp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/netlink.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "plan/shaper/shaper.h"

#define ANSWER_MAX 32768 /* one packet of a dump */

/* A list that grows in the arena by doubling; what was before is left behind. */
struct reading {
	struct arena *arena;
	struct link  *links;
	size_t        n, room;
};

/* --- Links ----------------------------------------------------------------------------- */

static struct link *
new_link(struct reading *reading)
{
	if (reading->n == LINKS_MAX)
		return NULL;
	if (reading->n == reading->room) {
		struct link *more = ARENA_MAKE(reading->arena, struct link, reading->room * 2 + 16);

		if (reading->n > 0)
			memcpy(more, reading->links, sizeof(*more) * reading->n);
		reading->links = more;
		reading->room = reading->room * 2 + 16;
	}
	return &reading->links[reading->n++];
}

/* A name that others may print and write into files; the kernel allows more than we do. */
static bool
is_plain(struct text name, size_t max)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~')
			return false;
	return name.len > 0 && name.len <= max;
}

static void
read_counters(const struct nlattr *attribute, struct link *link)
{
	struct rtnl_link_stats64 stats = { 0 };
	const size_t             have = mnl_attr_get_payload_len(attribute);

	memcpy(&stats, mnl_attr_get_payload(attribute), have < sizeof(stats) ? have : sizeof(stats));
	link->in = (struct link_counters){ stats.rx_packets, stats.rx_bytes, stats.rx_errors, stats.rx_dropped };
	link->out = (struct link_counters){ stats.tx_packets, stats.tx_bytes, stats.tx_errors, stats.tx_dropped };
	link->multicast = stats.multicast;
	link->collisions = stats.collisions;
	link->unknown = stats.rx_nohandler;
}

/* What IPv6 has counted by itself. */
static void
read_family(const struct nlattr *families, struct link *link)
{
	uint64_t       counts[IPSTATS_MIB_OUTOCTETS + 1] = { 0 };
	struct nlattr *family, *attribute;

	mnl_attr_for_each_nested(family, families) {
		if (mnl_attr_get_type(family) != AF_INET6)
			continue;
		mnl_attr_for_each_nested(attribute, family) {
			const size_t have = mnl_attr_get_payload_len(attribute);

			if (mnl_attr_get_type(attribute) == IFLA_INET6_STATS)
				memcpy(counts, mnl_attr_get_payload(attribute), have < sizeof(counts) ? have : sizeof(counts));
		}
	}
	link->in6 = (struct link_counters){ counts[IPSTATS_MIB_INPKTS], counts[IPSTATS_MIB_INOCTETS], 0, 0 };
	link->out6 = (struct link_counters){ counts[IPSTATS_MIB_OUTPKTS], counts[IPSTATS_MIB_OUTOCTETS], 0, 0 };
}

static void
read_kind(const struct nlattr *info, struct arena *arena, struct link *link)
{
	struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, info)
		if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND &&
		    is_plain(text_of(mnl_attr_get_str(attribute)), LINK_KIND_MAX))
			link->kind = arena_copy(arena, text_of(mnl_attr_get_str(attribute)));
}

static void
read_link_attribute(const struct nlattr *attribute, struct arena *arena, struct link *link)
{
	switch (mnl_attr_get_type(attribute)) {
	case IFLA_IFNAME:
		link->name = arena_copy(arena, text_of(mnl_attr_get_str(attribute)));
		break;
	case IFLA_ADDRESS:
		if (mnl_attr_get_payload_len(attribute) == sizeof(link->mac))
			memcpy(link->mac, mnl_attr_get_payload(attribute), sizeof(link->mac));
		break;
	case IFLA_MTU:
		link->mtu = mnl_attr_get_u32(attribute);
		break;
	case IFLA_MASTER:
		link->master = mnl_attr_get_u32(attribute);
		break;
	case IFLA_STATS64:
		read_counters(attribute, link);
		break;
	case IFLA_TXQLEN:
		link->queue = mnl_attr_get_u32(attribute);
		break;
	case IFLA_AF_SPEC:
		read_family(attribute, link);
		break;
	case IFLA_LINKINFO:
		read_kind(attribute, arena, link);
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
	struct link             link = {
		.index = (uint32_t)about->ifi_index, .flags = about->ifi_flags, .type = about->ifi_type, .up = about->ifi_flags & IFF_UP,
		.running = about->ifi_flags & IFF_RUNNING, .name = "",
		.kind = about->ifi_type == ARPHRD_LOOPBACK ? "loopback" : "",
	};
	struct nlattr *attribute;
	struct link   *place;

	if (message->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	mnl_attr_for_each(attribute, message, sizeof(*about))
		read_link_attribute(attribute, reading->arena, &link);
	/* What is shaped goes through it, and it is nothing to configure. */
	if (strcmp(link.name, SHAPER_DEVICE) == 0 && strcmp(link.kind, "ifb") == 0)
		return MNL_CB_OK;
	place = is_plain(text_of(link.name), LINK_NAME_MAX) ? new_link(reading) : NULL;
	if (place)
		*place = link;
	return MNL_CB_OK;
}

static int
by_index(const void *a, const void *b)
{
	const uint32_t left = ((const struct link *)a)->index, right = ((const struct link *)b)->index;

	return (left > right) - (left < right);
}

/* --- Addresses ------------------------------------------------------------------------- */

static struct link *
find_link(const struct reading *reading, uint32_t index)
{
	const struct link wanted = { .index = index };

	return reading->n > 0 ? bsearch(&wanted, reading->links, reading->n, sizeof(wanted), by_index) : NULL;
}

/* Our own address: of a point-to-point link IFA_ADDRESS is the peer's. */
static bool
read_address(const struct nlmsghdr *message, struct link_address *out)
{
	const struct ifaddrmsg *about = mnl_nlmsg_get_payload(message);
	const bool              inet6 = about->ifa_family == AF_INET6;
	uint32_t                flags = about->ifa_flags;
	const struct nlattr    *found = NULL;
	struct nlattr          *attribute;

	mnl_attr_for_each(attribute, message, sizeof(*about)) {
		const unsigned type = mnl_attr_get_type(attribute);

		if (type == IFA_LOCAL || (type == IFA_ADDRESS && !found))
			found = attribute;
		if (type == IFA_FLAGS)
			flags = mnl_attr_get_u32(attribute);
	}
	if (!found || mnl_attr_get_payload_len(found) != (inet6 ? 16 : 4) || (!inet6 && about->ifa_family != AF_INET))
		return false;
	*out = (struct link_address){
		.prefix = { .address.family = inet6 ? FAMILY_INET6 : FAMILY_INET, .bits = about->ifa_prefixlen },
		.local = about->ifa_scope == RT_SCOPE_LINK,
		.tentative = flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED),
	};
	memcpy(out->prefix.address.bytes, mnl_attr_get_payload(found), inet6 ? 16 : 4);
	return true;
}

/* Lists of addresses are short: each new one moves the others. */
static int
take_address(const struct nlmsghdr *message, void *self)
{
	struct reading         *reading = self;
	const struct ifaddrmsg *about = mnl_nlmsg_get_payload(message);
	struct link            *link = find_link(reading, about->ifa_index);
	struct link_address     address, *all;

	if (message->nlmsg_type != RTM_NEWADDR || !link || link->naddresses == LINK_ADDRESSES_MAX)
		return MNL_CB_OK;
	if (!read_address(message, &address))
		return MNL_CB_OK;
	if ((link->naddresses & (link->naddresses + 1)) == 0) {
		all = ARENA_MAKE(reading->arena, struct link_address, link->naddresses * 2 + 1);
		if (link->naddresses > 0)
			memcpy(all, link->addresses, sizeof(*all) * link->naddresses);
		link->addresses = all;
	}
	all = (struct link_address *)(uintptr_t)link->addresses;
	all[link->naddresses++] = address;
	return MNL_CB_OK;
}

/* --- Asking ---------------------------------------------------------------------------- */

/* What hardware says of itself; links without any do not know. */
static void
read_speeds(struct reading *reading)
{
	scoped_fd fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (size_t i = 0; fd >= 0 && i < reading->n; i++) {
		struct ethtool_cmd command = { .cmd = ETHTOOL_GSET };
		struct ifreq       request = { .ifr_data = (void *)&command };
		struct link       *link = &reading->links[i];

		memcpy(request.ifr_name, link->name, strnlen(link->name, IFNAMSIZ - 1));
		if (!link->running || ioctl(fd, SIOCETHTOOL, &request) != 0)
			continue;
		/* Not ethtool_cmd_speed(): it shifts into the sign. */
		const uint32_t speed = (uint32_t)command.speed_hi << 16 | command.speed;

		link->speed = speed == (uint32_t)SPEED_UNKNOWN ? 0 : speed;
	}
}

enum result
links_read(struct arena *arena, struct links *out)
{
	struct reading reading = { .arena = arena };

	if (!netlink_dump(RTM_GETLINK, take_link, &reading))
		return RESULT_FAILED;
	if (reading.n > 0)
		qsort(reading.links, reading.n, sizeof(*reading.links), by_index);
	if (!netlink_dump(RTM_GETADDR, take_address, &reading))
		return RESULT_FAILED;
	read_speeds(&reading);
	*out = (struct links){ reading.links, reading.n };
	return RESULT_DONE;
}

void
links_simulate(struct arena *arena, struct links *out)
{
	static const char *const names[] = { "em0", "em1", "em2", "em3" };
	struct link             *links = ARENA_MAKE(arena, struct link, COUNT(names));

	for (uint8_t i = 0; i < COUNT(names); i++)
		links[i] = (struct link){
			.index = i + 2U, .mtu = 1500, .up = true, .running = true, .name = names[i], .kind = "veth",
			.mac = { 0x02, 0xdb, 0x00, 0x00, 0x00, i }, .type = ARPHRD_ETHER, .queue = 1000, .speed = 1000,
			.flags = IFF_UP | IFF_BROADCAST | IFF_RUNNING | IFF_MULTICAST,
		};
	*out = (struct links){ links, COUNT(names) };
}

/* --- Changes --------------------------------------------------------------------------- */

static bool
join_groups(int fd, const unsigned *groups, size_t n)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };

	/* A socket without an address of its own hears nothing. */
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof(groups[i])) < 0)
			return false;
	return true;
}

static int
watch(const unsigned *groups, size_t n)
{
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0 || join_groups(fd, groups, n))
		return fd;
	close(fd);
	return -1;
}

int
links_watch(void)
{
	static const unsigned groups[] = {
		RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
	};

	return watch(groups, COUNT(groups));
}

int
neighbours_watch(void)
{
	static const unsigned groups[] = { RTNLGRP_NEIGH };

	return watch(groups, COUNT(groups));
}

bool
links_changed(int fd)
{
	char room[ANSWER_MAX];
	bool changed = false;

	/* A bound, so that a machine that changes all the time does not keep us here. */
	for (int i = 0; i < 100; i++) {
		if (recv(fd, room, sizeof(room), MSG_DONTWAIT) >= 0 || errno == ENOBUFS)
			changed = true;
		else if (errno != EINTR)
			break;
	}
	return changed;
}
