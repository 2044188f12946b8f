/* plan/filter/rule.h: what the files that compile one rule share; nobody else includes it. */
#pragma once

#include "plan/filter/build.h"

enum {
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ICMP6 = 58,
};

/* What a line of the rule is about. */
struct variant {
	const struct filter_rule *rule;
	struct fragment          *fragment;
	enum way                  way;
	bool                      names_interfaces;
	enum family               family; /* FAMILY_NONE: both */
	int                       protocol;
	const struct term        *source, *destination;
	int                       reject; /* enum step_reject, -1: not a reject */
};

/* Limits by source: such a rule needs lines per family. */
bool rule_has_limits(const struct filter_rule *);
/* The line of a variant, with those before and after it that its limits need. */
void rule_add_lines(struct build *, const struct variant *, struct lines *out);
