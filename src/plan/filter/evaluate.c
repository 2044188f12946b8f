/*
 * pf's walk over the rules, as its manual tells it. Also what a simulation answers with.
 */
#include "plan/filter/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "plan/filter/automatic.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17 };
enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16 };

/* --- Order ----------------------------------------------------------------------------------------- */

struct ordered {
	const struct filter_rule *rule;
	unsigned                  priority;
	size_t                    place;
};

static const struct filter_group *
find_group(const struct filter *filter, const char *name)
{
	for (size_t i = 0; i < filter->ngroups; i++)
		if (strcmp(filter->groups[i].name, name) == 0)
			return &filter->groups[i];
	return NULL;
}

static bool
has_interface(const struct filter *filter, const char *name)
{
	for (size_t i = 0; i < filter->ninterfaces; i++)
		if (strcmp(filter->interfaces[i].name, name) == 0)
			return true;
	return false;
}

/* 0: its interface is gone, so the rule is not applied. */
static unsigned
priority_of(const struct filter *filter, const struct filter_rule *rule)
{
	if (rule->priority)
		return rule->priority;
	if (rule->ninterfaces != 1 || rule->interface_not)
		return PRIORITY_FLOATING;
	if (find_group(filter, rule->interfaces[0]))
		return PRIORITY_GROUP + find_group(filter, rule->interfaces[0])->sequence;
	return has_interface(filter, rule->interfaces[0]) ? PRIORITY_INTERFACE : 0;
}

static int
compare(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	if (x->rule->sequence != y->rule->sequence)
		return x->rule->sequence < y->rule->sequence ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

void
evaluation_make(struct evaluation *evaluation, struct arena *arena, const struct filter *filter)
{
	struct filter_automatic automatic;
	size_t                  count = 0;

	filter_automatic(arena, filter, &automatic);
	const size_t    most = automatic.count + filter->nrules;
	struct ordered *all = ARENA_MAKE(arena, struct ordered, most);

	for (size_t i = 0; i < most; i++) {
		const struct filter_rule *rule = i < automatic.count ? automatic.rules[i] : filter->rules[i - automatic.count];
		const unsigned            priority = priority_of(filter, rule);

		if (!rule->is_inactive && priority)
			all[count++] = (struct ordered){ rule, priority, i };
	}
	qsort(all, count, sizeof(*all), compare);
	*evaluation = (struct evaluation){ filter, ARENA_MAKE(arena, const struct filter_rule *, count), count };
	for (size_t i = 0; i < count; i++)
		evaluation->rules[i] = all[i].rule;
}

/* --- Does a rule match? ------------------------------------------------------------------------------ */

static bool
is_on_interface(const struct filter *filter, const struct filter_rule *rule, const char *interface)
{
	for (size_t i = 0; i < rule->ninterfaces; i++) {
		const struct filter_group *group = find_group(filter, rule->interfaces[i]);

		if (strcmp(rule->interfaces[i], interface) == 0)
			return true;
		for (size_t k = 0; group && k < group->nmembers; k++)
			if (strcmp(group->members[k], interface) == 0)
				return true;
	}
	return false;
}

static const struct filter_alias *
find_alias(const struct filter *filter, const char *name)
{
	for (size_t i = 0; i < filter->naliases; i++)
		if (strcmp(filter->aliases[i]->name, name) == 0)
			return filter->aliases[i];
	return NULL;
}

static bool
is_in_alias(const struct filter_alias *alias, const struct address *address, const struct mac *mac)
{
	for (size_t i = 0; alias && !alias->dynamic && i < alias->nranges; i++) {
		const struct address_range *range = &alias->ranges[i];

		if (range->first.family == address->family && address_compare(&range->first, address) <= 0 &&
		    address_compare(address, &range->last) <= 0)
			return true;
	}
	for (size_t i = 0; alias && mac && i < alias->nmacs; i++)
		if (memcmp(alias->macs[i].first.bytes, mac->bytes, 6) <= 0 && memcmp(alias->macs[i].last.bytes, mac->bytes, 6) >= 0)
			return true;
	return false;
}

static bool
is_of_interface(const struct filter *filter, const struct net *net, const struct address *address)
{
	for (size_t i = 0; i < filter->ninterfaces; i++) {
		const struct filter_interface *one = &filter->interfaces[i];

		for (size_t k = 0; strcmp(one->name, net->name) == 0 && k < one->naddresses; k++) {
			const struct prefix *prefix = &one->addresses[k].prefix;

			if (net->kind == NET_INTERFACE ? prefix_covers(prefix, address) :
			    address_compare(&prefix->address, address) == 0)
				return true;
		}
	}
	return false;
}

static bool
is_in_net(const struct filter *filter, const struct net *net, const struct address *address, bool is_self,
	  const struct mac *mac)
{
	switch (net->kind) {
	case NET_PREFIX:
		return prefix_covers(&net->prefix, address);
	case NET_ALIAS:
		return is_in_alias(find_alias(filter, net->name), address, mac);
	case NET_INTERFACE:
	case NET_INTERFACE_ADDRESS:
		return is_of_interface(filter, net, address);
	case NET_SELF:
		return is_self;
	}
	return false;
}

static bool
is_in_nets(const struct filter *filter, const struct nets *nets, const struct address *address, bool is_self,
	   const struct mac *mac)
{
	bool found = nets->count == 0;

	for (size_t i = 0; i < nets->count && !found; i++)
		found = is_in_net(filter, &nets->list[i], address, is_self, mac);
	return found != nets->negated;
}

static bool
is_in_ports(const struct filter *filter, const struct ports *ports, const struct packet *packet, uint16_t port)
{
	const struct filter_alias *alias;

	if (ports->kind == PORTS_ANY)
		return true;
	if (packet->protocol != PROTO_TCP && packet->protocol != PROTO_UDP)
		return false;
	if (ports->kind == PORTS_RANGE)
		return ports->range.first <= port && port <= ports->range.last;
	alias = find_alias(filter, ports->alias);
	for (size_t i = 0; alias && i < alias->nports; i++)
		if (alias->ports[i].first <= port && port <= alias->ports[i].last)
			return true;
	return false;
}

static bool
is_protocol(int want, int have)
{
	return want == PROTOCOL_ANY || want == have || (want == PROTOCOL_ICMP && have == PROTOCOL_ICMP6) ||
	       (want == PROTOCOL_TCP_UDP && (have == PROTO_TCP || have == PROTO_UDP));
}

static bool
is_family(const struct filter_rule *rule, enum family family)
{
	return rule->family == RULE_INET46 || (rule->family == RULE_INET) == (family == FAMILY_INET);
}

static bool
is_none(const struct icmp_types *types)
{
	return !(types->bits[0] | types->bits[1] | types->bits[2] | types->bits[3]);
}

static bool
is_type(const struct filter_rule *rule, const struct packet *packet)
{
	const bool               is_v4 = packet->protocol == PROTOCOL_ICMP;
	const struct icmp_types *types = is_v4 ? &rule->icmp4 : &rule->icmp6;

	if (rule->protocol != PROTOCOL_ICMP && rule->protocol != PROTOCOL_ICMP6)
		return true;
	if (is_none(types))
		return rule->protocol == PROTOCOL_ICMP6 || is_none(is_v4 ? &rule->icmp6 : &rule->icmp4);
	return types->bits[packet->icmp_type / 64] >> (packet->icmp_type % 64) & 1;
}

/* Rules that make states want a connection's first packet, unless they say otherwise. */
static bool
is_start(const struct filter_rule *rule, const struct packet *packet)
{
	const uint8_t four = FLAG_FIN | FLAG_SYN | FLAG_RST | FLAG_ACK;

	if (packet->protocol != PROTO_TCP)
		return true;
	if (rule->tcp_flags_mask)
		return (packet->tcp_flags & rule->tcp_flags_mask) == rule->tcp_flags_set;
	if (rule->action != RULE_PASS || rule->tcp_flags_any || rule->state == STATE_SLOPPY || rule->state == STATE_NONE)
		return true;
	return (packet->tcp_flags & four) == FLAG_SYN;
}

static bool
matches(const struct filter *filter, const struct filter_rule *rule, const struct packet *packet)
{
	if (rule->direction != DIRECTION_ANY && (rule->direction == DIRECTION_OUT) != packet->is_out)
		return false;
	if (rule->ninterfaces > 0 && is_on_interface(filter, rule, packet->interface) == rule->interface_not)
		return false;
	if (!is_family(rule, packet->source.family) || !is_protocol(rule->protocol, packet->protocol))
		return false;
	return is_type(rule, packet) && is_start(rule, packet) &&
	       is_in_nets(filter, &rule->source, &packet->source, packet->from_self, &packet->mac) &&
	       is_in_nets(filter, &rule->destination, &packet->destination, packet->to_self, NULL) &&
	       is_in_ports(filter, &rule->source_port, packet, packet->source_port) &&
	       is_in_ports(filter, &rule->destination_port, packet, packet->destination_port);
}

const struct filter_rule *
evaluation_run(const struct evaluation *evaluation, const struct packet *packet)
{
	const struct filter_rule *last = NULL;

	for (size_t i = 0; i < evaluation->count; i++) {
		if (!matches(evaluation->filter, evaluation->rules[i], packet))
			continue;
		last = evaluation->rules[i];
		if (last->quick)
			return last;
	}
	return last;
}

const struct filter_rule *
filter_evaluate(struct arena *arena, const struct filter *filter, const struct packet *packet)
{
	struct evaluation evaluation;

	evaluation_make(&evaluation, arena, filter);
	return evaluation_run(&evaluation, packet);
}
