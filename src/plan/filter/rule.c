/* One filter rule becomes lines: one for each family, kind of refusal and joint of its terms. */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/rule.h"

/* A refusal is told by a reset to TCP and by ICMP to everything else. */
static void
add_refusals(struct build *build, struct variant *v, struct lines *out)
{
	const int protocol = v->protocol;

	v->reject = -1;
	/* When sources are translated already, nothing can be told any more. */
	if (v->rule->action != RULE_REJECT || v->way == WAY_POST) {
		rule_add_lines(build, v, out);
		return;
	}
	if (protocol == PROTOCOL_ANY || protocol == PROTOCOL_TCP_UDP || protocol == PROTO_TCP) {
		v->protocol = PROTO_TCP;
		v->reject = REJECT_RESET;
		rule_add_lines(build, v, out);
	}
	if (protocol != PROTO_TCP) {
		v->protocol = protocol == PROTOCOL_TCP_UDP ? PROTO_UDP : protocol;
		v->reject = REJECT_PORT;
		rule_add_lines(build, v, out);
	}
	v->protocol = protocol;
}

static void
add_family(struct build *build, struct variant *v, struct lines *out)
{
	struct term  sources[TERMS_MAX], destinations[TERMS_MAX];
	const size_t nsources = terms_of(build, &v->rule->source, true, v->family, sources);
	const size_t ndestinations = terms_of(build, &v->rule->destination, false, v->family, destinations);

	for (size_t s = 0; s < nsources; s++) {
		for (size_t d = 0; d < ndestinations; d++) {
			v->source = &sources[s];
			v->destination = &destinations[d];
			add_refusals(build, v, out);
		}
	}
}

static bool
is_for_both(const struct nets *nets)
{
	return nets->count == 0 || (nets->count == 1 && nets->list[0].kind == NET_SELF);
}

/* Addresses, ICMP, DSCP and gateways are different things in the two families; nothing else is. */
static bool
is_one_for_both(const struct build *build, const struct filter_rule *rule)
{
	const struct filter_interface *interface = rule->ninterfaces == 1 ?
		build_interface(build, rule->interfaces[0]) : NULL;

	return rule->family == RULE_INET46 && is_for_both(&rule->source) && is_for_both(&rule->destination) &&
	       rule->protocol != PROTO_ICMP && rule->protocol != PROTO_ICMP6 && rule->tos < 0 && !rule_has_limits(rule) &&
	       !(interface && interface->is_wan && rule->action == RULE_PASS) &&
	       !(build->allows_options && rule->action == RULE_PASS && !rule->allow_options);
}

static void
add_direction(struct build *build, const struct filter_rule *rule, struct fragment *fragment, enum way way)
{
	struct lines  *out = &fragment->lines[way];
	struct variant v = { .rule = rule, .fragment = fragment, .way = way,
				.names_interfaces = fragment->names_interfaces, .protocol = rule->protocol };

	if (is_one_for_both(build, rule)) {
		add_family(build, &v, out);
		return;
	}
	if (rule->family != RULE_INET6 && rule->protocol != PROTO_ICMP6) {
		v.family = FAMILY_INET;
		add_family(build, &v, out);
	}
	if (rule->family != RULE_INET && rule->protocol != PROTO_ICMP) {
		v.family = FAMILY_INET6;
		add_family(build, &v, out);
	}
}

/* Upstream's order: rules for not exactly one interface float above groups, those above interfaces. */
static unsigned
priority_of(const struct build *build, const struct filter_rule *rule)
{
	if (rule->priority)
		return rule->priority;
	if (rule->ninterfaces != 1 || rule->interface_not)
		return PRIORITY_FLOATING;
	const struct filter_group *group = build_group(build, rule->interfaces[0]);

	if (group)
		return PRIORITY_GROUP + group->sequence;
	return build_interface(build, rule->interfaces[0]) ? PRIORITY_INTERFACE : 0;
}

size_t
groups_at(const struct filter *filter, unsigned sequence)
{
	size_t count = 0;

	for (size_t i = 0; i < filter->ngroups; i++)
		count += filter->groups[i].sequence == sequence;
	return count;
}

static bool
is_per_interface(const struct build *build, const struct filter_rule *rule, unsigned priority)
{
	if (rule->ninterfaces != 1 || rule->interface_not)
		return false;
	if (priority == PRIORITY_INTERFACE)
		return build_interface(build, rule->interfaces[0]);
	return priority >= PRIORITY_GROUP && priority < PRIORITY_INTERFACE && build_group(build, rule->interfaces[0]);
}

/* A rule of a group that shares its place with other groups says itself which interfaces it is for. */
static bool
names_interfaces(const struct build *build, const struct fragment *fragment)
{
	return !fragment->per_interface || (fragment->priority < PRIORITY_INTERFACE &&
					    groups_at(build->filter, fragment->priority - PRIORITY_GROUP) > 1);
}

static uint64_t
hash_lines(const struct lines *lines)
{
	uint64_t hash = lines->count;

	for (size_t i = 0; i < lines->count; i++)
		hash = ruleset_mix_bytes(hash, lines->list[i]);
	return hash;
}

/* VLAN priorities are not seen by the filter. Without that condition a rule that passes would pass too much. */
static bool
is_left_out(const struct filter_rule *rule)
{
	return rule->prio >= 0 && rule->action == RULE_PASS;
}

/* Where Linux cannot do what pf does: what is done instead. */
static const char *
note_on(const struct filter_rule *rule)
{
	if (rule->prio >= 0)
		return rule->action == RULE_PASS ? "VLAN priorities cannot be matched: the rule is not applied" :
						   "VLAN priorities cannot be matched: the rule applies to all of them";
	if (rule->gateway && rule->direction != DIRECTION_IN)
		return "a gateway on a rule for outgoing packets has no effect on forwarded ones";
	if (rule->state == STATE_SYNPROXY)
		return "synproxy state is kept as ordinary state";
	if (rule->state == STATE_MODULATE)
		return "modulate state is kept as ordinary state";
	if (rule->tag && !rule->quick)
		return "its tag is only given when this rule decides";
	if (rule->state_timeout)
		return "a state timeout of its own is not applied";
	return NULL;
}

void
rule_compile(struct build *build, const struct filter_rule *rule, struct fragment *fragment)
{
	fragment->rule = rule;
	fragment->priority = priority_of(build, rule);
	if (fragment->priority == 0)
		return;
	fragment->per_interface = is_per_interface(build, rule, fragment->priority);
	fragment->names_interfaces = names_interfaces(build, fragment);
	fragment->index = build_index(build, rule->uuid);
	fragment->mark = ruleset_mix_string(0, rule->uuid);
	build->nwants = 0;
	fragment->note = note_on(rule);
	if (is_left_out(rule))
		return;
	for (enum way way = 0; way < (build->any_late ? WAYS : WAY_POST); way++)
		if (rule->direction == DIRECTION_ANY || (rule->direction == DIRECTION_IN) == (way == WAY_IN))
			add_direction(build, rule, fragment, way);
	for (enum way way = 0; way < WAYS; way++)
		fragment->hash[way] = hash_lines(&fragment->lines[way]);
	fragment->nwants = build->nwants;
	fragment->wants = ARENA_MAKE(build->lines, struct want *, build->nwants);
	if (build->nwants > 0)
		memcpy(fragment->wants, build->wants, build->nwants * sizeof(*build->wants));
}
