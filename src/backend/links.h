/* backend/links.h: what the kernel has of network links, and hearing that it changed. */
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "wire/links.h"

/* All links of this network namespace with their addresses, by index. FAILED when the kernel does not say. */
enum result links_read(struct arena *, struct links *out);
/* em0 to em3, up, without addresses: for where nothing is applied. */
void links_simulate(struct arena *, struct links *out);

/* A descriptor that becomes readable when links, addresses or routes change; -1 and errno. To be closed by the caller. */
int  links_watch(void);
/* The same for what ARP and neighbour discovery learn. */
int  neighbours_watch(void);
/* Take what is there to read. False: nothing of interest. What was lost because there was too much counts as a change. */
bool links_changed(int fd);
