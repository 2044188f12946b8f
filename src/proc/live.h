/*
 * proc/live.h: what aliases mean right now: host names resolved, lists fetched, files of countries and bogons
 * read. Threads keep it fresh; what was found is kept in the state directory, so that a box that starts without a
 * network, or again, has what it had before from the first moment on.
 */
#pragma once

#include "plan/filter_read.h"
#include "schema/snapshot.h"

#define LIVE_RESOLVE_SECONDS 300            /* between two looks at a host name when nothing is configured, as upstream */
#define LIVE_RESOLVE_MAX     86400
#define LIVE_FETCH_DAYS      1              /* when an alias does not say */
#define LIVE_NAMES_MAX       65536

struct live;

/*
 * state_fd: the state directory, -1: keep nothing. machine: whose links have addresses. changed: called on the thread of the live when what an alias means
 * has changed since it was last asked for.
 */
struct machine;
struct live *live_new(int state_fd, struct machine *, void (*changed)(void *), void *context);
void         live_free(struct live *);

/* Which configuration counts: holds it. Wakes the thread, which looks up what is new. */
void live_watch(struct live *, const struct snapshot *);
/* The same for the names by which this one's peers of WireGuard are known. */
void live_watch_peers(struct live *, const struct snapshot *);
/* The first address that a watched name has now; of a live, any thread. False: none is known. */
bool live_address(void *live, const char *name, struct address *out);
/* Wait, for so many milliseconds at most, until everything of the watched configuration was looked up once. */
void live_settle(struct live *, unsigned milliseconds);

/* For filter_read(); call live_turn() before each, from one thread at a time. */
const struct filter_live *live_face(struct live *);
void                      live_turn(struct live *);
