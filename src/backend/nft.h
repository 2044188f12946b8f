/* backend/nft.h: the kernel's packet filter made what a rule set says. */
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "plan/ruleset/ruleset.h"
#include "wire/tables.h"

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

/* What of enum filter_feature (wire/lacking.h) the kernel lacks, or-ed. */
uint32_t    nft_lacks(struct nft *);

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
 * One transaction on the elements of one set at run time: `deleted` and `added` are keys of the set's type (two each for
 * an interval set). What is added stays for `seconds`, 0: as long as the set says; what is there already stays
 * so long from now. MISSING: no such set, or one of the deleted is not there. CONFLICT: an interval touches one that is
 * there. Nothing is changed then.
 */
struct nft_change {
	const char    *set;
	const uint8_t *deleted, *added;
	size_t         ndeleted, nadded;
	uint32_t       seconds;
	bool           counts; /* what is added has a counter each; not with seconds */
};

enum result nft_set_change(struct nft *, const struct nft_change *);

static inline enum result
nft_set_add(struct nft *nft, const char *set, const uint8_t *keys, size_t count)
{
	return nft_set_change(nft, &(struct nft_change){ .set = set, .added = keys, .nadded = count });
}

static inline enum result
nft_set_delete(struct nft *nft, const char *set, const uint8_t *keys, size_t count)
{
	return nft_set_change(nft, &(struct nft_change){ .set = set, .deleted = keys, .ndeleted = count });
}

enum result nft_set_flush(struct nft *, const char *set);
/* What a map from addresses to classes has, one by one. MISSING: there is no such map. */
typedef void nft_take_class(void *self, uint32_t class, const struct address *);
enum result nft_set_classes(struct nft *, const char *map, nft_take_class *, void *self);
/* The keys that are there now; intervals as pairs. At most `most` of them. */
enum result nft_set_list(struct nft *, struct arena *, const char *set, size_t most, struct table_keys *);
/* What the elements of a set of single keys have counted. A twin has counted nothing. */
enum result nft_set_counts(struct nft *, struct arena *, const char *set, struct element_counts *);
/* All sets of addresses and MACs, with how many elements each has. */
enum result nft_set_all(struct nft *, struct arena *, struct tables *);
