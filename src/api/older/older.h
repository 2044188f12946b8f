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

/*
 * Up to 25.7 OPNsense had one block of settings for blocklists, where now there are policies: that block is the first of them.
 * Members of the block, and the fields that are now what they were.
 */
struct older_member {
	const char *name, *resource, *field;
};
extern const struct older_member older_blocklist[];
extern const size_t              older_blocklist_count;
/* A policy that blocks nothing: what was never set was off. */
struct record *older_blocklist_blank(struct arena *, const struct schema *);
/* The block of a file that has one becomes a policy, unless nothing was ever set in it. */
void older_blocklist_import(struct change *, struct arena *, struct xml *root);

/* All records of the resource go. */
void older_make_room(struct change *, const char *resource);
