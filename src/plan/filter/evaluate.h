/* plan/filter/evaluate.h: what the filter does with one packet, by pf's definition. */
#pragma once

#include "plan/filter.h"

/* The first packet of what may become a connection. */
struct packet {
	const char    *interface; /* by which it comes or goes */
	bool           is_out;
	bool           to_self;   /* its destination is an address of this box */
	bool           from_self;
	struct address source, destination;
	int            protocol;
	uint16_t       source_port, destination_port; /* TCP, UDP */
	uint8_t        icmp_type;
	uint8_t        tcp_flags;
	struct mac     mac;
};

/*
 * The rule that decides: the first quick one that matches, else the last one that does. Never
 * NULL while there is a default rule; automatic rules are made in the arena. Written after pf's
 * definition, one rule after the other, knowing nothing of the compiler: they are compared in tests.
 */
const struct filter_rule *filter_evaluate(struct arena *, const struct filter *, const struct packet *);

/* The same for many packets: the rules in pf's order, made once. */
struct evaluation {
	const struct filter       *filter;
	const struct filter_rule **rules;
	size_t                     count;
};

void                      evaluation_make(struct evaluation *, struct arena *, const struct filter *);
const struct filter_rule *evaluation_run(const struct evaluation *, const struct packet *);
