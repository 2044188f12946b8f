/* backend/routes.h: the kernel's routes and what it has learnt of its neighbours. */
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "wire/routes.h"

/* All tables of this network namespace. FAILED when the kernel does not say. */
enum result routes_read(struct arena *, struct routes *out);
/* ARP and NDP of all links. */
enum result neighbours_read(struct arena *, struct neighbours *out);
/*
 * Forget what was learnt of an address, on all links; FAMILY_INET or FAMILY_INET6 with all bytes zero: everything
 * that was learnt in that family. What is permanent stays unless it is named.
 */
enum result neighbours_forget(const struct address *, uint32_t *forgotten);
