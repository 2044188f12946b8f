/*
 * api/tiers.h: members of a routing.gateway_group as pfSense and older files have them: one list of "NAME|TIER", with an address or
 * not behind another "|", where the record has a list of names for each tier.
 */
#pragma once

#include "schema/record.h"

#define TIERS 5 /* more than that are in the last */

/* Is it such a list, comma separated? */
bool tiers_are_in(struct text list);
/* Set the record's lists; what the list has no tier for is in the first. */
void tiers_read(struct arena *, struct record *group, struct text list);

/* The members, tier by tier. Begin with zeros. */
struct tier_member {
	unsigned    tier; /* from 1 */
	struct text name;
	struct text rest; /* of this tier */
};
bool tiers_next(const struct record *group, struct tier_member *);
