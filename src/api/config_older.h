/* api/config_older.h: rules of config.xml in the form of before, <filter><rule> and <nat><rule>; for config_import.c. */
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
