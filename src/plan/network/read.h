/* plan/network/read.h: from records to the plan of the network. */
#pragma once

#include "plan/gateway/gateway.h"
#include "plan/network/grant.h"
#include "plan/network/network.h"
#include "schema/snapshot.h"

/* What a plan is made of; NULL: that half is left as it is. The gateways are those of `routes`, and not NULL with them. */
struct network_wish {
	const struct snapshot *links, *routes;
	const struct snapshot *devices; /* of WireGuard: their addresses and routes, beside what the others have; NULL: none */
	const struct gateways *gateways;
	const struct grants   *grants; /* NULL: none */
	bool                   mends;  /* see struct network */
	bool                   keeps_given; /* what was given stays for now, whoever asks for it */
};

/* What is configured but cannot be carried out is left out and named, one line each, in *missing. Made in the arena. */
struct network network_read(struct arena *, struct network_wish, struct buffer *missing);
