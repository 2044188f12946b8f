/* backend/network/link_kind.h: links that are made, as the kernel is told of them. */
#pragma once

#include "plan/network/network.h"

struct nlmsghdr;

/* The kernel's word, by the family outside; not of LINK_GIVEN. */
const char *link_kind_name(const struct network_link *);
/* For people: "bonds (bonding)", with the kernel's module. NULL: it is not made. */
const char *link_kind_what(enum link_kind);
/* Its IFLA_LINKINFO, as a link of this name of a kind. */
void        link_kind_put(struct nlmsghdr *, const struct network_link *, const char *name);
/* Nothing for one without a family. */
void        link_kind_put_address(struct nlmsghdr *, uint16_t type, const struct address *);
