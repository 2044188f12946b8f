/* schema/networks.h: records that are ranked by a network, and which of them have part of another. */
#pragma once

#include "base/address.h"
#include "schema/snapshot.h"

/* IPv4 has its place in ::ffff:0:0/96. */
struct rank rank_of_network(const struct prefix *);
/* A record that has part of the network, besides the one with this uuid ("": none is passed over); NULL: there is none. */
const struct record *networks_overlapping(const struct collection *, const struct index *, const struct prefix *, const char *without);
