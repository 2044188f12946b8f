/* plan/filter/rule.h: what the files that compile one rule share; nobody else includes it. */
#pragma once

#include "plan/filter/build.h"

enum {
	PROTO_TCP = 6,
	PROTO_UDP = 17,
};

enum {
	FLAG_FIN = 1,
	FLAG_SYN = 2,
	FLAG_RST = 4,
	FLAG_ACK = 16,
};
#define FLAGS_OF_START (FLAG_FIN | FLAG_SYN | FLAG_RST | FLAG_ACK)

/* What a line is for. */
enum line_kind {
	LINE_DECIDES,
	LINE_STARTS,  /* the handshake of a client that we answer ourselves */
	LINE_PROXIED, /* the connection that we make for him then */
};

/* What a line of the rule is about. */
struct variant {
	const struct filter_rule *rule;
	struct fragment          *fragment;
	enum way                  way;
	enum line_kind            kind;
	bool                      names_interfaces;
	enum family               family; /* FAMILY_NONE: both */
	int                       protocol;
	const struct term        *source, *destination;
	int                       reject; /* enum step_reject, -1: not a reject */
};

/* --- Lines ------------------------------------------------------------------------------- */

/* Everything up to what is done. False when no interface of the rule is there. */
bool rule_begin(struct line *, struct build *, const struct variant *);
void rule_count(struct line *, const struct variant *);
/* A line for who listens to the log: what the rule did with the packet, in a word. */
void rule_tell(struct line *, const struct variant *, const char *action);
void rule_end(struct line *, const struct variant *, struct lines *out);
/* Which interfaces the rule is for, whatever the variant says; false when none of them is there. */
bool rule_add_interfaces(struct line *, const struct filter_rule *, bool is_out);
/* What packets it is for, but for what connection tracking says. */
void rule_add_match(struct line *, const struct variant *);
/* All lines of a variant. */
void rule_add_lines(struct build *, const struct variant *, struct lines *out);

/* --- Limits and time-outs ---------------------------------------------------------------- */

/* Limits by source: such a rule needs lines per family. */
bool rule_has_limits(const struct filter_rule *);
/* Before the line that decides: what exceeds a limit is dropped. */
void rule_add_limits(struct build *, const struct variant *, struct lines *out);
/* In it: what must hold too. */
void rule_add_allowances(struct line *, const struct variant *);
/* Behind it: what it had no room for. */
void rule_add_rest(struct build *, const struct variant *, struct lines *out);
/* How long its connections stay. */
void rule_add_timeouts(struct line *, const struct variant *);

/* --- Before connections are tracked ------------------------------------------------------- */

/* Is its handshake ours? */
bool rule_is_proxied(const struct build *, const struct filter_rule *);
void rule_add_raw(struct build *, const struct variant *);
