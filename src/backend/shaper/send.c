/* One request and one answer for each change. */
#include "backend/shaper/send.h"

#include <net/if.h>

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <string.h>

#include "backend/shaper/present.h"
#include "base/bug.h"

#define CLASS(id)      (SHAPER_HANDLE << 16 | (id))
#define EGRESS         TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)
#define MARK_SHAPED    0x00200000U /* plan/filter/build.h */
#define FRAME_MAX      1600U    /* bytes */
#define BURST_PARTS    100U     /* of a second that a class may send at once when it was idle */
#define TICKS_PER_USEC 15.625   /* the kernel's clock of queueing disciplines: 64 ns */
#define NETEM_LIMIT    1000U    /* packets, as netem has it by itself */

/* Ethernet's own length is nothing that HTB has to round up. */
enum { LINK_LAYER = TC_LINKLAYER_ETHERNET };

static struct nlmsghdr *
request(struct netlink *netlink, uint16_t type, uint16_t flags, const struct tcmsg *about)
{
	struct tcmsg    *head;
	struct nlmsghdr *message = netlink_request(netlink, type, flags, sizeof(*head), &head);

	*head = *about;
	return message;
}

/* --- What there is ----------------------------------------------------------------------------------- */

const char *
send_discipline(enum shaper_discipline discipline)
{
	static const char *const kinds[SHAPER_DISCIPLINES] = {
		[SHAPER_FIFO] = "pfifo", [SHAPER_CODEL] = "codel", [SHAPER_PIE] = "pie", [SHAPER_FQ_CODEL] = "fq_codel",
		[SHAPER_FQ_PIE] = "fq_pie", [SHAPER_DELAY] = "netem",
	};

	return kinds[discipline];
}

/* A block that cannot be is refused as wrong, but only when the kind is known. */
bool
send_has_discipline(struct netlink *netlink, const char *kind)
{
	struct nlmsghdr *message = request(netlink, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL,
					   &(struct tcmsg){ .tcm_ifindex = (int)if_nametoindex("lo"), .tcm_parent = TC_H_ROOT });

	mnl_attr_put_strz(message, TCA_KIND, kind);
	mnl_attr_put_u32(message, TCA_INGRESS_BLOCK, 0);
	return netlink_ask(netlink, message) != ENOENT;
}

static struct nlmsghdr *
link_request(struct netlink *netlink, uint32_t queues)
{
	struct ifinfomsg *about;
	struct nlmsghdr  *message = netlink_request(netlink, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(*about), &about);
	struct nlattr    *info;

	mnl_attr_put_strz(message, IFLA_IFNAME, SHAPER_DEVICE);
	mnl_attr_put_u32(message, IFLA_NUM_TX_QUEUES, queues);
	mnl_attr_put_u32(message, IFLA_TXQLEN, SHAPER_SLOTS);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, "ifb");
	mnl_attr_nest_end(message, info);
	return message;
}

/* A link without queues is refused as wrong, likewise. */
bool
send_has_device(struct netlink *netlink)
{
	return netlink_ask(netlink, link_request(netlink, 0)) != EOPNOTSUPP;
}

/* --- The link ----------------------------------------------------------------------------------------- */

static struct nlmsghdr *
change_link(struct netlink *netlink, uint16_t type, uint32_t index, unsigned flags)
{
	struct ifinfomsg *about;
	struct nlmsghdr  *message = netlink_request(netlink, type, 0, sizeof(*about), &about);

	about->ifi_index = (int)index;
	about->ifi_flags = about->ifi_change = flags;
	return message;
}

/* Nobody is there to talk to. A kernel without IPv6 says no, and would not talk anyway. */
static void
keep_silent(struct netlink *netlink, uint32_t index)
{
	struct nlmsghdr *message = change_link(netlink, RTM_SETLINK, index, 0);
	struct nlattr   *families = mnl_attr_nest_start(message, IFLA_AF_SPEC), *inet6 = mnl_attr_nest_start(message, AF_INET6);

	mnl_attr_put_u8(message, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(message, inet6);
	mnl_attr_nest_end(message, families);
	(void)netlink_ask(netlink, message);
}

int
send_device(struct netlink *netlink)
{
	struct nlmsghdr *message;
	int              error = netlink_ask(netlink, link_request(netlink, 1));
	const uint32_t   index = error ? 0 : if_nametoindex(SHAPER_DEVICE);

	if (error)
		return error;
	message = change_link(netlink, RTM_SETLINK, index, 0);
	mnl_attr_put_strz(message, IFLA_IFALIAS, SHAPER_ALIAS);
	error = netlink_ask(netlink, message);
	keep_silent(netlink, index);
	if (!error)
		error = send_device_up(netlink, index);
	if (error)
		send_device_delete(netlink, index);
	return error;
}

int
send_device_up(struct netlink *netlink, uint32_t index)
{
	return netlink_ask(netlink, change_link(netlink, RTM_SETLINK, index, IFF_UP));
}

int
send_device_delete(struct netlink *netlink, uint32_t index)
{
	return netlink_ask(netlink, change_link(netlink, RTM_DELLINK, index, 0));
}

int
send_root(struct netlink *netlink, uint32_t index)
{
	const struct tc_htb_glob root = { .version = 3, .rate2quantum = 10 };
	struct nlmsghdr *message = request(netlink, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE,
		&(struct tcmsg){ .tcm_ifindex = (int)index, .tcm_parent = TC_H_ROOT, .tcm_handle = SHAPER_HANDLE << 16 });
	struct nlattr *options;

	mnl_attr_put_strz(message, TCA_KIND, "htb");
	options = mnl_attr_nest_start(message, TCA_OPTIONS);
	mnl_attr_put(message, TCA_HTB_INIT, sizeof(root), &root);
	mnl_attr_nest_end(message, options);
	return netlink_ask(netlink, message);
}

/* --- Classes -------------------------------------------------------------------------------------------- */

/* The time that so many bytes take, in the kernel's ticks. */
static uint32_t
ticks(uint64_t bytes, uint32_t rate)
{
	const double count = (double)bytes * 1000000 / rate * TICKS_PER_USEC;

	return count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
}

static uint64_t
burst(uint32_t rate)
{
	return rate / BURST_PARTS + FRAME_MAX;
}

static void
put_rates(struct nlmsghdr *message, const struct shaper_class *class)
{
	const struct tc_htb_opt htb = {
		.rate = { .rate = class->rate, .linklayer = LINK_LAYER }, .ceil = { .rate = class->ceil, .linklayer = LINK_LAYER },
		.buffer = ticks(burst(class->rate), class->rate), .cbuffer = ticks(burst(class->ceil), class->ceil),
		.quantum = class->quantum,
	};
	struct nlattr *options = mnl_attr_nest_start(message, TCA_OPTIONS);

	mnl_attr_put(message, TCA_HTB_PARMS, sizeof(htb), &htb);
	mnl_attr_nest_end(message, options);
}

int
send_class(struct netlink *netlink, uint32_t index, const struct shaper_class *class, uint32_t n)
{
	struct nlmsghdr *message = request(netlink, RTM_NEWTCLASS, NLM_F_CREATE, &(struct tcmsg){
		.tcm_ifindex = (int)index, .tcm_parent = CLASS(class->parent), .tcm_handle = CLASS(class->id + n) });

	mnl_attr_put_strz(message, TCA_KIND, "htb");
	put_rates(message, class);
	return netlink_ask(netlink, message);
}

int
send_class_delete(struct netlink *netlink, uint32_t index, uint32_t id)
{
	return netlink_ask(netlink, request(netlink, RTM_DELTCLASS, 0, &(struct tcmsg){
		.tcm_ifindex = (int)index, .tcm_handle = CLASS(id) }));
}

/* --- Where packets wait ----------------------------------------------------------------------------------- */

static void
put_some(struct nlmsghdr *message, uint16_t type, uint32_t number)
{
	if (type && number)
		mnl_attr_put_u32(message, type, number);
}

/* Attributes of the disciplines that look after their queues; 0: it knows no such thing. */
static const struct {
	uint16_t limit, target, interval, ecn, quantum, flows;
} attributes[SHAPER_DISCIPLINES] = {
	[SHAPER_CODEL] = { TCA_CODEL_LIMIT, TCA_CODEL_TARGET, TCA_CODEL_INTERVAL, TCA_CODEL_ECN, 0, 0 },
	[SHAPER_PIE] = { TCA_PIE_LIMIT, TCA_PIE_TARGET, TCA_PIE_TUPDATE, TCA_PIE_ECN, 0, 0 },
	[SHAPER_FQ_CODEL] = { TCA_FQ_CODEL_LIMIT, TCA_FQ_CODEL_TARGET, TCA_FQ_CODEL_INTERVAL, TCA_FQ_CODEL_ECN,
			      TCA_FQ_CODEL_QUANTUM, TCA_FQ_CODEL_FLOWS },
	[SHAPER_FQ_PIE] = { TCA_FQ_PIE_LIMIT, TCA_FQ_PIE_TARGET, TCA_FQ_PIE_TUPDATE, TCA_FQ_PIE_ECN, TCA_FQ_PIE_QUANTUM,
			    TCA_FQ_PIE_FLOWS },
};

static void
put_managed(struct nlmsghdr *message, const struct shaper_leaf *leaf)
{
	struct nlattr *options = mnl_attr_nest_start(message, TCA_OPTIONS);

	put_some(message, attributes[leaf->discipline].limit, leaf->limit);
	put_some(message, attributes[leaf->discipline].target, leaf->target);
	put_some(message, attributes[leaf->discipline].interval, leaf->interval);
	mnl_attr_put_u32(message, attributes[leaf->discipline].ecn, leaf->ecn);
	put_some(message, attributes[leaf->discipline].quantum, leaf->quantum);
	put_some(message, attributes[leaf->discipline].flows, leaf->flows);
	mnl_attr_nest_end(message, options);
}

static void
put_leaf(struct nlmsghdr *message, const struct shaper_leaf *leaf)
{
	const struct tc_fifo_qopt  fifo = { .limit = leaf->limit ? leaf->limit : SHAPER_SLOTS };
	const struct tc_netem_qopt delay = { .latency = ticks(leaf->delay, 1000000), .limit = leaf->limit ? leaf->limit : NETEM_LIMIT };

	if (leaf->discipline == SHAPER_FIFO)
		mnl_attr_put(message, TCA_OPTIONS, sizeof(fifo), &fifo);
	else if (leaf->discipline == SHAPER_DELAY)
		mnl_attr_put(message, TCA_OPTIONS, sizeof(delay), &delay);
	else
		put_managed(message, leaf);
}

/* Always a new one: some of what one is told can only be told in the beginning. */
int
send_leaf(struct netlink *netlink, uint32_t index, const struct shaper_class *class, uint32_t n)
{
	struct nlmsghdr *message = request(netlink, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE | NLM_F_EXCL,
		&(struct tcmsg){ .tcm_ifindex = (int)index, .tcm_parent = CLASS(class->id + n) });

	mnl_attr_put_strz(message, TCA_KIND, send_discipline(class->leaf.discipline));
	put_leaf(message, &class->leaf);
	return netlink_ask(netlink, message);
}

/* --- The way there -------------------------------------------------------------------------------------- */

static struct tcmsg
clsact_on(uint32_t device)
{
	return (struct tcmsg){ .tcm_ifindex = (int)device, .tcm_parent = TC_H_CLSACT, .tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0) };
}

int
send_clsact(struct netlink *netlink, uint32_t device)
{
	const struct tcmsg about = clsact_on(device);
	struct nlmsghdr   *message = request(netlink, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &about);

	mnl_attr_put_strz(message, TCA_KIND, "clsact");
	return netlink_ask(netlink, message);
}

int
send_clsact_delete(struct netlink *netlink, uint32_t device)
{
	const struct tcmsg about = clsact_on(device);

	return netlink_ask(netlink, request(netlink, RTM_DELQDISC, 0, &about));
}

static struct tcmsg
filter_on(uint32_t device)
{
	return (struct tcmsg){ .tcm_ifindex = (int)device, .tcm_parent = EGRESS, .tcm_handle = 1,
			       .tcm_info = TC_H_MAKE(SHAPER_PREF << 16, htons(ETH_P_ALL)) };
}

static void
put_redirect(struct nlmsghdr *message, uint32_t shaper)
{
	const struct tc_mirred to = { .action = TC_ACT_STOLEN, .eaction = TCA_EGRESS_REDIR, .ifindex = shaper };
	struct nlattr *list = mnl_attr_nest_start(message, TCA_BPF_ACT), *first = mnl_attr_nest_start(message, 1), *options;

	mnl_attr_put_strz(message, TCA_ACT_KIND, "mirred");
	options = mnl_attr_nest_start(message, TCA_ACT_OPTIONS);
	mnl_attr_put(message, TCA_MIRRED_PARMS, sizeof(to), &to);
	mnl_attr_nest_end(message, options);
	mnl_attr_nest_end(message, first);
	mnl_attr_nest_end(message, list);
}

/* clang-format off */
static const struct sock_filter program[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 6),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 0, 3),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_MARK)),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MARK_SHAPED, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	BPF_STMT(BPF_RET | BPF_K, 0),
};
/* clang-format on */

bool
send_is_program(const void *bytes, size_t size)
{
	return size == sizeof(program) && memcmp(bytes, program, size) == 0;
}

/*
 * Marked packets of IP, as they are on the outermost link: in a frame of a VLAN or of PPPoE they have waited already, where they
 * went into it.
 */
int
send_filter(struct netlink *netlink, uint32_t device, uint32_t shaper)
{
	const struct tcmsg about = filter_on(device);
	struct nlmsghdr   *message = request(netlink, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, &about);
	struct nlattr     *options;

	mnl_attr_put_strz(message, TCA_KIND, "bpf");
	options = mnl_attr_nest_start(message, TCA_OPTIONS);
	mnl_attr_put_u16(message, TCA_BPF_OPS_LEN, COUNT(program));
	mnl_attr_put(message, TCA_BPF_OPS, sizeof(program), program);
	put_redirect(message, shaper);
	mnl_attr_nest_end(message, options);
	return netlink_ask(netlink, message);
}

int
send_filter_delete(struct netlink *netlink, uint32_t device)
{
	const struct tcmsg about = filter_on(device);
	struct nlmsghdr   *message = request(netlink, RTM_DELTFILTER, 0, &about);

	mnl_attr_put_strz(message, TCA_KIND, "bpf");
	return netlink_ask(netlink, message);
}
