/*
 * proc/portal/portal.h: the captive portal: who is logged on in which zone, kept true in the packet filter, kept over restarts,
 * and the pages where clients log on. Everything may be called from any thread; what is given is made in the arena.
 */
#pragma once

#include "base/address.h"
#include "base/buffer.h"
#include "base/value.h"
#include "schema/snapshot.h"
#include "wire/courier.h"

struct journal;
struct portal;
struct store;

#define PORTAL_LOOK_SECONDS 2 /* between two looks at what clients do */

struct portal_setup {
	struct courier *courier;
	struct store   *store;        /* whose users log on */
	struct journal *journal;      /* NULL: nothing is written down */
	int             state_fd;     /* the state directory, -1: none */
	bool            is_simulated; /* there is nowhere to listen */
};

struct portal *portal_new(const struct portal_setup *);
void           portal_free(struct portal *); /* sessions stay, for whoever starts after us */

/*
 * The zones of this snapshot count now, and their pages are served; sessions of others end. The packet filter has them
 * already. UNAVAILABLE: what the message says cannot be had; the rest is so. One at a time.
 */
enum result portal_apply(struct portal *, const struct snapshot *, struct buffer *message);

/* Its pages are not served any more, until it is applied again. Whoever applies may call it, as the next. */
void           portal_stop(struct portal *);
bool           portal_is_serving(const struct portal *); /* some zone's pages */

/* --- what clients of a zone ask; as upstream answers it -------------------------------------------------- */

struct portal_client {
	unsigned       zone;
	struct address address;
	uint16_t       port; /* of the connection by which it asks, which outlives its session; 0: not known */
};

struct value *portal_status(struct portal *, struct arena *, const struct portal_client *);
/* May compute a password hash. */
struct value *portal_logon(struct portal *, struct arena *, const struct portal_client *, struct text user, struct text password);
struct value *portal_logoff(struct portal *, struct arena *, const struct portal_client *);
/* RFC 8908, without the URL; NULL: there is no such zone. */
struct value *portal_captive(struct portal *, struct arena *, const struct portal_client *);
/* Where the pages of a zone are, with a "/" at the end; host: what the client called this box, if the zone has no name. NULL: no such zone. */
const char   *portal_url(struct portal *, struct arena *, unsigned zone, const char *host);

/* --- what administrators ask ------------------------------------------------------------------------------- */

#define PORTAL_ALL_ZONES (-1)
struct value *portal_sessions(struct portal *, struct arena *, int zone);
/* NULL: no such zone, or it cannot be let in. */
struct value *portal_connect(struct portal *, struct arena *, const struct portal_client *, struct text user);
/* --- vouchers: of a server that is configured ------------------------------------------------------------ */

struct value *portal_voucher_servers(struct portal *, struct arena *);
/* NULL: there is no such server. */
struct value *portal_voucher_groups(struct portal *, struct arena *, const char *server);
struct value *portal_vouchers(struct portal *, struct arena *, const char *server, const char *group);
/* The only time that their passwords are known. NULL and a message: not these. May take a long time. */
struct portal_voucher_wish {
	const char *server, *group;
	int64_t     count, validity, expiry; /* seconds; expiry 0: none */
};
struct value *portal_make_vouchers(struct portal *, struct arena *, const struct portal_voucher_wish *, struct buffer *message);
/* How many; -1: there is no such server. Group NULL: of all. */
int64_t       portal_drop_vouchers(struct portal *, const char *server, const char *group, bool only_expired);
bool          portal_expire_voucher(struct portal *, const char *server, const char *user);

/* NULL: there is no such session. */
struct value *portal_disconnect(struct portal *, struct arena *, struct text id);
