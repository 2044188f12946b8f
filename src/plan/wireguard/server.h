/* plan/wireguard/server.h: which devices of WireGuard are wanted, and with which peers: for the plans of the daemons, the network and the filter. */
#pragma once

#include "plan/wireguard/wireguard.h"
#include "schema/snapshot.h"

#define WIREGUARD_PORT  51820 /* of an endpoint that does not say */
#define WIREGUARD_GROUP "wireguard" /* all devices, for rules */
#define WIREGUARD_MOST  64 /* devices */

/* Those that are switched on, when all of it is: at most WIREGUARD_MOST, no two of a number. In the arena. */
const struct record **wireguard_servers(struct arena *, const struct snapshot *, size_t *count);
/* The peers of one that are switched on, in its order. In the arena. */
const struct record **wireguard_peers(struct arena *, const struct snapshot *, const struct record *server, size_t *count);
/* "wg0"; NULL: no link can be called so. */
const char           *wireguard_device(struct arena *, const struct record *server);
