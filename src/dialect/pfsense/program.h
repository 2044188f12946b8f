/* dialect/pfsense/program.h: the tables with their expressions parsed. */
#pragma once

#include "dialect/pfsense/operation.h"

struct compiled_step {
	struct node *value, *when, *key;
};

struct compiled {
	struct compiled_step *steps;
	struct compiled_step *writes; /* key: the path, as a list of nodes */
};

/* Lives as long as the process. */
const struct compiled *compiled_of(const struct operation *);
/* Is it the empty entry at the end of the steps? */
static inline bool
is_last(const struct task *step)
{
	return step->kind == DO_SELECT && !step->value;
}
