/* proc/portal/door.h: the orders that make sessions true: who is let in, what they moved, who is there, and where we listen. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "wire/courier.h"
#include "wire/routes.h"
#include "wire/tables.h"

/* Waits for the keeper, as all here. Opening one that is open, or closing one that is not, is done. */
enum result door_open(struct courier *, unsigned zone, const struct address *);
enum result door_close(struct courier *, unsigned zone, const struct address *);
/* All connections of an address are forgotten, but for the one by TCP from this port of its; 0: for none. */
void        door_end_connections(struct courier *, const struct address *, uint16_t but_port);

/* Whom the packet filter lets into a zone, and what it has counted: from them, or to them. */
enum result door_count(struct courier *, struct arena *, unsigned zone, enum family, bool is_to, struct element_counts *);
struct address door_address(const struct element_count *, enum family);

/* Whom the box knows on its links; none when they cannot be had. */
struct neighbours    door_neighbours(struct courier *, struct arena *);
/* By its address; NULL: it is not known. */
const struct neighbour *door_neighbour(const struct neighbours *, const struct address *);

/* One that listens on a port of the portal; -1, and why. */
int door_listen(struct courier *, uint16_t port, struct buffer *message);
