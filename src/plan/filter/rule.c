/* One filter rule becomes lines: one for each family, kind of refusal and joint of its terms. */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/build.h"

enum {
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ICMP6 = 58,
};

/* Bits of the marks: see backends.md 5.2. */
#define MARK_REPLY_TO (1U << 23)
#define MARK_GATEWAY  24

/* What a line of the rule is about. */
struct variant {
	const struct filter_rule *rule;
	const struct fragment    *fragment;
	bool                      is_out, names_interfaces;
	enum family               family; /* FAMILY_NONE: both */
	int                       protocol;
	const struct term        *source, *destination;
	int                       reject; /* enum step_reject, -1: not a reject */
};

static bool
has_types(const struct icmp_types *types)
{
	return types->bits[0] | types->bits[1] | types->bits[2] | types->bits[3];
}

static void
add_types(struct line *line, const struct icmp_types *types, enum family family)
{
	const enum step_key key = family == FAMILY_INET ? KEY_ICMP_TYPE : KEY_ICMP6_TYPE;
	unsigned            only = 0, count = 0;

	for (unsigned i = 0; i < 256; i++) {
		if (types->bits[i / 64] >> (i % 64) & 1) {
			only = i;
			count++;
		}
	}
	if (count == 1)
		line_number(line, key, COMPARE_IS, only);
	else
		line_lookup(line, key, COMPARE_IS,
			    want_icmp(line->build, types, family == FAMILY_INET ? SET_ICMP : SET_ICMP6));
}

static const char *
group_devices(struct build *build, const char *name, const char **out, size_t *count, size_t room)
{
	const struct filter_interface *interface = build_interface(build, name);
	const struct filter_group     *group = build_group(build, name);

	if (interface && *count < room)
		out[(*count)++] = interface->device;
	for (size_t i = 0; group && i < group->nmembers; i++) {
		interface = build_interface(build, group->members[i]);
		if (interface && *count < room)
			out[(*count)++] = interface->device;
	}
	return NULL;
}

#define DEVICES_MAX 512

/* Which interfaces a floating rule is for; false when none of them is there. */
static bool
add_interfaces(struct line *line, const struct filter_rule *rule, bool is_out)
{
	const enum step_key     key = is_out ? KEY_OIFNAME : KEY_IIFNAME;
	const enum step_compare compare = rule->interface_not ? COMPARE_NOT : COMPARE_IS;
	const char             *devices[DEVICES_MAX];
	size_t                  count = 0;

	if (rule->ninterfaces == 0)
		return true;
	for (size_t i = 0; i < rule->ninterfaces; i++)
		group_devices(line->build, rule->interfaces[i], devices, &count, DEVICES_MAX);
	if (count == 0)
		return rule->interface_not;
	if (count == 1)
		line_device(line, key, compare, devices[0]);
	else
		line_lookup(line, key, compare, want_devices(line->build, devices, count));
	return true;
}

static void
add_match(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;

	line_protocol(line, v->protocol, v->family);
	line_term(line, v->source, true, v->family);
	line_term(line, v->destination, false, v->family);
	line_ports(line, &rule->source_port, KEY_SPORT);
	line_ports(line, &rule->destination_port, KEY_DPORT);
	if (v->protocol == PROTO_ICMP && has_types(&rule->icmp4))
		add_types(line, &rule->icmp4, FAMILY_INET);
	if (v->protocol == PROTO_ICMP6 && has_types(&rule->icmp6))
		add_types(line, &rule->icmp6, FAMILY_INET6);
	if (rule->tcp_flags_mask && v->protocol == PROTO_TCP)
		line_masked(line, KEY_TCP_FLAGS, rule->tcp_flags_mask, rule->tcp_flags_set);
	if (rule->tos >= 0 && v->family == FAMILY_INET)
		line_masked(line, KEY_IP_TOS, 0xfc, (uint32_t)rule->tos << 2);
	if (rule->tagged)
		line_add(line, &(struct step){ .kind = STEP_HAS_LABEL, .number = build_tag(line->build, rule->tagged) });
}

/* With a loose rule somewhere, what is no start of a connection comes this far; only such rules may pass it. */
static void
add_state(struct line *line, const struct filter_rule *rule)
{
	if (!line->build->loose || rule->action != RULE_PASS)
		return;
	if (rule->state != STATE_SLOPPY && rule->state != STATE_NONE && !rule->tcp_flags_any && !rule->tcp_flags_mask)
		line_masked(line, KEY_CT_STATE, CT_INVALID, 0);
}

static void
add_log(struct line *line, const struct variant *v)
{
	static const char *const actions[] = { "pass", "block", "reject" };
	char                     prefix[STEP_NAME_MAX + 1];

	snprintf(prefix, sizeof(prefix), "%u:%s:%s:%s", v->fragment->index, actions[v->rule->action],
		 v->is_out ? "out" : "in", v->rule->uuid);
	line_add(line, &(struct step){ .kind = STEP_LOG, .name = text_of(prefix),
				       .number = line->build->filter->log_group });
}

static void
add_mark(struct line *line, enum step_key key, uint32_t mask, uint32_t number)
{
	struct step step = { .kind = STEP_SET, .key = key, .has_mask = mask != 0 };

	step_put_number(key, step.mask, mask);
	step_put_number(key, step.value, number);
	line_add(line, &step);
}

/* Answers leave by the gateway of the interface that a rule is for, as upstream's do. */
static uint8_t
reply_to(const struct build *build, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;

	if (rule->reply_to || rule->disable_reply_to || rule->ninterfaces != 1 || v->names_interfaces)
		return rule->reply_to;
	const struct filter_interface *interface = build_interface(build, rule->interfaces[0]);

	if (!interface || !interface->is_wan)
		return 0;
	return v->family == FAMILY_INET6 ? interface->gateway6 : interface->gateway4;
}

/*
 * Inbound, the rule is the state's: its index and gateway go to the connection. Outbound it is only
 * when nothing let the connection in, which the last chain finds out from the packet's mark.
 */
static void
add_marks(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;
	uint32_t                  mark = v->fragment->index;

	if (rule->action != RULE_PASS)
		return;
	if (v->is_out) {
		add_mark(line, KEY_MARK, 0xffff0000, mark);
		return;
	}
	if (rule->gateway)
		mark |= (uint32_t)rule->gateway << MARK_GATEWAY;
	else if (reply_to(line->build, v))
		mark |= (uint32_t)reply_to(line->build, v) << MARK_GATEWAY | MARK_REPLY_TO;
	add_mark(line, KEY_CT_MARK, 0, mark);
	if (rule->gateway)
		add_mark(line, KEY_MARK, 0, (uint32_t)rule->gateway << MARK_GATEWAY);
}

static void
add_verdict(struct line *line, const struct variant *v)
{
	if (v->reject >= 0)
		line_add(line, &(struct step){ .kind = STEP_REJECT, .number = (uint32_t)v->reject });
	else
		line_verdict(line, v->rule->action == RULE_PASS ? VERDICT_ACCEPT : VERDICT_DROP, NULL);
}

static void
add_line(struct build *build, const struct variant *v, struct lines *out)
{
	struct line line = { 0 };
	char        counter[16];

	line_start(&line, build);
	if (!v->names_interfaces || add_interfaces(&line, v->rule, v->is_out)) {
		add_match(&line, v);
		add_state(&line, v->rule);
		if (v->rule->max_states)
			line_add(&line, &(struct step){ .kind = STEP_STATES, .number = v->rule->max_states });
		snprintf(counter, sizeof(counter), "r%u", v->fragment->index);
		line_add(&line, &(struct step){ .kind = STEP_COUNTER, .name = text_of(counter) });
		if (v->rule->log)
			add_log(&line, v);
		add_marks(&line, v);
		if (v->rule->tag)
			line_add(&line, &(struct step){ .kind = STEP_LABEL, .number = build_tag(build, v->rule->tag) });
		add_verdict(&line, v);
		line_add(&line, &(struct step){ .kind = STEP_COMMENT, .name = text_of(v->rule->uuid) });
		line_end(&line, build->lines, out);
	}
	buffer_clear(&line.bytes);
}

/* A refusal is told by a reset to TCP and by ICMP to everything else. */
static void
add_refusals(struct build *build, struct variant *v, struct lines *out)
{
	const int protocol = v->protocol;

	v->reject = -1;
	if (v->rule->action != RULE_REJECT) {
		add_line(build, v, out);
		return;
	}
	if (protocol == PROTOCOL_ANY || protocol == PROTOCOL_TCP_UDP || protocol == PROTO_TCP) {
		v->protocol = PROTO_TCP;
		v->reject = REJECT_RESET;
		add_line(build, v, out);
	}
	if (protocol != PROTO_TCP) {
		v->protocol = protocol == PROTOCOL_TCP_UDP ? PROTO_UDP : protocol;
		v->reject = REJECT_PORT;
		add_line(build, v, out);
	}
	v->protocol = protocol;
}

static void
add_family(struct build *build, struct variant *v, struct lines *out)
{
	struct term  sources[TERMS_MAX], destinations[TERMS_MAX];
	const size_t nsources = terms_of(build, &v->rule->source, v->family, sources);
	const size_t ndestinations = terms_of(build, &v->rule->destination, v->family, destinations);

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
	       rule->protocol != PROTO_ICMP && rule->protocol != PROTO_ICMP6 && rule->tos < 0 &&
	       !(interface && interface->is_wan && rule->action == RULE_PASS);
}

static void
add_direction(struct build *build, const struct filter_rule *rule, struct fragment *fragment, bool is_out)
{
	struct lines  *out = is_out ? &fragment->out : &fragment->in;
	struct variant v = { .rule = rule, .fragment = fragment, .is_out = is_out,
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
	if (rule->direction != DIRECTION_OUT)
		add_direction(build, rule, fragment, false);
	if (rule->direction != DIRECTION_IN)
		add_direction(build, rule, fragment, true);
	fragment->hash_in = hash_lines(&fragment->in);
	fragment->hash_out = hash_lines(&fragment->out);
	fragment->nwants = build->nwants;
	fragment->wants = ARENA_MAKE(build->lines, struct want *, build->nwants);
	if (build->nwants > 0)
		memcpy(fragment->wants, build->wants, build->nwants * sizeof(*build->wants));
}
