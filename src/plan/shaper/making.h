/* plan/shaper/making.h: what the readers of pipes, queues and rules share; nobody else includes it. */
#pragma once

#include "plan/shaper/shaper.h"

struct shaping {
	struct arena          *arena;
	const struct snapshot *snapshot;
	const struct facts    *facts;
	struct buffer         *missing;
	struct shaper_class   *classes;
	size_t                 nclasses;
	struct shaper_target  *targets;
	size_t                 ntargets;
	struct shaper_rule    *rules;
	size_t                 nrules;
	uint8_t               *is_taken; /* by number of the class */
};

/* A pipe or a queue as somebody wrote it down; strings live in the arena. */
struct wish {
	const char        *uuid, *name;
	unsigned           number, weight;
	uint32_t           rate; /* bytes per second, of a pipe */
	enum shaper_mask   mask;
	enum family        family;
	struct shaper_leaf leaf;
	bool               is_one_row; /* a pipe where queues do not count: all wait in one, or the kernel sorts them */
	const struct wish *queues;
	size_t             nqueues;
};

/* What something called so cannot have. */
void shaping_miss(struct shaping *, const char *name, const char *why);
/* Bytes per second of a bandwidth in bits; at least one. */
uint32_t shaping_rate(uint64_t bits);
/* What is delayed cannot be looked after otherwise; and nothing waits in no room at all. */
void shaping_leaf(struct shaping *, const char *name, uint32_t delay, struct shaper_leaf *);
/* One pipe with its queues, which are only those that are in force. There must be room for them. */
void shaping_pipe(struct shaping *, const struct wish *);

/* All pipes of the records, with their queues. */
void shaping_pipes(struct shaping *);
/* All limiters of pfSense, with theirs; its shapers by interface are missed. */
void shaping_limiters(struct shaping *);
/* How many there can be at most, queues too. */
size_t shaping_limiters_most(const struct snapshot *);
/* All rules whose pipe or queue is there. */
void shaping_rules(struct shaping *);
