/* backend/nft_difference.h: the transaction that leads from what is there to what is wanted. */
#pragma once

#include "backend/nft.h"
#include "backend/nft_batch.h"
#include "backend/nft_have.h"

/* Is all that the rule set omits there? */
bool difference_is_whole(const struct haves *, const struct ruleset *);
/* The chain as it is, when it is known and some of its rules are to be others; else NULL. */
struct have *difference_within(const struct haves *, const struct ruleset_chain *);
/*
 * Adds the messages; the haves stay as they are but for their rounds. Of chains whose rules are known by their handles
 * only those rules are changed that are others.
 */
void difference_make(struct haves *, const struct ruleset *, struct batch *, struct nft_outcome *);
/* The transaction went through: remember it, and the handles that the kernel told of single new rules, as the batch has them. */
void difference_keep(struct haves *, const struct ruleset *, struct text told);
