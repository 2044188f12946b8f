/* backend/nft.h: the kernel's packet filter made what a rule set says. */
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "plan/ruleset/ruleset.h"

/*
 * Everything lies in table `inet drawbridge`; no other table is ever touched. What was
 * applied last is remembered, so that an apply sends only the difference; when somebody else has
 * changed rules meanwhile, everything is sent again. Connections, counters and the elements of
 * dynamic sets survive both. One thread at a time.
 */
struct nft;

struct nft_outcome {
	bool     changed;
	bool     full;             /* everything was sent, not the difference */
	size_t   chains, rules;    /* replaced or new */
	size_t   removed;          /* chains, sets and counters */
	size_t   added, deleted;   /* elements */
	size_t   bytes;            /* of the transaction */
	char     message[256];     /* why it failed, for people */
};

/* UNAVAILABLE when the kernel has no nftables, or we may not. */
enum result nft_open(struct nft **out);
/* Does all of it in memory, with the same answers: for tests and for running without rights. */
struct nft *nft_record(void);
/* Leaves the rules in force. */
void        nft_close(struct nft *);

/* Would the kernel take it? Nothing changes. */
enum result nft_check(struct nft *, const struct ruleset *, struct nft_outcome *);
/*
 * All of it or nothing. The rule set may be forgotten afterwards. MISSING: something was omitted that is
 * not there; send all of it.
 */
enum result nft_apply(struct nft *, const struct ruleset *, struct nft_outcome *);
/* Is a rule set of ours in force, perhaps from an earlier process? */
enum result nft_is_there(struct nft *, bool *out);
/*
 * Close the box but for management (TCP to these ports): for the time until the first plan. Does nothing
 * when a rule set is in force already.
 */
enum result nft_boot(struct nft *, const uint16_t *ports, size_t count, struct nft_outcome *);
/* Take our table away: no filter at all. Only when stopping for good. */
enum result nft_remove(struct nft *);

/* The rule set in force that nft_apply() made, as text; only the recording twin remembers it. */
const char *nft_recorded(const struct nft *);

struct nft_counter {
	unsigned index;
	uint64_t packets, bytes;
};

/* All of ours, in no order. */
enum result nft_counters(struct nft *, struct arena *, struct nft_counter **out, size_t *count);

/*
 * Elements of one set, at once: for aliases that change at run time. `keys` are `count` keys of the
 * set's type (two each for an interval set). MISSING: no such set. What is there already, or not there
 * any more, is no error.
 */
enum result nft_set_add(struct nft *, const char *set, const uint8_t *keys, size_t count);
enum result nft_set_delete(struct nft *, const char *set, const uint8_t *keys, size_t count);
enum result nft_set_flush(struct nft *, const char *set);
/* The keys that are there now; intervals as pairs. At most `most` of them. */
enum result nft_set_list(struct nft *, struct arena *, const char *set, size_t most, struct text *keys);
