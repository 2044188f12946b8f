/* dialect/pfsense/scope.h: what an expression can see while an operation runs. */
#pragma once

#include <stdbool.h>

#include "api/request.h"
#include "dialect/pfsense/language/expression.h"
#include "dialect/pfsense/tree.h"

/* A name bound by "any", or by going through the members of a list. */
struct binding {
	struct text     name;
	struct value   *value;
	struct value   *index; /* where in its list: a number or a name */
	struct binding *outer;
};

struct scope {
	struct arena   *arena;
	struct request *request;
	struct tree    *tree;
	struct value   *input;  /* the request's members, as the checks have normalised them */
	struct value   *object; /* obj */
	struct value   *item;
	struct value   *flags;
	struct value   *target; /* NULL: not found */
	struct value   *found;  /* index of the last "any" that held; NULL: none */
	struct binding *bound;
	const struct node *settled; /* an "any" whose member is bound already */
	int64_t         now; /* seconds */
};

/*
 * For "any v of list and ...": which members may hold, when that is known without asking for each. Otherwise all may.
 */
struct positions;
bool          narrow(struct scope *, const struct node *any, const struct value *list, struct positions *);
/* NULL stands for what is not there. Values are shared: copy before changing one. */
struct value *evaluate(struct scope *, const struct node *);
/* Does it hold, for any choice of members where it says a[]? False when what it presupposes is absent. */
bool          holds(struct scope *, const struct node *);
/* Are the members that it presupposes there? */
bool          is_supplied(struct scope *, const struct node *);
