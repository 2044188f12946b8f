/* The lines of one variant of a rule: what it matches, its limits, what it counts, logs, marks and decides. */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/rule.h"
#include "plan/vlan_priority.h"

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

/* What the kernel unwraps has the device that it came by wrapped, and is none of that interface's. */
static void
add_unwrapped(struct line *line, const char *const *devices, size_t count, bool is_out)
{
	const struct filter_interface *ipsec = build_ipsec(line->build);

	for (size_t i = 0; ipsec && i < count; i++)
		if (strcmp(devices[i], ipsec->device) == 0)
			return;
	if (ipsec)
		line_number(line, is_out ? KEY_RT_IPSEC : KEY_SECPATH, COMPARE_IS, 0);
}

bool
rule_add_interfaces(struct line *line, const struct filter_rule *rule, bool is_out)
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
	if (!rule->interface_not)
		add_unwrapped(line, devices, count, is_out);
	return true;
}

/* Frames of VLANs have their priorities with them only on arrival. */
static void
add_priority(struct line *line, const struct variant *v)
{
	const int prio = v->rule->prio;

	if (prio < 0 || v->way != WAY_IN || v->kind == LINE_PROXIED)
		return;
	if (prio > 0)
		line_number(line, KEY_PRIORITY, COMPARE_IS, VLAN_PRIORITY_IN(prio));
	for (int other = 1; prio == 0 && other <= VLAN_PRIORITY_MAX; other++)
		line_number(line, KEY_PRIORITY, COMPARE_NOT, VLAN_PRIORITY_IN(other));
}

void
rule_add_match(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;

	line_protocol(line, v->protocol, v->family);
	line_term(line, v->source, true, v->family);
	line_term(line, v->destination, false, v->family);
	line_ports(line, &rule->source_port, KEY_SPORT);
	line_ports(line, &rule->destination_port, KEY_DPORT);
	if (v->protocol == PROTOCOL_ICMP && has_types(&rule->icmp4))
		add_types(line, &rule->icmp4, FAMILY_INET);
	if (v->protocol == PROTOCOL_ICMP6 && has_types(&rule->icmp6))
		add_types(line, &rule->icmp6, FAMILY_INET6);
	if (rule->tcp_flags_mask && v->protocol == PROTO_TCP)
		line_masked(line, KEY_TCP_FLAGS, rule->tcp_flags_mask, rule->tcp_flags_set);
	/* What we send for a client has none of his. */
	if (rule->tos >= 0 && v->family == FAMILY_INET && v->kind != LINE_PROXIED)
		line_masked(line, KEY_IP_TOS, 0xfc, (uint32_t)rule->tos << 2);
	if (rule->tos >= 0 && v->family == FAMILY_INET6 && v->kind != LINE_PROXIED)
		line_masked(line, KEY_IP6_TOS, 0x0fc0, (uint32_t)rule->tos << 6);
	add_priority(line, v);
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

void
rule_tell(struct line *line, const struct variant *v, const char *action)
{
	char prefix[STEP_NAME_MAX + 1];

	snprintf(prefix, sizeof(prefix), "%u:%s:%s:%s", v->fragment->index, action, v->way == WAY_IN ? "in" : "out", v->rule->uuid);
	line_add(line, &(struct step){ .kind = STEP_LOG, .name = text_of(prefix),
				       .number = line->build->filter->log_group });
}

static void
add_log(struct line *line, const struct variant *v)
{
	static const char *const actions[] = { "pass", "block", "reject" };

	rule_tell(line, v, actions[v->rule->action]);
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

static bool
asks_gateway(const struct build *build, const struct filter_rule *rule)
{
	return rule->gateway && rule->action == RULE_PASS && gateway_is_known(build, rule->gateway);
}

/*
 * Packets that pass are counted in one chain for all rules, by the mark that they or their connections have by then: with each
 * change the kernel goes through all rules, and looks at each object that one of them names. Not where a packet may
 * have no connection, as those that IPv6 finds its neighbours with.
 */
static bool
is_counted_after(const struct build *build, const struct variant *v)
{
	if (v->rule->action != RULE_PASS || asks_gateway(build, v->rule))
		return false;
	if (v->way != WAY_IN)
		return true;
	return !build->loose && !build->untracks && !build->proxies &&
	       (v->family == FAMILY_INET || (v->protocol != PROTOCOL_ANY && v->protocol != PROTOCOL_ICMP6));
}

static void
add_verdict(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;

	if (v->reject >= 0)
		line_add(line, &(struct step){ .kind = STEP_REJECT, .number = (uint32_t)v->reject });
	else if (asks_gateway(line->build, rule))
		line_verdict(line, VERDICT_GOTO, gateway_chain(line->build->lines, rule->gateway, v->way));
	else if (is_counted_after(line->build, v))
		line_verdict(line, VERDICT_GOTO, v->way == WAY_IN ? CHAIN_PASS_IN : CHAIN_PASS_OUT);
	else
		line_verdict(line, v->rule->action == RULE_PASS ? VERDICT_ACCEPT : VERDICT_DROP, NULL);
}

void
rule_count(struct line *line, const struct variant *v)
{
	char name[16];

	snprintf(name, sizeof(name), "r%u", v->fragment->index);
	line_add(line, &(struct step){ .kind = STEP_COUNTER, .name = text_of(name) });
}

void
rule_end(struct line *line, const struct variant *v, struct lines *out)
{
	line_add(line, &(struct step){ .kind = STEP_COMMENT, .name = text_of(v->rule->uuid) });
	line_end(line, line->build->lines, out);
}

bool
rule_begin(struct line *line, struct build *build, const struct variant *v)
{
	line_start(line, build);
	if (v->names_interfaces && v->kind != LINE_PROXIED && !rule_add_interfaces(line, v->rule, v->way != WAY_IN))
		return false;
	rule_add_match(line, v);
	add_options(line, v);
	if (v->kind == LINE_DECIDES)
		add_state(line, v->rule);
	return true;
}

/* --- A line ------------------------------------------------------------------------------------------ */

static void
add_effects(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;

	if (!is_counted_after(line->build, v))
		rule_count(line, v);
	if (rule->log)
		add_log(line, v);
	add_marks(line, v);
	rule_add_timeouts(line, v);
	if (rule->tag)
		line_add(line, &(struct step){ .kind = STEP_LABEL, .number = build_tag(line->build, rule->tag) });
}

/* --- Proxied connections ------------------------------------------------------------------------------ */

/* The client's first packet, which is not tracked; then his answer to ours, which nobody knows to be one yet. */
static void
add_start(struct build *build, const struct variant *given, bool is_answer, struct lines *out)
{
	struct variant v = *given;
	struct line    line = { 0 };

	v.kind = LINE_STARTS;
	v.protocol = PROTO_TCP;
	if (rule_begin(&line, build, &v)) {
		line_masked(&line, KEY_TCP_FLAGS, FLAGS_OF_START, is_answer ? FLAG_ACK : FLAG_SYN);
		line_bits(&line, KEY_CT_STATE, is_answer ? CT_INVALID : CT_UNTRACKED);
		if (!is_answer)
			rule_count(&line, &v);
		if (!is_answer && v.rule->log)
			add_log(&line, &v);
		add_mark(&line, KEY_MARK, 0, MARK_SYNPROXY);
		line_verdict(&line, VERDICT_ACCEPT, NULL);
		rule_end(&line, &v, out);
	}
	buffer_clear(&line.bytes);
}

/* The connection that we make ourselves when the client has proved that it is there; rules for "out" still decide. */
static void
add_proxied(struct build *build, const struct variant *given)
{
	struct variant v = *given;
	struct lines  *out = &v.fragment->proxied;
	struct line    line = { 0 };

	v.kind = LINE_PROXIED;
	v.protocol = PROTO_TCP;
	rule_add_limits(build, &v, out);
	if (rule_begin(&line, build, &v)) {
		rule_add_allowances(&line, &v);
		add_marks(&line, &v);
		rule_add_timeouts(&line, &v);
		if (v.rule->tag)
			line_add(&line, &(struct step){ .kind = STEP_LABEL, .number = build_tag(build, v.rule->tag) });
		line_verdict(&line, VERDICT_RETURN, NULL);
		rule_end(&line, &v, out);
	}
	buffer_clear(&line.bytes);
	rule_add_rest(build, &v, out);
}

/* --- All of them -------------------------------------------------------------------------------------- */

static void
add_deciding(struct build *build, const struct variant *v, struct lines *out)
{
	struct line line = { 0 };

	if (rule_begin(&line, build, v)) {
		rule_add_allowances(&line, v);
		add_effects(&line, v);
		add_verdict(&line, v);
		rule_end(&line, v, out);
	}
	buffer_clear(&line.bytes);
}

void
rule_add_lines(struct build *build, const struct variant *v, struct lines *out)
{
	if (v->way == WAY_IN && rule_is_proxied(build, v->rule)) {
		add_start(build, v, false, out);
		add_start(build, v, true, out);
		add_proxied(build, v);
	}
	rule_add_limits(build, v, out);
	add_deciding(build, v, out);
	rule_add_rest(build, v, out);
	if (v->way != WAY_POST)
		rule_add_raw(build, v);
}
