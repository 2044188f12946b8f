/*
 * Sources: the inner side of 1:1 and prefix translation, outbound rules as the mode says, and what
 * upstream generates. Reflected connections that turn back into their own network get our address, or the
 * answers would not come back through us.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/nat.h"

enum { PROTO_UDP = 17 };

static void
add_outward(struct build *build, const char *uuid, const struct nets *from, const struct target *to,
	    const struct nets *peer, bool log, struct lines *out)
{
	struct translation t;

	translation_start(&t, build, uuid);
	t.family = to->first.family;
	t.source = from;
	t.destination = peer;
	t.log = log;
	t.last = nat_step(NAT_SOURCE, to, (struct port_range){ 0, 0 }, 0);
	translation_add(&t, out);
}

/* What matches keeps its address, also from outbound rules: so pf does it, and only on the way out. */
static void
add_exempt(struct build *build, const struct one_to_one_rule *rule, struct lines *out)
{
	struct translation t;

	translation_start(&t, build, rule->uuid);
	t.family = rule->external.address.family;
	t.source = &rule->source;
	t.destination = &rule->destination;
	t.log = rule->log;
	t.last = (struct step){ .kind = STEP_VERDICT, .verdict = VERDICT_ACCEPT };
	translation_add(&t, out);
}

static void
add_one_to_one(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	const struct filter *filter = build->filter;

	for (size_t i = 0; i < filter->none_to_one; i++) {
		const struct one_to_one_rule *rule = filter->one_to_one[i];
		struct prefix                 internal;

		if (rule->is_inactive || !text_is(text_of(rule->interface), interface->name))
			continue;
		if (rule->is_exempt) {
			add_exempt(build, rule, out);
			continue;
		}
		const bool          known = nat_internal(build, &rule->source, rule->external.address.family, &internal);
		const struct target target = target_of(&rule->external, known ? &internal : NULL);

		if (known || rule->is_nat)
			add_outward(build, rule->uuid, &rule->source, &target, &rule->destination, rule->log, out);
	}
}

static void
add_prefixes(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	const struct filter *filter = build->filter;

	for (size_t i = 0; i < filter->nprefixes; i++) {
		const struct prefix_rule *rule = filter->prefixes[i];
		const struct net          from = { .kind = NET_PREFIX, .prefix = rule->internal };
		const struct nets         nets = { &from, 1 };
		const struct target       target = target_of(&rule->external, &rule->internal);

		if (!rule->is_inactive && text_is(text_of(rule->interface), interface->name))
			add_outward(build, rule->uuid, &nets, &target, NULL, rule->log, out);
	}
}

/* --- Outbound rules ---------------------------------------------------------------------------------- */

static unsigned
pool_flags(const struct outbound_rule *rule)
{
	const bool sticky = rule->pool == POOL_ROUND_ROBIN_STICKY || rule->pool == POOL_RANDOM_STICKY ||
			    rule->pool == POOL_SOURCE_HASH;

	return (rule->static_port || rule->port.first ? 0 : NAT_RANDOM) | (sticky ? NAT_PERSISTENT : 0);
}

/* The first address of another interface, which a rule may name as its target. */
static bool
address_of(const struct build *build, const char *interface, enum family family, struct target *out)
{
	const struct filter_interface *one = build_interface(build, interface);

	for (size_t i = 0; one && i < one->naddresses; i++) {
		const struct address *address = &one->addresses[i].prefix.address;

		if (address->family != family)
			continue;
		*out = (struct target){ *address, *address };
		return true;
	}
	return false;
}

static void
add_translated(struct translation *t, const struct outbound_rule *rule, struct lines *out)
{
	const unsigned flags = pool_flags(rule);
	struct target  targets[PICKS_MAX];
	size_t         count = 0;

	t->last.nat = NAT_SOURCE;
	if (rule->to == NAT_TO_INTERFACE && (!rule->alias || text_is(text_of(rule->alias), rule->interface))) {
		t->last = (struct step){ .kind = STEP_NAT, .nat = NAT_MASQUERADE, .number2 = flags & NAT_RANDOM,
			.number = rule->port.first ? (uint32_t)rule->port.first << 16 | rule->port.last : 0 };
		translation_add(t, out);
		return;
	}
	if (rule->to == NAT_TO_INTERFACE)
		count = address_of(t->build, rule->alias, t->family, targets);
	else if (rule->to == NAT_TO_ALIAS)
		count = nat_pool(t->build, rule->alias, t->family, targets);
	else if (rule->prefix.address.family == t->family)
		targets[count++] = target_of(&rule->prefix, rule->pool == POOL_BITMASK ? &rule->prefix : NULL);
	translation_add_pool(t, rule->pool, targets, count, rule->port, flags, out);
}

static void
add_rule(struct build *build, const struct outbound_rule *rule, struct lines *out)
{
	struct translation t;

	translation_start(&t, build, rule->uuid);
	t.family = rule->family == RULE_INET6 ? FAMILY_INET6 : FAMILY_INET;
	t.protocol = rule->protocol;
	t.source = &rule->source;
	t.destination = &rule->destination;
	t.source_port = rule->source_port;
	t.destination_port = rule->destination_port;
	t.log = rule->log;
	t.tagged = rule->tagged;
	t.set_tag = rule->tag;
	if (rule->to != NAT_TO_NOTHING) {
		add_translated(&t, rule, out);
		return;
	}
	t.last = (struct step){ .kind = STEP_VERDICT, .verdict = VERDICT_ACCEPT };
	translation_add(&t, out);
}

/* What upstream generates: all inner networks leave with the interface's address; IKE keeps its port. */
static void
add_automatic(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	for (int isakmp = 1; isakmp >= 0; isakmp--) {
		const char        *uuid = arena_print(build->once, isakmp ? "automatic_isakmp_%s" : "automatic_%s", interface->name);
		struct translation t;

		translation_start(&t, build, uuid);
		t.family = FAMILY_INET;
		t.inner = true;
		if (isakmp) {
			t.protocol = PROTO_UDP;
			t.destination_port = (struct ports){ .kind = PORTS_RANGE, .range = { 500, 500 } };
		}
		t.last = (struct step){ .kind = STEP_NAT, .nat = NAT_MASQUERADE, .number2 = isakmp ? 0 : NAT_RANDOM };
		translation_add(&t, out);
	}
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
			add_rule(build, rule, out);
	}
	if (mode != OUTBOUND_MANUAL && interface->is_wan)
		add_automatic(build, interface, out);
}

/* --- Hairpins ------------------------------------------------------------------------------------------- */

static bool
reflects(const struct filter *filter)
{
	for (size_t i = 0; i < filter->nforwards; i++)
		if (!filter->forwards[i]->is_inactive && filter->forwards[i]->reflect)
			return true;
	for (size_t i = 0; i < filter->none_to_one; i++)
		if (!filter->one_to_one[i]->is_inactive && filter->one_to_one[i]->reflect && !filter->one_to_one[i]->is_exempt)
			return true;
	return false;
}

static void
add_hairpin(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	const struct net  own = { .kind = NET_INTERFACE, .name = interface->name };
	const struct nets nets = { &own, 1 };

	if (interface->is_wan || !build->filter->reflection_helper || !reflects(build->filter))
		return;
	for (int v6 = 0; v6 < 2; v6++) {
		struct translation t;

		translation_start(&t, build, arena_print(build->once, "automatic_reflection_%s", interface->name));
		t.family = v6 ? FAMILY_INET6 : FAMILY_INET;
		t.source = t.destination = &nets;
		t.hairpin = true;
		t.last = (struct step){ .kind = STEP_NAT, .nat = NAT_MASQUERADE };
		translation_add(&t, out);
	}
}

void
nat_sources(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	add_one_to_one(build, interface, out);
	add_prefixes(build, interface, out);
	add_hairpin(build, interface, out);
	add_outbound(build, interface, out);
}
