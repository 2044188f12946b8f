/* plan/shaper/shaping.h: what the readers of pipes, queues and rules share; nobody else includes it. */
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

/* What something called so cannot have. */
void shaping_miss(struct shaping *, const char *name, const char *why);
/* All pipes with their queues. */
void shaping_pipes(struct shaping *);
/* All rules whose pipe or queue is there. */
void shaping_rules(struct shaping *);
