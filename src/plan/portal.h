/* plan/portal.h: captive portal zones, as their records say. */
#pragma once

#include <stdint.h>

#include "base/address.h"
#include "schema/snapshot.h"

#define PORTAL_ZONES_MAX     20 /* zone ids are 0 to 19 */
#define PORTAL_PAGE_PORT     8000 /* and the zone's id: its pages */
#define PORTAL_REDIRECT_PORT 9000 /* likewise: leads there whoever wanted another page */

/* Lives as long as the arena and the snapshot that it was read from. */
struct portal_zone {
	const struct record *record;
	unsigned             id;
	const char          *description;
	const char *const   *interfaces; /* names of the configuration */
	size_t               ninterfaces;
	const char *const   *servers; /* that know who may log on; none: anybody may */
	size_t               nservers;
	const char *const   *addresses; /* that need no log on; each can be read by address_list_add() */
	size_t               naddresses;
	const char *const   *macs; /* likewise */
	size_t               nmacs;
	const char          *group;    /* gid of those that may log on; "": all */
	const char          *host;     /* in the URL of the pages; "": the address that was asked */
	const char          *certificate; /* refid; "": pages without TLS */
	const char          *template; /* uuid; "": our own page */
	unsigned             idle_minutes, hard_minutes; /* 0: for ever */
	bool                 has_rules, roams, is_concurrent, tells_mac;
};

/* Enabled ones, by id. */
size_t portal_zones(struct arena *, const struct snapshot *, struct portal_zone out[static PORTAL_ZONES_MAX]);

/* The tables of a zone: whom it lets in; the same addresses once more, to count what goes to them. */
const char *portal_table(struct arena *, unsigned id);
const char *portal_table_to(struct arena *, unsigned id);
/* As the packet filter calls the sets of a table that is filled at run time, address by address. */
const char *portal_set(struct arena *, const char *table, enum family);
