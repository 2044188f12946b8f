/* backend/recording.h: backends that remember what they were asked and touch nothing. */
#pragma once

#include "backend/backends.h"

struct nft;

/* Starts zeroed; recording_clear() gives its memory back. */
struct recording {
	struct buffer rules;        /* the last packet filter plan */
	unsigned      rules_loaded; /* how many came */
	struct buffer network;      /* the last plan of the network */
	unsigned      networks_loaded;
	struct buffer shaper;       /* the last plan of it */
	struct identity identity;   /* the last one */
	size_t          accounts;   /* how many there were last */
	size_t          tunables;   /* likewise */
	enum result   answer;       /* what loading returns */
	struct nft   *nft;          /* the filter in memory: NULL before the first use */
	struct state *states;       /* malloc'ed: connections that it pretends to have */
	size_t        nstates;
};

struct backends recording_backends(struct recording *); /* which must outlive it */
void            recording_clear(struct recording *);
/* Pretend to have one connection more. */
void            recording_add_state(struct recording *, const struct state *);
