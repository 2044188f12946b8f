/* Interfaces, their groups and their gateways. */
#include <string.h>

#include "plan/filter_reader.h"
#include "plan/network/carp.h"
#include "plan/network/point.h"
#include "plan/service/leasing.h"
#include "plan/service/openvpn/openvpn.h"
#include "schema/interfaces.h"
#include "plan/wireguard/server.h"

/* --- interfaces ----------------------------------------------------------------------------------- */

static void
add_address(struct filter_interface *interface, struct filter_address *list, struct text t)
{
	if (prefix_read(t, &list[interface->naddresses].prefix))
		interface->naddresses++;
}

static void
add_live(const struct filter_reader *reader, struct filter_interface *interface, struct filter_address *list,
         size_t room)
{
	size_t                       count = 0;
	const struct filter_address *live = reader->live && reader->live->addresses
						    ? reader->live->addresses(reader->live->context, interface->device, &count)
						    : NULL;

	for (size_t i = 0; i < count && interface->naddresses < room; i++)
		list[interface->naddresses++] = live[i];
}

#define ADDRESSES_MAX 64

/* The gateway that the interface was told to use, else the most preferred one on it. */
static uint8_t
interface_gateway(const struct filter_reader *reader, const struct record *record, enum family family)
{
	const struct gateways *gateways = reader->live ? reader->live->gateways : NULL;
	const char            *told = record_get(record, family == FAMILY_INET6 ? "gatewayv6" : "gateway");
	uint8_t                first = 0;

	for (size_t i = 0; gateways && i < gateways->n; i++) {
		const struct gateway *gateway = &gateways->list[i];

		if (gateway->family != family || gateway->is_disabled || strcmp(gateway->interface, record->uuid) != 0)
			continue;
		if (strcmp(gateway->name, told) == 0)
			return gateway->number;
		first = first ? first : gateway->number;
	}
	return first;
}

/* What the configuration says, else what a line to a provider has room for. */
static uint16_t
segment_room(const struct filter_reader *reader, const struct record *record)
{
	struct point point;

	if (!record_has(record, "mss") && point_read(reader->snapshot, record, &point))
		return (uint16_t)point.mtu;
	return (uint16_t)record_number(record, "mss", 0);
}

static void
read_interface(struct filter_reader *reader, const struct record *record, struct filter_interface *out)
{
	struct filter_address *list = ARENA_MAKE(reader->once, struct filter_address, ADDRESSES_MAX);
	const struct text      type4 = record_text(record, "type4"), type6 = record_text(record, "type6");

	*out = (struct filter_interface){
		.name = record->uuid,
		.device = text_is(record_text(record, "if"), FILTER_IPSEC_NAME) ? FILTER_IPSEC_DEVICE : record_get(record, "if"),
		.addresses = list,
		.mss = segment_room(reader, record),
		.block_private = record_bool(record, "blockpriv"),
		.block_bogons = record_bool(record, "blockbogons"),
		.dhcp_client4 = text_is(type4, "dhcp"),
		.dhcp_client6 = text_is(type6, "dhcp6"),
		.dhcp_server4 = leasing_is_open(reader->snapshot, text_of(record->uuid), FAMILY_INET),
		.dhcp_server6 = leasing_is_open(reader->snapshot, text_of(record->uuid), FAMILY_INET6),
		.has_carp = carp_is_on(reader->snapshot, text_of(record->uuid)),
	};
	add_address(out, list, record_text(record, "ipaddr"));
	add_address(out, list, record_text(record, "ipaddrv6"));
	add_live(reader, out, list, ADDRESSES_MAX);
	out->gateway4 = interface_gateway(reader, record, FAMILY_INET);
	out->gateway6 = interface_gateway(reader, record, FAMILY_INET6);
	/* What gets its address or its gateway from outside leads there. */
	out->is_wan = out->gateway4 || out->gateway6 || out->dhcp_client4 || out->dhcp_client6 || record_has(record, "gateway") ||
		      record_has(record, "gatewayv6") || text_is(type4, "pppoe") || text_is(type6, "slaac");
}

/* --- devices of daemons -------------------------------------------------------------------------------------- */

/* In the arena. */
static const char **
list_openvpn(const struct filter_reader *reader, size_t *count)
{
	return openvpn_devices(reader->once, reader->snapshot, count);
}

/* The same. */
static const char **
list_wireguard(const struct filter_reader *reader, size_t *count)
{
	const struct snapshot *snapshot = reader->live && reader->live->devices ? reader->live->devices : reader->snapshot;
	size_t                 nservers;
	const struct record  **servers = wireguard_servers(reader->once, snapshot, &nservers);
	const char           **devices = ARENA_MAKE(reader->once, const char *, nservers + 1);

	*count = 0;
	for (size_t i = 0; i < nservers; i++) {
		const char *device = wireguard_device(reader->once, servers[i]);

		if (device)
			devices[(*count)++] = device;
	}
	return devices;
}

/* In the order of device_groups. */
static const char **(*const daemons[])(const struct filter_reader *, size_t *count) = { list_openvpn, list_wireguard };

const char *const device_groups[] = { "openvpn", WIREGUARD_GROUP, NULL };

bool
has_device_group(const struct filter_reader *reader, size_t group)
{
	const struct view view = { .snapshot = reader->snapshot, .arena = reader->once };
	size_t            count;

	(void)daemons[group](reader, &count);
	return count > 0 || interfaces_find(&view, text_of(device_groups[group]));
}

/* One that was assigned is an interface already. */
static const char *
name_of_device(const struct filter_interface *list, size_t count, const char *device)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].device, device) == 0)
			return list[i].name;
	return NULL;
}

/* Devices that nobody assigned are interfaces of their own name, so that there is something for the rules of their group to be about. */
static struct filter_group
read_devices(struct filter_reader *reader, size_t daemon, struct filter_interface *list)
{
	size_t              count, *used = &reader->filter.ninterfaces;
	const char        **members = daemons[daemon](reader, &count);
	struct filter_group group = { .name = device_groups[daemon], .members = members, .nmembers = count, .sequence = TUNNEL_GROUP_SEQUENCE };

	for (size_t i = 0; i < count; i++) {
		const char            *device = members[i], *name = name_of_device(list, *used, device);
		struct filter_address *addresses;

		if (!name) {
			addresses = ARENA_MAKE(reader->once, struct filter_address, ADDRESSES_MAX);
			list[*used] = (struct filter_interface){ .name = device, .device = device, .addresses = addresses };
			add_live(reader, &list[*used], addresses, ADDRESSES_MAX);
			name = list[(*used)++].name;
		}
		members[i] = name;
	}
	return group;
}

static size_t
count_devices(const struct filter_reader *reader)
{
	size_t all = 0, count;

	for (size_t i = 0; i < COUNT(daemons); i++) {
		(void)daemons[i](reader, &count);
		all += count;
	}
	return all;
}

/* --- all of them ---------------------------------------------------------------------------------- */

static void
read_groups(struct filter_reader *reader, struct filter_interface *interfaces)
{
	const struct collection *groups = snapshot_named(reader->snapshot, "firewall.group");
	const size_t             count = collection_count(groups);
	struct filter_group     *list = ARENA_MAKE(reader->once, struct filter_group, count + COUNT(daemons));

	for (size_t i = 0; i < count; i++) {
		const struct record *record = collection_at(groups, i);

		list[i].name = record_get(record, "ifname");
		list[i].members = read_names(reader->once, record_text(record, "members"), &list[i].nmembers);
		list[i].sequence = (unsigned)record_number(record, "sequence", 0);
	}
	reader->filter.groups = list;
	reader->filter.ngroups = count;
	/* One that somebody called so is theirs. */
	for (size_t i = 0; i < COUNT(daemons); i++)
		if (map_get(reader->groups, text_of(device_groups[i])) == reader)
			list[reader->filter.ngroups++] = read_devices(reader, i, interfaces);
}

/*
 * Tunnels of the older kind; for connections upstream has none such, their rules are written by hand. A peer that is known by a name
 * alone may have any address.
 */
static void
read_tunnels(struct filter_reader *reader)
{
	const struct record     *settings = snapshot_single(reader->snapshot, "ipsec.settings");
	const struct collection *phases = snapshot_named(reader->snapshot, "ipsec.phase1");
	const size_t             count = collection_count(phases);
	struct filter_tunnel    *list = ARENA_MAKE(reader->once, struct filter_tunnel, count + 1);

	if (!record_bool(settings, "general.enabled") || record_bool(settings, "general.disablevpnrules"))
		return;
	for (size_t i = 0; i < count; i++) {
		const struct record  *phase = collection_at(phases, i);
		struct filter_tunnel *one = &list[reader->filter.ntunnels];

		if (record_bool(phase, "disabled"))
			continue;
		*one = (struct filter_tunnel){
			.name = record_get(phase, "ikeid"), .label = arena_print(reader->once, "IPsec: %s", record_get(phase, "descr")),
			.interface = record_get(phase, "interface"),
			.floats = !text_is(record_text(phase, "nat_traversal"), "off"),
		};
		if (!record_bool(phase, "mobile"))
			(void)address_read(record_text(phase, "remote-gateway"), &one->peer);
		reader->filter.ntunnels++;
	}
	reader->filter.tunnels = list;
}

void
read_interfaces(struct filter_reader *reader)
{
	const struct collection *interfaces = snapshot_named(reader->snapshot, "interfaces.interface");
	const size_t             count = collection_count(interfaces);
	struct filter_interface *list = ARENA_MAKE(reader->once, struct filter_interface, count + count_devices(reader) + 2);
	size_t                   used = 0;

	for (size_t i = 0; i < count; i++)
		if (record_bool(collection_at(interfaces, i), "enable"))
			read_interface(reader, collection_at(interfaces, i), &list[used++]);
	/* Nobody has to configure it. */
	if (record_bool(snapshot_single(reader->snapshot, "ipsec.settings"), "general.enabled") &&
	    !collection_where(interfaces, "if", TEXT(FILTER_IPSEC_NAME)))
		list[used++] = (struct filter_interface){ .name = FILTER_IPSEC_NAME, .device = FILTER_IPSEC_DEVICE };
	reader->filter.interfaces = list;
	reader->filter.ninterfaces = used;
	read_groups(reader, list);
	read_tunnels(reader);
}

/* --- gateways --------------------------------------------------------------------------------------- */

uint8_t
read_gateway(const struct filter_reader *reader, struct text name)
{
	const struct gateways *gateways = reader->live ? reader->live->gateways : NULL;
	const struct gateway  *gateway = gateways ? gateways_find(gateways, name) : NULL;

	return gateway ? gateway->number : 0;
}

static void
add_gateway(struct filter_gateway *out, struct arena *arena, const char *name, enum family family,
        const struct gateway_choice *choices, size_t count)
{
	struct filter_hop *hops = ARENA_MAKE(arena, struct filter_hop, count + 1);

	*out = (struct filter_gateway){ .name = name, .family = family, .hops = hops, .nhops = count };
	for (size_t i = 0; i < count; i++)
		hops[i] = (struct filter_hop){ choices[i].gateway->number, choices[i].weight };
}

/* What is down is as if the rules did not name it: connections go as the routes say. */
void
read_gateways(struct filter_reader *reader)
{
	const struct gateways *gateways = reader->live ? reader->live->gateways : NULL;
	const size_t           count = gateways ? gateways->n + gateways->ngroups : 0;
	struct filter_gateway *list = ARENA_MAKE(reader->once, struct filter_gateway, count + 1);
	size_t                 n = 0;

	for (size_t i = 0; gateways && i < gateways->n; i++) {
		const struct gateway       *gateway = &gateways->list[i];
		const struct gateway_choice only = { gateway, 1 };
		const bool                  is_used = gateway->is_there && gateway->number && gateway->health < GATEWAY_DOWN;

		add_gateway(&list[n++], reader->once, gateway->name, gateway->family, &only, is_used);
	}
	for (size_t i = 0; gateways && i < gateways->ngroups; i++) {
		const struct gateway_group *group = &gateways->groups[i];

		add_gateway(&list[n], reader->once, group->name, group->family, group->choices, group->nchoices);
		list[n++].is_sticky = group->is_sticky;
	}
	reader->filter.gateways = list;
	reader->filter.ngateways = n;
}
