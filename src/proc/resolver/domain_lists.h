/* proc/resolver/domain_lists.h: the lists of domains that the resolver blocks, fetched and kept. */
#pragma once

#include "plan/service/planner.h"

struct domain_lists;

/*
 * state_fd: the state directory, which keeps them over a restart; -1: none does. changed: called on a thread of its own when a
 * list says something else than it did, after who waited for it has gone on.
 */
struct domain_lists *domain_lists_new(int state_fd, void (*changed)(void *), void *context);
void                 domain_lists_free(struct domain_lists *);

/* The next watch has all of them fetched. Any thread. */
void domain_lists_expire(struct domain_lists *);

/* These, and reading what lists say, are for one thread at a time. */

/*
 * From now on what the policies that are switched on name is fetched, again when it is older than they allow; what cannot be had stays as
 * it was. What no policy names any more is forgotten. Does not wait.
 */
void domain_lists_watch(struct domain_lists *, const struct snapshot *);
/* Wait, for so many milliseconds at most, until all that nothing was known of, or that was expired, was asked for once. */
void domain_lists_settle(struct domain_lists *, unsigned milliseconds);
/* What lists said before may go: nobody reads it any more. Before each plan. */
void domain_lists_turn(struct domain_lists *);
/* For plans, until the next turn. */
const struct blocklists *domain_lists_face(struct domain_lists *);
