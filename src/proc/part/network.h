/* proc/part/network.h: the network part of the box: links and routes planned and handed to the keeper. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "plan/network/read.h"
#include "proc/part/gateways.h"
#include "wire/courier.h"

/* What was applied last of each half, held; NULL: nothing yet. Starts zeroed. */
struct network_part {
	const struct snapshot *links, *routes;
	const struct snapshot *devices;      /* of WireGuard; learnt by network_part_learn() */
	struct gateway_part   *gateways;     /* somebody else's */
	const struct grants   *grants;       /* what interfaces were given; somebody else's */
	bool                   has_new_devices; /* they come with the daemons, and what they have after that */
	bool                   keeps_given;  /* who asked for what was given may still run */
	bool                   mends;        /* nobody waits for the answer: as much as possible is done */
	bool                   is_simulated; /* what has no backend is as good as there */
};

/*
 * The halves that are to change; one that is NULL stays as it was applied. Gateways are looked at anew. UNAVAILABLE with a message when something configured has no backend; everything else is
 * in force then.
 */
enum result network_part_apply(struct network_part *, struct courier *, const struct snapshot *links,
                               const struct snapshot *routes, struct buffer *message);
/* Devices of WireGuard are as in this one from the next apply on. */
void        network_part_learn(struct network_part *, const struct snapshot *devices);
/* Host name, domain and name servers; those that were given too, unless the configuration says no. */
enum result network_part_name(struct courier *, const struct snapshot *, const struct grants *, struct buffer *message);
void        network_part_clear(struct network_part *);
