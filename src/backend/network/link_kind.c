/* The kernel's words for kinds of links, and what each wants to know. */
#include "backend/network/link_kind.h"

#include <net/if.h> /* before the kernel's, which then leaves out what is in here */

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>

#include "plan/vlan_priority.h"

#define VXLAN_PORT     4789
#define MIIMON_MS      100
#define BOND_MODE      1 /* IFLA_BOND_MODE, IFLA_BOND_MIIMON */
#define BOND_MIIMON    3

void
link_kind_put_address(struct nlmsghdr *message, uint16_t type, const struct address *address)
{
	if (address->family != FAMILY_NONE)
		mnl_attr_put(message, type, address_bits(address->family) / 8, address->bytes);
}

static void
put_vxlan(struct nlmsghdr *message, const struct network_link *link)
{
	const bool six = link->remote.family == FAMILY_INET6;

	mnl_attr_put_u32(message, IFLA_VXLAN_ID, link->tag);
	link_kind_put_address(message, six ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP, &link->remote);
	if (link->local.family == link->remote.family)
		link_kind_put_address(message, six ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, &link->local);
	mnl_attr_put_u16(message, IFLA_VXLAN_PORT, htons(link->remote_port ? link->remote_port : VXLAN_PORT));
	if (*link->parent)
		mnl_attr_put_u32(message, IFLA_VXLAN_LINK, if_nametoindex(link->parent));
}

static void
put_priority(struct nlmsghdr *message, uint32_t from, uint32_t to)
{
	const struct ifla_vlan_qos_mapping mapping = { from, to };

	mnl_attr_put(message, IFLA_VLAN_QOS_MAPPING, sizeof(mapping), &mapping);
}

/* Rules see with what priority a frame came, and say with which it leaves. */
static void
put_vlan(struct nlmsghdr *message, const struct network_link *link)
{
	struct nlattr *list;

	mnl_attr_put_u16(message, IFLA_VLAN_ID, (uint16_t)link->tag);
	mnl_attr_put_u16(message, IFLA_VLAN_PROTOCOL, htons(link->outer_tag ? 0x88a8 : 0x8100));
	list = mnl_attr_nest_start(message, IFLA_VLAN_INGRESS_QOS);
	for (uint32_t i = 1; i <= VLAN_PRIORITY_MAX; i++)
		put_priority(message, i, VLAN_PRIORITY_IN(i));
	mnl_attr_nest_end(message, list);
	list = mnl_attr_nest_start(message, IFLA_VLAN_EGRESS_QOS);
	put_priority(message, 0, link->priority);
	for (uint32_t i = 0; i <= VLAN_PRIORITY_MAX; i++)
		put_priority(message, VLAN_PRIORITY_OUT(i), i);
	mnl_attr_nest_end(message, list);
}

static void
put_bond(struct nlmsghdr *message, const struct network_link *link)
{
	static const uint8_t modes[BOND_MODES] = {
		[BOND_LACP] = 4, [BOND_FAILOVER] = 1, [BOND_BALANCE] = 2, [BOND_ROUND_ROBIN] = 0,
	};

	mnl_attr_put_u8(message, BOND_MODE, modes[link->mode]);
	mnl_attr_put_u32(message, BOND_MIIMON, MIIMON_MS);
}

static void
put_bridge(struct nlmsghdr *message, const struct network_link *link)
{
	mnl_attr_put_u32(message, IFLA_BR_STP_STATE, link->spanning);
}

static void
put_tunnel(struct nlmsghdr *message, const struct network_link *link)
{
	link_kind_put_address(message, IFLA_IPTUN_LOCAL, &link->local);
	link_kind_put_address(message, IFLA_IPTUN_REMOTE, &link->remote);
	mnl_attr_put_u8(message, IFLA_IPTUN_PROTO, 0); /* IPv4 and IPv6 alike */
	mnl_attr_put_u8(message, IFLA_IPTUN_TTL, 64);
}

static void
put_gre(struct nlmsghdr *message, const struct network_link *link)
{
	link_kind_put_address(message, IFLA_GRE_LOCAL, &link->local);
	link_kind_put_address(message, IFLA_GRE_REMOTE, &link->remote);
	mnl_attr_put_u8(message, IFLA_GRE_TTL, 64);
}

static void
put_xfrm(struct nlmsghdr *message, const struct network_link *link)
{
	mnl_attr_put_u32(message, IFLA_XFRM_IF_ID, link->tag);
}

static const struct {
	const char *kind, *kind6; /* by the family outside */
	const char *what;         /* for people */
	void      (*put)(struct nlmsghdr *, const struct network_link *);
} kinds[LINK_KINDS] = {
	[LINK_BRIDGE] = { "bridge", "bridge", "bridges (bridge)", put_bridge },
	[LINK_BOND] = { "bond", "bond", "bonds (bonding)", put_bond },
	[LINK_VLAN] = { "vlan", "vlan", "VLANs (8021q)", put_vlan },
	[LINK_VXLAN] = { "vxlan", "vxlan", "VXLANs (vxlan)", put_vxlan },
	[LINK_LOOPBACK] = { "dummy", "dummy", "dummies (dummy)", NULL },
	[LINK_TUNNEL] = { "sit", "ip6tnl", "IP tunnels (sit, ip6_tunnel)", put_tunnel },
	[LINK_GRE] = { "gre", "ip6gre", "GRE tunnels (ip_gre, ip6_gre)", put_gre },
	[LINK_WIREGUARD] = { "wireguard", "wireguard", "WireGuard (wireguard)", NULL },
	[LINK_XFRM] = { "xfrm", "xfrm", "IPsec interfaces (xfrm_interface)", put_xfrm },
};

const char *
link_kind_name(const struct network_link *link)
{
	return link->remote.family == FAMILY_INET6 ? kinds[link->kind].kind6 : kinds[link->kind].kind;
}

const char *
link_kind_what(enum link_kind kind)
{
	return kinds[kind].what;
}

void
link_kind_put(struct nlmsghdr *message, const struct network_link *link, const char *name)
{
	struct nlattr *info = mnl_attr_nest_start(message, IFLA_LINKINFO), *data;

	mnl_attr_put_strz(message, IFLA_INFO_KIND, name);
	if (kinds[link->kind].put) {
		data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
		kinds[link->kind].put(message, link);
		mnl_attr_nest_end(message, data);
	}
	mnl_attr_nest_end(message, info);
}
