/*
 * What has to be known before connections are tracked: which packets are not to be. The rules are walked here once, up to the
 * last that says so, since a rule before it may have decided otherwise; those that cannot meet the same packets are
 * left out. Destinations are not translated yet: what a port forward sends to such a rule is tracked all the same.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/rule.h"

#define PRIORITY_RAW   (-300)
#define COMPARED_MAX   64 /* more such rules than that, and all rules before them are walked */

/* --- Which rules --------------------------------------------------------------------------------------- */

bool
rule_is_proxied(const struct build *build, const struct filter_rule *rule)
{
	return rule->action == RULE_PASS && rule->state == STATE_SYNPROXY && rule->direction != DIRECTION_OUT &&
	       !rule->gateway && !rule->tagged && !build->filter->lacks_synproxy &&
	       (rule->protocol == PROTO_TCP || rule->protocol == PROTOCOL_TCP_UDP || rule->protocol == PROTOCOL_ANY);
}

static bool
is_untracked(const struct build *build, const struct filter_rule *rule, enum way way)
{
	if (rule->action == RULE_PASS && rule->state == STATE_NONE)
		return true;
	return way == WAY_IN && rule_is_proxied(build, rule);
}

void
raw_find(struct build *build)
{
	const struct filter *filter = build->filter;

	build->untracks = build->facts & FACT_STATELESS;
	for (size_t i = 0; i < filter->nrules; i++)
		if (build->seats[i].facts & FACT_PROXY)
			build->proxies |= rule_is_proxied(build, filter->rules[i]);
}

/* --- Lines of one rule ---------------------------------------------------------------------------------- */

/* Proxied is only the handshake's first packet. Everything else that matches is none of the later rules' business. */
void
rule_add_raw(struct build *build, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;
	struct variant            one = *v;
	struct line               line = { 0 };

	/* Labels are not there yet. */
	if ((!build->untracks && !build->proxies) || rule->tagged)
		return;
	const bool is_proxied = v->way == WAY_IN && rule_is_proxied(build, rule);

	if (is_proxied)
		one.protocol = PROTO_TCP;
	line_start(&line, build);
	if (rule_add_interfaces(&line, rule, v->way != WAY_IN)) {
		rule_add_match(&line, &one);
		if (is_proxied)
			line_masked(&line, KEY_TCP_FLAGS, FLAGS_OF_START, FLAG_SYN);
		if (is_untracked(build, rule, v->way))
			line_add(&line, &(struct step){ .kind = STEP_NOTRACK });
		line_verdict(&line, VERDICT_ACCEPT, NULL);
		rule_end(&line, v, &v->fragment->raw[v->way]);
	}
	buffer_clear(&line.bytes);
}

/* --- Can two rules be about the same packet? ---------------------------------------------------------------- */

static bool
may_share_protocol(const struct filter_rule *a, const struct filter_rule *b)
{
	const int x = a->protocol, y = b->protocol;

	if (x == y || x == PROTOCOL_ANY || y == PROTOCOL_ANY)
		return true;
	if (x == PROTOCOL_TCP_UDP)
		return y == PROTO_TCP || y == PROTO_UDP;
	return y == PROTOCOL_TCP_UDP && (x == PROTO_TCP || x == PROTO_UDP);
}

static bool
may_share_interface(const struct build *build, const struct filter_rule *a, const struct filter_rule *b)
{
	if (a->ninterfaces != 1 || b->ninterfaces != 1 || a->interface_not || b->interface_not ||
	    build_group(build, a->interfaces[0]) || build_group(build, b->interfaces[0]))
		return true;
	return strcmp(a->interfaces[0], b->interfaces[0]) == 0;
}

static bool
may_share_port(const struct ports *a, const struct ports *b)
{
	return a->kind != PORTS_RANGE || b->kind != PORTS_RANGE ||
	       (a->range.first <= b->range.last && b->range.first <= a->range.last);
}

/* Only what can be seen at once: one network against another. */
static bool
may_share_net(const struct nets *a, const struct nets *b)
{
	if (a->count != 1 || b->count != 1 || a->negated || b->negated || a->list[0].kind != NET_PREFIX ||
	    b->list[0].kind != NET_PREFIX)
		return true;
	return prefix_covers(&a->list[0].prefix, &b->list[0].prefix.address) ||
	       prefix_covers(&b->list[0].prefix, &a->list[0].prefix.address);
}

static bool
may_share(const struct build *build, const struct filter_rule *a, const struct filter_rule *b)
{
	return may_share_protocol(a, b) && may_share_interface(build, a, b) &&
	       (a->family == RULE_INET46 || b->family == RULE_INET46 || a->family == b->family) &&
	       may_share_port(&a->destination_port, &b->destination_port) && may_share_port(&a->source_port, &b->source_port) &&
	       may_share_net(&a->destination, &b->destination) && may_share_net(&a->source, &b->source);
}

/* --- The chains ------------------------------------------------------------------------------------------------ */

/* Backwards through the rules: each that one of those behind it wants asked before. */
struct choice {
	struct fragment        **chosen; /* last first */
	size_t                   count;
	const struct filter_rule *untracked[COMPARED_MAX];
	size_t                   nuntracked;
};

static void
consider(struct build *build, struct choice *choice, struct fragment *one, enum way way)
{
	bool is_wanted = is_untracked(build, one->rule, way);

	if (one->raw[way].count == 0)
		return;
	if (is_wanted && choice->nuntracked++ < COMPARED_MAX)
		choice->untracked[choice->nuntracked - 1] = one->rule;
	if (choice->nuntracked > COMPARED_MAX)
		is_wanted = true;
	for (size_t i = 0; i < choice->nuntracked && !is_wanted; i++)
		is_wanted = may_share(build, one->rule, choice->untracked[i]);
	if (is_wanted)
		choice->chosen[choice->count++] = one;
}

static void
make_chain(struct build *build, const struct fragment_list *all, enum way way)
{
	struct choice choice = { .chosen = ARENA_MAKE(build->once, struct fragment *, all->count + 1) };
	struct lines  lines = { 0 };

	for (size_t i = all->count; i-- > 0;)
		consider(build, &choice, all->list[i], way);
	for (size_t i = choice.count; i-- > 0;)
		for (size_t k = 0; k < choice.chosen[i]->raw[way].count; k++)
			lines_add(build->once, &lines, choice.chosen[i]->raw[way].list[k]);
	if (lines.count > 0)
		build_base(build, &(struct ruleset_chain){ way == WAY_IN ? "raw_pre" : "raw_out", CHAIN_FILTER,
				   way == WAY_IN ? HOOK_PREROUTING : HOOK_OUTPUT, PRIORITY_RAW }, &lines);
}

/* In the order in which rules are asked: quick ones, then the others backwards. */
static struct fragment_list
as_asked(struct build *build, const struct fragment_list *all)
{
	struct fragment_list out = { ARENA_MAKE(build->once, struct fragment *, all->count + 1), 0 };

	for (size_t i = 0; i < all->count; i++)
		if (all->list[i]->rule->quick)
			out.list[out.count++] = all->list[i];
	for (size_t i = all->count; i-- > 0;)
		if (!all->list[i]->rule->quick)
			out.list[out.count++] = all->list[i];
	return out;
}

/* What is done to connections that we make for clients. */
static void
make_proxied(struct build *build, const struct fragment_list *asked)
{
	struct lines lines = { 0 };

	for (size_t i = 0; i < asked->count; i++)
		for (size_t k = 0; k < asked->list[i]->proxied.count; k++)
			lines_add(build->once, &lines, asked->list[i]->proxied.list[k]);
	build_chain(build, PROXIED_CHAIN, &lines);
}

void
raw_make(struct build *build, const struct fragment_list *all)
{
	if (!build->untracks && !build->proxies)
		return;
	const struct fragment_list asked = as_asked(build, all);

	make_chain(build, &asked, WAY_IN);
	if (build->untracks)
		make_chain(build, &asked, WAY_OUT);
	if (build->proxies)
		make_proxied(build, &asked);
}
