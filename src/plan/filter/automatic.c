/*
 * Rules that follow from the configuration rather than stand in it, in upstream's order. They are
 * ordinary rules with a priority of their own, so that one compiler and one listing serve both.
 */
#include "plan/filter/automatic.h"

#include <string.h>

#include "base/bug.h"

#define AUTOMATIC_MAX 64 /* and some for each interface */

enum { PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ESP = 50, PROTO_AH = 51, PROTO_CARP = 112 };

struct maker {
	struct arena            *arena;
	const struct filter     *filter;
	struct filter_automatic *out;
};

/* A quick inbound pass rule for everything; the caller changes what is different. */
static struct filter_rule *
add(struct maker *maker, const char *uuid, const char *label)
{
	struct filter_rule *rule = ARENA_MAKE(maker->arena, struct filter_rule, 1);

	*rule = (struct filter_rule){
		.uuid = uuid, .label = label, .action = RULE_PASS, .family = RULE_INET46, .priority = PRIORITY_AUTOMATIC,
		.sequence = (unsigned)maker->out->count + 1, .quick = true, .protocol = PROTOCOL_ANY, .tos = -1,
		.prio = -1, .set_prio = -1, .set_prio_low = -1,
	};
	maker->out->rules[maker->out->count++] = rule;
	return rule;
}

static struct nets
one_net(struct maker *maker, struct net net)
{
	struct net *copy = ARENA_MAKE(maker->arena, struct net, 1);

	*copy = net;
	return (struct nets){ copy, 1 };
}

static struct nets
prefixes(struct maker *maker, const char *const *list)
{
	size_t      count = 0;
	struct net *nets = ARENA_MAKE(maker->arena, struct net, 16);

	for (; list[count]; count++) {
		nets[count].kind = NET_PREFIX;
		BUG_IF(!prefix_read(text_of(list[count]), &nets[count].prefix), "bad prefix %s", list[count]);
	}
	return (struct nets){ nets, count };
}

static void
set_types(struct icmp_types *types, const uint8_t *list)
{
	for (; *list; list++)
		types->bits[*list / 64] |= 1ULL << (*list % 64);
}

static void
on_interface(struct filter_rule *rule, const char *const *name)
{
	rule->interfaces = name;
	rule->ninterfaces = 1;
}

static void
add_defaults(struct maker *maker)
{
	struct filter_rule *rule;

	if (maker->filter->block_ipv6) {
		rule = add(maker, "automatic_block_ipv6", "Block all IPv6");
		rule->action = RULE_BLOCK;
		rule->family = RULE_INET6;
		rule->direction = DIRECTION_ANY;
	}
	rule = add(maker, UUID_DEFAULT_DENY, "Default deny / state violation rule");
	rule->action = RULE_BLOCK;
	rule->quick = false;
	rule->direction = DIRECTION_ANY;
	rule->log = maker->filter->log_default_block;
}

/* RFC 4890: what IPv6 cannot do without. */
static void
add_icmp6(struct maker *maker)
{
	static const char *const local[] = { "fe80::/10", NULL };
	static const char *const reach[] = { "fe80::/10", "ff02::/16", NULL };
	static const char *const unspecified[] = { "::/128", NULL };
	static const char *const multicast[] = { "ff02::/16", NULL };
	static const uint8_t     needed[] = { 1, 2, 135, 136, 0 }, out[] = { 129, 133, 134, 135, 136, 0 };
	static const uint8_t     in[] = { 128, 133, 134, 135, 136, 0 };
	struct filter_rule      *rule;

	if (maker->filter->block_ipv6)
		return;
	rule = add(maker, "automatic_icmp6_needed", "IPv6 RFC4890 requirements (ICMP)");
	rule->direction = DIRECTION_ANY;
	rule->family = RULE_INET6;
	rule->protocol = PROTOCOL_ICMP6;
	set_types(&rule->icmp6, needed);

	rule = add(maker, "automatic_icmp6_out", "IPv6 RFC4890 requirements (ICMP)");
	rule->direction = DIRECTION_OUT;
	rule->family = RULE_INET6;
	rule->protocol = PROTOCOL_ICMP6;
	rule->source = one_net(maker, (struct net){ .kind = NET_SELF });
	rule->destination = prefixes(maker, reach);
	set_types(&rule->icmp6, out);

	rule = add(maker, "automatic_icmp6_in", "IPv6 RFC4890 requirements (ICMP)");
	rule->family = RULE_INET6;
	rule->protocol = PROTOCOL_ICMP6;
	rule->source = prefixes(maker, local);
	rule->destination = prefixes(maker, reach);
	set_types(&rule->icmp6, in);

	rule = add(maker, "automatic_icmp6_multicast", "IPv6 RFC4890 requirements (ICMP)");
	rule->family = RULE_INET6;
	rule->protocol = PROTOCOL_ICMP6;
	rule->source = prefixes(maker, multicast);
	rule->destination = prefixes(maker, local);
	set_types(&rule->icmp6, in);

	rule = add(maker, "automatic_icmp6_unspecified", "IPv6 RFC4890 requirements (ICMP)");
	rule->family = RULE_INET6;
	rule->protocol = PROTOCOL_ICMP6;
	rule->source = prefixes(maker, unspecified);
	rule->destination = prefixes(maker, multicast);
	set_types(&rule->icmp6, in);
}

static struct ports
one_port(uint16_t number)
{
	return (struct ports){ .kind = PORTS_RANGE, .range = { number, number } };
}

static void
add_port_zero(struct maker *maker)
{
	for (int destination = 0; destination < 2; destination++) {
		struct filter_rule *rule = add(maker, destination ? "automatic_port0_to" : "automatic_port0_from",
					       "block all targeting port 0");

		rule->action = RULE_BLOCK;
		rule->protocol = PROTOCOL_TCP_UDP;
		*(destination ? &rule->destination_port : &rule->source_port) = one_port(0);
	}
}

static bool
has_alias(const struct filter *filter, const char *name)
{
	for (size_t i = 0; i < filter->naliases; i++)
		if (text_is(text_of(name), filter->aliases[i]->name))
			return true;
	return false;
}

/* Sources that were put into a table by something else. */
static struct filter_rule *
add_table(struct maker *maker, const char *alias, const char *uuid, const char *label)
{
	struct filter_rule *rule = add(maker, uuid, label);

	rule->action = RULE_BLOCK;
	rule->source = one_net(maker, (struct net){ .kind = NET_ALIAS, .name = alias });
	return rule;
}

/* Who exceeded a limit reaches nothing, who failed to log in too often reaches no management any more. */
static void
add_tables(struct maker *maker)
{
	const struct filter *filter = maker->filter;

	if (has_alias(filter, "virusprot"))
		add_table(maker, "virusprot", "automatic_virusprot", "virusprot overload table");
	for (size_t i = 0; has_alias(filter, "sshlockout") && i < filter->nmanagement_ports; i++) {
		struct filter_rule *rule = add_table(maker, "sshlockout",
						     arena_print(maker->arena, "automatic_sshlockout_%u", filter->management_ports[i]),
						     "sshlockout");

		rule->protocol = PROTO_TCP;
		rule->destination = one_net(maker, (struct net){ .kind = NET_SELF });
		rule->destination_port = one_port(filter->management_ports[i]);
	}
}

static void
add_bogons(struct maker *maker, const struct filter_interface *interface)
{
	static const char *const private4[] = { "10.0.0.0/8", "127.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12",
						"192.168.0.0/16", NULL };
	static const char *const private6[] = { "fc00::/7", NULL };
	static const char *const tables[] = { "bogons", "bogonsv6" };

	for (int v6 = 0; interface->block_bogons && v6 < 2; v6++) {
		if (!has_alias(maker->filter, tables[v6]))
			continue;
		struct filter_rule *rule = add(maker, arena_print(maker->arena, "automatic_%s_%s", tables[v6], interface->name),
					       "block bogon networks");

		rule->action = RULE_BLOCK;
		rule->family = v6 ? RULE_INET6 : RULE_INET;
		rule->log = maker->filter->log_bogons;
		rule->source = one_net(maker, (struct net){ .kind = NET_ALIAS, .name = tables[v6] });
		on_interface(rule, &interface->name);
	}
	for (int v6 = 0; interface->block_private && v6 < 2; v6++) {
		struct filter_rule *rule = add(maker, arena_print(maker->arena, "automatic_private%d_%s", v6 ? 6 : 4, interface->name),
					       "block private networks");

		rule->action = RULE_BLOCK;
		rule->family = v6 ? RULE_INET6 : RULE_INET;
		rule->log = maker->filter->log_private;
		rule->source = prefixes(maker, v6 ? private6 : private4);
		on_interface(rule, &interface->name);
	}
}

struct dhcp {
	const char *uuid;
	bool        is_out;
	uint16_t    from, to; /* 0: any */
	bool        self;     /* to this box rather than anybody */
};

static void
add_dhcp_rules(struct maker *maker, const struct filter_interface *interface, const struct dhcp *list, size_t count,
	       enum rule_family family)
{
	for (size_t i = 0; i < count; i++) {
		struct filter_rule *rule = add(maker, arena_print(maker->arena, "automatic_%s_%s", list[i].uuid, interface->name),
					       "allow DHCP");

		rule->family = family;
		rule->direction = list[i].is_out ? DIRECTION_OUT : DIRECTION_IN;
		rule->protocol = PROTO_UDP;
		rule->log = maker->filter->log_default_pass;
		if (list[i].from)
			rule->source_port = one_port(list[i].from);
		rule->destination_port = one_port(list[i].to);
		if (list[i].self)
			rule->destination = one_net(maker, (struct net){ .kind = NET_SELF });
		on_interface(rule, &interface->name);
	}
}

static void
add_dhcp(struct maker *maker, const struct filter_interface *interface)
{
	static const struct dhcp client4[] = { { "dhcp_client_in", false, 67, 68 }, { "dhcp_client_out", true, 68, 67 } };
	static const struct dhcp client6[] = { { "dhcp6_client_in", false, 0, 546 }, { "dhcp6_client_out", true, 546, 547 } };
	static const struct dhcp server4[] = { { "dhcp_server_in", false, 68, 67 }, { "dhcp_server_out", true, 67, 68 } };
	static const struct dhcp server6[] = { { "dhcp6_server_in", false, 546, 547 }, { "dhcp6_server_out", true, 547, 546 } };

	if (interface->dhcp_client4)
		add_dhcp_rules(maker, interface, client4, COUNT(client4), RULE_INET);
	if (interface->dhcp_client6)
		add_dhcp_rules(maker, interface, client6, COUNT(client6), RULE_INET6);
	if (interface->dhcp_server4)
		add_dhcp_rules(maker, interface, server4, COUNT(server4), RULE_INET);
	if (interface->dhcp_server6)
		add_dhcp_rules(maker, interface, server6, COUNT(server6), RULE_INET6);
}

/* Boxes that share addresses hear each other. */
static void
add_carp(struct maker *maker, const struct filter_interface *interface)
{
	struct filter_rule *rule;

	if (!interface->has_carp)
		return;
	rule = add(maker, arena_print(maker->arena, "automatic_carp_%s", interface->name), "CARP defaults");
	rule->direction = DIRECTION_ANY;
	rule->protocol = PROTO_CARP;
	on_interface(rule, &interface->name);
}

/* IKE, what it carries where addresses are translated, and what is wrapped; both ways, with this peer only. */
static void
add_tunnel(struct maker *maker, const struct filter_tunnel *tunnel)
{
	static const struct {
		const char *name;
		uint8_t     protocol;
		uint16_t    port;
	} kinds[] = { { "ike", PROTO_UDP, 500 }, { "float", PROTO_UDP, 4500 }, { "esp", PROTO_ESP, 0 }, { "ah", PROTO_AH, 0 } };
	const struct prefix peer = { tunnel->peer, tunnel->peer.family == FAMILY_INET6 ? 128 : 32 };

	for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
		const bool is_out = i % 2;
		const size_t at = i / 2;

		if (kinds[at].port == 4500 && !tunnel->floats)
			continue;
		struct filter_rule *rule = add(maker, arena_print(maker->arena, "automatic_ipsec_%s_%s_%s", kinds[at].name,
								  is_out ? "out" : "in", tunnel->name), tunnel->label);

		rule->direction = is_out ? DIRECTION_OUT : DIRECTION_IN;
		rule->protocol = kinds[at].protocol;
		rule->log = maker->filter->log_default_pass;
		on_interface(rule, &tunnel->interface);
		if (kinds[at].port)
			rule->destination_port = one_port(kinds[at].port);
		if (tunnel->peer.family == FAMILY_NONE)
			continue;
		rule->family = tunnel->peer.family == FAMILY_INET6 ? RULE_INET6 : RULE_INET;
		*(is_out ? &rule->destination : &rule->source) = one_net(maker, (struct net){ .kind = NET_PREFIX, .prefix = peer });
	}
}

/* Not quick, so that rules for "out" decide first. What was let in goes out, even without a state. */
static void
add_pass_out(struct maker *maker)
{
	struct filter_rule *rule = add(maker, "automatic_out", "let out anything from firewall host itself");

	rule->direction = DIRECTION_OUT;
	rule->quick = false;
	rule->state = STATE_SLOPPY;
	rule->allow_options = true;
	rule->log = maker->filter->log_default_pass;
}

static const struct filter_interface *
lockout_interface(const struct filter *filter)
{
	const char *name = filter->lockout_interface ? filter->lockout_interface : "lan";

	for (size_t i = 0; i < filter->ninterfaces; i++)
		if (text_is(text_of(name), filter->interfaces[i].name))
			return &filter->interfaces[i];
	return filter->ninterfaces > 0 && !filter->lockout_interface ? &filter->interfaces[0] : NULL;
}

static void
add_anti_lockout(struct maker *maker)
{
	const struct filter           *filter = maker->filter;
	const struct filter_interface *interface = lockout_interface(filter);

	if (filter->no_anti_lockout || !interface)
		return;
	for (size_t i = 0; i < filter->nmanagement_ports; i++) {
		struct filter_rule *rule = add(maker, arena_print(maker->arena, "automatic_lockout_%u", filter->management_ports[i]),
					       "anti-lockout rule");

		rule->protocol = PROTO_TCP;
		rule->destination = one_net(maker, (struct net){ .kind = NET_SELF });
		rule->destination_port = one_port(filter->management_ports[i]);
		rule->disable_reply_to = true;
		rule->log = filter->log_default_pass;
		on_interface(rule, &interface->name);
	}
}

/* Zones of the captive portal; behind what keeps administrators from being locked out. */
static void
add_zones(struct maker *maker)
{
	for (size_t i = 0; i < maker->filter->nzone_rules; i++) {
		const struct filter_rule *given = maker->filter->zone_rules[i];
		struct filter_rule       *rule = add(maker, given->uuid, given->label);
		const unsigned            sequence = rule->sequence;

		*rule = *given;
		rule->sequence = sequence;
	}
}

/* Where the forward sends to, on the ports that it sends to. */
static void
suit_target(struct maker *maker, struct filter_rule *rule, const struct forward_rule *forward)
{
	rule->destination = one_net(maker, forward->to == NAT_TO_ALIAS
		? (struct net){ .kind = NET_ALIAS, .name = forward->alias }
		: (struct net){ .kind = NET_PREFIX, .prefix = forward->prefix });
	rule->destination_port = forward->destination_port;
	if (forward->port == 0)
		return;
	const struct port_range from = forward->destination_port.kind == PORTS_RANGE ? forward->destination_port.range
										    : (struct port_range){ 0, 0 };
	const int               last = forward->port + from.last - from.first;

	rule->destination_port.kind = PORTS_RANGE;
	rule->destination_port.range = (struct port_range){ forward->port, (uint16_t)(last < 65535 ? last : 65535) };
}

/* Port forwards that bring their own rule: it comes after all that anybody wrote. */
static void
add_forwards(struct maker *maker)
{
	for (size_t i = 0; i < maker->filter->nforwards; i++) {
		const struct forward_rule *forward = maker->filter->forwards[i];

		if (!forward->registers || forward->is_inactive || forward->to == NAT_TO_NOTHING)
			continue;
		struct filter_rule *rule = add(maker, arena_print(maker->arena, "automatic_forward_%s", forward->uuid),
					       "rule of a port forward");

		rule->priority = PRIORITY_LAST;
		rule->family = forward->family;
		rule->interfaces = forward->interfaces;
		rule->ninterfaces = forward->ninterfaces;
		rule->protocol = forward->protocol;
		rule->source = forward->source;
		rule->source_port = forward->source_port;
		rule->log = forward->log;
		rule->tag = forward->tag;
		suit_target(maker, rule, forward);
		for (size_t k = 0; rule->ninterfaces == 1 && k < maker->filter->ninterfaces; k++)
			if (text_is(text_of(rule->interfaces[0]), maker->filter->interfaces[k].name))
				rule->reply_to = rule->family == RULE_INET6 ? maker->filter->interfaces[k].gateway6
									     : maker->filter->interfaces[k].gateway4;
	}
}

void
filter_automatic(struct arena *arena, const struct filter *filter, struct filter_automatic *out)
{
	struct maker maker = { arena, filter, out };
	const size_t most = AUTOMATIC_MAX + filter->ninterfaces * 16 + filter->nmanagement_ports * 2 + filter->nforwards +
			    filter->ntunnels * 8 + filter->nzone_rules;

	*out = (struct filter_automatic){ ARENA_MAKE(arena, const struct filter_rule *, most), 0 };
	add_defaults(&maker);
	add_icmp6(&maker);
	add_port_zero(&maker);
	for (size_t i = 0; i < filter->ninterfaces; i++) {
		add_dhcp(&maker, &filter->interfaces[i]);
		add_carp(&maker, &filter->interfaces[i]);
	}
	add_tables(&maker);
	add_anti_lockout(&maker);
	add_zones(&maker);
	for (size_t i = 0; i < filter->ninterfaces; i++)
		add_bogons(&maker, &filter->interfaces[i]);
	for (size_t i = 0; i < filter->ntunnels; i++)
		add_tunnel(&maker, &filter->tunnels[i]);
	add_pass_out(&maker);
	add_forwards(&maker);
	BUG_IF(out->count > most, "too many automatic rules");
}
