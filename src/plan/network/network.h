/* plan/network/network.h: the links, addresses, routes and neighbours the box should have. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"

#define NETWORK_NAME_MAX      15 /* bytes of the name of a link */
#define NETWORK_LINKS_MAX     8192
#define NETWORK_ADDRESSES_MAX 1024 /* of one link */
#define NETWORK_ROUTES_MAX    100000
#define NETWORK_NEIGHBOURS_MAX 16384
#define NETWORK_PROXIED_MAX   4096 /* addresses in all; the kernel looks through short lists */
#define NETWORK_GATEWAYS_MAX  150 /* routing tables from 252 on are the kernel's */
#define NETWORK_BYTES_MAX     ((size_t)32 * 1024 * 1024)

enum link_kind {
	LINK_GIVEN, /* hardware, or made by somebody else */
	LINK_BRIDGE,
	LINK_BOND,
	LINK_VLAN,
	LINK_VXLAN,
	LINK_LOOPBACK,
	LINK_TUNNEL, /* IPv4 and IPv6 in either: gif */
	LINK_GRE,
	LINK_WIREGUARD, /* made by who keeps it (proc/wireguard): never in a plan */
	LINK_XFRM,   /* what is sent to it goes by IPsec's associations of its number */
	LINK_KINDS
};

enum bond_mode {
	BOND_LACP,
	BOND_FAILOVER,
	BOND_BALANCE, /* by hash */
	BOND_ROUND_ROBIN,
	BOND_MODES
};

/* What has no family counts as not given. */
struct network_address {
	struct prefix  prefix; /* host bits kept */
	struct address peer;   /* at the other end of a tunnel */
	bool           floats; /* comes and goes by VRRP: neither added nor taken away */
};

struct network_link {
	const char    *name;
	const char    *parent; /* of a VLAN, or what a VXLAN group is joined on; "": none */
	const char    *master; /* the bridge or bond it is a port of; "": none */
	enum link_kind kind;
	bool           up;
	bool           fixed4, fixed6; /* has these addresses of the family and no others that stay */
	bool           own4, own6;     /* is given none from outside: those that it was given before go */
	bool           hears_routers;  /* takes router advertisements though it forwards */
	bool           comes;          /* somebody makes it when it can be: it is not missed meanwhile */
	bool           spanning;       /* of a bridge: takes part in spanning tree */
	uint32_t       mtu;            /* 0: as it is */
	uint8_t        mac[6];         /* instead of its own; zeros: its own */
	uint32_t       tag;            /* of a VLAN, 1..4094; of a VXLAN or IPsec, its number */
	bool           outer_tag;      /* of a VLAN: 802.1ad */
	uint8_t        priority;       /* of a VLAN: its frames have this one, unless a rule sets another */
	uint16_t       local_port, remote_port; /* of a VXLAN; 0: the usual */
	enum bond_mode mode;
	struct address local, remote;  /* of tunnels; remote of a VXLAN may be a group */
	struct address while_here;     /* it is up only while the box has this address; no family: always */
	const struct network_address *addresses;
	size_t                        naddresses;
};

struct network_route {
	struct prefix  destination; /* host bits 0 */
	struct address gateway;     /* no family: it is on the link */
	const char    *device;      /* "" only when discarded */
	bool           discards;
	bool           far;         /* the gateway is on the link though no address says so */
};

/* A way for packets that are marked for it: a rule, and a table with nothing but a default route. */
struct network_gateway {
	uint8_t        number;  /* 1..NETWORK_GATEWAYS_MAX; no two alike */
	enum family    family;
	struct address address; /* no family: the link leads there */
	const char    *device;
	bool           far;
};

struct network_neighbour {
	struct address address;
	const char    *device;
	uint8_t        mac[6];
};

/*
 * Addresses that nobody has, and that the box answers for on a link (proxy ARP). Of IPv4 the kernel does so only for what it
 * would not send out by the same link: what comes in by the link may have to be led to NETWORK_NOWHERE.
 */
struct network_proxy {
	struct prefix prefix; /* host bits 0 */
	const char   *device;
	bool          leads_away;
};

struct network {
	/* Each half may be left as it is. */
	bool                            has_links, has_routes;
	/* Of a half that was never applied: only links that are named, and routes by them, are touched. */
	bool                            leaves_links, leaves_routes;
	bool                            mends; /* nobody waits for an answer: do what can be done */
	const struct network_link      *links; /* a parent or master before those that need it; no two of a name */
	size_t                          nlinks;
	const struct network_neighbour *neighbours; /* belong to the links */
	size_t                          nneighbours;
	const struct network_proxy     *proxies; /* belong to the links */
	size_t                          nproxies;
	const struct network_route     *routes; /* no two of a destination */
	size_t                          nroutes;
	const struct network_gateway   *gateways; /* belong to the routes */
	size_t                          ngateways;
};

#define NETWORK_MAIN_TABLE 254
#define NETWORK_AWAY_TABLE 251 /* for what comes in by links with proxies: routes to nowhere */
#define NETWORK_NOWHERE    "nowhere0" /* a link that leads there */
/* Where packets that are marked for a gateway go. */
#define NETWORK_TABLE(number) (100U + (number))
#define NETWORK_MARK(number)  ((uint32_t)(number) << 24)
#define NETWORK_MARK_MASK     0xff000000U
#define NETWORK_MARK_REPLY    0x00800000U /* of a connection: its answers go there */

void network_encode(struct buffer *, const struct network *);
/* Strict: names, order, bounds; false leaves *out as it was. What *out has lies in the arena. */
bool network_decode(struct arena *, struct text bytes, struct network *out);
bool network_mac_is_set(const uint8_t mac[6]);
/* Of a device, not of a group; *mac is undefined when false. */
bool network_mac_read(struct text, uint8_t mac[6]);
/* May a link be called so? Nothing that means something in a path or a line. */
bool network_name_is_valid(struct text);
