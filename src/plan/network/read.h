/* plan/network/read.h: from records to the plan of the network. */
#pragma once

#include "plan/network/network.h"
#include "schema/snapshot.h"

/*
 * Links, addresses and neighbours as `links` has them, routes as `routes` has them; NULL: that half is left as it is. What is
 * configured but cannot be carried out is left out and named, one line each, in *missing. Made in the arena.
 */
struct network network_read(struct arena *, const struct snapshot *links, const struct snapshot *routes,
                            struct buffer *missing);
