/*
 * schema/rule_order.h: where a packet filter rule stands among the others: floating ones first, then
 * those of interface groups, then those of single interfaces, by sequence in each.
 */
#pragma once

#include "schema/schema.h"

enum {
	RULE_FLOATING = 200000,  /* not exactly one interface, or all but it, or it says so */
	RULE_GROUP = 300000,     /* and the sequence of the group */
	RULE_INTERFACE = 400000,
	RULE_AUTOMATIC = 500000, /* translations that nobody wrote */
	RULE_NOWHERE = 600000,   /* its interface is gone: never applied */
};

/* A record with a field "interface" and, maybe, "interfacenot" with "floating". */
unsigned    rule_priority(const struct record *, const struct view *);
/* Both at once, as a number to sort by. */
uint64_t    rule_rank(const struct record *, const struct view *);
/* For .derive of "prio_group" ("400000") and "sort_order" ("400000.0000100"); "" for a record without uuid. */
const char *rule_priority_text(const struct record *, const struct view *);
const char *rule_order_text(const struct record *, const struct view *);
