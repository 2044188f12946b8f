/*
 * The operations of interface/apply and 4 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* What a new one and one that is changed have in common. */
#define BRIDGE_MEMBERS \
	REFUSE("members", 3067, "len(members) >= 1 and not ifid(members[])"), \
	REFUSE("members", 3068, "len(members) >= 1 and in_other_bridge(ifid(members[]))"), \
	REFUSE("members", 3069, "len(members) >= 1 and wireless(ifid(members[])) and not " \
	      "wireless_ap(ifid(members[]))"), \
	REFUSE("members", 3070, "len(members) >= 1 and captive_portal_on(ifid(members[]))"), \
	REFUSE("members", 3066, "len(members) < 1")

static const struct task interface_bridge_post_steps[] = {
	SET(NULL, "members", "[]", NULL),
	BRIDGE_MEMBERS,
	REFUSE("members", 3066, "not has(members)"),
	SET("members", "members", "join(',', ifids(as_list(members)))", NULL),
	TAKE_OR("descr", "descr", "''"),
	SET(NULL, "maxaddr", "''", NULL),
	SET(NULL, "timeout", "''", NULL),
	SET(NULL, "maxage", "''", NULL),
	SET(NULL, "fwdelay", "''", NULL),
	SET(NULL, "hellotime", "''", NULL),
	SET(NULL, "priority", "''", NULL),
	SET(NULL, "proto", "'rstp'", NULL),
	SET(NULL, "holdcnt", "''", NULL),
	SET(NULL, "ifpriority", "''", NULL),
	SET(NULL, "ifpathcost", "''", NULL),
	SET(NULL, "bridgeif", "next_bridge_link()", NULL),
	{ 0 },
};

static const struct write interface_bridge_post_writes[] = {
	{ WRITE_SET, "bridges/bridged/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task interface_bridge_put_steps[] = {
	SELECT("id", "found", "any bridge of cfg(bridges/bridged) and lower(id) = bridge.bridgeif"),
	REFUSE("id", 3072, "has(id) and selected not found"),
	REFUSE("id", 3071, "not has(id)"),
	BRIDGE_MEMBERS,
	SET("members", "members", "join(',', ifids(as_list(members)))", "has(members)"),
	TAKE("descr", "descr"),
	{ 0 },
};

static const struct write interface_bridge_put_writes[] = {
	{ WRITE_SET, "bridges/bridged/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task interface_bridge_delete_steps[] = {
	SELECT("id", "found", "any bridge of cfg(bridges/bridged) and lower(id) = bridge.bridgeif and not "
	      "bridge_assigned()"),
	REFUSE("id", 3073, "any bridge of cfg(bridges/bridged) and lower(id) = bridge.bridgeif and "
	      "bridge_assigned()"),
	REFUSE("id", 3072, "has(id) and selected not found"),
	REFUSE("id", 3071, "not has(id)"),
	{ 0 },
};

static const struct write interface_bridge_delete_writes[] = {
	{ WRITE_DELETE, "bridges/bridged/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task interface_group_post_steps[] = {
	REFUSE("ifname", 3075, "not (ifname matches /^[a-zA-Z0-9_]+$/)"),
	REFUSE("ifname", 3078, "strlen(ifname) > 15"),
	REFUSE("ifname", 3077, "ifgroup_exists(ifname)"),
	REFUSE("ifname", 3076, "ifid(ifname)"),
	REFUSE("ifname", 3079, "not has(ifname)"),
	SET("ifname", "ifname", "ifname", NULL),
	REFUSE("members", 3074, "not has(members)"),
	REFUSE("members", 3074, "not ifid(members[])"),
	SET("members", "members", "''", NULL),
	SET("members", "members", "join(' ', ifids(as_list(members)))", NULL),
	TAKE_OR("descr", "descr", "''"),
	{ 0 },
};

static const struct write interface_group_post_writes[] = {
	{ WRITE_SET, "ifgroups/ifgroupentry/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task interface_group_put_steps[] = {
	SELECT("id", "found", "ifgroup_exists(id) and any ifgroup of cfg(ifgroups/ifgroupentry) and id = "
	      "ifgroup.ifname"),
	REFUSE("id", 3080, "ifgroup_exists(id) and selected not found"),
	REFUSE("id", 3080, "not ifgroup_exists(id)"),
	REFUSE("id", 3079, "not has(id)"),
	REFUSE("members", 3074, "not has(members)"),
	REFUSE("members", 3074, "not ifid(members[])"),
	SET("members", "members", "join(' ', ifids(as_list(members)))", NULL),
	TAKE("descr", "descr"),
	{ 0 },
};

static const struct write interface_group_put_writes[] = {
	{ WRITE_SET, "ifgroups/ifgroupentry/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task interface_group_delete_steps[] = {
	SELECT("id", "found", "ifgroup_exists(id) and any ifgroup of cfg(ifgroups/ifgroupentry) and id = "
	      "ifgroup.ifname"),
	REFUSE("id", 3080, "ifgroup_exists(id) and selected not found"),
	REFUSE("id", 3080, "not ifgroup_exists(id)"),
	REFUSE("id", 3079, "not has(id)"),
	{ 0 },
};

static const struct write interface_group_delete_writes[] = {
	{ WRITE_DELETE, "ifgroups/ifgroupentry/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task interface_vlan_post_steps[] = {
	REFUSE("if", 3051, "not link_exists(if)"),
	REFUSE("if", 3055, "not has(if)"),
	SET("if", "if", "if", NULL),
	REFUSE("tag", 3052, "(not numeric(tag) or (int(tag) < 1 or int(tag) > 4094))"),
	REFUSE("tag", 3054, "vlan_tag_used(obj.if, tag)"),
	REFUSE("tag", 3081, "qinq_tag_used(obj.if, tag)"),
	REFUSE("tag", 3048, "not has(tag)"),
	SET("tag", "tag", "tag", NULL),
	SET("tag", "vlanif", "obj.if & '.' & tag", NULL),
	REFUSE("pcp", 3053, "(pcp < 0 or pcp > 7)"),
	SET("pcp", "pcp", "int(trim(pcp))", "has(pcp)"),
	ELSE("pcp", "pcp", "''"),
	TAKE_OR("descr", "descr", "''"),
	{ 0 },
};

static const struct write interface_vlan_post_writes[] = {
	{ WRITE_SET, "vlans/vlan/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task interface_vlan_put_steps[] = {
	SELECT("id", "id", "cfg(vlans/vlan/<id>)"),
	REFUSE("id", 3050, "not cfg(vlans/vlan/<id>)"),
	SELECT("vlanif", "vlan_named(vlanif)", "not has(id) and resolved(vlan_named(vlanif))"),
	FLAG("vlanif", "prev_vlanif", "obj.vlanif", NULL),
	REFUSE("vlanif", 3050, "not has(id) and is_null(vlan_named(vlanif))"),
	REFUSE("vlanif", 3056, "not has(id) and not has(vlanif)"),
	REFUSE("if", 3051, "if != obj.if and not link_exists(if)"),
	SET("if", "if", "if", "if != obj.if"),
	NORMAL("tag", "obj.tag", "not has(tag)"),
	REFUSE("tag", 3052, "(not numeric(tag) or (int(tag) < 1 or int(tag) > 4094))"),
	REFUSE("tag", 3054, "vlan_tag_used(obj.if, tag)"),
	REFUSE("tag", 3081, "qinq_tag_used(obj.if, tag)"),
	TAKE("tag", "tag"),
	REFUSE("pcp", 3053, "(pcp < 0 or pcp > 7)"),
	SET("pcp", "pcp", "int(trim(pcp))", "has(pcp)"),
	TAKE("descr", "descr"),
	SET(NULL, "vlanif", "obj.if & '.' & obj.tag", NULL),
	{ 0 },
};

static const struct write interface_vlan_put_writes[] = {
	{ WRITE_SET, "vlans/vlan/<selected>", NULL, NULL },
	{ WRITE_SET, "interfaces/<get_if_to_reassign()>/if", "obj.vlanif", "interface_on_old_vlan()" },
	{ 0 },
};

static const struct task interface_vlan_delete_steps[] = {
	SELECT("id", "id", "cfg(vlans/vlan/<id>)"),
	REFUSE("id", 3050, "not cfg(vlans/vlan/<id>)"),
	SELECT("vlanif", "vlan_named(vlanif)", "not has(id) and resolved(vlan_named(vlanif))"),
	REFUSE("vlanif", 3050, "not has(id) and is_null(vlan_named(vlanif))"),
	REFUSE("vlanif", 3056, "not has(id) and not has(vlanif)"),
	REFUSE(NULL, 3049, "ifid(obj.vlanif)"),
	{ 0 },
};

static const struct write interface_vlan_delete_writes[] = {
	{ WRITE_DELETE, "vlans/vlan/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_links[] = {
	{ "interface/apply", METHOD_GET, "page-all page-interfaces-assignnetworkports",
	  .act = act_applied_interfaces },
	{ "interface/apply", METHOD_POST, "page-all page-interfaces-assignnetworkports",
	  .parts = PART_INTERFACES | PART_ROUTING | PART_FILTER, .apply = APPLY_ALWAYS,
	  .act = act_async },
	{ "interface/available", METHOD_GET, "page-all page-interfaces-assignnetworkports",
	  .act = act_links },
	{ "interface/bridge", METHOD_GET, "page-all page-interfaces-bridge page-interfaces-bridge-edit",
	  .returns = RETURNS_STORED, .path = "bridges/bridged" },
	{ "interface/bridge", METHOD_POST, "page-all page-interfaces-bridge-edit", .flags = SAVES,
	  .steps = interface_bridge_post_steps, .writes = interface_bridge_post_writes,
	  .parts = PART_INTERFACES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "interface/bridge", METHOD_PUT, "page-all page-interfaces-bridge-edit", .flags = SAVES,
	  .steps = interface_bridge_put_steps, .writes = interface_bridge_put_writes,
	  .parts = PART_INTERFACES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "interface/bridge", METHOD_DELETE, "page-all page-interfaces-bridge-edit", .flags = SAVES,
	  .steps = interface_bridge_delete_steps, .writes = interface_bridge_delete_writes,
	  .parts = PART_INTERFACES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "interface/group", METHOD_GET, "page-all page-interfaces-groups",
	  .returns = RETURNS_STORED, .path = "ifgroups/ifgroupentry" },
	{ "interface/group", METHOD_POST, "page-all page-interfaces-groups-edit", .flags = SAVES,
	  .steps = interface_group_post_steps, .writes = interface_group_post_writes,
	  .returns = RETURNS_OBJECT },
	{ "interface/group", METHOD_PUT, "page-all page-interfaces-groups-edit", .flags = SAVES,
	  .steps = interface_group_put_steps, .writes = interface_group_put_writes,
	  .returns = RETURNS_OBJECT },
	{ "interface/group", METHOD_DELETE, "page-all page-interfaces-groups-edit", .flags = SAVES,
	  .steps = interface_group_delete_steps, .writes = interface_group_delete_writes,
	  .parts = PART_INTERFACES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "interface/vlan", METHOD_GET, "page-all page-interfaces-vlan page-interfaces-vlan-edit",
	  .returns = RETURNS_STORED, .path = "vlans/vlan" },
	{ "interface/vlan", METHOD_POST, "page-all page-interfaces-vlan-edit", .flags = SAVES,
	  .steps = interface_vlan_post_steps, .writes = interface_vlan_post_writes,
	  .parts = PART_INTERFACES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "interface/vlan", METHOD_PUT, "page-all page-interfaces-vlan-edit", .flags = SAVES,
	  .steps = interface_vlan_put_steps, .writes = interface_vlan_put_writes,
	  .parts = PART_INTERFACES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "interface/vlan", METHOD_DELETE, "page-all page-interfaces-vlan-edit", .flags = SAVES,
	  .steps = interface_vlan_delete_steps, .writes = interface_vlan_delete_writes,
	  .parts = PART_INTERFACES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
