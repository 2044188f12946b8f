/* backend/network/step.h: the single changes that lead from what is present to what is wanted; each can be taken back. */
#pragma once

#include "backend/network/present.h"

enum step_kind {
	STEP_SETTING,   /* a sysctl */
	STEP_LINK,      /* make or drop */
	STEP_UP,
	STEP_MTU,
	STEP_MAC,
	STEP_MASTER,
	STEP_ADDRESS,
	STEP_NEIGHBOUR,
	STEP_PROXY,     /* answering for an address: `neighbour` */
	STEP_ROUTE,
	STEP_RULE,
};

/* A route with where it leads: by name, or by index when it was found. */
struct step_route {
	struct present_route route;
	const char          *device; /* "": route.link says it */
};

/* One side of a step; what is not `there` is made to go, or was not before. */
struct step_side {
	bool                       there;
	uint32_t                   number; /* MTU, or 1 for up */
	const char                *text;   /* value of a setting, name of a master, alias beside a MAC */
	const struct network_link *link;   /* NULL: known too little of it to make it again */
	struct network_address     address;
	bool                       ours;
	uint8_t                    mac[6];
	struct step_route          route;
	struct present_rule        rule;
};

struct step {
	enum step_kind   kind;
	const char      *device; /* of a setting: its path under /proc/sys */
	struct address   neighbour;
	struct step_side from, to;
};

struct steps {
	struct arena *arena;
	struct step  *steps;
	size_t        n, room;
};

/* How a link made by us is marked: what it was made with. */
const char *step_alias(struct arena *, const struct network_link *);
/* Ours, and not what is wanted under its name: it goes, and all that is on it. */
bool        step_is_obsolete(struct arena *, const struct network *wanted, const struct present_link *);

/*
 * Links, addresses, neighbours. `before` is the last plan that was applied (its links zero when there is none): what links were
 * made with. Links that are configured but not there are named in *absent and left out.
 */
void steps_for_links(struct steps *, const struct network *wanted, const struct network *before, const struct present *,
                     struct buffer *absent);
/*
 * The MAC address of a link that others made, `wanted` or with zeros its own again; `before` is what the last plan had (NULL: none).
 * Ports of bonds have that of the bond.
 */
void steps_for_mac(struct steps *, const struct present *, const struct present_link *, const uint8_t wanted[6],
                   const struct network_link *before);
/* Answering for addresses, with the routes that takes: what ends, before links go, and what begins, when they are there. */
void steps_to_end_answers(struct steps *, const struct network *wanted, const struct present *);
void steps_to_begin_answers(struct steps *, const struct network *wanted, const struct present *);
/* Routes, and the rules and tables of gateways. */
void steps_for_routes(struct steps *, const struct network *wanted, const struct present *);
/* So that the ones of `old` that are ours and are gone come back. */
void steps_for_lost_routes(struct steps *, const struct present *old, const struct present *);

void        steps_add(struct steps *, const struct step *);
struct step step_back(const struct step *); /* its opposite */
/* For people: "add 192.0.2.1/24 to em1". */
void        step_print(struct arena *, const struct step *, struct buffer *);
