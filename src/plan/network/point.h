/* plan/network/point.h: interfaces whose link is a line to a provider (PPPoE), which a daemon makes once the provider answers. */
#pragma once

#include "schema/snapshot.h"

#define POINT_HEADERS 8    /* bytes of PPPoE and PPP in a frame */
#define POINT_FRAME   1500 /* bytes a frame holds when nobody says otherwise */

struct point {
	const struct record *line; /* interfaces.ppp */
	const char          *device, *port; /* the link, and the one that it is spoken over */
	uint32_t             frame; /* what the port carries */
	uint32_t             mtu;   /* what is left of that */
};

/* Of an enabled interface. False: it is none of these, or there is no such line. */
bool point_read(const struct snapshot *, const struct record *interface, struct point *out);
/* Is it to be one? Then a line that there is none of is amiss. */
bool point_is_wanted(const struct record *interface);
