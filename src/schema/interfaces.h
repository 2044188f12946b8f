/* schema/interfaces.h: the interfaces and groups that a configuration names. */
#pragma once

#include "schema/schema.h"

#define TUNNEL_GROUP_SEQUENCE 10 /* of the groups that daemons put their own devices into, among other groups */

/* One interface ("wan", "opt1"), the loopback, or a group. All texts live as long as the view's snapshot or arena. */
struct interface {
	const char          *key;    /* "wan"; of a group its name */
	const char          *label;  /* description, or the key in upper case */
	const struct record *record; /* interfaces.interface or firewall.group; NULL for the loopback and what daemons have */
	bool                 dynamic; /* not assigned by the user: loopback and groups */
	bool                 group;
};

/* All of them, in the order of the configuration: interfaces, loopback, groups, those of daemons. In the view's arena. */
const struct interface *interfaces_list(const struct view *, size_t *count);
/* NULL when there is none; without the list being made. */
const struct interface *interfaces_find(const struct view *, struct text key);
/* A property as the tables' conditions know it ("if", "enable", "ipaddr", "type", "virtual"); "0" when it is missing. */
const char *interface_property(const struct interface *, const char *name, const struct view *);
/* Does it meet every condition of the field? */
bool interface_qualifies(const struct interface *, const struct field *, const struct view *);
