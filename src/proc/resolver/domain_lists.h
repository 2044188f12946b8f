/* proc/resolver/domain_lists.h: the lists of domains that the resolver blocks, fetched and kept. */
#pragma once

#include "plan/service/planner.h"

struct domain_lists;

/* state_fd: the state directory, which keeps them over a restart; -1: none does. */
struct domain_lists *domain_lists_new(int state_fd);
void                 domain_lists_free(struct domain_lists *);

/*
 * Fetch what the policies that are switched on name and is older than they allow; what cannot be had stays as it was. Waits. What
 * no policy names any more is forgotten. One thread at a time.
 */
void domain_lists_refresh(struct domain_lists *, const struct snapshot *);
/* The next refresh fetches all of them. Any thread. */
void domain_lists_expire(struct domain_lists *);
/* For plans, until the next refresh. */
const struct blocklists *domain_lists_face(struct domain_lists *);
