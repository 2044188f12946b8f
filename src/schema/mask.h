/* schema/mask.h: regular expressions of the tables, compiled once for the whole process. */
#pragma once

#include <stdbool.h>

#include "base/text.h"

/*
 * Does the expression occur in the text? Expressions are constants of our tables, known by their
 * address: each is compiled at its first use and kept for good; finding it again takes no lock. A
 * match that needs too many steps counts as none. "." is a character, not a byte; so a text that is
 * no UTF-8 matches nothing.
 */
bool mask_matches(struct text mask, bool any_case, struct text);
/* The same, and where it does: the first match. */
bool mask_find(struct text mask, bool any_case, struct text, struct text *found);
/* NULL when it compiles, otherwise what is wrong with it; for schema_check(). Valid until the next call by this thread. */
const char *mask_mistake(struct text mask);
