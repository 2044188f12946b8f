/* backend/rules.h: what the keeper calls of the packet filter, for the real one and for its twin. */
#pragma once

#include "backend/backends.h"
#include "backend/nft.h"

/* See struct backends. */
enum result rules_load(struct nft *, struct text rules, struct buffer *message);
enum result rules_change_table(struct nft *, const struct table_change *, struct buffer *message);
enum result rules_count(struct nft *, struct arena *, struct rule_counts *out);
