/* plan/ruleset_code.h: a rule set as bytes, for the way from the gate to the keeper. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "plan/ruleset.h"

/* The same machine and build read it, so numbers are in the machine's own order. */
void ruleset_encode(struct buffer *, const struct ruleset *);

/*
 * Strict: every name, number and rule is checked, sets must be sorted, nothing may be left. What *out points to lies
 * in the arena and in the bytes, which must stay. False leaves *out as it was; *why then says what was wrong.
 */
bool ruleset_decode(struct arena *, struct text bytes, struct ruleset *out, const char **why);
