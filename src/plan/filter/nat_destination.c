/*
 * Destinations: port forwards in their order, then the outer side of 1:1 and prefix translation. What is
 * reflected stands in the chains of the other inner interfaces too.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/nat.h"

static bool
is_named(const struct build *build, const char *const *names, size_t count, const char *interface)
{
	for (size_t i = 0; i < count; i++) {
		const struct filter_group *group = build_group(build, names[i]);

		if (text_is(text_of(interface), names[i]))
			return true;
		for (size_t k = 0; group && k < group->nmembers; k++)
			if (text_is(text_of(interface), group->members[k]))
				return true;
	}
	return count == 0;
}

/* Reflecting what goes anywhere would catch all that leaves, so that is not done. */
static bool
is_for(const struct build *build, const struct forward_rule *rule, const struct filter_interface *interface)
{
	if (rule->is_inactive)
		return false;
	return is_named(build, rule->interfaces, rule->ninterfaces, interface->name) ||
	       (rule->reflect && !interface->is_wan && rule->destination.count > 0 && rule->to != NAT_TO_NOTHING);
}

/* From each port of a range to one as far behind another. */
static const char *
port_map(struct build *build, struct port_range from, uint16_t to)
{
	const char *name = arena_print(build->once, "pm_%u_%u_%u", from.first, from.last, to);
	size_t      count = (size_t)(from.last - from.first) + 1;

	for (size_t i = 0; i < build->nmaps; i++)
		if (text_is(text_of(name), build->maps[i].name))
			return name;
	if (count > (size_t)(65536 - to))
		count = (size_t)(65536 - to);
	struct ruleset_set   *map = build_map(build, name, SET_PORT, GIVES_PORT, count);
	struct ruleset_entry *entries = (struct ruleset_entry *)map->entries;

	for (size_t i = 0; i < count; i++) {
		step_put_number(KEY_DPORT, entries[i].key, (uint32_t)(from.first + i));
		step_put_number(KEY_DPORT, entries[i].value, (uint32_t)(to + i));
	}
	map->count = count;
	build_seal_map(map);
	return name;
}

/* The one port that all go to; 0 when each keeps its own, or a map says. */
static struct port_range
local_port(const struct forward_rule *rule, bool *needs_map)
{
	const struct port_range from = rule->destination_port.range;
	const bool              range = rule->destination_port.kind == PORTS_RANGE && from.first < from.last;

	*needs_map = range && rule->port && rule->port != from.first;
	return range || !rule->port ? (struct port_range){ 0, 0 } : (struct port_range){ rule->port, rule->port };
}

static void
forward_family(struct build *build, const struct forward_rule *rule, enum family family, struct lines *out)
{
	bool                    needs_map;
	const struct port_range port = local_port(rule, &needs_map);
	struct target           targets[PICKS_MAX];
	struct translation      t;

	translation_start(&t, build, rule->uuid);
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
		translation_add(&t, out);
		return;
	}
	t.pass = rule->pass;
	build->passes_forwards |= rule->pass;
	if (rule->to == NAT_TO_ALIAS) {
		t.last.nat = NAT_DESTINATION;
		translation_add_pool(&t, rule->pool, targets, nat_pool(build, rule->alias, family, targets), port, 0, out);
	} else if (rule->prefix.address.family == family) {
		const struct target target = target_of(&rule->prefix, NULL);

		t.last = nat_step(NAT_DESTINATION, &target, port, 0);
		if (needs_map)
			t.last.name = text_of(port_map(build, rule->destination_port.range, rule->port));
		translation_add(&t, out);
	}
}

static void
add_forwards(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	const struct filter *filter = build->filter;

	for (size_t i = 0; i < filter->nforwards; i++) {
		const struct forward_rule *rule = filter->forwards[i];

		if (!is_for(build, rule, interface))
			continue;
		if (rule->family != RULE_INET6)
			forward_family(build, rule, FAMILY_INET, out);
		if (rule->family != RULE_INET)
			forward_family(build, rule, FAMILY_INET6, out);
	}
}

/* What is sent to an outer address goes to the inner one. */
static void
add_inward(struct build *build, const char *uuid, const struct prefix *external, const struct prefix *internal,
	   const struct nets *peer, bool log, struct lines *out)
{
	const struct net    to = { .kind = NET_PREFIX, .prefix = *external };
	const struct nets   nets = { &to, 1 };
	const struct target target = target_of(internal, external);
	struct translation  t;

	translation_start(&t, build, uuid);
	t.family = external->address.family;
	t.source = peer;
	t.destination = &nets;
	t.log = log;
	t.last = nat_step(NAT_DESTINATION, &target, (struct port_range){ 0, 0 }, 0);
	translation_add(&t, out);
}

static void
add_one_to_one(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	const struct filter *filter = build->filter;

	for (size_t i = 0; i < filter->none_to_one; i++) {
		const struct one_to_one_rule *rule = filter->one_to_one[i];
		const bool                    own = text_is(text_of(rule->interface), interface->name);
		struct prefix                 internal;

		if (rule->is_inactive || rule->is_nat || rule->is_exempt || (!own && (!rule->reflect || interface->is_wan)) ||
		    !nat_internal(build, &rule->source, rule->external.address.family, &internal))
			continue;
		add_inward(build, rule->uuid, &rule->external, &internal, &rule->destination, rule->log, out);
	}
}

void
nat_destinations(struct build *build, const struct filter_interface *interface, struct lines *out)
{
	const struct filter *filter = build->filter;

	add_forwards(build, interface, out);
	add_one_to_one(build, interface, out);
	for (size_t i = 0; i < filter->nprefixes; i++) {
		const struct prefix_rule *rule = filter->prefixes[i];

		if (!rule->is_inactive && text_is(text_of(rule->interface), interface->name))
			add_inward(build, rule->uuid, &rule->external, &rule->internal, NULL, rule->log, out);
	}
}
