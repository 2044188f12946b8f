/* proc/part/network.h: the network part of the box: links and routes planned and handed to the keeper. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "schema/snapshot.h"
#include "wire/courier.h"

/* What was applied last of each half, held; NULL: nothing yet. Starts zeroed. */
struct network_part {
	const struct snapshot *links, *routes;
	bool                   is_simulated; /* what has no backend is as good as there */
};

/* The halves that are to change; the other stays as it was applied. */
struct network_wish {
	const struct snapshot *links, *routes;
};

/* UNAVAILABLE with a message when something configured has no backend; everything else is in force then. */
enum result network_part_apply(struct network_part *, struct courier *, struct network_wish, struct buffer *message);
/* Host name, domain and name servers. */
enum result network_part_name(struct courier *, const struct snapshot *, struct buffer *message);
void        network_part_clear(struct network_part *);
