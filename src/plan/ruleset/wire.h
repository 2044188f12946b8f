/* plan/ruleset/wire.h: a rule set as bytes, from the gate to the keeper. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "plan/ruleset/ruleset.h"

/* No more than this is read. */
#define RULESET_CHAIN_MAX   100000
#define RULESET_RULE_MAX    300000
#define RULESET_SET_MAX     100000
#define RULESET_ELEMENT_MAX 20000000
#define RULESET_OBJECT_MAX  65536
#define RULESET_BYTES_MAX   ((size_t)1 << 30)

/*
 * What the other side has by now, so that it need not be sent again. It is only a guess: the
 * keeper says MISSING when it lacks something, and gets all of it.
 */
struct ruleset_known;

struct ruleset_known *ruleset_known_new(void);
void                  ruleset_known_free(struct ruleset_known *);
/* It was applied: this, and nothing else, is there now. */
void                  ruleset_known_learn(struct ruleset_known *, const struct ruleset *);
void                  ruleset_known_forget(struct ruleset_known *);

/* `known` may be NULL: everything is written. */
void ruleset_encode(struct buffer *, const struct ruleset *, const struct ruleset_known *);

/*
 * Strict: names, steps, lengths, order and bounds are checked, and nothing may be left over. What *out points to lies
 * in the arena and in the bytes, which must stay. False leaves *out as it was; *why then says what was wrong.
 */
bool ruleset_decode(struct arena *, struct text bytes, struct ruleset *out, const char **why);
