/* plan/filter/automatic.h: the rules nobody wrote: bogons, DHCP, anti-lockout, the default. */
#pragma once

#include "base/arena.h"
#include "plan/filter.h"

/* Their uuids begin with "automatic_"; the label says in words what each is for. */
struct filter_automatic {
	const struct filter_rule **rules;
	size_t                     count;
};

#define UUID_DEFAULT_DENY "automatic_default_deny"
/* What rules count as for which no index is left. */
#define UUID_LEFT_OVER    "automatic_left_over"

/* Made in the arena, in upstream's order. */
void filter_automatic(struct arena *, const struct filter *, struct filter_automatic *);
