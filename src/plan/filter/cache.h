/* plan/filter/cache.h: the inside of struct filter_cache, for the files of the filter compiler. */
#pragma once

#include "plan/filter/build.h"
#include "plan/numbers.h"

#define TAGS_MAX 128

struct slot {
	uint64_t stamp;
	struct fragment *fragment;
};

/* Fragments of one list whose lines are a chain, by the chain's position in the layout. */
struct run {
	struct fragment **first;
	size_t            count, chain;
};

struct layout {
	struct arena         *arena;     /* of all below, but the automatic fragments */
	bool                  is_valid;
	struct fragment_list  all;       /* by their order */
	struct fragment_list  automatic; /* of the last compilation */
	struct run           *runs;
	struct ruleset_chain *chains;
	struct ruleset_set   *maps;
	size_t                nruns, nchains, nmaps; /* while it is made: chains and maps that were there before */
	size_t                nwants;    /* that fragments use: the first of those used */
	uint64_t              counters[RULESET_RULES / 64]; /* of fragments */
	bool                  uses_gateways, names_gateways, extras;
	struct arena         *once;      /* of the compilation that is making it */
};

struct filter_cache {
	struct arena     *keep, *once, *before; /* once: this round; before: the last one */
	uint64_t          round;
	uint64_t          environment; /* hash of all that lines depend on besides their rule */
	struct seat      *seats;       /* of the rules of the last compilation, in their order */
	size_t            nseats;
	struct layout     layout;
	struct slot      *slots;       /* fragments by stamp, open addressing */
	size_t            nslots, nfragments;
	struct map       *places;      /* names of fragments' places */
	struct map       *wants;       /* by name */
	struct want      *all_wants;
	struct want     **used;        /* in this round, in order of first use */
	size_t            nused, used_room;
	struct map       *alias_infos; /* by name, in `names` */
	struct filter_note *notes;     /* of this round */
	size_t            nnotes;
	struct numbers   *indexes;     /* of uuids */
	uint64_t          in_force[RULESET_RULES / 64]; /* the indexes of the last rule set */
	bool              is_stale;    /* indexes were released: fragments must not be used again */
	/* Kept for good. */
	struct arena     *names;
	const char       *tags[TAGS_MAX];
	unsigned          ntags;
};

void             cache_forget(struct filter_cache *);
struct fragment *cache_fragment(struct filter_cache *, uint64_t stamp);
void             cache_keep_fragment(struct filter_cache *, uint64_t stamp, struct fragment *);
/* The one copy of this name, as long as fragments are kept. */
const char      *cache_place(struct filter_cache *, const char *name);
