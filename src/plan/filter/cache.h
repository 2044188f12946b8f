/* plan/filter/cache.h: the inside of struct filter_cache, for the files of the filter compiler. */
#pragma once

#include "plan/filter/build.h"
#include "plan/numbers.h"

#define TAGS_MAX 128

struct slot {
	uint64_t stamp;
	struct fragment *fragment;
};

struct filter_cache {
	struct arena     *keep, *once, *before; /* once: this round; before: the last one */
	uint64_t          round;
	uint64_t          environment; /* hash of all that lines depend on besides their rule */
	struct seat      *seats;       /* of the rules of the last compilation, in their order */
	size_t            nseats;
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
