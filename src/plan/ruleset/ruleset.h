/* plan/ruleset/ruleset.h: the packet filter as the kernel is to have it. */
#pragma once

#include "base/arena.h"
#include "plan/ruleset/step.h"

/*
 * All of it lies in table `inet drawbridge`. Every chain and set has a name of its own and a hash
 * of its content: what has the same name and hash is the same. Whoever made it owns the
 * memory behind it.
 */

/* A chain without a hook is only jumped to. */
enum chain_type { CHAIN_PLAIN, CHAIN_FILTER, CHAIN_NAT, CHAIN_ROUTE };
/* The kernel's numbers. */
enum chain_hook { HOOK_PREROUTING, HOOK_INPUT, HOOK_FORWARD, HOOK_OUTPUT, HOOK_POSTROUTING };

struct ruleset_chain {
	const char        *name;
	enum chain_type    type;
	enum chain_hook    hook;
	int32_t            priority;
	bool               drops; /* policy */
	bool               is_omitted; /* only name and hash are here: who gets it has the rest */
	uint64_t           hash;
	const struct text *rules; /* steps (step.h) */
	size_t             nrules;
};

enum set_type {
	SET_IPV4 = 1,
	SET_IPV6,
	SET_PORT,
	SET_MAC,
	SET_PROTOCOL,
	SET_ICMP,
	SET_ICMP6,
	SET_DEVICE,
	SET_MARK,
	SET_TYPES
};

/* What a map gives for a key. */
enum set_gives {
	GIVES_NOTHING, /* a set */
	GIVES_VERDICT,
	GIVES_COUNTER,
	GIVES_PORT, /* NAT: from ports to ports */
	GIVES_CLASS, /* of a queueing discipline; always dynamic: rules fill it, and it starts empty */
};

/*
 * Elements of a set are its keys one after the other, sorted and without doubles, no bytes between;
 * in an interval set each is two keys, first and last, and none touches the next. Those of a
 * map are in `entries`.
 */
struct ruleset_entry {
	uint8_t           key[16];
	enum step_verdict verdict; /* GIVES_VERDICT: and the chain */
	const char       *name;    /* chain or counter */
	uint8_t           value[2]; /* GIVES_PORT */
};

struct ruleset_set {
	const char                 *name;
	enum set_type               type;
	enum set_gives              gives;
	bool                        interval;
	bool                        dynamic; /* the kernel and we at run time fill it: keep what is there */
	bool                        counted; /* its elements are tried by `add`: needs the dynamic flag */
	bool                        is_omitted; /* as of a chain */
	uint32_t                    timeout; /* seconds, 0: none */
	uint32_t                    size;    /* most elements of a dynamic set, 0: no limit */
	uint64_t                    hash;    /* of everything, elements too */
	struct text                 elements;
	const struct ruleset_entry *entries;
	size_t                      count; /* elements or entries */
};

/*
 * What rules share by name besides counters: for how long connections stay (numbers in seconds, 0: as long as all others; of
 * TCP when established, of UDP without and with an answer), and a rate (packets per unit of time, and how many may
 * come at once). A name stands for one content and for no other, ever.
 */
enum object_kind { OBJECT_TIMEOUT = 1, OBJECT_LIMIT, OBJECT_KINDS };
enum object_unit { UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, UNIT_WEEK, UNITS };

struct ruleset_object {
	const char      *name;
	enum object_kind kind;
	uint8_t          protocol; /* OBJECT_TIMEOUT: TCP or UDP */
	uint32_t         numbers[2];
	enum object_unit unit;     /* OBJECT_LIMIT */
};

/* Rule n counts in the object r<n>, and map m_rule leads from the number n to it. */
#define RULESET_RULES 65536

struct ruleset {
	const struct ruleset_chain  *chains;
	size_t                       nchains;
	const struct ruleset_set    *sets; /* and maps */
	size_t                       nsets;
	const struct ruleset_object *objects; /* no two of a name */
	size_t                       nobjects;
	uint64_t                     counters[RULESET_RULES / 64]; /* a bit for each that is wanted */
};

static inline bool
ruleset_counts(const struct ruleset *ruleset, unsigned index)
{
	return ruleset->counters[index / 64] >> (index % 64) & 1;
}

unsigned      set_key_size(enum set_type);
enum step_key set_key(enum set_type); /* a key of that type, for printing */

/* Mixes a number or bytes into a hash. */
uint64_t ruleset_mix(uint64_t hash, uint64_t number);
uint64_t ruleset_mix_bytes(uint64_t hash, struct text bytes);
uint64_t ruleset_mix_string(uint64_t hash, const char *string);

/* The whole as a script for nft: exact and stable. */
void ruleset_print(struct buffer *, const struct ruleset *);
/* Sets with more elements than `most` are printed without them, only with their number. */
void ruleset_print_short(struct buffer *, const struct ruleset *, size_t most);
