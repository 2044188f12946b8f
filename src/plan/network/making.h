/* plan/network/making.h: what the files that read the network share; others use it to find an interface's device and address. */
#pragma once

#include "base/map.h"
#include "plan/network/read.h"

struct node {
	struct network_link     link;
	struct network_address *addresses;
	size_t                  room;
	bool                    needed;  /* something that is up leans on it */
	unsigned                visit;   /* of putting them in order: 0 not yet, 1 under way, 2 done */
	struct node            *next;    /* in the order of the records */
};

struct making {
	struct arena          *arena;
	const struct snapshot *snapshot;
	const struct gateways *gateways; /* of the routes */
	const struct grants   *grants;
	bool                   keeps_given;
	struct buffer         *missing;
	struct map            *nodes; /* name -> struct node */
	struct node           *first, **end;
};

/* The link of this name; made when there is none. NULL, and named as missing, when no link can be called so. */
struct node *making_link(struct making *, const char *name);
void         making_add_address(struct node *, struct making *, const struct network_address *);
/* The device of an interface by its name ("lan", "lo0"); NULL: none, it is disabled, or no link can be called so. */
const char  *making_device(const struct snapshot *, struct text interface);
/* The first static address of an interface; no family: none. */
struct address making_own_address(const struct snapshot *, struct text interface, enum family);
void         making_miss(struct making *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bridges, bonds, VLANs, VXLANs, loopbacks and tunnels; and who belongs to which. */
void making_virtual_links(struct making *);
void making_members(struct making *);
/* What the box answers for, when all links, addresses and routes are known. */
void making_proxies(struct making *, struct network *);
/* Static routes, default routes, and a way for each gateway. */
void making_routes(struct making *, struct network *);
/* What devices of WireGuard have, who makes them being somebody else; before interfaces are read, which may have them. */
void making_devices(struct making *, const struct snapshot *devices);
/* After all other routes, which come before these. */
void making_device_routes(struct making *, const struct snapshot *devices, struct network *);
