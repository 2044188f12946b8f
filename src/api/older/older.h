/*
 * api/older/older.h: what config.xml says in the form of before, that of pfSense: <filter><rule>, <nat>, <aliases>, <schedules>, <dhcpdv6>; for
 * config_import.c. What has no place here goes into the report, a line each.
 */
#pragma once

#include "api/xml.h"
#include "store/change.h"

/*
 * pfSense's rules, and OPNsense's that were never moved to its model: firewall.rule records behind those there are.
 * What a rule says and no field can hold goes into the report, a line each; a pass rule that would be for more without
 * it is kept disabled.
 */
void older_rules_import(struct change *, struct arena *, struct xml *root, struct buffer *report);

/* What the older form of a port forward says in elements of its own: addresses, and that it passes by itself. */
void older_forward_fill(struct arena *, struct xml *, struct record *);

/* firewall.alias and firewall.schedule; before the rules that name them. */
void older_aliases_import(struct change *, struct arena *, struct xml *root, struct buffer *report);
void older_schedules_import(struct change *, struct arena *, struct xml *root, struct buffer *report);
/*
 * firewall.source_nat, firewall.one_to_one and firewall.npt, behind those there are. One that would be for more than it was is kept
 * disabled.
 */
void older_translations_import(struct change *, struct arena *, struct xml *root, struct buffer *report);

/* kea.subnet6 with its pools and reservations, and radvd.entry; behind the interfaces. Nothing when there are subnets already. */
void older_dhcp6_import(struct change *, struct arena *, struct xml *root, struct buffer *report);

/* All records of the resource go. */
void older_make_room(struct change *, const char *resource);
