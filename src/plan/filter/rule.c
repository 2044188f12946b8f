/* One filter rule becomes lines: one for each family, kind of refusal and joint of its terms. */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/cache.h"
#include "plan/filter/rule.h"
#include "plan/shaper/shaper.h"

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
	       rule->protocol != PROTOCOL_ICMP && rule->protocol != PROTOCOL_ICMP6 && rule->tos < 0 && !rule_has_limits(rule) &&
	       !(interface && interface->is_wan && rule->action == RULE_PASS) &&
	       !(build->allows_options && rule->action == RULE_PASS && !rule->allow_options);
}

static bool
has_types(const struct icmp_types *types)
{
	return types->bits[0] | types->bits[1] | types->bits[2] | types->bits[3];
}

/* In one of the families a rule about ICMP may have no type left. */
static bool
is_in_family(const struct filter_rule *rule, enum family family)
{
	const bool is_v4 = family == FAMILY_INET;

	if (rule->family == (is_v4 ? RULE_INET6 : RULE_INET))
		return false;
	if (rule->protocol == PROTOCOL_ICMP)
		return has_types(is_v4 ? &rule->icmp4 : &rule->icmp6) || !has_types(is_v4 ? &rule->icmp6 : &rule->icmp4);
	return !is_v4 || rule->protocol != PROTOCOL_ICMP6;
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
	if (is_in_family(rule, FAMILY_INET)) {
		v.family = FAMILY_INET;
		add_family(build, &v, out);
	}
	if (is_in_family(rule, FAMILY_INET6)) {
		v.family = FAMILY_INET6;
		v.protocol = protocol_in(rule->protocol, v.family);
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

/* NULL: for several interfaces. */
static const char *
place_of(struct build *build, const struct filter_rule *rule, unsigned priority)
{
	const char *name = rule->ninterfaces == 1 ? rule->interfaces[0] : NULL;

	if (!name || rule->interface_not)
		return NULL;
	if (priority == PRIORITY_INTERFACE)
		return build_interface(build, name) ? cache_place(build->cache, name) : NULL;
	if (priority < PRIORITY_GROUP || priority > PRIORITY_INTERFACE || !build_group(build, name))
		return NULL;
	return cache_place(build->cache, arena_print(build->once, "%u", priority - PRIORITY_GROUP));
}

/* A rule of a group that shares its place with other groups says itself which interfaces it is for. */
static bool
names_interfaces(const struct build *build, const struct fragment *fragment)
{
	return !fragment->place || (fragment->priority < PRIORITY_INTERFACE &&
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

/* What leaves shows no VLAN priority. Without that condition a rule that passes would pass too much. */
static bool
is_left_out(const struct filter_rule *rule, enum way way)
{
	return rule->prio >= 0 && rule->action == RULE_PASS && way != WAY_IN;
}

/* --- Notes ------------------------------------------------------------------------------------ */

static void
note(struct build *build, struct fragment *fragment, const char *text)
{
	if (!fragment->notes)
		fragment->notes = ARENA_MAKE(build->lines, const char *, FRAGMENT_NOTES);
	if (fragment->nnotes < FRAGMENT_NOTES)
		fragment->notes[fragment->nnotes++] = text;
}

/* A handshake that is left to the server after all. */
static const char *
why_not_proxied(const struct build *build, const struct filter_rule *rule)
{
	if (build->filter->lacks_synproxy)
		return "this kernel has no synproxy (nft_synproxy): its states are ordinary ones";
	if (rule->gateway)
		return "synproxy does not go together with a gateway: its states are ordinary ones";
	if (rule->tagged)
		return "synproxy does not go together with a tag that must be there: its states are ordinary ones";
	if (rule->direction == DIRECTION_OUT)
		return "only what comes in can have synproxy states: its states are ordinary ones";
	return "only TCP has synproxy states: its states are ordinary ones";
}

static void
note_states(struct build *build, const struct filter_rule *rule, struct fragment *fragment)
{
	if (rule->action != RULE_PASS)
		return;
	if (rule->state == STATE_SYNPROXY && !rule_is_proxied(build, rule))
		note(build, fragment, why_not_proxied(build, rule));
	else if (rule->state == STATE_SYNPROXY && rule->direction == DIRECTION_ANY)
		note(build, fragment, "only what comes in has synproxy states, what leaves has ordinary ones");
	if ((rule->state_timeout || rule->udp_unreplied || rule->udp_replied) && build->filter->lacks_timeouts)
		note(build, fragment, "this kernel has no time-outs by rule (CONFIG_NF_CONNTRACK_TIMEOUT): states stay as long as all others");
	if (rule->state == STATE_NONE && rule->set_prio >= 0)
		note(build, fragment, "without states no VLAN priority is set");
	if (rule->overload) {
		const struct alias_info *info = build_alias(build, rule->overload);

		if (!info || !info->alias->dynamic)
			note(build, fragment, "its overload table is not one that is filled at run time: nobody is put into it");
	}
}

static void
note_pipes(struct build *build, const struct filter_rule *rule, struct fragment *fragment)
{
	const struct shaper *shaper = build->filter->shaper;

	if (rule->action != RULE_PASS || (!rule->pipe && !rule->pipe_back))
		return;
	if ((rule->pipe && !shaper_target(shaper, rule->pipe)) || (rule->pipe_back && !shaper_target(shaper, rule->pipe_back)))
		note(build, fragment, "its pipe or queue is not in force: it is switched off, or the traffic shaper was not applied since");
	if (rule->state == STATE_NONE)
		note(build, fragment, "without states nothing is sent into its pipe or queue");
	else if (rule->direction == DIRECTION_OUT)
		note(build, fragment, "its pipe or queue is only for what this box sends: what is forwarded belongs to the rule that let it in");
	if (rule->set_prio >= 0)
		note(build, fragment, "what waits in its pipe or queue gets no VLAN priority");
}

/* Where Linux cannot do what pf does, or the configuration does not say what to do: what is done instead. */
static void
note_all(struct build *build, const struct filter_rule *rule, struct fragment *fragment)
{
	for (size_t i = 0; i < rule->nnotes; i++)
		note(build, fragment, arena_copy(build->lines, text_of(rule->notes[i])));
	if (fragment->priority == 0) {
		note(build, fragment, "none of its interfaces is there: the rule is not applied");
		return;
	}
	note_states(build, rule, fragment);
	note_pipes(build, rule, fragment);
	if (rule->gateway && !gateway_is_known(build, rule->gateway))
		note(build, fragment, "its gateway is not there: the routes decide");
	else if (rule->gateway && rule->direction != DIRECTION_IN)
		note(build, fragment, "a gateway on a rule for outgoing packets has no effect on forwarded ones");
	if (rule->prio >= 0 && rule->direction != DIRECTION_IN)
		note(build, fragment, rule->action == RULE_PASS ? "VLAN priorities are only seen on arrival: it passes nothing on the way out" :
							   "VLAN priorities are only seen on arrival: on the way out it applies to all");
	if (rule->tag && !rule->quick)
		note(build, fragment, "its tag is only given when this rule decides");
}

/* --- The rule ---------------------------------------------------------------------------------- */

void
rule_compile(struct build *build, const struct filter_rule *rule, struct fragment *fragment)
{
	fragment->rule = rule;
	fragment->priority = priority_of(build, rule);
	note_all(build, rule, fragment);
	if (fragment->priority == 0)
		return;
	fragment->sequence = rule->sequence;
	fragment->quick = rule->quick;
	fragment->names_gateway = rule->gateway && rule->action == RULE_PASS;
	fragment->place = place_of(build, rule, fragment->priority);
	fragment->names_interfaces = names_interfaces(build, fragment);
	fragment->index = build_index(build, rule->uuid);
	fragment->mark = ruleset_mix_string(0, rule->uuid);
	build->nwants = 0;
	for (enum way way = 0; way < (build->any_late ? WAYS : WAY_POST); way++)
		if (!is_left_out(rule, way) &&
		    (rule->direction == DIRECTION_ANY || (rule->direction == DIRECTION_IN) == (way == WAY_IN)))
			add_direction(build, rule, fragment, way);
	for (enum way way = 0; way < WAYS; way++)
		fragment->hash[way] = hash_lines(&fragment->lines[way]);
	fragment->has_extras = fragment->nobjects || fragment->max.count || fragment->rate.count || rule_sets_priority(rule);
	fragment->nwants = (unsigned)build->nwants;
	fragment->wants = ARENA_MAKE(build->lines, struct want *, build->nwants);
	if (build->nwants > 0)
		memcpy(fragment->wants, build->wants, build->nwants * sizeof(*build->wants));
}
