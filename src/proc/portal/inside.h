/* proc/portal/inside.h: what the files of the portal share; nobody else includes it. */
#pragma once

#include <pthread.h>

#include "auth/auth.h"
#include "auth/guard.h"
#include "plan/portal.h"
#include "proc/portal/door.h"
#include "proc/portal/pages.h"
#include "proc/portal/portal.h"
#include "proc/portal/sessions.h"
#include "proc/portal/vouchers.h"

struct listener;
struct http_server;

/* The pages of one zone. */
struct portal_listener {
	struct portal      *portal;
	unsigned            zone;
	struct http_server *server; /* NULL: it does not listen */
	char               *made_of; /* certificate and key; "" without */
	struct arena       *arena;   /* of its template's pages; the portal's lock is held for these */
	struct pages        pages;
};

struct portal {
	struct portal_setup    setup;
	struct auth           *auth;
	struct guard          *guard; /* of clients: they are not locked out of the box, only told no */
	int                    folder;
	pthread_t              thread;
	pthread_cond_t         woken;
	struct portal_listener listeners[PORTAL_ZONES_MAX]; /* by id; only whoever applies touches them */

	pthread_mutex_t        lock; /* for what follows; orders are given with it held */
	bool                   is_ending;
	const struct snapshot *snapshot; /* as applied, held; NULL: nothing was */
	struct arena          *arena;    /* of the zones */
	struct portal_zone     zones[PORTAL_ZONES_MAX];
	size_t                 nzones;
	struct sessions        sessions;
	struct vouchers        vouchers;
	bool                   is_counting; /* traffic is newer than the file */
	bool                   is_changed;  /* who is logged on is; written at the next look, so that nobody can have it written all the time */
	int64_t                written;     /* when it was written last */
};

/* The lock is held for all of these. */
const struct portal_zone *portal_zone(const struct portal *, unsigned id); /* NULL: not enabled */
/* Let the session in; false when the packet filter does not: it is none then. */
struct session *portal_begin(struct portal *, const struct session *);
/* The cause is for the log. All its connections end but the one from this port of its, by which it hears of it; 0: none. */
void            portal_end(struct portal *, struct session *, const char *cause, uint16_t but_port);
void            portal_keep(struct portal *); /* write the sessions down */
void            portal_keep_vouchers(struct portal *);

/* Any time. The line is cut where the journal cuts it. */
void portal_log(const struct portal *, const char *format, ...) __attribute__((format(printf, 2, 3)));
int64_t portal_now(void); /* seconds since 1970 */

/* Is this how somebody may log on? Fills in who vouched for it, and when the session must end, 0: whenever. No lock is held. */
struct portal_trial {
	const struct portal_zone *zone;
	const struct snapshot    *users;
	struct address            address;
	struct text               user, password;
};
bool portal_authenticate(struct portal *, struct arena *, const struct portal_trial *, const char **via, int64_t *ends);
/* Can it be asked? */
bool portal_knows_server(const struct snapshot *, const char *server);
/* NULL: it is none of those for vouchers. */
const struct record *portal_voucher_server(const struct snapshot *, const char *server);

/* What clients do, once. */
void portal_look(struct portal *);

/* Have pages for a zone, as it is configured; a listener that is right already stays. False, and why: it has none now. */
bool portal_listen(struct portal *, const struct portal_zone *, const struct snapshot *, struct buffer *message);
void portal_unlisten(struct portal_listener *);
/* What it serves from now on; false, and why: our own pages. */
bool portal_dress(struct portal *, const struct portal_zone *, const struct snapshot *, struct buffer *message);
