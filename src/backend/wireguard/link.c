/* The links of the kernel's WireGuard, by rtnetlink. */
#include <net/if.h> /* before the kernel's, which then leaves out what is in here */

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "backend/netlink.h"
#include "backend/network/network.h"
#include "backend/network/present.h"
#include "backend/wireguard/kernel.h"

#define KIND  "wireguard"
#define ALIAS "drawbridge-wireguard" /* says that it is ours; the network's own links are called otherwise */

static struct nlmsghdr *
begin_link(char *room, uint16_t type, uint16_t flags, int index)
{
	struct nlmsghdr  *message = mnl_nlmsg_put_header(room);
	struct ifinfomsg *about = mnl_nlmsg_put_extra_header(message, sizeof(*about));

	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	about->ifi_index = index;
	return message;
}

static int
make_link(const char *name)
{
	char             room[512] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin_link(room, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	struct nlattr   *info;

	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, KIND);
	mnl_attr_nest_end(message, info);
	return netlink_once(NETLINK_ROUTE, message, NULL, NULL);
}

static int
mark_link(const char *name)
{
	char             room[512] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin_link(room, RTM_SETLINK, 0, (int)if_nametoindex(name));

	mnl_attr_put_strz(message, IFLA_IFALIAS, ALIAS);
	return netlink_once(NETLINK_ROUTE, message, NULL, NULL);
}

static void
drop_link(const char *name)
{
	char      room[512] __attribute__((aligned(8)));
	const int index = (int)if_nametoindex(name);

	if (index)
		netlink_once(NETLINK_ROUTE, begin_link(room, RTM_DELLINK, 0, index), NULL, NULL);
}

/* MISSING: there is no link of the name. CONFLICT: not one that we made. */
static enum result
look(const char *name)
{
	scoped_arena               arena = arena_new();
	struct present             present;
	const struct present_link *link;

	if (network_present_read(arena, &present) != RESULT_DONE)
		return RESULT_FAILED;
	link = network_present_link(&present, name);
	if (!link)
		return RESULT_MISSING;
	return link->kind && link->alias && strcmp(link->kind, KIND) == 0 && strcmp(link->alias, ALIAS) == 0 ? RESULT_DONE
	                                                                                                    : RESULT_CONFLICT;
}

bool
wireguard_kernel_lacks(void)
{
	uint32_t lacks = 0;

	return network_lacks(1U << LINK_WIREGUARD, 0, &lacks) != RESULT_DONE || lacks;
}

enum result
wireguard_kernel_make(const char *name, struct buffer *message)
{
	const enum result there = look(name);
	int               error;

	if (there == RESULT_DONE)
		return RESULT_DONE;
	if (there == RESULT_CONFLICT) {
		buffer_print(message, "there is a link %s already, which is not ours", name);
		return RESULT_CONFLICT;
	}
	error = make_link(name);
	if (error == EOPNOTSUPP) {
		buffer_add_string(message, "this kernel has no WireGuard (module wireguard)");
		return RESULT_UNAVAILABLE;
	}
	if (!error && (error = mark_link(name)))
		drop_link(name);
	if (!error)
		return RESULT_DONE;
	buffer_print(message, "the kernel does not make %s: %s", name, strerror(error));
	return RESULT_FAILED;
}

void
wireguard_kernel_drop(const char *name)
{
	if (look(name) == RESULT_DONE)
		drop_link(name);
}
