/* plan/filter/compile.h: from the filter's rules to chains, sets and counters. */
#pragma once

#include "plan/filter.h"
#include "plan/ruleset/ruleset.h"

/*
 * Remembers what was made of each rule and alias, and which index belongs to which uuid.
 * Needed for two reasons: rules keep their index for as long as the cache lives, and a
 * change of one rule among thousands costs little. One thread at a time.
 */
struct filter_cache;

struct filter_cache *filter_cache_new(void);
void                 filter_cache_free(struct filter_cache *);

/*
 * The rule set for this filter. Never fails: what Linux cannot do as pf does is done otherwise or
 * left out, and noted. It stays valid until the next call with the same cache.
 */
const struct ruleset *filter_compile(struct filter_cache *, const struct filter *);

/* Where the last rule set differs from what pf would do. As valid as the rule set. */
struct filter_note {
	const char *uuid, *text;
};

const struct filter_note *filter_cache_notes(const struct filter_cache *, size_t *count);

/* The index that counts for this uuid, 0: none. And the other way round, NULL: none. */
unsigned    filter_cache_index(const struct filter_cache *, const char *uuid);
const char *filter_cache_uuid(const struct filter_cache *, unsigned index);
/* Give an index to a uuid as an earlier process had it; false when one of them is taken. */
bool        filter_cache_restore(struct filter_cache *, const char *uuid, unsigned index);
/* Grows whenever an index is given or taken. */
uint64_t    filter_cache_version(const struct filter_cache *);
/* All indexes as lines, and back: a gate that starts again gives rules the indexes that connections carry. */
void        filter_cache_write(const struct filter_cache *, struct buffer *);
/* False, and nothing taken, when the text is not as it was written. */
bool        filter_cache_read(struct filter_cache *, struct text);
/* How many indexes belong to rules that the last rule set has not. */
unsigned    filter_cache_idle(const struct filter_cache *);
/* Give back those of them that no connection carries: `carried` has a bit for each that is. Says how many it were. */
unsigned    filter_cache_release(struct filter_cache *, const uint64_t *carried);
