/* wire/routes.h: the kernel's routes and neighbours, on their way from the keeper to the gate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"

#define ROUTES_MAX       2000000
#define ROUTERS_MAX      1024 /* default routes of others */
#define ROUTE_TABLE_MAIN 254
#define ROUTES_BYTES_MAX ((size_t)ROUTES_MAX * 80)

/* How a route sends on. */
enum route_kind { ROUTE_UNICAST, ROUTE_LOCAL, ROUTE_BROADCAST, ROUTE_MULTICAST, ROUTE_BLACKHOLE, ROUTE_UNREACHABLE, ROUTE_OTHER };

/* One for each next hop. */
struct route {
	struct prefix   destination;
	struct address  gateway; /* FAMILY_NONE: on the link */
	struct address  source;  /* preferred; FAMILY_NONE: none */
	uint32_t        link;    /* index; 0: none */
	uint32_t        table;   /* ROUTE_TABLE_MAIN; 255: addresses of this machine */
	uint32_t        metric;
	uint32_t        mtu;     /* 0: of the link */
	uint32_t        expires; /* seconds, 0: never */
	enum route_kind kind;
	bool            is_static; /* put there by hand; else by the kernel or a daemon */
	bool            is_ours;   /* put there by the keeper */
};

struct routes {
	const struct route *routes;
	size_t              n;
};

enum neighbour_state { NEIGHBOUR_INCOMPLETE, NEIGHBOUR_REACHABLE, NEIGHBOUR_STALE, NEIGHBOUR_FAILED, NEIGHBOUR_PERMANENT };

/* What ARP and neighbour discovery have learnt. */
struct neighbour {
	struct address       address;
	uint32_t             link;
	uint32_t             age; /* seconds since it was last confirmed */
	bool                 has_mac;
	uint8_t              mac[6];
	bool                 is_router;
	enum neighbour_state state;
};

struct neighbours {
	const struct neighbour *neighbours;
	size_t                  n;
};

/* Decoding is false when the bytes are anything but what encoding makes; *out is untouched then. */
void routes_encode(struct buffer *, const struct routes *);
bool routes_decode(struct arena *, struct text bytes, struct routes *out);
void neighbours_encode(struct buffer *, const struct neighbours *);
bool neighbours_decode(struct arena *, struct text bytes, struct neighbours *out);
