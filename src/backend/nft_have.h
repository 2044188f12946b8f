/* backend/nft_have.h: what the kernel holds of ours, as far as we know. */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "plan/ruleset/ruleset.h"

enum have_kind { HAVE_CHAIN, HAVE_SET, HAVE_OBJECT };

struct have {
	enum have_kind       kind;
	char                *name;
	bool                 is_there;
	bool                 is_known;  /* hash and content are what the kernel has */
	uint64_t             hash;
	uint64_t             round;     /* the last rule set it was in */
	struct ruleset_chain head;      /* of a chain at a hook: type, hook, priority, policy */
	struct ruleset_set   shape;     /* of a set: all but its elements */
	enum object_kind     object;
	uint8_t             *elements;  /* malloc'ed; of a static set */
	size_t               count, len;
	uint64_t            *lines;     /* malloc'ed; of a chain: a hash for each of its `count` rules */
	uint64_t            *handles;   /* malloc'ed; the kernel's of these rules, NULL: not asked for yet */
	size_t               first, last; /* of a difference: so many rules at its beginning and at its end stay */
	struct have         *next;
};

struct haves {
	struct arena *arena; /* names and structs; never given back one by one */
	struct map   *chains, *sets, *objects;
	struct have  *list;
	size_t        count, gone;
	uint64_t      counters[RULESET_RULES / 64];
	bool          has_table;
	bool          is_bare; /* only names and shapes are known, as read from the kernel */
	uint64_t      round;
};

void haves_init(struct haves *);
void haves_clear(struct haves *);

/* NULL when it is not there. */
struct have *haves_find(const struct haves *, enum have_kind, const char *name);
/* It is there now, with content unknown; the same one when it was before. */
struct have *haves_add(struct haves *, enum have_kind, const char *name);
void         haves_drop(struct haves *, struct have *);
/* Remember the elements of a set. */
void         have_keep(struct have *, const struct ruleset_set *);
/* Remember which rules a chain has. */
void         have_keep_rules(struct have *, const struct ruleset_chain *);
/* The handles of the rules that a difference left, and of the new ones between them; before have_keep_rules(). */
void         have_keep_handles(struct have *, const struct ruleset_chain *, const uint64_t *new_ones);
void         have_forget_handles(struct have *);
