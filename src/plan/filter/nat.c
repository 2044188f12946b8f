/*
 * Translation: destinations before the filter, sources after it. First match wins, as in pf; each
 * interface has its own chain behind a verdict map.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/build.h"

enum { PRIORITY_DESTINATION = -100, PRIORITY_SOURCE = 100 };
enum { PROTO_UDP = 17 };

/* A rule while its lines are made. */
struct translation {
	struct build      *build;
	const char        *uuid;
	unsigned           index;
	bool               log;
	enum family        family;
	int                protocol;
	const struct nets *source, *destination;
	struct ports       source_port, destination_port;
	const char        *tagged;
	const char        *set_tag;
	bool               pass;   /* the filter is not asked */
	struct step        last;   /* what is done */
};

static void
add_tail(struct line *line, const struct translation *t)
{
	char text[STEP_NAME_MAX + 1];

	snprintf(text, sizeof(text), "r%u", t->index);
	line_add(line, &(struct step){ .kind = STEP_COUNTER, .name = text_of(text) });
	snprintf(text, sizeof(text), "%u:nat:%s:%s", t->index, t->last.nat == NAT_DESTINATION ? "in" : "out", t->uuid);
	if (t->log)
		line_add(line, &(struct step){ .kind = STEP_LOG, .name = text_of(text),
					       .number = line->build->filter->log_group });
	if (t->set_tag)
		line_add(line, &(struct step){ .kind = STEP_LABEL, .number = build_tag(line->build, t->set_tag) });
	if (t->pass) {
		struct step mark = { .kind = STEP_SET, .key = KEY_CT_MARK };

		step_put_number(KEY_CT_MARK, mark.value, t->index);
		line_add(line, &mark);
	}
	line_add(line, &t->last);
	line_add(line, &(struct step){ .kind = STEP_COMMENT, .name = text_of(t->uuid) });
}

static void
add_lines(const struct translation *t, struct lines *out)
{
	struct term  sources[TERMS_MAX], destinations[TERMS_MAX];
	const size_t nsources = terms_of(t->build, t->source, t->family, sources);
	const size_t ndestinations = terms_of(t->build, t->destination, t->family, destinations);
	struct line  line = { 0 };

	for (size_t i = 0; i < nsources * ndestinations; i++) {
		line_start(&line, t->build);
		line_protocol(&line, t->protocol, t->family);
		line_term(&line, &sources[i / ndestinations], true, t->family);
		line_term(&line, &destinations[i % ndestinations], false, t->family);
		line_ports(&line, &t->source_port, KEY_SPORT);
		line_ports(&line, &t->destination_port, KEY_DPORT);
		if (t->tagged)
			line_add(&line, &(struct step){ .kind = STEP_HAS_LABEL,
							.number = build_tag(t->build, t->tagged) });
		add_tail(&line, t);
		line_end(&line, t->build->once, out);
	}
	buffer_clear(&line.bytes);
}

static void
start(struct translation *t, struct build *build, const char *uuid)
{
	*t = (struct translation){ .build = build, .uuid = uuid, .index = build_index(build, uuid),
				   .protocol = PROTOCOL_ANY };
	build->out->counters[t->index / 64] |= 1ULL << (t->index % 64);
}

/* A nat to this address, with its port range if any. */
static struct step
nat_to(enum step_nat kind, const struct address *address, struct port_range port)
{
	const bool  v4 = address->family == FAMILY_INET;
	struct step step = { .kind = STEP_NAT, .nat = kind, .family = address->family };

	step.key = kind == NAT_DESTINATION ? v4 ? KEY_IP_DADDR : KEY_IP6_DADDR : v4 ? KEY_IP_SADDR : KEY_IP6_SADDR;
	memcpy(step.value, address->bytes, 16);
	step.number = port.first ? (uint32_t)port.first << 16 | port.last : 0;
	return step;
}

/* --- Destinations ------------------------------------------------------------------------- */

/* Port forwards that are for this interface, in order. */
static bool
is_for(const struct build *build, const struct forward_rule *rule, const char *interface)
{
	for (size_t i = 0; i < rule->ninterfaces; i++) {
		const struct filter_group *group = build_group(build, rule->interfaces[i]);

		if (text_is(text_of(interface), rule->interfaces[i]))
			return true;
		for (size_t k = 0; group && k < group->nmembers; k++)
			if (text_is(text_of(interface), group->members[k]))
				return true;
	}
	return rule->ninterfaces == 0;
}

static void
forward_family(struct build *build, const struct forward_rule *rule, enum family family, struct lines *out)
{
	const uint16_t     width = rule->destination_port.kind == PORTS_RANGE ?
		(uint16_t)(rule->destination_port.range.last - rule->destination_port.range.first) : 0;
	struct translation t;

	start(&t, build, rule->uuid);
	t.family = family;
	t.protocol = rule->protocol;
	t.source = &rule->source;
	t.destination = &rule->destination;
	t.source_port = rule->source_port;
	t.destination_port = rule->destination_port;
	t.log = rule->log;
	t.tagged = rule->tagged;
	t.set_tag = rule->tag;
	if (rule->to == NAT_TO_NOTHING) {
		t.last = (struct step){ .kind = STEP_VERDICT, .verdict = VERDICT_ACCEPT };
	} else if (rule->to == NAT_TO_PREFIX && rule->prefix.address.family == family) {
		struct port_range port = { rule->port, (uint16_t)(rule->port + width) };

		if (!rule->port || (width && rule->port == rule->destination_port.range.first))
			port = (struct port_range){ 0, 0 };
		t.last = nat_to(NAT_DESTINATION, &rule->prefix.address, port);
		t.pass = rule->pass;
		build->passes_forwards |= rule->pass;
	} else {
		return;
	}
	add_lines(&t, out);
}

static void
add_forwards(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	const struct filter *filter = build->filter;

	for (size_t i = 0; i < filter->nforwards; i++) {
		const struct forward_rule *rule = filter->forwards[i];

		if (rule->is_inactive || !is_for(build, rule, interface->name))
			continue;
		if (rule->family != RULE_INET6)
			forward_family(build, rule, FAMILY_INET, out);
		if (rule->family != RULE_INET)
			forward_family(build, rule, FAMILY_INET6, out);
	}
}

/* --- Sources ------------------------------------------------------------------------------ */

/* What upstream generates: all inner networks leave with the interface's address; IKE keeps its port. */
static void
add_automatic(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	for (int isakmp = 1; isakmp >= 0; isakmp--) {
		struct line  line = { 0 };
		const char  *uuid = arena_print(build->once, isakmp ? "automatic_isakmp_%s" : "automatic_%s", interface->name);
		struct translation t;

		start(&t, build, uuid);
		t.last = (struct step){ .kind = STEP_NAT, .nat = NAT_MASQUERADE, .number2 = isakmp ? 0 : NAT_RANDOM };
		line_start(&line, build);
		line_protocol(&line, isakmp ? PROTO_UDP : PROTOCOL_ANY, FAMILY_INET);
		line_lookup(&line, KEY_IP_SADDR, COMPARE_IS, want_inner(build));
		if (isakmp)
			line_number(&line, KEY_DPORT, COMPARE_IS, 500);
		add_tail(&line, &t);
		line_end(&line, build->once, out);
		buffer_clear(&line.bytes);
	}
}

static void
add_outbound_rule(struct build *build, const struct outbound_rule *rule, struct lines *out)
{
	struct translation t;

	start(&t, build, rule->uuid);
	t.family = rule->family == RULE_INET6 ? FAMILY_INET6 : FAMILY_INET;
	t.protocol = rule->protocol;
	t.source = &rule->source;
	t.destination = &rule->destination;
	t.source_port = rule->source_port;
	t.destination_port = rule->destination_port;
	t.log = rule->log;
	t.tagged = rule->tagged;
	t.set_tag = rule->tag;
	if (rule->to == NAT_TO_NOTHING)
		t.last = (struct step){ .kind = STEP_VERDICT, .verdict = VERDICT_ACCEPT };
	else if (rule->to == NAT_TO_INTERFACE)
		t.last = (struct step){ .kind = STEP_NAT, .nat = NAT_MASQUERADE,
			.number = rule->port.first ? (uint32_t)rule->port.first << 16 | rule->port.last : 0 };
	else if (rule->to == NAT_TO_PREFIX && rule->prefix.address.family == t.family)
		t.last = nat_to(NAT_SOURCE, &rule->prefix.address, rule->port);
	else
		return;
	if (t.last.kind == STEP_NAT && !rule->static_port && !rule->port.first)
		t.last.number2 |= NAT_RANDOM;
	add_lines(&t, out);
}

static void
add_outbound(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	const struct filter     *filter = build->filter;
	const enum outbound_mode mode = filter->outbound_mode;

	if (mode == OUTBOUND_DISABLED)
		return;
	for (size_t i = 0; i < filter->noutbound && mode != OUTBOUND_AUTOMATIC; i++) {
		const struct outbound_rule *rule = filter->outbound[i];

		if (!rule->is_inactive && text_is(text_of(rule->interface), interface->name))
			add_outbound_rule(build, rule, out);
	}
	if (mode != OUTBOUND_MANUAL && interface->is_wan)
		add_automatic(build, interface, out);
}

/* --- Both ---------------------------------------------------------------------------------- */

static void
make_hook(struct build *build, bool is_source)
{
	const struct filter  *filter = build->filter;
	struct ruleset_entry *entries = ARENA_MAKE(build->once, struct ruleset_entry, filter->ninterfaces + 1);
	struct lines          walk = { 0 };
	size_t                count = 0;

	for (size_t i = 0; i < filter->ninterfaces; i++) {
		const struct filter_interface *interface = &filter->interfaces[i];
		struct lines                   lines = { 0 };
		char                           name[STEP_NAME_MAX];

		(is_source ? add_outbound : add_forwards)(build, interface, &lines);
		if (lines.count == 0)
			continue;
		snprintf(name, sizeof(name), "%s_%s", is_source ? "snat" : "dnat", interface->name);
		entries[count] = (struct ruleset_entry){ .verdict = VERDICT_JUMP, .name = build_chain(build, name, &lines) };
		memcpy(entries[count++].key, interface->device, strnlen(interface->device, 15));
	}
	if (count > 0)
		build_dispatch(build, is_source ? "v_snat" : "v_dnat", is_source ? KEY_OIFNAME : KEY_IIFNAME, entries, count,
			       &walk);
	build_base(build, &(struct ruleset_chain){ is_source ? "nat_post" : "nat_pre", CHAIN_NAT,
			   is_source ? HOOK_POSTROUTING : HOOK_PREROUTING,
			   is_source ? PRIORITY_SOURCE : PRIORITY_DESTINATION }, &walk);
}

void
nat_compile(struct build *build)
{
	build->nwants = 0;
	make_hook(build, false);
	make_hook(build, true);
	want_use(build, build->wants, build->nwants);
}
