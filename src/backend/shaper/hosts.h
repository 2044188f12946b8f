/* backend/shaper/hosts.h: to whom the packet filter gave the classes of a mask. */
#pragma once

#include "backend/nft.h"
#include "backend/nft_batch.h"

/* What a map of ours gives to which addresses. FAILED: the kernel does not say. */
enum result shaper_read_hosts(struct nft_socket *, const struct ruleset_set *map, nft_take_class *, void *self);
