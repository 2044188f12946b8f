/*
 * The operations of services/openvpn/csc.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* What a new one and one that is changed have in common. */
#define NODE_TYPE \
	REFUSE("netbios_node_type", 2076, "netbios_node_type !~= 'b' and netbios_node_type !~= 'p' and netbios_node_type !~= " \
	      "'m' and netbios_node_type !~= 'h'"), \
	SET("netbios_node_type", "netbios_ntype", "1", "netbios_node_type ~= 'b'"), \
	SET("netbios_node_type", "netbios_ntype", "2", \
	      "netbios_node_type !~= 'b' and netbios_node_type ~= 'p'"), \
	SET("netbios_node_type", "netbios_ntype", "3", "netbios_node_type !~= 'b' and netbios_node_type !~= 'p' and netbios_node_type ~= " \
	      "'m'"), \
	SET("netbios_node_type", "netbios_ntype", "4", "netbios_node_type !~= 'b' and netbios_node_type !~= 'p' and netbios_node_type !~= " \
	      "'m'")

static const struct task services_openvpn_csc_post_steps[] = {
	SET("server_list", "server_list", "str(server_list)", "has(server_list)"),
	ELSE("server_list", "server_list", "''"),
	TAKE_OR("custom_options", "custom_options", "''"),
	SET("disable", "disable", "''", "disable is true"),
	REFUSE("common_name", 2075, "not has(common_name)"),
	SET("common_name", "common_name", "common_name", NULL),
	YES("block", "block"),
	TAKE_OR("description", "description", "''"),
	TAKE_OR("tunnel_network", "tunnel_network", "''"),
	TAKE_OR("tunnel_networkv6", "tunnel_networkv6", "''"),
	TAKE_OR("local_network", "local_network", "''"),
	TAKE_OR("local_networkv6", "local_networkv6", "''"),
	TAKE_OR("remote_network", "remote_network", "''"),
	TAKE_OR("remote_networkv6", "remote_networkv6", "''"),
	YES("redirect_gateway", "gwredir"),
	YES("remove_server_routes", "remove_route"),
	YES("prevent_server_definitions", "push_reset"),
	TAKE_OR("dns_domain", "dns_domain", "''"),
	SET("dns_servers", "{'dns_server' & counter}", "replace(' ', '', server)",
	      "any server of split(',', dns_servers)"),
	SET("ntp_servers", "{'ntp_server' & counter}", "replace(' ', '', server)",
	      "any server of split(',', ntp_servers)"),
	YES("netbios_enable", "netbios_enable"),
	SET("netbios_enable", "netbios_ntype", "1",
	      "not has(netbios_node_type) and has(netbios_enable)"),
	ELSE_IF("not has(netbios_node_type)", "netbios_enable", "netbios_ntype", "0"),
	NODE_TYPE,
	TAKE_OR("netbios_scope", "netbios_scope", "''"),
	SET("wins_servers", "{'wins_server' & counter}", "replace(' ', '', server)",
	      "any server of split(',', wins_servers)"),
	SET(NULL, "nbdd_server1", "''", NULL),
	{ 0 },
};

static const struct write services_openvpn_csc_post_writes[] = {
	{ WRITE_SET, "openvpn/openvpn-csc/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_openvpn_csc_put_steps[] = {
	NORMAL("id", "refid", "has(refid)"),
	SELECT("id", "int(id)", "cfg(openvpn/openvpn-csc/<id>)"),
	FLAG("id", "original_csc", "cfg(openvpn/openvpn-csc/<selected>)",
	      "cfg(openvpn/openvpn-csc/<id>)"),
	REFUSE("id", 2078, "not cfg(openvpn/openvpn-csc/<id>)"),
	REFUSE("id", 2079, "not has(id)"),
	SET("server_list", "server_list", "str(server_list)", "has(server_list)"),
	ELSE("server_list", "server_list", "cfg(openvpn/openvpn-csc/<selected>/server_list)"),
	TAKE_OR("custom_options", "custom_options", "cfg(openvpn/openvpn-csc/<selected>/custom_options)"),
	SET("disable", "disable", "''", "disable is true"),
	SET("disable", "disable", "''",
	      "not has(disable) and cfg_on(openvpn/openvpn-csc/<selected> : disable)"),
	TAKE_OR("common_name", "common_name", "cfg(openvpn/openvpn-csc/<selected>/common_name)"),
	YES("block", "block"),
	ELSE("block", "block", "cfg(openvpn/openvpn-csc/<selected>/block)"),
	TAKE_OR("description", "description", "cfg(openvpn/openvpn-csc/<selected>/description)"),
	TAKE_OR("tunnel_network", "tunnel_network", "cfg(openvpn/openvpn-csc/<selected>/tunnel_network)"),
	TAKE_OR("tunnel_networkv6", "tunnel_networkv6", "cfg(openvpn/openvpn-csc/<selected>/tunnel_networkv6)"),
	TAKE_OR("local_network", "local_network", "cfg(openvpn/openvpn-csc/<selected>/local_network)"),
	TAKE_OR("local_networkv6", "local_networkv6", "cfg(openvpn/openvpn-csc/<selected>/local_networkv6)"),
	TAKE_OR("remote_network", "remote_network", "cfg(openvpn/openvpn-csc/<selected>/remote_network)"),
	TAKE_OR("remote_networkv6", "remote_networkv6", "cfg(openvpn/openvpn-csc/<selected>/remote_networkv6)"),
	YES("redirect_gateway", "gwredir"),
	ELSE("redirect_gateway", "gwredir", "cfg(openvpn/openvpn-csc/<selected>/gwredir)"),
	YES("remove_server_routes", "remove_route"),
	ELSE("remove_server_routes", "remote_route", "cfg(openvpn/openvpn-csc/<selected>/remove_route)"),
	ELSE("remove_server_routes", "netbios_enable", "cfg(openvpn/openvpn-csc/<selected>/netbios_enable)"),
	YES("prevent_server_definitions", "push_reset"),
	ELSE("prevent_server_definitions", "push_reset", "cfg(openvpn/openvpn-csc/<selected>/push_reset)"),
	TAKE_OR("dns_domain", "dns_domain", "cfg(openvpn/openvpn-csc/<selected>/dns_domain)"),
	SET("dns_servers", "{'dns_server' & counter}", "replace(' ', '', server)",
	      "any server of split(',', dns_servers)"),
	SET("dns_servers", "dns_server1", "cfg(openvpn/openvpn-csc/<selected>/dns_server1)",
	      "not has(dns_servers) and cfg_on(openvpn/openvpn-csc/<selected> : dns_server1)"),
	SET("dns_servers", "dns_server2", "cfg(openvpn/openvpn-csc/<selected>/dns_server2)",
	      "not has(dns_servers) and cfg_on(openvpn/openvpn-csc/<selected> : dns_server2)"),
	SET("dns_servers", "dns_server3", "cfg(openvpn/openvpn-csc/<selected>/dns_server3)",
	      "not has(dns_servers) and cfg_on(openvpn/openvpn-csc/<selected> : dns_server3)"),
	SET("dns_servers", "dns_server4", "cfg(openvpn/openvpn-csc/<selected>/dns_server4)",
	      "not has(dns_servers) and cfg_on(openvpn/openvpn-csc/<selected> : dns_server4)"),
	SET("ntp_servers", "{'ntp_server' & counter}", "replace(' ', '', server)",
	      "any server of split(',', ntp_servers)"),
	SET("ntp_servers", "ntp_server1", "cfg(openvpn/openvpn-csc/<selected>/ntp_server1)",
	      "not has(ntp_servers) and cfg_on(openvpn/openvpn-csc/<selected> : ntp_server1)"),
	SET("ntp_servers", "ntp_server2", "cfg(openvpn/openvpn-csc/<selected>/ntp_server2)",
	      "not has(ntp_servers) and cfg_on(openvpn/openvpn-csc/<selected> : ntp_server2)"),
	YES_IF("has(remove_server_routes)", "netbios_enable", "netbios_enable"),
	SET("netbios_enable", "netbios_ntype", "1", "not has(netbios_node_type) and "
	      "blank(cfg(openvpn/openvpn-csc/<selected>/netbios_ntype)) and has(netbios_enable)"),
	ELSE_IF("not has(netbios_node_type) and blank(cfg(openvpn/openvpn-csc/<selected>/netbios_ntype))",
	      "netbios_enable", "netbios_ntype", "0"),
	NODE_TYPE,
	SET("netbios_node_type", "netbios_ntype", "cfg(openvpn/openvpn-csc/<selected>/netbios_ntype)", "not has(netbios_node_type) and not "
	      "blank(cfg(openvpn/openvpn-csc/<selected>/netbios_ntype))"),
	TAKE_OR("netbios_scope", "netbios_scope", "cfg(openvpn/openvpn-csc/<selected>/netbios_scope)"),
	SET("wins_servers", "{'wins_server' & counter}", "replace(' ', '', server)",
	      "any server of split(',', wins_servers)"),
	SET("wins_servers", "wins_server1", "cfg(openvpn/openvpn-csc/<selected>/wins_server1)",
	      "not has(wins_servers) and cfg_on(openvpn/openvpn-csc/<selected> : wins_server1)"),
	SET("wins_servers", "wins_server2", "cfg(openvpn/openvpn-csc/<selected>/wins_server2)",
	      "not has(wins_servers) and cfg_on(openvpn/openvpn-csc/<selected> : wins_server2)"),
	SET(NULL, "nbdd_server1", "''", NULL),
	{ 0 },
};

static const struct write services_openvpn_csc_put_writes[] = {
	{ WRITE_SET, "openvpn/openvpn-csc/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_openvpn_csc_delete_steps[] = {
	NORMAL("id", "refid", "has(refid)"),
	SELECT("id", "int(id)", "cfg(openvpn/openvpn-csc/<id>)"),
	REFUSE("id", 2078, "not cfg(openvpn/openvpn-csc/<id>)"),
	REFUSE("id", 2077, "not has(id)"),
	SET("id", "id", "id", NULL),
	{ 0 },
};

static const struct write services_openvpn_csc_delete_writes[] = {
	{ WRITE_DELETE, "openvpn/openvpn-csc/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_openvpn[] = {
	{ "services/openvpn/csc", METHOD_GET, "page-all page-openvpn-server",
	  .returns = RETURNS_STORED, .path = "openvpn/openvpn-csc" },
	{ "services/openvpn/csc", METHOD_POST, "page-all page-openvpn-server", .flags = SAVES,
	  .steps = services_openvpn_csc_post_steps, .writes = services_openvpn_csc_post_writes,
	  .parts = PART_VPN_OPENVPN, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/openvpn/csc", METHOD_PUT, "page-all page-openvpn-server", .flags = SAVES,
	  .steps = services_openvpn_csc_put_steps, .writes = services_openvpn_csc_put_writes,
	  .parts = PART_VPN_OPENVPN, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/openvpn/csc", METHOD_DELETE, "page-all page-openvpn-server", .flags = SAVES,
	  .steps = services_openvpn_csc_delete_steps, .writes = services_openvpn_csc_delete_writes,
	  .parts = PART_VPN_OPENVPN, .apply = APPLY_ALWAYS, .act = act_vpn_removed },
	{ NULL },
};
/* clang-format on */
