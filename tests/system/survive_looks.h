/*
 * tests/system/survive_looks.h: what a box shows to those who ask its kernel and its daemons, in words that two boxes with the same
 * configuration have in common.
 */
#pragma once

#include "box.h"
#include "survive_work.h"

struct looks {
	const char *at[LOOKS];
};

/* The texts are in the arena of the box. Names are asked for each item of the works. */
struct looks looks_take(const struct box *, const struct work *works, size_t nworks);
/* Whether it is there: not as a part of another number. */
bool looks_have(const struct looks *, enum look, const char *pattern);
/* The first of them that differs, with a line of each: "" when none does. */
const char *looks_differ(struct arena *, const struct looks *, const struct looks *);
