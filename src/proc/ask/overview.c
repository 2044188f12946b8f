/* Every link of the box with what is configured for it, what it was given and which ways lead over it. */
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "plan/network/point.h"
#include "proc/ask/ask.h"
#include "proc/diagnose/diagnose.h"
#include "proc/part/grants.h"
#include "proc/part/gateways.h"
#include "wire/routes.h"

#define SHOWN_ROUTES_MAX 1000 /* of one link */

struct looking {
	struct asking      *asking;
	struct links        links;
	struct routes       routes;
	const struct value *counters; /* by device; NULL: not asked for */
};

static void
add_text(struct arena *arena, struct value *list, const char *text)
{
	value_add(arena, list, value_string(arena, text));
}

/* --- The link --------------------------------------------------------------------------------- */

static struct value *
flag_list(struct arena *arena, uint32_t flags)
{
	static const struct {
		uint32_t    flag;
		const char *name;
	} names[] = {
		{ IFF_UP, "up" },           { IFF_BROADCAST, "broadcast" }, { IFF_LOOPBACK, "loopback" },
		{ IFF_POINTOPOINT, "pointopoint" }, { IFF_RUNNING, "running" },     { IFF_NOARP, "noarp" },
		{ IFF_PROMISC, "promisc" }, { IFF_ALLMULTI, "allmulti" },   { IFF_MULTICAST, "multicast" },
	};
	struct value *list = value_list(arena);

	for (size_t i = 0; i < COUNT(names); i++)
		if (flags & names[i].flag)
			add_text(arena, list, names[i].name);
	return list;
}

static bool
is_physical(const struct link *link)
{
	/* A pair of links stands for a cable. */
	return link->kind[0] == '\0' || strcmp(link->kind, "veth") == 0;
}

static const char *
status_word(const struct link *link)
{
	return !link->up ? "down" : link->running ? "up" : "no carrier";
}

static void
put_link(struct arena *arena, struct value *row, const struct link *link)
{
	const char *media = link->speed ? arena_print(arena, "%ubaseT", link->speed) : "";

	value_set_string(arena, row, "device", link->name);
	value_set_string(arena, row, "macaddr", mac_print(arena, link->mac));
	value_set_string(arena, row, "macaddr_hw", mac_print(arena, link->mac));
	value_set_string(arena, row, "mtu", arena_print(arena, "%u", link->mtu));
	value_set(arena, row, "flags", flag_list(arena, link->flags));
	value_set(arena, row, "capabilities", value_list(arena));
	value_set(arena, row, "options", value_list(arena));
	value_set_string(arena, row, "media", media);
	value_set_string(arena, row, "media_raw", link->type == ARPHRD_ETHER ? arena_print(arena, "Ethernet %s", media) : "");
	value_set(arena, row, "supported_media", value_list(arena));
	value_set(arena, row, "is_physical", value_bool(arena, is_physical(link)));
	value_set_string(arena, row, "status", status_word(link));
}

/* --- The interface ---------------------------------------------------------------------------- */

/* "static", "dhcp", "none"...: as the addresses come. */
static const char *
link_type(const struct record *interface, const char *field)
{
	const char *type = record_get(interface, field);

	return text_starts(text_of(type), TEXT("static")) ? "static" : type;
}

static struct value *
stored(struct arena *arena, const struct record *interface)
{
	struct value *row = value_object(arena);

	for (size_t i = 0; i < interface->resource->nfields; i++) {
		const struct field *field = &interface->resource->fields[i];

		if (!(field->flags & (HIDDEN | SECRET)) && interface->values[i][0])
			value_set_string(arena, row, field->name, interface->values[i]);
	}
	value_set_string(arena, row, "identifier", interface->uuid);
	return row;
}

static struct value *
group_list(const struct asking *asking, const struct record *interface)
{
	const struct collection *groups = snapshot_named(asking->snapshot, "firewall.group");
	struct value            *list = value_list(asking->arena);

	for (size_t i = 0; interface && i < collection_count(groups); i++) {
		struct text rest = record_text(collection_at(groups, i), "members"), one;

		while (text_next(&rest, ",", &one))
			if (text_is(one, interface->uuid))
				add_text(asking->arena, list, record_get(collection_at(groups, i), "ifname"));
	}
	return list;
}

static void
put_interface(const struct asking *asking, struct value *row, const struct record *interface)
{
	struct arena *arena = asking->arena;

	value_set_string(arena, row, "identifier", interface ? interface->uuid : "");
	value_set_string(arena, row, "description",
			 !interface                     ? "Unassigned Interface"
			 : record_has(interface, "descr") ? record_get(interface, "descr")
							  : interface->uuid);
	value_set(arena, row, "enabled", value_bool(arena, interface && record_bool(interface, "enable")));
	if (!interface)
		return;
	value_set_string(arena, row, "link_type", link_type(interface, "type4"));
	value_set_string(arena, row, "link_typev6", link_type(interface, "type6"));
	value_set(arena, row, "config", stored(arena, interface));
	value_set(arena, row, "groups", group_list(asking, interface));
}

static void
put_vlan(const struct asking *asking, struct value *row, const char *device)
{
	const struct record *vlan = collection_where(snapshot_named(asking->snapshot, "interfaces.vlan"), "vlanif", text_of(device));
	struct value        *about;

	value_set(asking->arena, row, "vlan_tag",
		  vlan ? value_string(asking->arena, record_get(vlan, "tag")) : value_null(asking->arena));
	if (!vlan)
		return;
	about = value_object(asking->arena);
	value_set_string(asking->arena, about, "tag", record_get(vlan, "tag"));
	value_set_string(asking->arena, about, "proto", record_get(vlan, "proto"));
	value_set_string(asking->arena, about, "pcp", record_get(vlan, "pcp"));
	value_set_string(asking->arena, about, "parent", record_get(vlan, "if"));
	value_set(asking->arena, row, "vlan", about);
}

static void
put_lagg(const struct looking *looking, struct value *row, const struct link *link)
{
	struct arena        *arena = looking->asking->arena;
	const struct record *lagg =
		collection_where(snapshot_named(looking->asking->snapshot, "interfaces.lagg"), "laggif", text_of(link->name));
	struct value *ports;

	if (!lagg)
		return;
	ports = value_object(arena);
	for (size_t i = 0; i < looking->links.n; i++)
		if (looking->links.links[i].master == link->index)
			value_set(arena, ports, looking->links.links[i].name, flag_list(arena, looking->links.links[i].flags));
	value_set_string(arena, row, "laggproto", record_get(lagg, "proto"));
	value_set_string(arena, row, "lagghash", record_get(lagg, "lagghash"));
	value_set(arena, row, "laggport", ports);
}

/* --- Addresses -------------------------------------------------------------------------------- */

/* The virtual address of this text on the interface; NULL: it is none. */
static const struct record *
vip_of(const struct asking *asking, const struct record *interface, const char *address)
{
	const struct collection *vips = snapshot_named(asking->snapshot, "interfaces.vip");

	for (size_t i = 0; interface && i < collection_count(vips); i++)
		if (text_is(record_text(collection_at(vips, i), "interface"), interface->uuid) &&
		    text_is(record_text(collection_at(vips, i), "subnet"), address) && record_has(collection_at(vips, i), "vhid"))
			return collection_at(vips, i);
	return NULL;
}

static struct value *
address_list(const struct asking *asking, const struct record *interface, const struct link *link, enum family family,
	     const char **first)
{
	struct arena *arena = asking->arena;
	struct value *list = value_list(arena);

	*first = "";
	for (size_t i = 0; i < link->naddresses; i++) {
		const struct link_address *address = &link->addresses[i];
		struct value              *row = value_object(arena);
		const char                *text = prefix_print(arena, &address->prefix);
		const struct record       *vip;

		if (address->prefix.address.family != family)
			continue;
		vip = vip_of(asking, interface, address_print(arena, &address->prefix.address));
		value_set_string(arena, row, "ipaddr", text);
		if (vip) {
			value_set_string(arena, row, "vhid", record_get(vip, "vhid"));
			value_set_string(arena, row, "status", "MASTER");
			value_set_string(arena, row, "advbase", record_get(vip, "advbase"));
			value_set_string(arena, row, "advskew", record_get(vip, "advskew"));
		}
		value_add(arena, list, row);
		if (!(*first)[0] && !address->local)
			*first = text;
	}
	return list;
}

static void
put_addresses(const struct asking *asking, struct value *row, const struct record *interface, const struct link *link)
{
	const char   *first4, *first6;
	struct value *list4 = address_list(asking, interface, link, FAMILY_INET, &first4);
	struct value *list6 = address_list(asking, interface, link, FAMILY_INET6, &first6);

	value_set_string(asking->arena, row, "addr4", first4);
	value_set_string(asking->arena, row, "addr6", first6);
	value_set(asking->arena, row, "ipv4", list4);
	value_set(asking->arena, row, "ipv6", list6);
}

static void
put_ways(const struct looking *looking, struct value *row, const struct link *link)
{
	struct arena         *arena = looking->asking->arena;
	const struct gateways gateways = gateway_part_read(looking->asking->box->gateways, arena, looking->asking->snapshot);
	struct value         *by = value_list(arena), *to = value_list(arena);

	for (size_t i = 0; i < gateways.n; i++)
		if (strcmp(gateways.list[i].device, link->name) == 0 && gateways.list[i].address.family != FAMILY_NONE)
			add_text(arena, by, address_print(arena, &gateways.list[i].address));
	for (size_t i = 0; i < looking->routes.n && to->count < SHOWN_ROUTES_MAX; i++) {
		const struct route *route = &looking->routes.routes[i];

		if (route->link == link->index && route->table == ROUTE_TABLE_MAIN)
			add_text(arena, to, route->destination.bits ? prefix_print(arena, &route->destination) : "default");
	}
	value_set(arena, row, "gateways", by);
	value_set(arena, row, "routes", to);
}

static void
put_grant(const struct asking *asking, struct value *row, const char *device)
{
	struct arena       *arena = asking->arena;
	const struct grant *grant = grants_find(grant_part_now(asking->box->grants), device);
	struct value       *servers, *one;

	if (!grant)
		return;
	servers = value_list(arena);
	for (size_t i = 0; i < grant->nservers; i++)
		add_text(arena, servers, address_print(arena, &grant->servers[i]));
	value_set(arena, row, "ifctl.nameserver", servers);
	if (grant->router.family != FAMILY_NONE) {
		one = value_list(arena);
		add_text(arena, one, address_print(arena, &grant->router));
		value_set(arena, row, "ifctl.router", one);
	}
	if (grant->prefix.address.family != FAMILY_NONE) {
		one = value_list(arena);
		add_text(arena, one, prefix_print(arena, &grant->prefix));
		value_set(arena, row, "ifctl.prefix", one);
	}
	if (grant->domain[0]) {
		one = value_list(arena);
		add_text(arena, one, grant->domain);
		value_set(arena, row, "ifctl.searchdomain", one);
	}
}

/* --- All of them ------------------------------------------------------------------------------ */

static struct value *
overview_row(const struct looking *looking, const struct link *link)
{
	const struct asking *asking = looking->asking;
	const struct record *interface = asked_interface(asking, link->name);
	struct value        *row = value_object(asking->arena);
	struct value        *counters = value_get(looking->counters, link->name);

	put_link(asking->arena, row, link);
	put_interface(asking, row, interface);
	put_vlan(asking, row, link->name);
	put_lagg(looking, row, link);
	put_addresses(asking, row, interface, link);
	put_ways(looking, row, link);
	put_grant(asking, row, link->name);
	if (counters)
		value_set(asking->arena, row, "statistics", counters);
	return row;
}

enum result
topic_overview(struct asking *asking, struct value **answer)
{
	struct looking looking = { .asking = asking };
	const char    *details = asked_text(asking, "details");
	struct value  *counters = NULL;
	enum result    result = asked_links(asking, &looking.links);

	if (result == RESULT_DONE)
		result = asked_routes(asking, &looking.routes);
	if (result == RESULT_DONE && details[0] && strcmp(details, "0") != 0 && strcmp(details, "false") != 0)
		result = topic_interface_counters(asking, &counters);
	if (result != RESULT_DONE)
		return result;
	looking.counters = counters;
	*answer = value_list(asking->arena);
	for (size_t i = 0; i < looking.links.n; i++)
		value_add(asking->arena, *answer, overview_row(&looking, &looking.links.links[i]));
	return RESULT_DONE;
}

/* --- DUIDs that could be kept ----------------------------------------------------------------- */

#define DUID_EPOCH 946684800 /* 2000-01-01: where a DUID's time begins */

enum result
topic_duids(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	struct links      links;
	const enum result result = asked_links(asking, &links);
	const char       *mac = "00:00:00:00:00:00";
	const uint32_t    now = (uint32_t)(time(NULL) - DUID_EPOCH);

	if (result != RESULT_DONE)
		return result;
	for (size_t i = links.n; i-- > 0;)
		if (links.links[i].type == ARPHRD_ETHER && is_physical(&links.links[i]))
			mac = mac_print(arena, links.links[i].mac);
	*answer = value_object(arena);
	value_set_string(arena, *answer, "llt",
			 arena_print(arena, "00:01:00:01:%02x:%02x:%02x:%02x:%s", now >> 24, now >> 16 & 255, now >> 8 & 255,
				     now & 255, mac));
	value_set_string(arena, *answer, "ll", arena_print(arena, "00:03:00:01:%s", mac));
	return RESULT_DONE;
}

/* --- Asking again for what was given ---------------------------------------------------------- */

enum result
topic_renew(struct asking *asking, struct value **answer)
{
	const char          *key = asked_text(asking, "interface");
	const struct record *interface = collection_find(snapshot_named(asking->snapshot, "interfaces.interface"), text_of(key));

	struct point         point;

	*answer = value_bool(asking->arena, true);
	if (!interface || !record_bool(interface, "enable") || asking->box->setup.is_simulated)
		return RESULT_DONE;
	if (point_read(asking->snapshot, interface, &point))
		return asked_action(asking, arena_print(asking->arena, "pppd@%s", point.device), SERVICE_RESTART);
	if (!(text_is(record_text(interface, "type4"), "dhcp") || text_is(record_text(interface, "type6"), "dhcp6")))
		return RESULT_DONE;
	/* Addresses stay; what was given is confirmed, or something else is given. */
	return asked_action(asking, "dhcpcd", SERVICE_RESTART);
}
