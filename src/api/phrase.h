/*
 * api/phrase.h: does a record match what somebody looks for?
 *
 * A phrase is split at blanks into words; each must occur, in any case, in some of the fields that are
 * searched. What people see counts, not what is stored. Empty values and "0" match nothing.
 */
#pragma once

#include "api/labels.h"

#define PHRASE_WORDS_MAX 64 /* further ones are not looked at */

/* Made for one request, in the arena of the view; lives as long as the labels do. */
struct phrase;

/*
 * Of records of the labels' resource. fields: names, comma separated; NULL: all that people see. both: words are looked
 * for in values too, not only in their labels. NULL when there are no words: everything matches.
 */
struct phrase *phrase_make(struct arena *, struct text words, const char *fields, bool both, struct labels *);
bool           phrase_matches(struct phrase *, const struct record *);
