/*
 * The operations of interface.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* When a step counts. */
#define BY_DHCP  "type = 'dhcp'"
#define BY_DHCP6 "type6 = 'dhcp6'"

/* What a new interface and one that is changed have in common. */
#define IPV6_TYPES \
	WORD("type6", "dhcp6", "ipaddrv6", "'dhcp6'"), \
	WORD("type6", "slaac", "ipaddrv6", "'slaac'"), \
	WORD("type6", "6rd", "ipaddrv6", "'6rd'"), \
	WORD("type6", "track6", "ipaddrv6", "'track6'"), \
	WORD("type6", "6to4", "ipaddrv6", "'6to4'")

#define DHCP6_CLIENT \
	REFUSE("dhcp6-ia-pd-len", 3032, BY_DHCP6 " and int(dhcp6-ia-pd-len) not in keys({64: 0, 63: 1, 62: 2, 61: 3, " \
	      "60: 4, 59: 5, 56: 8, 52: 12, 48: 16})"), \
	SET("dhcp6-ia-pd-len", "dhcp6-ia-pd-len", "{64: 0, 63: 1, 62: 2, 61: 3, 60: 4, 59: 5, 56: 8, 52: 12, 48: " \
	      "16}[int(dhcp6-ia-pd-len)]", BY_DHCP6 " and has(dhcp6-ia-pd-len)"), \
	REFUSE("dhcp6cvpt", 3033, BY_DHCP6 " and has(obj.dhcp6vlanenable) and vlan_priority(dhcp6cvpt) is false"), \
	SET("dhcp6cvpt", "dhcp6cvpt", "vlan_priority(dhcp6cvpt)", \
	      BY_DHCP6 " and has(obj.dhcp6vlanenable)"), \
	REFUSE("adv_dhcp6_config_file_override_path", 3034, BY_DHCP6 " and not file_exists(adv_dhcp6_config_file_override_path)"), \
	TAKE_IF(BY_DHCP6, "adv_dhcp6_config_file_override_path", "adv_dhcp6_config_file_override_path")

/* A number of dhclient's protocol timing. */
#define TIMING(m, c, low) \
	REFUSE(m, c, BY_DHCP " and int(" m ") < " low), \
	SET(m, m, "int(" m ")", BY_DHCP " and has(" m ")"), \
	SET(m, "adv_dhcp_pt_values", "'SavedCfg'", BY_DHCP " and has(" m ")")

#define DHCP_PROTOCOL \
	SET("adv_dhcp_option_modifiers", "adv_dhcp_option_modifiers", \
	      "str(adv_dhcp_option_modifiers)", \
	      BY_DHCP " and has(adv_dhcp_config_advanced) and has(adv_dhcp_option_modifiers)"), \
	TIMING("adv_dhcp_pt_timeout", 3017, "1"), \
	TIMING("adv_dhcp_pt_retry", 3018, "1"), \
	TIMING("adv_dhcp_pt_select_timeout", 3019, "0"), \
	TIMING("adv_dhcp_pt_reboot", 3020, "1"), \
	TIMING("adv_dhcp_pt_backoff_cutoff", 3021, "1"), \
	TIMING("adv_dhcp_pt_initial_interval", 3022, "1"), \
	REFUSE("adv_dhcp_config_file_override_path", 3023, BY_DHCP " and not file_exists(adv_dhcp_config_file_override_path)"), \
	TAKE_IF(BY_DHCP, "adv_dhcp_config_file_override_path", "adv_dhcp_config_file_override"), \
	REFUSE("dhcpcvpt", 3024, BY_DHCP " and has(obj.dhcpvlanenable) and vlan_priority(dhcpcvpt) is false"), \
	SET("dhcpcvpt", "dhcpcvpt", "vlan_priority(dhcpcvpt)", \
	      BY_DHCP " and has(obj.dhcpvlanenable)"), \
	ONE_OF("type", 3025, "['staticv4', 'dhcp']")

#define DHCP_CLIENT \
	SET("dhcphostname", "dhcphostname", "str(dhcphostname)", \
	      BY_DHCP " and has(dhcphostname)"), \
	REFUSE("alias-address", 3015, BY_DHCP " and not ipv4(alias-address)"), \
	SET("alias-address", "alias-address", "str(alias-address)", \
	      BY_DHCP " and has(alias-address)"), \
	REFUSE("alias-subnet", 3015, BY_DHCP " and ipv4(alias-address) and not cidr(obj.alias-address & '/' & " \
	      "str(alias-subnet))"), \
	SET("alias-subnet", "alias-subnet", "str(alias-subnet)", \
	      BY_DHCP " and has(alias-address) and has(alias-subnet)"), \
	ELSE_IF(BY_DHCP " and has(alias-address)", "alias-subnet", "alias-subnet", "32"), \
	NORMAL("dhcprejectfrom", "split(',', dhcprejectfrom)", \
	      BY_DHCP " and is_str(dhcprejectfrom)"), \
	REFUSE("dhcprejectfrom", 3016, BY_DHCP " and not ipv4(dhcprejectfrom[])"), \
	SET("dhcprejectfrom", "dhcprejectfrom", "join(',', as_list(dhcprejectfrom))", \
	      BY_DHCP " and has(dhcprejectfrom)"), \
	SET("adv_dhcp_config_advanced", "adv_dhcp_config_advanced", "'yes'", \
	      BY_DHCP " and has(adv_dhcp_config_advanced)"), \
	SET("adv_dhcp_config_file_override", "adv_dhcp_config_file_override", "''", \
	      BY_DHCP " and has(adv_dhcp_config_file_override)"), \
	SET("dhcpvlanenable", "dhcpvlanenable", "''", BY_DHCP " and has(dhcpvlanenable)")

#define MTU_AND_MEDIA \
	NORMAL("mtu", "int(mtu)", "has(mtu)"), \
	REFUSE("mtu", 3004, "(mtu < 1280 or mtu > 8192)"), \
	REFUSE("mtu", 3006, "all_links()[obj.if].isvlan and mtu > link_mtu(all_links()[obj.if].if)"), \
	TAKE("mtu", "mtu"), \
	NORMAL("mss", "int(mss)", "has(mss)"), \
	REFUSE("mss", 3005, "(mss < 576 or mss > 65535)"), \
	TAKE("mss", "mss"), \
	REFUSE("media", 3007, "media not in link_media(obj.if)"), \
	SET("media", "media", "split(' ', media)[0]", "has(media)"), \
	SET("media", "mediaopt", "split(' ', media)[1]", "has(media)")

static const struct task interface_post_steps[] = {
	FLAG(NULL, "next_if", "next_if_id()", NULL),
	REFUSE("if", 3000, "if not in keys(all_links())"),
	REFUSE("if", 3001, "has(all_links()[if].in_use)"),
	REFUSE("if", 3002, "not has(if)"),
	SET("if", "if", "trim(if)", NULL),
	SET("if", "if", "if", NULL),
	SET("enable", "enable", "''", "enable is true"),
	REFUSE("spoofmac", 3003, "not mac(spoofmac) and spoofmac != ''"),
	SET("spoofmac", "spoofmac", "spoofmac", "mac(spoofmac)"),
	SET("spoofmac", "spoofmac", "''", "not mac(spoofmac)"),
	ELSE("spoofmac", "spoofmac", "''"),
	MTU_AND_MEDIA,
	NORMAL("descr", "sanitize(descr)", "has(descr)"),
	REFUSE("descr", 3059, "substr(descr, 0, 4) = 'pkg_'"),
	REFUSE("descr", 3060, "alias_exists(descr)"),
	REFUSE("descr", 3061, "numeric(descr)"),
	REFUSE("descr", 3062, "ifgroup_exists(descr)"),
	REFUSE("descr", 3008, "ifid(descr)"),
	TAKE_OR("descr", "descr", "upper(flag.next_if)"),
	SET("blockpriv", "blockpriv", "''", "blockpriv is true"),
	SET("blockbogons", "blockbogons", "''", "blockbogons is true"),
	REFUSE("ipaddr", 3010, "type = 'staticv4' and not ipv4(ipaddr)"),
	REFUSE("ipaddr", 3009, "type = 'staticv4' and ip_in_use(ipaddr)"),
	REFUSE("ipaddr", 3011, "type = 'staticv4' and not has(ipaddr)"),
	SET("ipaddr", "ipaddr", "ipaddr", "type = 'staticv4'"),
	REFUSE("subnet", 3012, "type = 'staticv4' and not cidr(obj.ipaddr & '/' & str(subnet))"),
	REFUSE("subnet", 3013, "type = 'staticv4' and not has(subnet)"),
	SET("subnet", "subnet", "str(subnet)", "type = 'staticv4'"),
	REFUSE("gateway", 3014, "type = 'staticv4' and not gateway(gateway)"),
	TAKE_IF("type = 'staticv4'", "gateway", "gateway"),
	DHCP_CLIENT,
	SET("ipv6usev4iface", "ipv6usev4iface", "''",
	      "type6 = 'staticv6' and ipv6usev4iface is true"),
	SET("ipv6usev4iface", "ipv6usev4iface", "''", BY_DHCP6 " and ipv6usev4iface is true"),
	SET("dhcp6prefixonly", "dhcp6prefixonly", "''",
	      BY_DHCP6 " and dhcp6prefixonly is true"),
	SET("dhcp6-ia-pd-send-hint", "dhcp6-ia-pd-send-hint", "''",
	      BY_DHCP6 " and dhcp6-ia-pd-send-hint is true"),
	SET("dhcp6debug", "dhcp6debug", "''", BY_DHCP6 " and dhcp6debug is true"),
	SET("dhcp6withoutra", "dhcp6withoutra", "''", BY_DHCP6 " and dhcp6withoutra is true"),
	SET("dhcp6norelease", "dhcp6norelease", "''", BY_DHCP6 " and dhcp6norelease is true"),
	SET("dhcp6vlanenable", "dhcp6vlanenable", "''",
	      BY_DHCP6 " and dhcp6vlanenable is true"),
	SET("adv_dhcp6_config_file_override", "adv_dhcp6_config_file_override", "''",
	      BY_DHCP6 " and has(adv_dhcp6_config_file_override)"),
	TAKE_IF("type6 = '6rd'", "prefix-6rd", "prefix-6rd"),
	DHCP_PROTOCOL,
	WORD("type", "dhcp", "ipaddr", "type"),
	REFUSE("ipaddrv6", 3026, "type6 = 'staticv6' and not ipv6(ipaddrv6)"),
	REFUSE("ipaddrv6", 3027, "type6 = 'staticv6' and ip_in_use(ipaddrv6)"),
	REFUSE("ipaddrv6", 3028, "type6 = 'staticv6' and not has(ipaddrv6)"),
	SET("ipaddrv6", "ipaddrv6", "ipaddrv6", "type6 = 'staticv6'"),
	REFUSE("subnetv6", 3029, "type6 = 'staticv6' and not cidr(obj.ipaddrv6 & '/' & str(subnetv6))"),
	REFUSE("subnetv6", 3030, "type6 = 'staticv6' and not has(subnetv6)"),
	SET("subnetv6", "subnetv6", "str(subnetv6)", "type6 = 'staticv6'"),
	REFUSE("gatewayv6", 3031, "type6 = 'staticv6' and not gateway(gatewayv6)"),
	TAKE_IF("type6 = 'staticv6'", "gatewayv6", "gatewayv6"),
	DHCP6_CLIENT,
	REFUSE("gateway-6rd", 3035, "type6 = '6rd' and not ipv4(gateway-6rd)"),
	REFUSE("gateway-6rd", 3036, "type6 = '6rd' and not has(gateway-6rd)"),
	SET("gateway-6rd", "gateway-6rd", "gateway-6rd", "type6 = '6rd'"),
	REFUSE("prefix-6rd-v4plen", 3037, "type6 = '6rd' and (not numeric(prefix-6rd-v4plen) or (int(prefix-6rd-v4plen) < 0 "
	      "or int(prefix-6rd-v4plen) > 32))"),
	TAKE_OR_IF("type6 = '6rd'", "prefix-6rd-v4plen", "prefix-6rd-v4plen", "0"),
	REFUSE("track6-interface", 3038, "type6 = 'track6' and ifid(track6-interface) not in keys(dynamic_v6_ifs())"),
	REFUSE("track6-interface", 3039, "type6 = 'track6' and not has(track6-interface)"),
	SET("track6-interface", "track6-interface", "track6-interface", "type6 = 'track6'"),
	REFUSE("track6-prefix-id-hex", 3040, "type6 = 'track6' and (not numeric(track6-prefix-id-hex) or not "
	      "all_hex(str(track6-prefix-id-hex)))"),
	SET("track6-prefix-id-hex", "track6-prefix-id", "int(track6-prefix-id-hex)",
	      "type6 = 'track6' and has(track6-prefix-id-hex)"),
	ELSE_IF("type6 = 'track6'", "track6-prefix-id-hex", "track6-prefix-id", "0"),
	ONE_OF("type6", 3041, "['staticv6', 'dhcp6', 'slaac', '6rd', 'track6', '6to4']"),
	IPV6_TYPES,
	SET("adv_dhcp_request_options", "adv_dhcp_request_options", "str(adv_dhcp_request_options)",
	      BY_DHCP " and has(adv_dhcp_config_advanced) and has(adv_dhcp_request_options)"),
	SET("adv_dhcp_required_options", "adv_dhcp_required_options",
	      "str(adv_dhcp_required_options)",
	      BY_DHCP " and has(adv_dhcp_config_advanced) and has(adv_dhcp_required_options)"),
	SET("adv_dhcp_send_options", "adv_dhcp_send_options", "str(adv_dhcp_send_options)",
	      BY_DHCP " and has(adv_dhcp_config_advanced) and has(adv_dhcp_send_options)"),
	{ 0 },
};

static const struct write interface_post_writes[] = {
	{ WRITE_SET, "interfaces/<flag.next_if>", NULL, NULL },
	{ 0 },
};

static const struct task interface_put_steps[] = {
	SELECT("id", "ifid(id)", "has(id)"),
	REFUSE("id", 3058, "has(id) and not selected"),
	REFUSE("id", 3057, "not has(id)"),
	REFUSE("if", 3000, "blank(all_links()[if])"),
	REFUSE("if", 3001, "all_links()[if].in_use != selected"),
	TAKE("if", "if"),
	SET("enable", "enable", "''", "enable is true"),
	UNSET("enable", "enable", "enable is false"),
	REFUSE("spoofmac", 3003, "not mac(spoofmac) and spoofmac != ''"),
	SET("spoofmac", "spoofmac", "spoofmac", "mac(spoofmac)"),
	SET("spoofmac", "spoofmac", "''", "not mac(spoofmac)"),
	MTU_AND_MEDIA,
	NORMAL("descr", "sanitize(descr)", "descr != obj.descr"),
	REFUSE("descr", 3059, "descr != obj.descr and substr(descr, 0, 4) = 'pkg_'"),
	REFUSE("descr", 3060, "descr != obj.descr and alias_exists(descr)"),
	REFUSE("descr", 3061, "descr != obj.descr and numeric(descr)"),
	REFUSE("descr", 3062, "descr != obj.descr and ifgroup_exists(descr)"),
	REFUSE("descr", 3008, "descr != obj.descr and ifid(descr)"),
	SET("descr", "descr", "descr", "descr != obj.descr"),
	SET("blockpriv", "blockpriv", "''", "blockpriv is true"),
	UNSET("blockpriv", "blockpriv", "blockpriv is false"),
	SET("blockbogons", "blockbogons", "''", "blockbogons is true"),
	UNSET("blockbogons", "blockbogons", "blockbogons is false"),
	NORMAL("ipaddr", "obj.ipaddr", "type = 'staticv4' and not has(ipaddr) and has(obj.ipaddr)"),
	SET("ipaddr", "ipaddr", "ipaddr", "type = 'staticv4' and not ip_in_use(ipaddr)"),
	REFUSE("ipaddr", 3011, "type = 'staticv4' and not has(ipaddr) and not has(obj.ipaddr)"),
	REFUSE("ipaddr", 3010, "type = 'staticv4' and not ipv4(ipaddr)"),
	REFUSE("ipaddr", 3009, "type = 'staticv4' and ip_in_use(ipaddr) and ipaddr != obj.ipaddr"),
	NORMAL("subnet", "obj.subnet", "type = 'staticv4' and not has(subnet) and has(obj.subnet)"),
	NORMAL("subnet", "str(subnet)", "type = 'staticv4'"),
	SET("subnet", "subnet", "subnet", "type = 'staticv4'"),
	REFUSE("subnet", 3013, "type = 'staticv4' and not has(subnet) and not has(obj.subnet)"),
	REFUSE("subnet", 3012, "type = 'staticv4' and not cidr(obj.ipaddr & '/' & subnet)"),
	REFUSE("subnet", 3064, "type = 'staticv4' and dhcpd_on(selected) and int(subnet) >= 31"),
	REFUSE("gateway", 3014, "type = 'staticv4' and not gateway(gateway)"),
	TAKE_IF("type = 'staticv4'", "gateway", "gateway"),
	REFUSE("type", 3063, BY_DHCP " and dhcpd_on(selected)"),
	WORD("type", "dhcp", "ipaddr", "'dhcp'"),
	DHCP_CLIENT,
	SET("ipv6usev4iface", "ipv6usev4iface", "''",
	      "type6 = 'staticv6' and ipv6usev4iface is true"),
	UNSET("ipv6usev4iface", "ipv6usev4iface", "type6 = 'staticv6' and ipv6usev4iface is false"),
	SET("ipv6usev4iface", "ipv6usev4iface", "''", BY_DHCP6 " and ipv6usev4iface is true"),
	UNSET("ipv6usev4iface", "ipv6usev4iface", BY_DHCP6 " and ipv6usev4iface is false"),
	SET("dhcp6prefixonly", "dhcp6prefixonly", "''",
	      BY_DHCP6 " and dhcp6prefixonly is true"),
	UNSET("dhcp6prefixonly", "dhcp6prefixonly", BY_DHCP6 " and dhcp6prefixonly is false"),
	SET("dhcp6-ia-pd-send-hint", "dhcp6-ia-pd-send-hint", "''",
	      BY_DHCP6 " and dhcp6-ia-pd-send-hint is true"),
	UNSET("dhcp6-ia-pd-send-hint", "dhcp6-ia-pd-send-hint",
	      BY_DHCP6 " and dhcp6-ia-pd-send-hint is false"),
	SET("dhcp6debug", "dhcp6debug", "''", BY_DHCP6 " and dhcp6debug is true"),
	UNSET("dhcp6debug", "dhcp6debug", BY_DHCP6 " and dhcp6debug is false"),
	SET("dhcp6withoutra", "dhcp6withoutra", "''", BY_DHCP6 " and dhcp6withoutra is true"),
	UNSET("dhcp6withoutra", "dhcp6withoutra", BY_DHCP6 " and dhcp6withoutra is false"),
	SET("dhcp6norelease", "dhcp6norelease", "''", BY_DHCP6 " and dhcp6norelease is true"),
	UNSET("dhcp6norelease", "dhcp6norelease", BY_DHCP6 " and dhcp6norelease is false"),
	SET("dhcp6vlanenable", "dhcp6vlanenable", "''",
	      BY_DHCP6 " and dhcp6vlanenable is true"),
	UNSET("dhcp6vlanenable", "dhcp6vlanenable", BY_DHCP6 " and dhcp6vlanenable is false"),
	SET("adv_dhcp6_config_file_override", "adv_dhcp6_config_file_override", "''",
	      BY_DHCP6 " and has(adv_dhcp6_config_file_override)"),
	TAKE_IF("type6 = '6rd'", "prefix-6rd", "prefix-6rd"),
	DHCP_PROTOCOL,
	NORMAL("ipaddrv6", "obj.ipaddrv6",
	      "type6 = 'staticv6' and not has(ipaddrv6) and has(obj.ipaddrv6)"),
	SET("ipaddrv6", "ipaddrv6", "ipaddrv6", "type6 = 'staticv6' and not ip_in_use(ipaddrv6)"),
	REFUSE("ipaddrv6", 3028, "type6 = 'staticv6' and not has(ipaddrv6) and not has(obj.ipaddrv6)"),
	REFUSE("ipaddrv6", 3026, "type6 = 'staticv6' and not ipv6(ipaddrv6)"),
	REFUSE("ipaddrv6", 3027, "type6 = 'staticv6' and ip_in_use(ipaddrv6) and ipaddrv6 != obj.ipaddrv6"),
	NORMAL("subnetv6", "obj.subnetv6",
	      "type6 = 'staticv6' and not has(subnetv6) and has(obj.subnetv6)"),
	SET("subnetv6", "subnetv6", "str(subnetv6)", "type6 = 'staticv6'"),
	REFUSE("subnetv6", 3013, "type6 = 'staticv6' and not has(subnetv6) and not has(obj.subnetv6)"),
	REFUSE("subnetv6", 3012, "type6 = 'staticv6' and not cidr(obj.ipaddrv6 & '/' & str(subnetv6))"),
	REFUSE("gatewayv6", 3031, "type6 = 'staticv6' and not gateway(gatewayv6)"),
	TAKE_IF("type6 = 'staticv6'", "gatewayv6", "gatewayv6"),
	REFUSE("type6", 3065, BY_DHCP6 " and dhcpdv6_on(selected)"),
	REFUSE("type6", 3065, "type6 = 'slaac' and dhcpdv6_on(selected)"),
	REFUSE("type6", 3065, "type6 = '6rd' and dhcpdv6_on(selected)"),
	REFUSE("type6", 3065, "type6 = 'track6' and dhcpdv6_on(selected)"),
	REFUSE("type6", 3065, "type6 = '6to4' and dhcpdv6_on(selected)"),
	IPV6_TYPES,
	DHCP6_CLIENT,
	NORMAL("gateway-6rd", "obj.gateway-6rd",
	      "type6 = '6rd' and not has(gateway-6rd) and has(obj.gateway-6rd)"),
	SET("gateway-6rd", "gateway-6rd", "gateway-6rd", "type6 = '6rd'"),
	REFUSE("gateway-6rd", 3036, "type6 = '6rd' and not has(gateway-6rd) and not has(obj.gateway-6rd)"),
	REFUSE("gateway-6rd", 3035, "type6 = '6rd' and not ipv4(gateway-6rd)"),
	REFUSE("prefix-6rd-v4plen", 3037, "type6 = '6rd' and (not numeric(prefix-6rd-v4plen) or (int(prefix-6rd-v4plen) < 0 "
	      "or int(prefix-6rd-v4plen) > 32))"),
	TAKE_IF("type6 = '6rd'", "prefix-6rd-v4plen", "prefix-6rd-v4plen"),
	SET("prefix-6rd-v4plen", "prefix-6rd-v4plen", "0",
	      "type6 = '6rd' and not has(prefix-6rd-v4plen) and not has(obj.prefix-6rd-v4plen)"),
	NORMAL("track6-interface", "obj.track6-interface",
	      "type6 = 'track6' and not has(track6-interface) and has(obj.track6-interface)"),
	SET("track6-interface", "track6-interface", "track6-interface", "type6 = 'track6'"),
	REFUSE("track6-interface", 3039, "type6 = 'track6' and not has(track6-interface) and not has(obj.track6-interface)"),
	REFUSE("track6-interface", 3038, "type6 = 'track6' and ifid(track6-interface) not in keys(dynamic_v6_ifs())"),
	REFUSE("track6-prefix-id-hex", 3040, "type6 = 'track6' and (not numeric(track6-prefix-id-hex) or not "
	      "all_hex(str(track6-prefix-id-hex)))"),
	SET("track6-prefix-id-hex", "track6-prefix-id", "int(track6-prefix-id-hex)",
	      "type6 = 'track6' and has(track6-prefix-id-hex)"),
	SET("track6-prefix-id-hex", "track6-prefix-id", "0", "type6 = 'track6' and not has(track6-prefix-id-hex) and not "
	      "has(obj.track6-prefix-id)"),
	ONE_OF("type6", 3041, "['staticv6', 'dhcp6', 'slaac', '6rd', 'track6', '6to4']"),
	SET("adv_dhcp_request_options", "adv_dhcp_request_options", "str(adv_dhcp_request_options)",
	      BY_DHCP " and has(adv_dhcp_config_advanced) and has(adv_dhcp_request_options)"),
	SET("adv_dhcp_required_options", "adv_dhcp_required_options",
	      "str(adv_dhcp_required_options)",
	      BY_DHCP " and has(adv_dhcp_config_advanced) and has(adv_dhcp_required_options)"),
	SET("adv_dhcp_send_options", "adv_dhcp_send_options", "str(adv_dhcp_send_options)",
	      BY_DHCP " and has(adv_dhcp_config_advanced) and has(adv_dhcp_send_options)"),
	{ 0 },
};

static const struct write interface_put_writes[] = {
	{ WRITE_SET, "interfaces/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task interface_delete_steps[] = {
	REFUSE("if", 3000, "blank(ifid(if))"),
	REFUSE("if", 3002, "not has(if)"),
	CALL(interface_may_go),
	{ 0 },
};

const struct operation operations_interface[] = {
	{ "interface", METHOD_GET, "page-all page-interfaces-assignnetworkports",
	  .returns = RETURNS_STORED, .path = "interfaces" },
	{ "interface", METHOD_POST, "page-all page-interfaces-assignnetworkports", .flags = SAVES,
	  .steps = interface_post_steps, .writes = interface_post_writes, .parts = PART_INTERFACES,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "interface", METHOD_PUT, "page-all page-interfaces-assignnetworkports", .flags = SAVES,
	  .steps = interface_put_steps, .writes = interface_put_writes, .parts = PART_INTERFACES,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "interface", METHOD_DELETE, "page-all page-interfaces-assignnetworkports", .flags = SAVES,
	  .steps = interface_delete_steps, .parts = PART_INTERFACES | PART_DHCP,
	  .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT, .prepare = interface_remove },
	{ NULL },
};
/* clang-format on */
