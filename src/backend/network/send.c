/* One request and one answer for each step; a made link needs a second one for its mark. */
#include "backend/network/send.h"

#include <net/if.h> /* before the kernel's, which then leaves out what is in here */

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "backend/netlink.h"
#include "backend/network/link_kind.h"
#include "backend/network/setting.h"
#include "base/bug.h"
#include "base/cleanup.h"

#define ADDRESS_OWNER  11 /* IFA_PROTO: newer than Debian 12's headers */

struct sender {
	struct netlink netlink;
};

/* --- Asking ------------------------------------------------------------------------------------- */

static struct nlmsghdr *
request(struct sender *sender, uint16_t type, uint16_t flags, size_t head, void *out)
{
	return netlink_request(&sender->netlink, type, flags, head, out);
}

static int
ask(struct sender *sender, const struct nlmsghdr *message)
{
	return netlink_ask(&sender->netlink, message);
}

static unsigned char
family_of(const struct address *address)
{
	return address->family == FAMILY_INET6 ? AF_INET6 : AF_INET;
}

/* --- Links -------------------------------------------------------------------------------------- */

static int
make_as(struct sender *sender, const struct network_link *link, const char *kind)
{
	struct ifinfomsg *about;
	struct nlmsghdr  *message = request(sender, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(*about), &about);

	mnl_attr_put_strz(message, IFLA_IFNAME, link->name);
	if (network_mac_is_set(link->mac))
		mnl_attr_put(message, IFLA_ADDRESS, sizeof(link->mac), link->mac);
	if (link->kind == LINK_VLAN)
		mnl_attr_put_u32(message, IFLA_LINK, if_nametoindex(link->parent));
	link_kind_put(message, link, kind);
	return ask(sender, message);
}

static int
drop_link(struct sender *sender, const char *name)
{
	struct ifinfomsg *about;
	struct nlmsghdr  *message = request(sender, RTM_DELLINK, 0, sizeof(*about), &about);

	about->ifi_index = (int)if_nametoindex(name);
	return about->ifi_index ? ask(sender, message) : ENODEV;
}

static int
mark_link(struct sender *sender, const struct network_link *link)
{
	scoped_arena      arena = arena_new();
	struct ifinfomsg *about;
	struct nlmsghdr  *message = request(sender, RTM_SETLINK, 0, sizeof(*about), &about);

	about->ifi_index = (int)if_nametoindex(link->name);
	mnl_attr_put_strz(message, IFLA_IFALIAS, step_alias(arena, link));
	return ask(sender, message);
}

/* The kernel makes a tunnel to anywhere when it learns of a kind, and calls it as we would: that gets another name. */
static bool
step_aside(struct sender *sender, const char *name)
{
	scoped_arena      arena = arena_new();
	struct present    present;
	struct ifinfomsg *about;
	struct nlmsghdr  *message = request(sender, RTM_SETLINK, 0, sizeof(*about), &about);

	if (network_present_read(arena, &present) != RESULT_DONE)
		return false;
	const struct present_link *link = network_present_link(&present, name);

	if (!link || !link->is_fallback)
		return false;
	about->ifi_index = (int)link->index;
	mnl_attr_put_strz(message, IFLA_IFNAME, arena_print(arena, "any-%.10s", name));
	return ask(sender, message) == 0;
}

static int
make_link(struct sender *sender, const struct network_link *link)
{
	int error = make_as(sender, link, link_kind_name(link));

	if (error == EEXIST && step_aside(sender, link->name))
		error = make_as(sender, link, link_kind_name(link));
	/* A bridge without ports does what a dummy does. */
	if (error == EOPNOTSUPP && link->kind == LINK_LOOPBACK)
		error = make_as(sender, link, "bridge");
	if (error)
		return error;
	error = mark_link(sender, link);
	if (error)
		drop_link(sender, link->name);
	return error;
}

static int
change_link(struct sender *sender, const struct step *step)
{
	struct ifinfomsg *about;
	struct nlmsghdr  *message = request(sender, RTM_SETLINK, 0, sizeof(*about), &about);

	about->ifi_index = (int)if_nametoindex(step->device);
	if (!about->ifi_index)
		return ENODEV;
	if (step->kind == STEP_UP) {
		about->ifi_change = IFF_UP;
		about->ifi_flags = step->to.number ? IFF_UP : 0;
	} else if (step->kind == STEP_MTU) {
		mnl_attr_put_u32(message, IFLA_MTU, step->to.number);
	} else if (step->kind == STEP_MAC) {
		mnl_attr_put(message, IFLA_ADDRESS, sizeof(step->to.mac), step->to.mac);
		mnl_attr_put(message, IFLA_IFALIAS, strlen(step->to.text), step->to.text); /* without bytes: none */
	} else {
		mnl_attr_put_u32(message, IFLA_MASTER, *step->to.text ? if_nametoindex(step->to.text) : 0);
	}
	return ask(sender, message);
}

/* --- Addresses, neighbours, routes -------------------------------------------------------------- */

static int
change_address(struct sender *sender, const struct step *step)
{
	const bool               adds = step->to.there;
	const struct step_side  *side = adds ? &step->to : &step->from;
	const struct prefix     *prefix = &side->address.prefix;
	const bool               has_peer = side->address.peer.family != FAMILY_NONE;
	struct ifaddrmsg        *about;
	struct nlmsghdr *message = request(sender, adds ? RTM_NEWADDR : RTM_DELADDR, adds ? NLM_F_CREATE | NLM_F_EXCL : 0,
					   sizeof(*about), &about);

	about->ifa_family = family_of(&prefix->address);
	about->ifa_prefixlen = (unsigned char)prefix->bits;
	about->ifa_index = if_nametoindex(step->device);
	if (!about->ifa_index)
		return ENODEV;
	link_kind_put_address(message, IFA_LOCAL, &prefix->address);
	link_kind_put_address(message, IFA_ADDRESS, has_peer ? &side->address.peer : &prefix->address);
	if (adds && side->ours)
		mnl_attr_put_u8(message, ADDRESS_OWNER, NETWORK_OURS);
	if (adds && prefix->address.family == FAMILY_INET && !has_peer && prefix->bits < 31) {
		const struct address last = prefix_last(prefix);

		link_kind_put_address(message, IFA_BROADCAST, &last);
	}
	return ask(sender, message);
}

static int
change_neighbour(struct sender *sender, const struct step *step)
{
	const bool       sets = step->to.there;
	struct ndmsg    *about;
	struct nlmsghdr *message = request(sender, sets ? RTM_NEWNEIGH : RTM_DELNEIGH,
					   sets ? NLM_F_CREATE | NLM_F_REPLACE : 0, sizeof(*about), &about);

	about->ndm_family = family_of(&step->neighbour);
	about->ndm_ifindex = (int)if_nametoindex(step->device);
	if (!about->ndm_ifindex)
		return ENODEV;
	link_kind_put_address(message, NDA_DST, &step->neighbour);
	if (sets) {
		about->ndm_state = NUD_PERMANENT;
		mnl_attr_put(message, NDA_LLADDR, sizeof(step->to.mac), step->to.mac);
		if (step->to.ours)
			mnl_attr_put_u8(message, NDA_PROTOCOL, NETWORK_OURS);
	}
	return ask(sender, message);
}

static int
change_proxy(struct sender *sender, const struct step *step)
{
	const bool       begins = step->to.there;
	struct ndmsg    *about;
	struct nlmsghdr *message = request(sender, begins ? RTM_NEWNEIGH : RTM_DELNEIGH, begins ? NLM_F_CREATE | NLM_F_REPLACE : 0,
					   sizeof(*about), &about);

	about->ndm_family = family_of(&step->neighbour);
	about->ndm_flags = NTF_PROXY;
	about->ndm_state = NUD_PERMANENT; /* else it goes with the carrier */
	about->ndm_ifindex = (int)if_nametoindex(step->device);
	if (!about->ndm_ifindex)
		return ENODEV;
	link_kind_put_address(message, NDA_DST, &step->neighbour);
	mnl_attr_put_u8(message, NDA_PROTOCOL, NETWORK_OURS);
	return ask(sender, message);
}

static int
change_route(struct sender *sender, const struct step *step)
{
	const bool                  sets = step->to.there;
	const struct step_route    *way = sets ? &step->to.route : &step->from.route;
	const struct present_route *route = &way->route;
	const uint32_t              link = *way->device ? if_nametoindex(way->device) : route->link;
	struct rtmsg               *about;
	struct nlmsghdr *message = request(sender, sets ? RTM_NEWROUTE : RTM_DELROUTE,
					   !sets ? 0 : step->from.there ? NLM_F_REPLACE : NLM_F_CREATE | NLM_F_EXCL,
					   sizeof(*about), &about);

	about->rtm_family = family_of(&route->destination.address);
	about->rtm_dst_len = (unsigned char)route->destination.bits;
	about->rtm_table = (unsigned char)route->table;
	about->rtm_protocol = route->protocol;
	about->rtm_type = route->discards ? RTN_BLACKHOLE : RTN_UNICAST;
	about->rtm_scope = sets ? route->discards || route->gateway.family ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK
	                        : RT_SCOPE_NOWHERE;
	about->rtm_flags = route->far ? RTNH_F_ONLINK : 0;
	link_kind_put_address(message, RTA_DST, &route->destination.address);
	link_kind_put_address(message, RTA_GATEWAY, &route->gateway);
	if (link && !route->discards)
		mnl_attr_put_u32(message, RTA_OIF, link);
	if (route->metric)
		mnl_attr_put_u32(message, RTA_PRIORITY, route->metric);
	return ask(sender, message);
}

static int
change_rule(struct sender *sender, const struct step *step)
{
	const bool                 adds = step->to.there;
	const struct present_rule *rule = adds ? &step->to.rule : &step->from.rule;
	struct fib_rule_hdr       *about;
	struct nlmsghdr *message = request(sender, adds ? RTM_NEWRULE : RTM_DELRULE, adds ? NLM_F_CREATE | NLM_F_EXCL : 0,
					   sizeof(*about), &about);

	about->family = rule->family == FAMILY_INET6 ? AF_INET6 : AF_INET;
	about->table = (uint8_t)rule->table;
	about->action = FR_ACT_TO_TBL;
	mnl_attr_put_u32(message, FRA_PRIORITY, rule->priority);
	if (*rule->incoming)
		mnl_attr_put_strz(message, FRA_IIFNAME, rule->incoming);
	if (rule->mask) {
		mnl_attr_put_u32(message, FRA_FWMARK, rule->mark);
		mnl_attr_put_u32(message, FRA_FWMASK, rule->mask);
	}
	mnl_attr_put_u32(message, FRA_TABLE, rule->table);
	mnl_attr_put_u8(message, FRA_PROTOCOL, NETWORK_OURS);
	return ask(sender, message);
}

/* --- Steps -------------------------------------------------------------------------------------- */

static int
take(struct sender *sender, const struct step *step)
{
	switch (step->kind) {
	case STEP_SETTING:
		/* Of what was only just made it was whatever it was. */
		return step->to.there ? setting_write(step->device, step->to.text) : 0;
	case STEP_LINK:
		if (!step->to.there)
			return drop_link(sender, step->device);
		return step->to.link ? make_link(sender, step->to.link) : ENOENT;
	case STEP_UP:
	case STEP_MTU:
	case STEP_MAC:
	case STEP_MASTER:
		/* The MTU of what was only just made was none of ours. */
		return step->to.there ? change_link(sender, step) : 0;
	case STEP_ADDRESS:
		return change_address(sender, step);
	case STEP_NEIGHBOUR:
		return change_neighbour(sender, step);
	case STEP_PROXY:
		return change_proxy(sender, step);
	case STEP_ROUTE:
		return change_route(sender, step);
	case STEP_RULE:
		return change_rule(sender, step);
	}
	return EINVAL;
}

/* A step that does away with what has gone by itself is done. */
static bool
is_gone(const struct step *step, int error)
{
	return !step->to.there && (error == ESRCH || error == ENOENT || error == ENODEV || error == EADDRNOTAVAIL);
}

enum result
sender_take(struct sender *sender, const struct step *step, struct buffer *why)
{
	scoped_arena arena = arena_new();
	int          error;

	sender->netlink.said[0] = '\0';
	error = take(sender, step);
	if (!error || is_gone(step, error))
		return RESULT_DONE;
	buffer_add_string(why, "cannot ");
	step_print(arena, step, why);
	buffer_print(why, ": %s", strerror(error));
	if (sender->netlink.said[0])
		buffer_print(why, " (%s)", sender->netlink.said);
	if (step->kind != STEP_LINK || error != EOPNOTSUPP || !step->to.link)
		return RESULT_FAILED;
	buffer_print(why, "; the kernel has no %s", link_kind_what(step->to.link->kind));
	return RESULT_UNAVAILABLE;
}

/* A link without queues is refused as wrong, but only when the kind is known. */
bool
sender_can_make(struct sender *sender, const struct network_link *link)
{
	struct ifinfomsg *about;
	struct nlmsghdr  *message = request(sender, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(*about), &about);
	struct nlattr    *info;

	mnl_attr_put_strz(message, IFLA_IFNAME, link->name);
	mnl_attr_put_u32(message, IFLA_NUM_TX_QUEUES, 0);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, link_kind_name(link));
	mnl_attr_nest_end(message, info);
	return ask(sender, message) != EOPNOTSUPP;
}

struct sender *
sender_open(void)
{
	struct sender *sender = calloc(1, sizeof(*sender));

	BUG_IF(!sender, "out of memory");
	if (!netlink_open(&sender->netlink)) {
		free(sender);
		return NULL;
	}
	return sender;
}

void
sender_close(struct sender *sender)
{
	if (!sender)
		return;
	netlink_close(&sender->netlink);
	free(sender);
}
