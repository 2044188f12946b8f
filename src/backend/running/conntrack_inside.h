/* backend/running/conntrack_inside.h: what the files about connection tracking share; nothing for others. */
#pragma once

#include <libmnl/libmnl.h>

#include "backend/running/conntrack.h"

#define ATTRIBUTES_MAX 40
#define ANSWER_MAX     65536 /* bytes of one packet of the kernel's */

struct attributes {
	const struct nlattr *list[ATTRIBUTES_MAX];
};

/* NULL: no netlink for it. */
struct mnl_socket *tracking_open(void);
/* The head of a request of NFNL_SUBSYS_CTNETLINK. */
struct nlmsghdr   *tracking_put_head(void *at, unsigned type, unsigned flags, unsigned family);
/* All that carry the mark of the filter, to the function. */
enum result        tracking_dump(struct mnl_socket *, const struct state_filter *, mnl_cb_t each, void *self);
struct attributes  tracking_attributes(const struct nlmsghdr *);
void               tracking_read_state(const struct attributes *, struct state *out);
