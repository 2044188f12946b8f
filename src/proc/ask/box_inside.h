/* proc/ask/box_inside.h: the inside of the box, for box.c and those who answer questions about it. */
#pragma once

#include <pthread.h>

#include "plan/filter/compile.h"
#include "plan/filter_read.h"
#include "plan/ruleset/wire.h"
#include "proc/box.h"
#include "proc/resolver/domain_lists.h"
#include "proc/resolver/query_log.h"
#include "proc/live.h"
#include "proc/part/grants.h"
#include "proc/part/network.h"

struct health;
struct jobs;
struct makers;
struct overlays;
struct lockout;
struct remarks;
struct actors;
struct sampler;
struct flows;
struct shaper_part;
struct portal;
struct discovery;

struct keeper_box {
	struct box              face;
	struct keeper_box_setup setup;
	pthread_mutex_t         lock;
	struct filter_reader   *reader;
	struct filter_cache    *cache;
	struct ruleset_known   *known;   /* what the keeper has of the packet filter */
	uint64_t                saved;   /* version of the indexes in the state directory */
	unsigned                idle_limit; /* so many that are nobody's are looked at */
	struct gateway_part    *gateways;
	struct grant_part      *grants;
	struct shaper_part     *shaper;
	const struct snapshot  *identity; /* as it was applied; held; NULL: never */
	struct network_part     network; /* what was last applied of links and routes */
	struct live            *live;    /* NULL: nothing is looked up */
	const struct snapshot  *applied; /* the filter's; held; NULL: not yet */
	int64_t                 applied_at; /* seconds since 1970 */
	const struct filter    *filter;  /* in force, as it was compiled; NULL: not known */
	const struct ruleset   *ruleset;
	struct buffer           awake;    /* rules with a schedule that are in force, a line each */
	struct overlays        *overlays; /* aliases that were changed at run time */
	struct lockout         *lockout;
	struct remarks         *remarks;  /* what the filter in force does otherwise than pf */
	struct makers          *makers;
	struct jobs            *jobs;
	struct health          *health;
	struct sampler         *sampler;
	struct flows           *flows;
	struct portal          *portal;
	struct discovery       *discovery; /* of hosts */
	struct domain_lists    *lists;    /* of the resolver; the services' lock is held */
	const struct snapshot  *listed;   /* whose lists are fetched; held; NULL: nobody's; the services' lock is held */
	uint64_t                peers_hash; /* what names of WireGuard's peers meant when they were sent; the services' lock is held */
	const struct snapshot  *logins;   /* of which what asks users for passwords was made; likewise */
	struct query_log       *queries;  /* of the resolver */
	struct actors          *actors;   /* services of a simulated box */
	pthread_mutex_t        services_lock; /* held while daemons are made so; never waited for with the other one held */
	pthread_t              resuming;      /* starts the daemons that were applied before */
	bool                   is_resuming;
	_Atomic(bool)          is_ending;
	/* The last apply, and up to which request it answers. */
	uint64_t      ticket, newest, answered;
	unsigned      parts;
	enum result   result;
	struct buffer message;
};

/* Read, compile and send the filter of a snapshot, with the overlays. The lock is held. */
enum result box_load_filter(struct keeper_box *, const struct snapshot *, struct buffer *message);
/* The one in force made anew, if there is one. The lock is held. */
void                   box_refresh_filter(struct keeper_box *);
/* Remember in a setting of the store what was applied, for a gate that starts after us. */
void                   box_remember(struct keeper_box *, const char *setting, const struct snapshot *);
/* The same in words, which are the revision's number; NULL: nothing was applied. */
void                   box_write(struct keeper_box *, const char *setting, const char *revision);
/* What it says was applied last; NULL: nothing was, or it is not known any more. Held. */
const struct snapshot *box_last_applied(const struct keeper_box *, const char *setting);
