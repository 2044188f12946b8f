/* Reads the little language of filter_text.h. */
#include "filter_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/shaper/shaper.h"

#define MOST 20000

struct reader {
	struct arena             *arena;
	struct filter            *filter;
	struct text               rest; /* of the line */
	unsigned                  count;
	struct filter_interface  *interfaces;
	struct filter_group      *groups;
	struct filter_gateway    *gateways;
	const struct filter_alias **aliases;
	const struct filter_rule  **rules;
	const struct forward_rule **forwards;
	const struct outbound_rule **outbound;
	const struct one_to_one_rule **one_to_one;
	const struct prefix_rule **prefixes;
	uint16_t                 *management;
	struct shaper            *shaper; /* NULL: nothing is shaped */
	struct shaper_target     *targets;
	struct shaper_rule       *shapes;
	uint64_t                  stamp;
};

static bool
next(struct reader *r, struct text *out)
{
	while (text_next(&r->rest, " \t", out))
		if (out->len > 0)
			return true;
	return false;
}

static struct text
word(struct reader *r)
{
	struct text out;

	BUG_IF(!next(r, &out), "a word is missing");
	return out;
}

static const char *
string(struct reader *r)
{
	return arena_copy(r->arena, word(r));
}

static unsigned
number_in(struct text t)
{
	int64_t out;

	BUG_IF(!number_read(t, 0, UINT32_MAX, &out), "no number: %.*s", TEXT_ARGS(t));
	return (unsigned)out;
}

static struct prefix
prefix_in(struct text t)
{
	struct prefix out;

	BUG_IF(!prefix_read(t, &out), "no prefix: %.*s", TEXT_ARGS(t));
	return out;
}

static void
read_interface(struct reader *r)
{
	struct filter_interface *one = &r->interfaces[r->filter->ninterfaces++];
	struct filter_address   *addresses = ARENA_MAKE(r->arena, struct filter_address, 16);
	struct text              t;

	one->name = string(r);
	one->device = string(r);
	one->addresses = addresses;
	while (next(r, &t)) {
		if (text_is(t, "wan"))
			one->is_wan = true;
		else if (text_is(t, "gateway"))
			one->gateway4 = one->gateway6 = (uint8_t)number_in(word(r));
		else if (text_is(t, "mss"))
			one->mss = (uint16_t)number_in(word(r));
		else if (text_is(t, "private"))
			one->block_private = true;
		else if (text_is(t, "bogons"))
			one->block_bogons = true;
		else if (text_is(t, "dhcp"))
			one->dhcp_client4 = true;
		else
			addresses[one->naddresses++].prefix = prefix_in(t);
	}
}

static void
read_group(struct reader *r)
{
	struct filter_group *one = &r->groups[r->filter->ngroups];
	const char         **members = ARENA_MAKE(r->arena, const char *, 64);
	struct text          t;

	r->filter->ngroups++;
	one->name = string(r);
	one->sequence = number_in(word(r));
	one->members = members;
	while (next(r, &t))
		members[one->nmembers++] = arena_copy(r->arena, t);
}

/* gateway NAME inet|inet6 [sticky] [NUMBER:WEIGHT]... */
static void
read_gateway(struct reader *r)
{
	struct filter_gateway *one = &r->gateways[r->filter->ngateways++];
	struct filter_hop     *hops = ARENA_MAKE(r->arena, struct filter_hop, 16);
	struct text            t;

	one->name = string(r);
	one->family = text_is(word(r), "inet6") ? FAMILY_INET6 : FAMILY_INET;
	one->hops = hops;
	while (next(r, &t)) {
		struct text number = t;

		if (text_is(t, "sticky")) {
			one->is_sticky = true;
			continue;
		}
		hops[one->nhops].number = (uint8_t)number_in(text_until(&number, ':'));
		hops[one->nhops++].weight = number_in(number);
	}
}

static void
read_range(struct text t, struct address_range *out)
{
	struct text  last = t;
	const struct text first = text_until(&last, '-');

	if (first.len < t.len) {
		BUG_IF(!address_read(first, &out->first) || !address_read(last, &out->last), "no range");
		return;
	}
	const struct prefix prefix = prefix_in(t);

	out->first = prefix_first(&prefix);
	out->last = prefix_last(&prefix);
}

static struct port_range
ports_in(struct text t, char separator)
{
	struct text       last = t;
	const struct text first = text_until(&last, separator);
	const uint16_t    from = (uint16_t)number_in(first);

	return (struct port_range){ from, first.len < t.len ? (uint16_t)number_in(last) : from };
}

static struct filter_alias *
new_alias(struct reader *r)
{
	struct filter_alias *one = ARENA_MAKE(r->arena, struct filter_alias, 1);

	r->aliases[r->filter->naliases++] = one;
	one->name = string(r);
	one->stamp = ++r->stamp;
	return one;
}

static void
read_alias(struct reader *r)
{
	struct filter_alias  *one = new_alias(r);
	struct address_range *ranges = ARENA_MAKE(r->arena, struct address_range, MOST);
	struct text           t;

	one->ranges = ranges;
	while (next(r, &t))
		read_range(t, &ranges[one->nranges++]);
}

static void
read_ports(struct reader *r)
{
	struct filter_alias *one = new_alias(r);
	struct port_range   *ports = ARENA_MAKE(r->arena, struct port_range, 1000);
	struct text          t;

	one->kind = ALIAS_PORTS;
	one->ports = ports;
	while (next(r, &t))
		ports[one->nports++] = ports_in(t, '-');
}

static void
read_dynamic(struct reader *r)
{
	struct filter_alias *one = new_alias(r);

	one->dynamic = one->single = true;
	one->timeout = number_in(word(r));
}

static void
read_macs(struct reader *r)
{
	struct filter_alias *one = new_alias(r);
	struct mac_range    *macs = ARENA_MAKE(r->arena, struct mac_range, 64);
	struct text          t;

	one->kind = ALIAS_MACS;
	one->macs = macs;
	while (next(r, &t)) {
		uint8_t  *bytes = macs[one->nmacs++].first.bytes;
		const int given = sscanf(arena_copy(r->arena, t), "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &bytes[0], &bytes[1], &bytes[2], &bytes[3],
				 &bytes[4], &bytes[5]);

		BUG_IF(given < 1, "no MAC address");
		memset(macs[one->nmacs - 1].last.bytes, 0xff, 6);
		memcpy(macs[one->nmacs - 1].last.bytes, bytes, (size_t)given);
	}
}

static bool
is_interface(const struct reader *r, struct text name)
{
	for (size_t i = 0; i < r->filter->ninterfaces; i++)
		if (text_is(name, r->interfaces[i].name))
			return true;
	return false;
}

static struct net
net_in(struct reader *r, struct text t)
{
	struct text  tail = t;
	const struct text name = text_until(&tail, ':');

	if (text_is(t, "self"))
		return (struct net){ .kind = NET_SELF };
	if (t.ptr[0] == '@')
		return (struct net){ .kind = NET_ALIAS, .name = arena_copy(r->arena, text_after(t, 1)) };
	if (is_interface(r, name))
		return (struct net){ .kind = text_is(tail, "address") ? NET_INTERFACE_ADDRESS : NET_INTERFACE,
				     .name = arena_copy(r->arena, name) };
	return (struct net){ .kind = NET_PREFIX, .prefix = prefix_in(t) };
}

static struct nets
read_nets(struct reader *r)
{
	struct text rest = word(r), t;
	struct nets out = { 0 };
	struct net *list = ARENA_MAKE(r->arena, struct net, 32);

	if (rest.ptr[0] == '!') {
		out.negated = true;
		rest = text_after(rest, 1);
	}
	if (text_is(rest, "any"))
		return out;
	while (text_next(&rest, ",", &t))
		list[out.count++] = net_in(r, t);
	out.list = list;
	return out;
}

static struct ports
read_port(struct reader *r)
{
	const struct text t = word(r);

	if (t.ptr[0] == '@')
		return (struct ports){ .kind = PORTS_ALIAS, .alias = arena_copy(r->arena, text_after(t, 1)) };
	return (struct ports){ .kind = PORTS_RANGE, .range = ports_in(t, ':') };
}

static const char *const *
read_names(struct reader *r, size_t *count)
{
	struct text  rest = word(r), t;
	const char **list = ARENA_MAKE(r->arena, const char *, 64);

	*count = 0;
	while (text_next(&rest, ",", &t))
		list[(*count)++] = arena_copy(r->arena, t);
	return list;
}

static int
read_protocol(struct reader *r)
{
	const struct text t = word(r);

	return text_is(t, "tcp") ? 6 : text_is(t, "udp") ? 17 : text_is(t, "tcp/udp") ? PROTOCOL_TCP_UDP :
	       text_is(t, "icmp") ? 1 : text_is(t, "icmp6") ? 58 : text_is(t, "any") ? PROTOCOL_ANY : (int)number_in(t);
}

static void
read_types(struct reader *r, struct icmp_types *out)
{
	struct text rest = word(r), t;

	while (text_next(&rest, ",", &t))
		out->bits[number_in(t) / 64] |= 1ULL << (number_in(t) % 64);
}

static bool
read_family(struct text t, enum rule_family *out)
{
	if (!text_is(t, "inet") && !text_is(t, "inet6") && !text_is(t, "inet46"))
		return false;
	*out = text_is(t, "inet") ? RULE_INET : text_is(t, "inet6") ? RULE_INET6 : RULE_INET46;
	return true;
}

static void
read_flags(struct reader *r, struct filter_rule *one)
{
	struct text       mask = word(r);
	const struct text set = text_until(&mask, '/');

	one->tcp_flags_set = (uint8_t)number_in(set);
	one->tcp_flags_mask = (uint8_t)number_in(mask);
}

/* Options that are a word with a number. */
static bool
read_number(struct reader *r, struct filter_rule *one, struct text t)
{
	const struct {
		const char *word;
		unsigned   *where;
	} numbers[] = {
		{ "sequence", &one->sequence }, { "max", &one->max_states }, { "maxsrcstates", &one->max_source_states },
		{ "maxsrcnodes", &one->max_source_nodes }, { "maxsrcconn", &one->max_source_connections },
		{ "rate", &one->rate_connections }, { "seconds", &one->rate_seconds }, { "timeout", &one->state_timeout }, { "unreplied", &one->udp_unreplied }, { "replied", &one->udp_replied },
		{ "packets", &one->rate_packets }, { "per", &one->rate_packet_seconds },
		{ "priority", &one->priority },
	};

	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (!text_is(t, numbers[i].word))
			continue;
		*numbers[i].where = number_in(word(r));
		return true;
	}
	return false;
}

static void
read_option(struct reader *r, struct filter_rule *one, struct text t)
{
	if (read_family(t, &one->family) || read_number(r, one, t))
		return;
	if (text_is(t, "last"))
		one->quick = false;
	else if (text_is(t, "on") || text_is(t, "noton")) {
		one->interface_not = text_is(t, "noton");
		one->interfaces = read_names(r, &one->ninterfaces);
	} else if (text_is(t, "proto"))
		one->protocol = read_protocol(r);
	else if (text_is(t, "from"))
		one->source = read_nets(r);
	else if (text_is(t, "to"))
		one->destination = read_nets(r);
	else if (text_is(t, "fromport"))
		one->source_port = read_port(r);
	else if (text_is(t, "port"))
		one->destination_port = read_port(r);
	else if (text_is(t, "icmp"))
		read_types(r, &one->icmp4);
	else if (text_is(t, "icmp6"))
		read_types(r, &one->icmp6);
	else if (text_is(t, "flags"))
		read_flags(r, one);
	else if (text_is(t, "anyflags"))
		one->tcp_flags_any = true;
	else if (text_is(t, "sloppy"))
		one->state = STATE_SLOPPY;
	else if (text_is(t, "synproxy"))
		one->state = STATE_SYNPROXY;
	else if (text_is(t, "nostate"))
		one->state = STATE_NONE;
	else if (text_is(t, "log"))
		one->log = true;
	else if (text_is(t, "options"))
		one->allow_options = true;
	else if (text_is(t, "off"))
		one->is_inactive = true;
	else if (text_is(t, "tag"))
		one->tag = string(r);
	else if (text_is(t, "tagged"))
		one->tagged = string(r);
	else if (text_is(t, "overload"))
		one->overload = string(r);
	else if (text_is(t, "gateway"))
		one->gateway = string(r);
	else if (text_is(t, "replyto"))
		one->reply_to = (uint8_t)number_in(word(r));
	else if (text_is(t, "tos"))
		one->tos = (int)number_in(word(r));
	else if (text_is(t, "setprio"))
		one->set_prio = (int)number_in(word(r));
	else if (text_is(t, "setpriolow"))
		one->set_prio_low = (int)number_in(word(r));
	else if (text_is(t, "prio"))
		one->prio = (int)number_in(word(r));
	else if (text_is(t, "uuid"))
		one->uuid = string(r);
	else if (text_is(t, "pipe"))
		one->pipe = string(r);
	else if (text_is(t, "pipeback"))
		one->pipe_back = string(r);
	else
		BUG_IF(true, "unknown word: %.*s", TEXT_ARGS(t));
}

static void
read_rule(struct reader *r)
{
	struct filter_rule *one = ARENA_MAKE(r->arena, struct filter_rule, 1);
	const struct text   action = word(r), direction = word(r);
	struct text         t;

	r->rules[r->filter->nrules++] = one;
	*one = (struct filter_rule){ .quick = true, .protocol = PROTOCOL_ANY, .tos = -1, .prio = -1, .set_prio = -1,
		.set_prio_low = -1,
		.family = RULE_INET46, .stamp = ++r->stamp, .uuid = arena_print(r->arena, "r%u", ++r->count) };
	one->action = text_is(action, "pass") ? RULE_PASS : text_is(action, "block") ? RULE_BLOCK : RULE_REJECT;
	one->direction = text_is(direction, "in") ? DIRECTION_IN : text_is(direction, "out") ? DIRECTION_OUT : DIRECTION_ANY;
	one->sequence = r->count;
	while (next(r, &t))
		read_option(r, one, t);
}

static void
read_forward(struct reader *r)
{
	struct forward_rule *one = ARENA_MAKE(r->arena, struct forward_rule, 1);
	struct text          t;

	r->forwards[r->filter->nforwards++] = one;
	*one = (struct forward_rule){ .protocol = PROTOCOL_ANY, .to = NAT_TO_PREFIX, .stamp = ++r->stamp,
		.uuid = arena_print(r->arena, "f%zu", r->filter->nforwards) };
	while (next(r, &t)) {
		if (read_family(t, &one->family))
			continue;
		if (text_is(t, "on"))
			one->interfaces = read_names(r, &one->ninterfaces);
		else if (text_is(t, "proto"))
			one->protocol = read_protocol(r);
		else if (text_is(t, "from"))
			one->source = read_nets(r);
		else if (text_is(t, "to"))
			one->destination = read_nets(r);
		else if (text_is(t, "port"))
			one->destination_port = read_port(r);
		else if (text_is(t, "target"))
			one->prefix = prefix_in(word(r));
		else if (text_is(t, "pool")) {
			one->to = NAT_TO_ALIAS;
			one->alias = string(r);
		} else if (text_is(t, "local"))
			one->port = (uint16_t)number_in(word(r));
		else if (text_is(t, "pass"))
			one->pass = true;
		else if (text_is(t, "register"))
			one->registers = true;
		else if (text_is(t, "reflect"))
			one->reflect = true;
		else if (text_is(t, "nordr"))
			one->to = NAT_TO_NOTHING;
		else
			BUG_IF(true, "unknown word: %.*s", TEXT_ARGS(t));
	}
}

static void
read_target(struct reader *r, struct outbound_rule *one)
{
	const struct text t = word(r);

	if (text_is(t, "interface")) {
		one->to = NAT_TO_INTERFACE;
	} else if (text_is(t, "none")) {
		one->to = NAT_TO_NOTHING;
	} else if (t.ptr[0] == '@') {
		one->to = NAT_TO_ALIAS;
		one->alias = arena_copy(r->arena, text_after(t, 1));
	} else {
		one->to = NAT_TO_PREFIX;
		one->prefix = prefix_in(t);
	}
}

static void
read_outbound(struct reader *r)
{
	struct outbound_rule *one = ARENA_MAKE(r->arena, struct outbound_rule, 1);
	struct text           t;

	r->outbound[r->filter->noutbound++] = one;
	*one = (struct outbound_rule){ .protocol = PROTOCOL_ANY, .stamp = ++r->stamp,
		.uuid = arena_print(r->arena, "o%zu", r->filter->noutbound) };
	while (next(r, &t)) {
		if (read_family(t, &one->family))
			continue;
		if (text_is(t, "on"))
			one->interface = string(r);
		else if (text_is(t, "proto"))
			one->protocol = read_protocol(r);
		else if (text_is(t, "from"))
			one->source = read_nets(r);
		else if (text_is(t, "to"))
			one->destination = read_nets(r);
		else if (text_is(t, "port"))
			one->destination_port = read_port(r);
		else if (text_is(t, "target"))
			read_target(r, one);
		else if (text_is(t, "static"))
			one->static_port = true;
		else
			BUG_IF(true, "unknown word: %.*s", TEXT_ARGS(t));
	}
}

static void
read_one_to_one(struct reader *r)
{
	struct one_to_one_rule *one = ARENA_MAKE(r->arena, struct one_to_one_rule, 1);
	struct text             t;

	r->one_to_one[r->filter->none_to_one++] = one;
	*one = (struct one_to_one_rule){ .stamp = ++r->stamp, .uuid = arena_print(r->arena, "b%zu", r->filter->none_to_one) };
	while (next(r, &t)) {
		if (text_is(t, "on"))
			one->interface = string(r);
		else if (text_is(t, "internal"))
			one->source = read_nets(r);
		else if (text_is(t, "to"))
			one->destination = read_nets(r);
		else if (text_is(t, "nat"))
			one->is_nat = true;
		else if (text_is(t, "exempt"))
			one->is_exempt = true;
		else if (text_is(t, "reflect"))
			one->reflect = true;
		else
			one->external = prefix_in(t);
	}
}

static void
read_npt(struct reader *r)
{
	struct prefix_rule *one = ARENA_MAKE(r->arena, struct prefix_rule, 1);
	struct text         t;

	r->prefixes[r->filter->nprefixes++] = one;
	*one = (struct prefix_rule){ .stamp = ++r->stamp, .uuid = arena_print(r->arena, "n%zu", r->filter->nprefixes) };
	while (next(r, &t)) {
		if (text_is(t, "on"))
			one->interface = string(r);
		else if (text_is(t, "external"))
			one->external = prefix_in(word(r));
		else
			one->internal = prefix_in(t);
	}
}

static struct shaper_target *
add_target(struct reader *r)
{
	if (!r->shaper) {
		r->shaper = ARENA_MAKE(r->arena, struct shaper, 1);
		r->shaper->stamp = 1;
		r->shaper->targets = r->targets = ARENA_MAKE(r->arena, struct shaper_target, 64);
		r->shaper->rules = r->shapes = ARENA_MAKE(r->arena, struct shaper_rule, 64);
		r->filter->shaper = r->shaper;
	}
	r->targets[r->shaper->ntargets].uuid = string(r);
	return &r->targets[r->shaper->ntargets++];
}

static void
read_mask(struct reader *r, struct shaper_target *one)
{
	struct text t;

	one->family = FAMILY_INET;
	while (next(r, &t))
		if (text_is(t, "inet6"))
			one->family = FAMILY_INET6;
		else
			one->mask = text_is(t, "source") ? SHAPER_SOURCE : SHAPER_DESTINATION;
}

static void
read_pipe(struct reader *r)
{
	struct shaper_target *one = add_target(r);

	one->class = number_in(word(r));
	one->rate = number_in(word(r));
	read_mask(r, one);
}

static void
read_queue(struct reader *r)
{
	struct shaper_target *one = add_target(r);

	one->pipe = string(r);
	one->class = number_in(word(r));
	one->rate = shaper_target(r->shaper, one->pipe)->rate;
	read_mask(r, one);
}

static void
read_shape(struct reader *r)
{
	struct shaper_rule *one = &r->shapes[r->shaper->nrules++];
	int                *dscp = ARENA_MAKE(r->arena, int, 64);
	struct text         t;

	*one = (struct shaper_rule){ .target = shaper_target(r->shaper, string(r)), .dscp = dscp };
	one->uuid = arena_print(r->arena, "shape%zu", r->shaper->nrules);
	one->match = (struct filter_rule){ .uuid = one->uuid, .family = RULE_INET46, .protocol = PROTOCOL_ANY, .tos = -1, .prio = -1,
					   .set_prio = -1, .set_prio_low = -1 };
	t = word(r);
	one->match.direction = text_is(t, "in") ? DIRECTION_IN : text_is(t, "out") ? DIRECTION_OUT : DIRECTION_ANY;
	while (next(r, &t))
		if (text_is(t, "second"))
			one->second = string(r);
		else if (text_is(t, "length"))
			one->length = (uint16_t)number_in(word(r));
		else if (text_is(t, "dscp"))
			dscp[one->ndscp++] = (int)number_in(word(r));
		else
			read_option(r, &one->match, t);
}

static void
read_mode(struct reader *r)
{
	static const char *const modes[] = { "automatic", "hybrid", "manual", "disabled" };
	const struct text        t = word(r);

	for (unsigned i = 0; i < COUNT(modes); i++)
		if (text_is(t, modes[i]))
			r->filter->outbound_mode = i;
}

static void
read_management(struct reader *r)
{
	struct text t;

	while (next(r, &t))
		r->management[r->filter->nmanagement_ports++] = (uint16_t)number_in(t);
}

static void
read_line(struct reader *r)
{
	static const struct {
		const char *word;
		void      (*read)(struct reader *);
	} kinds[] = {
		{ "interface", read_interface }, { "group", read_group }, { "alias", read_alias }, { "ports", read_ports },
		{ "dynamic", read_dynamic }, { "gateway", read_gateway }, { "macs", read_macs }, { "rule", read_rule }, { "forward", read_forward },
		{ "outbound", read_outbound }, { "onetoone", read_one_to_one }, { "npt", read_npt }, { "mode", read_mode },
		{ "management", read_management }, { "pipe", read_pipe }, { "queue", read_queue }, { "shape", read_shape },
	};
	struct text first;

	if (!next(r, &first))
		return;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (text_is(first, kinds[i].word)) {
			kinds[i].read(r);
			return;
		}
	}
	if (text_is(first, "nolockout"))
		r->filter->no_anti_lockout = true;
	else if (text_is(first, "lacks"))
		r->filter->lacks_synproxy = r->filter->lacks_timeouts = true;
	else if (text_is(first, "helper"))
		r->filter->reflection_helper = true;
	else if (text_is(first, "logdefault"))
		r->filter->log_default_block = true;
	else
		BUG_IF(true, "unknown line: %.*s", TEXT_ARGS(first));
}

struct filter *
filter_text_make(struct arena *arena, const char *text)
{
	struct filter *filter = ARENA_MAKE(arena, struct filter, 1);
	struct reader  r = { .arena = arena, .filter = filter };
	struct text    rest = text_of(text), line;

	filter->interfaces = r.interfaces = ARENA_MAKE(arena, struct filter_interface, 64);
	filter->groups = r.groups = ARENA_MAKE(arena, struct filter_group, 64);
	filter->gateways = r.gateways = ARENA_MAKE(arena, struct filter_gateway, 64);
	filter->aliases = r.aliases = ARENA_MAKE(arena, const struct filter_alias *, 1000);
	filter->rules = r.rules = ARENA_MAKE(arena, const struct filter_rule *, MOST);
	filter->forwards = r.forwards = ARENA_MAKE(arena, const struct forward_rule *, 1000);
	filter->outbound = r.outbound = ARENA_MAKE(arena, const struct outbound_rule *, 1000);
	filter->one_to_one = r.one_to_one = ARENA_MAKE(arena, const struct one_to_one_rule *, 1000);
	filter->prefixes = r.prefixes = ARENA_MAKE(arena, const struct prefix_rule *, 1000);
	filter->management_ports = r.management = ARENA_MAKE(arena, uint16_t, 64);
	filter->log_group = 1;
	while (text_next(&rest, "\n", &line)) {
		r.rest = text_until(&line, '#');
		read_line(&r);
	}
	return filter;
}

char *
file_read(struct arena *arena, const char *path)
{
	FILE  *file = fopen(path, "r");
	size_t len = 0, room = 4096, n;
	char  *out;

	if (!file)
		return NULL;
	out = ARENA_MAKE(arena, char, room + 1);
	while ((n = fread(out + len, 1, room - len, file)) > 0) {
		len += n;
		if (len < room)
			continue;
		char *more = ARENA_MAKE(arena, char, room * 2 + 1);

		memcpy(more, out, len);
		out = more;
		room *= 2;
	}
	fclose(file);
	return out;
}
