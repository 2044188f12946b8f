/* plan/gateway/gateway.h: the ways out of the box, how they are, and which of them are taken. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "plan/numbers.h"
#include "schema/snapshot.h"

#define GATEWAYS_MAX      150 /* numbers 1..150: the kernel has a use for the routing tables 100 + 152 and on */
#define GATEWAY_TIERS     5
#define GATEWAY_WEIGHT_MAX 30
#define GATEWAY_TIME_MAX  3600000 /* ms */
#define GATEWAY_PROBE_MAX 1400    /* bytes */

/* From good to bad; what is no better than DELAYED may still be used. */
enum gateway_health {
	GATEWAY_FINE, /* or nobody looks */
	GATEWAY_PENDING, /* too early to say */
	GATEWAY_DELAYED,
	GATEWAY_LOSSY,
	GATEWAY_POOR, /* both */
	GATEWAY_DOWN,
	GATEWAY_FORCED_DOWN,
	GATEWAY_HEALTHS
};

/* Thresholds in ms and percent, times in ms. */
struct gateway_watch {
	bool           is_on;
	bool           is_routed; /* probes go by the gateway whatever the routes say */
	struct address target;
	uint32_t       delay_low, delay_high, loss_low, loss_high;
	uint32_t       interval, loss_interval, period;
	uint32_t       size; /* bytes of a probe behind its head */
};

struct gateway {
	const struct record *record; /* NULL: found, not configured */
	const char    *name;
	const char    *interface;    /* "wan" */
	const char    *device;       /* ""; no such interface, or it is disabled */
	uint8_t        number;       /* stays with the name; 0: there were too many */
	enum family    family;
	struct address address;      /* FAMILY_NONE: not known (yet), or the link needs none */
	bool           is_dynamic;   /* the address comes from outside */
	bool           is_there;     /* packets can be sent to it */
	bool           is_far, is_upstream, is_disabled;
	bool           kills, kills_lower; /* connections, when it goes down; those of lower ones, when it is back */
	unsigned       priority, weight;
	struct gateway_watch watch;
	enum gateway_health  health;
};

struct gateway_choice {
	const struct gateway *gateway;
	unsigned              weight;
};

/* Several to choose from, by tiers. */
struct gateway_group {
	const char                  *name;
	enum family                  family;
	bool                         is_sticky; /* a source stays with one */
	const struct gateway       **members;   /* of all tiers, which begin at tiers[i] and end at tiers[i + 1] */
	size_t                       tiers[GATEWAY_TIERS + 1];
	const struct gateway_choice *choices;   /* what is used now; none: everything is down */
	size_t                       nchoices;
};

struct gateways {
	const struct gateway       *list; /* most preferred first */
	size_t                      n;
	const struct gateway_group *groups;
	size_t                      ngroups;
	const struct gateway       *standard4, *standard6; /* of the default routes; NULL: none */
};

/* --- Reading ------------------------------------------------------------------------------ */

/* What only the running box knows. A function that is NULL knows nothing. */
struct gateway_live {
	void *context;
	/* Who routes for a family behind this link, as the kernel or a daemon has learnt. No family in *out: the link itself. */
	bool (*router)(void *context, const char *device, enum family, struct address *out);
	bool (*has_carrier)(void *context, const char *device);
	const enum gateway_health *health; /* by number, GATEWAYS_MAX + 1 of them; NULL: not measured */
};

/*
 * In the arena; names and records live as long as the snapshot. Numbers, of which there are GATEWAYS_MAX, stay with their
 * names for as long as connections may carry them: names that are gone give theirs up when others want for one.
 */
struct gateways gateways_read(struct arena *, const struct snapshot *, struct numbers *, const struct gateway_live *);

const struct gateway       *gateways_find(const struct gateways *, struct text name);
const struct gateway_group *gateways_group(const struct gateways *, struct text name);
/* For both dialects: "none", "down", "force_down", "delay", "loss", "delay+loss", "pending". */
const char                 *gateway_health_word(enum gateway_health);
