/*
 * Zones of the captive portal as what the filter knows already: tables of whom a zone has let in, a port forward that leads
 * everybody else's HTTP to its pages, and rules that let nothing else of theirs pass. Without a zone there is none of it.
 */
#include <string.h>

#include "plan/address_list.h"
#include "plan/filter_reader.h"
#include "plan/portal.h"

enum { PROTO_TCP = 6, PORT_DNS = 53, PORT_HTTP = 80, PORT_HTTPS = 443 };
enum { RULES_OF_ZONE = 4, FORWARDS_OF_INTERFACE = 4, ALIASES_OF_ZONE = 4 };

struct zoning {
	struct filter_reader       *reader;
	struct arena               *arena;
	const struct portal_zone   *zone;
	const char *const          *interfaces; /* that are there */
	size_t                      ninterfaces;
	struct nets                 strangers, elsewhere; /* not let in; not where everybody may go */
	const struct filter_alias **aliases;
	size_t                      naliases;
	const struct filter_rule  **rules;
	size_t                      nrules;
	const struct forward_rule **forwards;
	size_t                      nforwards;
};

/* --- tables --------------------------------------------------------------------------------------- */

static struct filter_alias *
add_alias(struct zoning *zoning, const char *name)
{
	struct filter_alias *alias = ARENA_MAKE(zoning->arena, struct filter_alias, 1);

	alias->name = name;
	zoning->aliases[zoning->naliases++] = alias;
	return alias;
}

static void
add_table(struct zoning *zoning, const char *name)
{
	struct filter_alias *alias = add_alias(zoning, name);

	alias->dynamic = alias->single = true;
	alias->stamp = alias_stamp(alias);
}

static struct net *
alias_net(struct net *net, const char *name)
{
	*net = (struct net){ .kind = NET_ALIAS, .name = name };
	return net;
}

/* What is let through for ever: networks either way, Ethernet addresses as senders. */
static void
add_allowed(struct zoning *zoning, struct net *strangers)
{
	const struct portal_zone *zone = zoning->zone;
	struct address_list       ranges = { 0 };
	scoped_buffer             macs = BUFFER_NONE;

	for (size_t i = 0; i < zone->naddresses; i++)
		address_list_add(zoning->arena, &ranges, text_of(zone->addresses[i]));
	if (ranges.count > 0) {
		struct filter_alias *alias =
			add_alias(zoning, arena_print(zoning->arena, "__captiveportal_allowed_%u", zone->id));

		alias->ranges = ranges.ranges;
		alias->nranges = ranges.count;
		alias->stamp = alias_stamp(alias);
		alias_net(&strangers[zoning->strangers.count++], alias->name);
		zoning->elsewhere = (struct nets){ alias_net(ARENA_MAKE(zoning->arena, struct net, 1), alias->name), 1, true };
	}
	for (size_t i = 0; i < zone->nmacs; i++)
		buffer_print(&macs, "%s\n", zone->macs[i]);
	if (macs.len > 0) {
		struct filter_alias *alias =
			add_alias(zoning, arena_print(zoning->arena, "__captiveportal_macs_%u", zone->id));

		alias->kind = ALIAS_MACS;
		alias->nmacs = read_macs(zoning->arena, buffer_text(&macs), &alias->macs);
		alias->stamp = fresh_stamp(zoning->reader);
		alias_net(&strangers[zoning->strangers.count++], alias->name);
	}
}

static void
add_tables(struct zoning *zoning, struct filter_zone *out)
{
	struct net *strangers = ARENA_MAKE(zoning->arena, struct net, ALIASES_OF_ZONE);

	*out = (struct filter_zone){ portal_table(zoning->arena, zoning->zone->id), portal_table_to(zoning->arena, zoning->zone->id) };
	add_table(zoning, out->from);
	add_table(zoning, out->to);
	zoning->elsewhere = (struct nets){ NULL, 0, false };
	zoning->strangers = (struct nets){ strangers, 0, true };
	alias_net(&strangers[zoning->strangers.count++], out->from);
	add_allowed(zoning, strangers);
}

/* --- rules ---------------------------------------------------------------------------------------- */

static struct ports
one_port(uint16_t port)
{
	return (struct ports){ .kind = PORTS_RANGE, .range = { port, port } };
}

static struct filter_rule *
add_rule(struct zoning *zoning, const char *kind, const char *label)
{
	struct filter_rule *rule = ARENA_MAKE(zoning->arena, struct filter_rule, 1);

	*rule = (struct filter_rule){
		.uuid = arena_print(zoning->arena, "automatic_portal_%s_%u", kind, zoning->zone->id),
		.label = label, .action = RULE_PASS, .family = RULE_INET46, .priority = PRIORITY_AUTOMATIC, .quick = true,
		.protocol = PROTOCOL_ANY, .tos = -1, .prio = -1, .set_prio = -1, .set_prio_low = -1,
		.interfaces = zoning->interfaces, .ninterfaces = zoning->ninterfaces,
	};
	zoning->rules[zoning->nrules++] = rule;
	return rule;
}

/* To a port of this box. */
static void
open_port(struct zoning *zoning, const char *kind, const char *label, int protocol, unsigned port)
{
	struct filter_rule *rule = add_rule(zoning, kind, label);
	struct net         *self = ARENA_MAKE(zoning->arena, struct net, 1);

	*self = (struct net){ .kind = NET_SELF };
	rule->protocol = protocol;
	rule->destination = (struct nets){ self, 1, false };
	rule->destination_port = one_port((uint16_t)port);
}

static void
add_rules(struct zoning *zoning)
{
	const unsigned id = zoning->zone->id;

	open_port(zoning, "dns", "DNS for the captive portal", PROTOCOL_TCP_UDP, PORT_DNS);
	open_port(zoning, "page", "pages of the captive portal", PROTO_TCP, PORTAL_PAGE_PORT + id);
	open_port(zoning, "redirect", "redirection of the captive portal", PROTO_TCP, PORTAL_REDIRECT_PORT + id);
	struct filter_rule *rule = add_rule(zoning, "block", "not logged on at the captive portal");

	rule->action = RULE_BLOCK;
	rule->source = zoning->strangers;
	rule->destination = zoning->elsewhere;
	rule->log = zoning->reader->filter.log_default_block;
}

/* --- translation ---------------------------------------------------------------------------------- */

static void
add_forward(struct zoning *zoning, const char *const *interface, const struct address *to, unsigned from_port, unsigned to_port)
{
	struct forward_rule *rule = ARENA_MAKE(zoning->arena, struct forward_rule, 1);
	const bool           inet6 = to->family == FAMILY_INET6;

	*rule = (struct forward_rule){
		.uuid = arena_print(zoning->arena, "automatic_portal_%u_%u", from_port, zoning->zone->id),
		.interfaces = interface, .ninterfaces = 1, .family = inet6 ? RULE_INET6 : RULE_INET, .protocol = PROTO_TCP,
		.source = zoning->strangers, .destination = zoning->elsewhere, .destination_port = one_port((uint16_t)from_port),
		.to = NAT_TO_PREFIX, .prefix = { *to, address_bits(to->family) }, .port = (uint16_t)to_port,
	};
	zoning->forwards[zoning->nforwards++] = rule;
}

/* NULL: the interface has none that others reach. */
static const struct address *
first_address(const struct filter_interface *interface, enum family family)
{
	for (size_t i = 0; i < interface->naddresses; i++) {
		const struct address *address = &interface->addresses[i].prefix.address;

		if (address->family == family && !address_is_link_local(address))
			return address;
	}
	return NULL;
}

/* To the address of the interface that it came by. Whoever speaks TLS expects it to go on. */
static void
add_forwards(struct zoning *zoning, const struct filter_interface *interface)
{
	static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };
	const char             **name = ARENA_MAKE(zoning->arena, const char *, 1);
	const unsigned           id = zoning->zone->id;

	*name = interface->name;
	for (size_t i = 0; i < COUNT(families); i++) {
		const struct address *to = first_address(interface, families[i]);

		if (!to)
			continue;
		add_forward(zoning, name, to, PORT_HTTP, PORTAL_REDIRECT_PORT + id);
		if (zoning->zone->certificate[0])
			add_forward(zoning, name, to, PORT_HTTPS, PORTAL_PAGE_PORT + id);
	}
}

/* --- zones ---------------------------------------------------------------------------------------- */

static const struct filter_interface *
find_interface(const struct filter *filter, const char *name)
{
	for (size_t i = 0; i < filter->ninterfaces; i++)
		if (strcmp(filter->interfaces[i].name, name) == 0)
			return &filter->interfaces[i];
	return NULL;
}

static void
add_zone(struct zoning *zoning, struct filter_zone *out)
{
	const struct portal_zone *zone = zoning->zone;
	const struct filter      *filter = &zoning->reader->filter;
	const char              **there = ARENA_MAKE(zoning->arena, const char *, zone->ninterfaces + 1);

	zoning->interfaces = there;
	zoning->ninterfaces = 0;
	for (size_t i = 0; i < zone->ninterfaces; i++)
		if (find_interface(filter, zone->interfaces[i]))
			there[zoning->ninterfaces++] = zone->interfaces[i];
	add_tables(zoning, out);
	/* A rule without an interface would be for all of them. */
	if (!zone->has_rules || zoning->ninterfaces == 0)
		return;
	add_rules(zoning);
	for (size_t i = 0; i < zoning->ninterfaces; i++)
		add_forwards(zoning, find_interface(filter, there[i]));
}

/* Ours first: what others forward is for those that were let in. */
static void
put_into_filter(const struct zoning *zoning, struct filter *filter)
{
	memcpy(zoning->aliases + zoning->naliases, filter->aliases, filter->naliases * sizeof(*zoning->aliases));
	memcpy(zoning->forwards + zoning->nforwards, filter->forwards, filter->nforwards * sizeof(*zoning->forwards));
	filter->aliases = zoning->aliases;
	filter->naliases += zoning->naliases;
	filter->forwards = zoning->forwards;
	filter->nforwards += zoning->nforwards;
	filter->zone_rules = zoning->rules;
	filter->nzone_rules = zoning->nrules;
}

void
read_zones(struct filter_reader *reader)
{
	struct filter     *filter = &reader->filter;
	struct portal_zone zones[PORTAL_ZONES_MAX];
	struct zoning      zoning = { .reader = reader, .arena = reader->once };
	const size_t       count = portal_zones(reader->once, reader->snapshot, zones);
	size_t             interfaces = 0;

	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		interfaces += zones[i].ninterfaces;
	struct filter_zone *list = ARENA_MAKE(reader->once, struct filter_zone, count);

	zoning.aliases = ARENA_MAKE(reader->once, const struct filter_alias *, filter->naliases + count * ALIASES_OF_ZONE);
	zoning.rules = ARENA_MAKE(reader->once, const struct filter_rule *, count * RULES_OF_ZONE);
	zoning.forwards = ARENA_MAKE(reader->once, const struct forward_rule *,
				     filter->nforwards + interfaces * FORWARDS_OF_INTERFACE);
	for (size_t i = 0; i < count; i++) {
		zoning.zone = &zones[i];
		add_zone(&zoning, &list[i]);
	}
	put_into_filter(&zoning, filter);
	filter->zones = list;
	filter->nzones = count;
}
