/* Interfaces, links, VLANs, bridges and DHCP servers, for the tables' expressions. */
#include "base/address.h"
#include "dialect/pfsense/functions.h"

static struct text
member_text(struct scope *scope, const struct value *object, const char *name)
{
	return to_text(scope->arena, value_get(object, name));
}

static const char *
upper_case(struct arena *arena, struct text word)
{
	char *copy = arena_copy(arena, word);

	for (char *at = copy; *at; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 32);
	return copy;
}

/* What an interface is called when it has no description: its id in upper case. */
static bool
is_called(struct scope *scope, const struct member *interface, struct text name)
{
	const struct text descr = member_text(scope, interface->value, "descr");

	if (text_equal(interface->name, name) ||
	    text_equal(member_text(scope, interface->value, "if"), name))
		return true;
	return text_is(name, descr.len ? arena_copy(scope->arena, descr) :
					 upper_case(scope->arena, interface->name));
}

const char *
interface_id(struct scope *scope, struct text name, struct text options)
{
	const struct value *interfaces = tree_find(scope->tree, "interfaces");

	if (name.len == 0)
		return NULL;
	for (size_t i = 0; i < value_count(interfaces); i++)
		if (is_called(scope, &interfaces->members[i], name))
			return arena_copy(scope->arena, interfaces->members[i].name);
	if (text_contains(options, TEXT("carp")) && text_starts(name, TEXT("_vip")) &&
	    position_of(scope, "virtualip/vip", "uniqid", text_after(name, 4)) >= 0)
		return arena_copy(scope->arena, name);
	if (text_contains(options, TEXT("ifgroup")) &&
	    position_of(scope, "ifgroups/ifgroupentry", "ifname", name) >= 0)
		return arena_copy(scope->arena, name);
	if (text_contains(options, TEXT("enc0")) &&
	    (text_is(name, "enc0") || text_is(name, "ipsec") || text_is(name, "IPsec")))
		return "enc0";
	if (text_contains(options, TEXT("openvpn")) && text_is(name, "openvpn"))
		return "openvpn";
	return NULL;
}

FUNCTION(ifid)
{
	UNUSED;
	const char *id = value_is(A(0), VALUE_TEXT) ? interface_id(scope, A(0)->text, options) : NULL;

	return id ? value_string(scope->arena, id) : say(scope, false);
}

FUNCTION(ifgroup_exists)
{
	UNUSED;
	return say(scope, position_of(scope, "ifgroups/ifgroupentry", "ifname", text(scope, A(0))) >= 0);
}

FUNCTION(ip_in_use)
{
	UNUSED;
	const struct text   address = text(scope, A(0));
	const struct value *interfaces = tree_find(scope->tree, "interfaces");

	for (size_t i = 0; i < value_count(interfaces); i++)
		if (member_is(scope, interfaces->members[i].value, "ipaddr", address) ||
		    member_is(scope, interfaces->members[i].value, "ipaddrv6", address))
			return say(scope, true);
	return say(scope, position_of(scope, "virtualip/vip", "subnet", address) >= 0);
}

/* One link of the box, as all_links() shows it. */
static void
add_link(struct scope *scope, struct value *links, const char *name, const char *marker,
         const char *parent)
{
	const struct value *interfaces = tree_find(scope->tree, "interfaces");
	struct value       *link = value_get(links, name);

	if (!link) {
		link = value_object(scope->arena);
		value_set(scope->arena, links, name, link);
	}
	if (marker)
		value_set(scope->arena, link, marker, value_bool(scope->arena, true));
	if (parent)
		value_set_string(scope->arena, link, "if", parent);
	for (size_t i = 0; i < value_count(interfaces); i++)
		if (member_is(scope, interfaces->members[i].value, "if", text_of(name)))
			value_set(scope->arena, link, "in_use",
				  value_text(scope->arena, interfaces->members[i].name));
}

static void
add_links_of(struct scope *scope, struct value *links, const char *path, const char *member,
             const char *marker)
{
	const struct value *list = tree_find(scope->tree, path);

	for (size_t i = 0; i < value_count(list); i++) {
		const struct text name = member_text(scope, list->members[i].value, member);

		if (name.len)
			add_link(scope, links, arena_copy(scope->arena, name), marker,
				 to_string(scope->arena, value_get(list->members[i].value, "if")));
	}
}

FUNCTION(all_links)
{
	UNUSED;
	struct value        *links = value_object(scope->arena);
	size_t               devices;
	const struct choice *device = facts_list(scope->request->service->facts, "devices", &devices);

	for (size_t i = 0; i < devices; i++)
		add_link(scope, links, device[i].key, NULL, NULL);
	add_links_of(scope, links, "vlans/vlan", "vlanif", "isvlan");
	add_links_of(scope, links, "bridges/bridged", "bridgeif", "isbridge");
	add_links_of(scope, links, "gifs/gif", "gifif", "isgif");
	add_links_of(scope, links, "gres/gre", "greif", "isgre");
	add_links_of(scope, links, "laggs/lagg", "laggif", "islagg");
	return links;
}

FUNCTION(link_exists)
{
	UNUSED;
	return say(scope, value_get_text(call_all_links(scope, NULL, 0, TEXT_NONE), text(scope, A(0))) != NULL);
}

FUNCTION(link_mtu)
{
	UNUSED;
	const struct choice *found =
		facts_find(scope->request->service->facts, "mtus", text(scope, A(0)));
	const struct value mtu = { .kind = VALUE_TEXT, .text = text_of(found ? found->label : "1500") };

	return number(scope, to_integer(&mtu));
}

FUNCTION(link_media)
{
	UNUSED;
	struct value        *list = value_list(scope->arena);
	const struct choice *found =
		facts_find(scope->request->service->facts, "media", text(scope, A(0)));
	struct text rest = text_of(found && found->label ? found->label : "autoselect"), piece;

	while (text_next(&rest, ",", &piece))
		value_add(scope->arena, list, value_text(scope->arena, piece));
	return list;
}

FUNCTION(next_if_id)
{
	UNUSED;
	const struct value *interfaces = tree_find(scope->tree, "interfaces");

	if (!value_get(interfaces, "wan"))
		return value_string(scope->arena, "wan");
	if (!value_get(interfaces, "lan"))
		return value_string(scope->arena, "lan");
	for (unsigned i = 1;; i++) {
		const char *id = arena_print(scope->arena, "opt%u", i);

		if (!value_get(interfaces, id))
			return value_string(scope->arena, id);
	}
}

FUNCTION(configured_ifs)
{
	UNUSED;
	struct value *interfaces = tree_find(scope->tree, "interfaces");

	return interfaces ? interfaces : value_object(scope->arena);
}

FUNCTION(dynamic_v6_ifs)
{
	UNUSED;
	const struct value *interfaces = tree_find(scope->tree, "interfaces");
	struct value       *found = value_object(scope->arena);

	for (size_t i = 0; i < value_count(interfaces); i++) {
		const struct text kind = member_text(scope, interfaces->members[i].value, "ipaddrv6");

		if (text_is(kind, "dhcp6") || text_is(kind, "6rd") || text_is(kind, "6to4"))
			value_set_text(scope->arena, found, interfaces->members[i].name,
				       interfaces->members[i].value);
	}
	return found;
}

/* A member of an interface, as configured: what it has at run time when the address is static. */
static struct value *
interface_member(struct scope *scope, const struct value *id, const char *name)
{
	const struct value *interface =
		value_get_text(tree_find(scope->tree, "interfaces"), text(scope, id));

	return value_get(interface, name);
}

/* The first address that the link of an interface has now, "address/bits"; "" when it has none. */
static const char *
live_address(struct scope *scope, const struct value *id, enum family family)
{
	const struct text    device = text(scope, interface_member(scope, id, "if"));
	size_t               count;
	const struct choice *addresses = facts_list(scope->request->service->facts, "device addresses", &count);

	for (size_t i = 0; i < count; i++) {
		struct prefix prefix;

		if (text_is(device, addresses[i].key) && prefix_read(text_of(addresses[i].label), &prefix) &&
		    prefix.address.family == family)
			return addresses[i].label;
	}
	return "";
}

static struct value *
address_of(struct scope *scope, const struct value *id, enum family family)
{
	struct value *address = interface_member(scope, id, family == FAMILY_INET ? "ipaddr" : "ipaddrv6");
	struct text   live = text_of(live_address(scope, id, family));

	if (address && (family == FAMILY_INET ? is_ipv4(text(scope, address)) : is_ipv6(text(scope, address))))
		return address;
	return live.len ? value_text(scope->arena, text_until(&live, '/')) : NULL;
}

static struct value *
bits_of(struct scope *scope, const struct value *id, enum family family)
{
	struct value *bits = interface_member(scope, id, family == FAMILY_INET ? "subnet" : "subnetv6");
	struct text   live = text_of(live_address(scope, id, family));

	if (bits || live.len == 0)
		return bits;
	text_until(&live, '/');
	return value_text(scope->arena, live);
}

FUNCTION(if_ipv4)
{
	UNUSED;
	return address_of(scope, A(0), FAMILY_INET);
}

FUNCTION(if_ipv4_bits)
{
	UNUSED;
	return bits_of(scope, A(0), FAMILY_INET);
}

FUNCTION(if_ipv6)
{
	UNUSED;
	return address_of(scope, A(0), FAMILY_INET6);
}

FUNCTION(if_ipv6_bits)
{
	UNUSED;
	return bits_of(scope, A(0), FAMILY_INET6);
}

FUNCTION(bcast_of)
{
	UNUSED;
	struct prefix prefix = { .bits = (unsigned)to_integer(bits_of(scope, A(0), FAMILY_INET)) };

	if (!address_read(text(scope, address_of(scope, A(0), FAMILY_INET)), &prefix.address) ||
	    prefix.bits > 32)
		return NULL;
	const struct address last = prefix_last(&prefix);

	return value_string(scope->arena, address_print(scope->arena, &last));
}

static struct value *
server_on(struct scope *scope, const char *section, const struct value *id)
{
	const struct value *server = value_get_text(tree_find(scope->tree, section), text(scope, id));

	return say(scope, !is_none(value_get(server, "enable")));
}

FUNCTION(dhcpd_on)
{
	UNUSED;
	return server_on(scope, "dhcpd", A(0));
}

FUNCTION(dhcpdv6_on)
{
	UNUSED;
	return server_on(scope, "dhcpdv6", A(0));
}

FUNCTION(in_other_bridge)
{
	UNUSED;
	const struct value *list = tree_find(scope->tree, "bridges/bridged");
	size_t              own = SIZE_MAX;

	if (scope->target)
		is_index(scope->target, &own);
	for (size_t i = 0; i < value_count(list); i++) {
		struct text rest = member_text(scope, list->members[i].value, "members"), piece;

		while (i != own && text_next(&rest, ",", &piece))
			if (text_equal(piece, text(scope, A(0))))
				return say(scope, true);
	}
	return say(scope, false);
}

FUNCTION(wireless)
{
	UNUSED;
	return say(scope, is_true(interface_member(scope, A(0), "wireless")));
}

FUNCTION(wireless_ap)
{
	UNUSED;
	return say(scope, text_is(member_text(scope, interface_member(scope, A(0), "wireless"), "mode"),
				  "hostap"));
}

FUNCTION(captive_portal_on)
{
	UNUSED;
	const struct value *zones = tree_find(scope->tree, "captiveportal");

	for (size_t i = 0; i < value_count(zones); i++) {
		struct text rest = member_text(scope, zones->members[i].value, "interface"), piece;

		while (text_next(&rest, ",", &piece))
			if (text_equal(piece, text(scope, A(0))) &&
			    !is_none(value_get(zones->members[i].value, "enable")))
				return say(scope, true);
	}
	return say(scope, false);
}

/* The id of the interface whose device is the link named in a member of the object; NULL: none. */
static const char *
assigned_to(struct scope *scope, struct text link)
{
	const struct value *interfaces = tree_find(scope->tree, "interfaces");

	for (size_t i = 0; link.len && i < value_count(interfaces); i++)
		if (member_is(scope, interfaces->members[i].value, "if", link))
			return arena_copy(scope->arena, interfaces->members[i].name);
	return NULL;
}

/* Is the bridge under scrutiny some interface's device? */
FUNCTION(bridge_assigned)
{
	UNUSED;
	struct value *id = value_get(scope->input, "id");
	char         *name = arena_copy(scope->arena, text(scope, id));

	for (char *at = name; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at + 32);
	return say(scope, assigned_to(scope, text_of(name)) != NULL);
}

/* What the link was called before: the VLAN that was selected still says so in the configuration. */
static const char *
old_vlan_interface(struct scope *scope)
{
	return assigned_to(scope, member_text(scope, scope->flags, "prev_vlanif"));
}

FUNCTION(interface_on_old_vlan)
{
	UNUSED;
	return say(scope, old_vlan_interface(scope) != NULL);
}

FUNCTION(get_if_to_reassign)
{
	UNUSED;
	const char *id = old_vlan_interface(scope);

	return id ? value_string(scope->arena, id) : NULL;
}

FUNCTION(next_bridge_link)
{
	UNUSED;
	for (unsigned i = 0;; i++) {
		const char *name = arena_print(scope->arena, "bridge%u", i);

		if (position_of(scope, "bridges/bridged", "bridgeif", text_of(name)) < 0)
			return value_string(scope->arena, name);
	}
}

/* Does another object of the list have the same two members? */
static struct value *
pair_used(struct scope *scope, const char *path, const struct value *parent, const struct value *tag)
{
	const struct value *list = tree_find(scope->tree, path);
	size_t              own = SIZE_MAX;

	if (scope->target)
		is_index(scope->target, &own);
	for (size_t i = 0; i < value_count(list); i++)
		if (i != own && member_is(scope, list->members[i].value, "if", text(scope, parent)) &&
		    member_is(scope, list->members[i].value, "tag", text(scope, tag)))
			return say(scope, true);
	return say(scope, false);
}

FUNCTION(vlan_tag_used)
{
	UNUSED;
	return pair_used(scope, "vlans/vlan", A(0), A(1));
}

FUNCTION(qinq_tag_used)
{
	UNUSED;
	return pair_used(scope, "qinqs/qinqentry", A(0), A(1));
}

FUNCTION(vlan_named)
{
	UNUSED;
	const int64_t at = position_of(scope, "vlans/vlan", "vlanif", text(scope, A(0)));

	return at < 0 ? NULL : number(scope, at);
}

/* clang-format off */
const struct function functions_interface[] = {
	{ "ifid",                  1, 1, call_ifid },
	{ "ifgroup_exists",        1, 1, call_ifgroup_exists },
	{ "ip_in_use",             1, 1, call_ip_in_use },
	{ "all_links",             0, 0, call_all_links },
	{ "link_exists",           1, 1, call_link_exists },
	{ "link_mtu",              1, 1, call_link_mtu },
	{ "link_media",            1, 2, call_link_media },
	{ "next_if_id",            0, 0, call_next_if_id },
	{ "configured_ifs",        0, 1, call_configured_ifs },
	{ "dynamic_v6_ifs",        0, 0, call_dynamic_v6_ifs },
	{ "if_ipv4",               1, 1, call_if_ipv4 },
	{ "if_ipv4_bits",          1, 1, call_if_ipv4_bits },
	{ "if_ipv6",               1, 1, call_if_ipv6 },
	{ "if_ipv6_bits",          1, 1, call_if_ipv6_bits },
	{ "bcast_of",              1, 2, call_bcast_of },
	{ "dhcpd_on",              1, 1, call_dhcpd_on },
	{ "dhcpdv6_on",            1, 1, call_dhcpdv6_on },
	{ "in_other_bridge",       1, 1, call_in_other_bridge },
	{ "wireless",              1, 1, call_wireless },
	{ "wireless_ap",           1, 1, call_wireless_ap },
	{ "captive_portal_on",     1, 1, call_captive_portal_on },
	{ "bridge_assigned",       0, 0, call_bridge_assigned },
	{ "interface_on_old_vlan", 0, 0, call_interface_on_old_vlan },
	{ "get_if_to_reassign",    0, 0, call_get_if_to_reassign },
	{ "next_bridge_link",      0, 0, call_next_bridge_link },
	{ "vlan_tag_used",         2, 2, call_vlan_tag_used },
	{ "qinq_tag_used",         2, 2, call_qinq_tag_used },
	{ "vlan_named",            1, 1, call_vlan_named },
	{ NULL },
};
/* clang-format on */
