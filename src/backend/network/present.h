/* backend/network/present.h: what the kernel has of links, addresses, routes and neighbours, and which of it is ours. */
#pragma once

#include "base/result.h"
#include "plan/network/network.h"

/* What we make is marked so: addresses, routes and neighbours by the number of who made them, links by their alias. */
#define NETWORK_OURS  190
#define NETWORK_ALIAS "drawbridge "
/* What others made and has a MAC address of ours tells its own one so, unless it has an alias. */
#define NETWORK_MAC_ALIAS "drawbridge-mac "

struct present_address {
	struct network_address address;
	bool                   ours, stays; /* stays: has no lifetime, and is no link-local one of the kernel's */
};

struct present_link {
	uint32_t                index, master, mtu;
	bool                    up;
	bool                    is_fallback; /* the tunnel to anywhere that the kernel makes by itself */
	uint8_t                 mac[6], permanent[6]; /* zeros: none, or unknown */
	const char             *name, *kind, *alias;
	struct present_address *addresses;
	size_t                  naddresses;
};

/* Of the main table, of those of the gateways and of NETWORK_AWAY_TABLE. */
struct present_route {
	struct prefix  destination;
	struct address gateway;
	uint32_t       table, link, metric;
	uint8_t        protocol;
	bool           discards, far;
};

/* Ours: packets with a mark to the table of a gateway, or those that come in by a link to NETWORK_AWAY_TABLE. */
struct present_rule {
	enum family family;
	uint32_t    priority, mark, mask, table;
	const char *incoming; /* "": by any link */
};

struct present_neighbour {
	struct address address;
	uint32_t       link;
	uint8_t        mac[6];
	bool           ours;
};

struct present {
	struct present_link      *links;
	size_t                    nlinks;
	struct present_route     *routes;
	size_t                    nroutes;
	struct present_rule      *rules;
	size_t                    nrules;
	struct present_neighbour *neighbours; /* permanent ones */
	size_t                    nneighbours;
	struct present_neighbour *proxies; /* addresses it answers for, without a MAC */
	size_t                    nproxies;
};

/* FAILED when the kernel does not say. */
enum result network_present_read(struct arena *, struct present *);

const struct present_link *network_present_link(const struct present *, const char *name);
const struct present_link *present_link_at(const struct present *, uint32_t index);
bool                       present_link_is_ours(const struct present_link *);
