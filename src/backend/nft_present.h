/* backend/nft_present.h: asking the kernel what it holds of ours. */
#pragma once

#include "backend/nft.h"
#include "backend/nft_batch.h"
#include "backend/nft_have.h"

/* Our table's chains, sets and counters, all of unknown content. The haves must be empty. */
enum result present_read(struct nft_socket *, struct haves *);
/* The handles of a chain's rules, in their order, malloc'ed; NULL when there are not exactly so many. */
uint64_t   *present_handles(struct nft_socket *, const char *chain, size_t count);
/* See nft.h. */
enum result present_counters(struct nft_socket *, struct arena *, struct nft_counter **out, size_t *count);
enum result present_keys(struct nft_socket *, struct arena *, const struct ruleset_set *, size_t most,
			 struct text *keys);
enum result present_counts(struct nft_socket *, struct arena *, const struct ruleset_set *, struct element_counts *out);
