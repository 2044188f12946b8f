/* Links that are made, not found: each from its own kind of record. */
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/network/making.h"
#include "plan/vlan_priority.h"

static uint32_t
number_of(const struct record *record, const char *field)
{
	return (uint32_t)record_number(record, field, 0);
}

static struct address
address_of(const struct record *record, const char *field)
{
	struct address address = { FAMILY_NONE };

	address_read(record_text(record, field), &address);
	return address;
}

static struct node *
make(struct making *making, const char *name, enum link_kind kind)
{
	struct node *node = making_link(making, name);

	if (node)
		node->link.kind = kind;
	return node;
}

/* What it leans on must be there and up. */
static bool
lean_on(struct making *making, struct node *node, const char *device, const char **place)
{
	struct node *other = device ? making_link(making, device) : NULL;

	if (!other || other == node)
		return false;
	other->needed = true;
	*place = other->link.name;
	return true;
}

static void
make_bridge(struct making *making, const struct record *record)
{
	struct node *node = make(making, record_get(record, "bridgeif"), LINK_BRIDGE);

	if (node) {
		node->link.spanning = record_bool(record, "enablestp");
		node->needed = true;
	}
}

static void
make_bond(struct making *making, const struct record *record)
{
	static const char *const protocols[] = { "lacp", "failover", "loadbalance", "roundrobin", NULL };
	struct node             *node = make(making, record_get(record, "laggif"), LINK_BOND);

	if (!node)
		return;
	node->link.mode = (enum bond_mode)record_choice(record, "proto", protocols, BOND_BALANCE);
	node->link.mtu = number_of(record, "mtu");
	node->needed = true;
}

static void
make_vlan(struct making *making, const struct record *record)
{
	const char  *name = record_get(record, "vlanif");
	struct node *node = making_link(making, name);

	if (!node || !lean_on(making, node, record_get(record, "if"), &node->link.parent))
		return;
	node->link.kind = LINK_VLAN;
	node->link.tag = number_of(record, "tag");
	node->link.outer_tag = text_is(record_text(record, "proto"), "802.1ad");
	node->link.priority = (uint8_t)(number_of(record, "pcp") & VLAN_PRIORITY_MAX);
}

static void
make_vxlan(struct making *making, const struct record *record)
{
	struct node *node = making_link(making, arena_print(making->arena, "vxlan%s", record_get(record, "deviceId")));

	if (!node)
		return;
	node->link.tag = number_of(record, "vxlanid");
	node->link.local = address_of(record, "vxlanlocal");
	node->link.remote = address_of(record, record_has(record, "vxlanremote") ? "vxlanremote" : "vxlangroup");
	node->link.local_port = (uint16_t)number_of(record, "vxlanlocalport");
	node->link.remote_port = (uint16_t)number_of(record, "vxlanremoteport");
	if (record_has(record, "vxlangroup") &&
	    !lean_on(making, node, making_device(making->snapshot, record_text(record, "vxlandev")), &node->link.parent)) {
		making_miss(making, "%s: its device is not enabled", node->link.name);
		return;
	}
	if (node->link.remote.family != FAMILY_NONE)
		node->link.kind = LINK_VXLAN;
}

static void
make_loopback(struct making *making, const struct record *record)
{
	struct node *node =
		make(making, arena_print(making->arena, "lo%s", record_get(record, "deviceId")), LINK_LOOPBACK);

	if (node)
		node->needed = true;
}

/* The addresses inside: ours, and the peer's when it is not in our network. */
static void
add_inner(struct making *making, struct node *node, const struct record *record)
{
	struct network_address address = { .peer = address_of(record, "tunnel-remote-addr") };
	unsigned               most;

	address.prefix.address = address_of(record, "tunnel-local-addr");
	if (address.prefix.address.family == FAMILY_NONE)
		return;
	most = address_bits(address.prefix.address.family);
	address.prefix.bits = number_of(record, "tunnel-remote-net");
	if (address.prefix.bits > most)
		address.prefix.bits = most;
	if (address.peer.family != address.prefix.address.family || prefix_covers(&address.prefix, &address.peer))
		address.peer = (struct address){ FAMILY_NONE };
	making_add_address(node, making, &address);
}

static void
make_tunnel(struct making *making, const struct record *record, const char *name, enum link_kind kind)
{
	struct node *node = making_link(making, name);

	if (!node)
		return;
	node->link.remote = address_of(record, "remote-addr");
	node->link.local = record_has(record, "ipaddr")
	                           ? address_of(record, "ipaddr")
	                           : making_own_address(making->snapshot, record_text(record, "if"), node->link.remote.family);
	if (node->link.local.family == FAMILY_NONE || node->link.local.family != node->link.remote.family) {
		making_miss(making, "%s: its ends are not two addresses of one family", name);
		return;
	}
	node->link.kind = kind;
	node->needed = true;
	add_inner(making, node, record);
}

static void
make_gif(struct making *making, const struct record *record)
{
	make_tunnel(making, record, record_get(record, "gifif"), LINK_TUNNEL);
}

static void
make_gre(struct making *making, const struct record *record)
{
	make_tunnel(making, record, record_get(record, "greif"), LINK_GRE);
}

/* The addresses inside: ours with the peer's. */
static void
add_pair(struct making *making, struct node *node, const struct record *record, const char *const fields[2])
{
	struct network_address address = { .peer = address_of(record, fields[1]) };

	address.prefix.address = address_of(record, fields[0]);
	if (address.prefix.address.family == FAMILY_NONE || address.peer.family != address.prefix.address.family)
		return;
	address.prefix.bits = address_bits(address.prefix.address.family);
	making_add_address(node, making, &address);
}

/* Its number is the one that the associations of its connection have: see plan/ipsec. */
static void
make_xfrm(struct making *making, const struct record *record)
{
	static const char *const pairs[][2] = { { "tunnel_local", "tunnel_remote" }, { "tunnel_local2", "tunnel_remote2" } };
	struct node             *node;

	if (!record_bool(record, "enabled") ||
	    !record_bool(snapshot_single(making->snapshot, "ipsec.settings"), "general.enabled"))
		return;
	node = make(making, arena_print(making->arena, "ipsec%s", record_get(record, "reqid")), LINK_XFRM);
	if (!node)
		return;
	node->link.tag = number_of(record, "reqid");
	node->needed = true;
	for (size_t i = 0; i < COUNT(pairs); i++)
		add_pair(making, node, record, pairs[i]);
}

static const struct {
	const char *resource;
	void      (*make)(struct making *, const struct record *);
} makers[] = {
	{ "interfaces.bridge", make_bridge },     { "interfaces.lagg", make_bond }, { "interfaces.vlan", make_vlan },
	{ "interfaces.vxlan", make_vxlan },       { "interfaces.gif", make_gif },   { "interfaces.gre", make_gre },
	{ "interfaces.loopback", make_loopback }, { "ipsec.vti", make_xfrm },
};

void
making_virtual_links(struct making *making)
{
	for (size_t i = 0; i < COUNT(makers); i++) {
		const struct collection *records = snapshot_named(making->snapshot, makers[i].resource);

		for (size_t k = 0; k < collection_count(records); k++)
			makers[i].make(making, collection_at(records, k));
	}
}

/* --- Ports -------------------------------------------------------------------------------------- */

static void
join(struct making *making, const char *master, const char *device)
{
	struct node *port = device ? making_link(making, device) : NULL;
	struct node *lead = map_get(making->nodes, text_of(master));

	if (!port || !lead || port == lead)
		return;
	if (*port->link.master)
		making_miss(making, "%s: a port of both %s and %s", device, port->link.master, master);
	port->link.master = lead->link.name;
	port->needed = true;
}

void
making_members(struct making *making)
{
	const struct collection *bridges = snapshot_named(making->snapshot, "interfaces.bridge");
	const struct collection *bonds = snapshot_named(making->snapshot, "interfaces.lagg");
	struct text              list, one;

	for (size_t i = 0; i < collection_count(bonds); i++)
		for (list = record_text(collection_at(bonds, i), "members"); text_next(&list, ",", &one);)
			join(making, record_get(collection_at(bonds, i), "laggif"), arena_copy(making->arena, one));
	for (size_t i = 0; i < collection_count(bridges); i++)
		for (list = record_text(collection_at(bridges, i), "members"); text_next(&list, ",", &one);)
			join(making, record_get(collection_at(bridges, i), "bridgeif"), making_device(making->snapshot, one));
}
