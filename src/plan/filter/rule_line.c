/* The lines of one variant of a rule: what it matches, its limits, what it counts, logs, marks and decides. */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/rule.h"

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

/* The kernel's names of an interface, or of a group's. */
static void
add_devices(struct build *build, const char *name, const char **out, size_t *count, size_t room)
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
		add_devices(line->build, rule->interfaces[i], devices, &count, DEVICES_MAX);
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
	if (rule->tos >= 0 && v->family == FAMILY_INET6)
		line_masked(line, KEY_IP6_TOS, 0x0fc0, (uint32_t)rule->tos << 6);
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

/* Once some rule lets packets with IPv4 options pass, each other one that passes has to look for them itself. */
static void
add_options(struct line *line, const struct variant *v)
{
	struct step step = { .kind = STEP_MATCH, .key = KEY_IP_FIRST, .has_mask = true };

	if (!line->build->allows_options || v->rule->action != RULE_PASS || v->rule->allow_options || v->way != WAY_IN ||
	    v->family != FAMILY_INET)
		return;
	step_put_number(KEY_IP_FIRST, step.mask, 0x0f);
	step_put_number(KEY_IP_FIRST, step.value, 5);
	line_add(line, &step);
}

static void
add_log(struct line *line, const struct variant *v)
{
	static const char *const actions[] = { "pass", "block", "reject" };
	char                     prefix[STEP_NAME_MAX + 1];

	snprintf(prefix, sizeof(prefix), "%u:%s:%s:%s", v->fragment->index, actions[v->rule->action],
		 v->way == WAY_IN ? "in" : "out", v->rule->uuid);
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
	if (v->way != WAY_IN) {
		add_mark(line, KEY_MARK, ~MARK_RULE, mark);
		return;
	}
	if (!rule->gateway && reply_to(line->build, v))
		mark |= (uint32_t)reply_to(line->build, v) << MARK_GATEWAY_SHIFT | MARK_REPLY_TO;
	v->fragment->uses_gateway |= (mark & MARK_GATEWAY) != 0;
	add_mark(line, KEY_CT_MARK, 0, mark);
}

static void
add_verdict(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;

	if (v->reject >= 0)
		line_add(line, &(struct step){ .kind = STEP_REJECT, .number = (uint32_t)v->reject });
	else if (rule->gateway && rule->action == RULE_PASS && gateway_is_known(line->build, rule->gateway))
		line_verdict(line, VERDICT_GOTO, gateway_chain(line->build->lines, rule->gateway, v->way));
	else
		line_verdict(line, v->rule->action == RULE_PASS ? VERDICT_ACCEPT : VERDICT_DROP, NULL);
}

static void
add_counter(struct line *line, const struct variant *v)
{
	char name[16];

	snprintf(name, sizeof(name), "r%u", v->fragment->index);
	line_add(line, &(struct step){ .kind = STEP_COUNTER, .name = text_of(name) });
}

static void
end_line(struct line *line, const struct variant *v, struct lines *out)
{
	line_add(line, &(struct step){ .kind = STEP_COMMENT, .name = text_of(v->rule->uuid) });
	line_end(line, line->build->lines, out);
}

/* Everything up to what is done. False when no interface of the rule is there. */
static bool
begin_line(struct line *line, struct build *build, const struct variant *v)
{
	line_start(line, build);
	if (v->names_interfaces && !add_interfaces(line, v->rule, v->way != WAY_IN))
		return false;
	add_match(line, v);
	add_options(line, v);
	add_state(line, v->rule);
	return true;
}

/* --- Limits by source -------------------------------------------------------------------------------- */

#define TRACKED_MAX 65535 /* sources that are counted at once */
#define NO_LIMIT    1000000000

enum unit { UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY };

bool
rule_has_limits(const struct filter_rule *rule)
{
	return rule->action == RULE_PASS && (rule->max_source_states || rule->max_source_nodes ||
					     rule->max_source_connections || rule->rate_connections);
}

/* Connections per time of the rule, in a unit that nft has. */
static void
set_rate(struct step *step, const struct filter_rule *rule)
{
	static const unsigned seconds[] = { 1, 60, 3600, 86400 };
	const uint64_t        per = rule->rate_seconds ? rule->rate_seconds : 1;
	unsigned              unit = UNIT_SECOND;

	while (unit < UNIT_DAY && (uint64_t)rule->rate_connections * seconds[unit] % per != 0)
		unit++;
	const uint64_t rate = (uint64_t)rule->rate_connections * seconds[unit] / per;

	step->number = rate < 1 ? 1 : rate > UINT32_MAX ? UINT32_MAX : (uint32_t)rate;
	step->number2 = unit | (rule->rate_connections < 0xffffff ? rule->rate_connections : 0xffffff) << 8;
}

/* A step that counts the source in a set of its own; `letter` says what for. */
static void
add_source(struct line *line, const struct variant *v, char letter, struct step *step, uint32_t size)
{
	const bool     v4 = v->family == FAMILY_INET;
	const uint32_t timeout = letter == 'k' ? v->rule->rate_seconds * 2 + 60 : 0;
	char           name[STEP_NAME_MAX];

	snprintf(name, sizeof(name), "%c_%016llx_%c", letter, (unsigned long long)v->fragment->mark, v4 ? '4' : '6');
	step->kind = STEP_SOURCES;
	step->key = v4 ? KEY_IP_SADDR : KEY_IP6_SADDR;
	step->name = text_of(want_counted(line->build, name, v4 ? SET_IPV4 : SET_IPV6, timeout, size));
	line_add(line, step);
}

static void
add_overload(struct line *line, const struct variant *v)
{
	const bool               v4 = v->family == FAMILY_INET;
	const struct alias_info *info = v->rule->overload ? build_alias(line->build, v->rule->overload) : NULL;

	if (!info || !info->alias->dynamic)
		return;
	line_add(line, &(struct step){
		.kind = STEP_SOURCES, .key = v4 ? KEY_IP_SADDR : KEY_IP6_SADDR,
		.name = text_of(want_alias(line->build, v->rule->overload, v4 ? SET_IPV4 : SET_IPV6)) });
}

/* What exceeds a limit is dropped before the rule can pass it. */
static void
add_excess(struct build *build, const struct variant *v, char letter, struct step step, struct lines *out)
{
	struct line line = { 0 };

	step.compare = COMPARE_NOT;
	if (begin_line(&line, build, v)) {
		add_source(&line, v, letter, &step, TRACKED_MAX);
		if (letter != 's')
			add_overload(&line, v);
		add_counter(&line, v);
		line_verdict(&line, VERDICT_DROP, NULL);
		end_line(&line, v, out);
	}
	buffer_clear(&line.bytes);
}

static void
add_limits(struct build *build, const struct variant *v, struct lines *out)
{
	const struct filter_rule *rule = v->rule;
	struct step               rate = { 0 };

	if (rule->max_source_states)
		add_excess(build, v, 's', (struct step){ .number = rule->max_source_states }, out);
	if (rule->max_source_connections)
		add_excess(build, v, 'c', (struct step){ .number = rule->max_source_connections }, out);
	if (rule->rate_connections) {
		set_rate(&rate, rule);
		add_excess(build, v, 'k', rate, out);
	}
}

/* One more source than there is room for does not get past the line before this one. */
static void
add_no_room(struct build *build, const struct variant *v, struct lines *out)
{
	struct line line = { 0 };

	if (begin_line(&line, build, v)) {
		add_counter(&line, v);
		line_verdict(&line, VERDICT_DROP, NULL);
		end_line(&line, v, out);
	}
	buffer_clear(&line.bytes);
}

/* --- Without states ------------------------------------------------------------------------------------ */

/* What is not to be tracked has to be known before tracking. */
static void
add_untracked(struct build *build, const struct variant *v)
{
	struct line line = { 0 };

	line_start(&line, build);
	if (add_interfaces(&line, v->rule, v->way != WAY_IN)) {
		add_match(&line, v);
		line_add(&line, &(struct step){ .kind = STEP_NOTRACK });
		end_line(&line, v, &v->fragment->raw[v->way]);
	}
	buffer_clear(&line.bytes);
}

void
rule_add_lines(struct build *build, const struct variant *v, struct lines *out)
{
	const struct filter_rule *rule = v->rule;
	const bool                limited = rule_has_limits(rule) && v->family != FAMILY_NONE;
	struct line               line = { 0 };

	if (limited)
		add_limits(build, v, out);
	if (rule->action == RULE_PASS && rule->state == STATE_NONE && v->way != WAY_POST)
		add_untracked(build, v);
	if (begin_line(&line, build, v)) {
		if (rule->max_states)
			line_add(&line, &(struct step){ .kind = STEP_STATES, .number = rule->max_states });
		if (limited && rule->max_source_nodes)
			add_source(&line, v, 'n', &(struct step){ .number = NO_LIMIT }, rule->max_source_nodes);
		add_counter(&line, v);
		if (rule->log)
			add_log(&line, v);
		add_marks(&line, v);
		if (rule->tag)
			line_add(&line, &(struct step){ .kind = STEP_LABEL, .number = build_tag(build, rule->tag) });
		if (rule->set_prio >= 0 && rule->action == RULE_PASS)
			add_mark(&line, KEY_PRIORITY, 0, (uint32_t)rule->set_prio);
		add_verdict(&line, v);
		end_line(&line, v, out);
	}
	buffer_clear(&line.bytes);
	if (limited && rule->max_source_nodes)
		add_no_room(build, v, out);
}
