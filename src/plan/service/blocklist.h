/* plan/service/blocklist.h: lists of domains that are not to be answered, as RPZ zones. */
#pragma once

#include "plan/service/planner.h"
#include "schema/record.h"

#define BLOCKLIST_NAMES_MAX 4000000 /* of one policy */

/* The n-th list of a policy (unbound.dnsbl), a URL; NULL behind the last. The arena's or a constant. */
const char *blocklist_url(struct arena *, const struct record *policy, size_t n);

/* The zone of a policy (RPZ): what it blocks, less what it allows. */
void blocklist_write(struct arena *, const struct record *policy, const struct blocklists *, struct buffer *zone);

/* How many names it blocks. */
size_t blocklist_count(const struct record *policy, const struct blocklists *);

/* Would the policy block this name? *list: the URL that has it, "" when the policy itself does. */
bool blocklist_blocks(struct arena *, const struct record *policy, const struct blocklists *, struct text domain,
		      const char **list);
