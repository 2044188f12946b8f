/*
 * The operations of services/dhcpd and 6 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* What a new one and one that is changed have in common. */
#define INTERFACE \
	NORMAL("interface", "ifid(interface)", "has(interface)"), \
	FLAG("interface", "if_conf", "cfg(interfaces/<interface>)", "is_str(interface)"), \
	SELECT("interface", "interface", "is_str(interface) and (has(flag.if_conf.enable) and ipv4(flag.if_conf.ipaddr)) and" \
	      " flag.if_conf.subnet <= 31"), \
	REFUSE("interface", 2019, "is_str(interface) and ((not has(flag.if_conf.enable) or not " \
	      "ipv4(flag.if_conf.ipaddr)) or flag.if_conf.subnet > 31)"), \
	REFUSE("interface", 2018, "not is_str(interface)"), \
	REFUSE("interface", 2017, "not has(interface)")

#define MAPPING \
	SET("cid", "cid", "str(cid)", "has(cid)"), \
	SET("descr", "descr", "str(descr)", "has(descr)"), \
	REFUSE("hostname", 2040, "not hostname(hostname) and hostname != ''"), \
	TAKE("hostname", "hostname"), \
	REFUSE("domain", 2030, "not hostname(domain) and domain != ''"), \
	TAKE("domain", "domain"), \
	REFUSE("domainsearchlist", 2031, "not hostname(domainsearchlist[]) and domainsearchlist[] != ''"), \
	SET("domainsearchlist", "domainsearchlist", "join(';', as_list(domainsearchlist))", \
	      "has(domainsearchlist) and len(drop_empty(as_list(domainsearchlist))) > 0"), \
	SET("domainsearchlist", "domainsearchlist", "''", \
	      "has(domainsearchlist) and len(drop_empty(as_list(domainsearchlist))) <= 0"), \
	REFUSE("gateway", 2029, "ipv4(gateway) and (ipnum(gateway) <= " \
	      "ipnum(net_addr(cfg(interfaces/<interface>).ipaddr, " \
	      "cfg(interfaces/<interface>).subnet)) or ipnum(gateway) >= " \
	      "ipnum(bcast_addr(cfg(interfaces/<interface>).ipaddr, " \
	      "cfg(interfaces/<interface>).subnet)))"), \
	REFUSE("gateway", 2028, "not ipv4(gateway) and gateway != ''"), \
	SET("gateway", "gateway", "gateway", "ipv4(gateway)"), \
	SET("gateway", "gateway", "gateway", "not ipv4(gateway)"), \
	REFUSE("dnsserver", 2027, "len(dnsserver) <= 4 and not ipv4(dnsserver[])"), \
	REFUSE("dnsserver", 2026, "len(dnsserver) > 4")

static const struct task services_dhcpd_put_steps[] = {
	INTERFACE,
	SET("enable", "enable", "true", "enable is true"),
	SET("enable", "enable", "false", "enable is false"),
	TAKE("range_from", "range.from"),
	REFUSE("range_from", 2022, "ipv4(range_from) and not in_cidr4(range_from, flag.if_conf.ipaddr & '/' & "
	      "flag.if_conf.subnet)"),
	REFUSE("range_from", 2021, "not ipv4(range_from)"),
	REFUSE("range_from", 2020, "not has(range_from) and not has(obj.range.from)"),
	TAKE("range_to", "range.to"),
	REFUSE("range_to", 2025, "ipv4(range_to) and not in_cidr4(range_to, flag.if_conf.ipaddr & '/' & "
	      "flag.if_conf.subnet)"),
	REFUSE("range_to", 2024, "not ipv4(range_to)"),
	REFUSE("range_to", 2023, "not has(range_to) and not has(obj.range.to)"),
	REFUSE("domain", 2030, "not hostname(domain) and domain != ''"),
	TAKE("domain", "domain"),
	REFUSE("mac_allow", 2032, "not mac(mac_allow[], partial) and mac_allow[] != ''"),
	SET("mac_allow", "mac_allow", "join(',', as_list(mac_allow))",
	      "has(mac_allow) and len(drop_empty(as_list(mac_allow))) > 0"),
	SET("mac_allow", "mac_allow", "''",
	      "has(mac_allow) and len(drop_empty(as_list(mac_allow))) <= 0"),
	REFUSE("mac_deny", 2033, "not mac(mac_deny[], partial) and mac_deny[] != ''"),
	SET("mac_deny", "mac_deny", "join(',', as_list(mac_deny))",
	      "has(mac_deny) and len(drop_empty(as_list(mac_deny))) > 0"),
	SET("mac_deny", "mac_deny", "''",
	      "has(mac_deny) and len(drop_empty(as_list(mac_deny))) <= 0"),
	REFUSE("domainsearchlist", 2031, "not hostname(domainsearchlist[]) and domainsearchlist[] != ''"),
	SET("domainsearchlist", "domainsearchlist", "join(';', as_list(domainsearchlist))",
	      "has(domainsearchlist) and len(drop_empty(as_list(domainsearchlist))) > 0"),
	SET("domainsearchlist", "domainsearchlist", "''",
	      "has(domainsearchlist) and len(drop_empty(as_list(domainsearchlist))) <= 0"),
	REFUSE("defaultleasetime", 2080, "defaultleasetime != '' and int(defaultleasetime) < 60"),
	REFUSE("defaultleasetime", 2081, "defaultleasetime != '' and not blank(obj.maxleasetime) and int(defaultleasetime) "
	      ">= int(obj.maxleasetime)"),
	UNSET("defaultleasetime", "defaultleasetime", "defaultleasetime = ''"),
	SET("defaultleasetime", "defaultleasetime", "int(defaultleasetime)",
	      "defaultleasetime != ''"),
	REFUSE("maxleasetime", 2082, "maxleasetime != '' and int(maxleasetime) < 60"),
	REFUSE("maxleasetime", 2081, "maxleasetime != '' and not blank(obj.defaultleasetime) and int(maxleasetime) <= "
	      "int(obj.defaultleasetime)"),
	UNSET("maxleasetime", "maxleasetime", "maxleasetime = ''"),
	SET("maxleasetime", "maxleasetime", "int(maxleasetime)", "maxleasetime != ''"),
	REFUSE("gateway", 2029, "ipv4(gateway) and not in_cidr4(gateway, flag.if_conf.ipaddr & '/' & "
	      "flag.if_conf.subnet)"),
	REFUSE("gateway", 2028, "not ipv4(gateway) and gateway != ''"),
	SET("gateway", "gateway", "gateway", "ipv4(gateway)"),
	SET("gateway", "gateway", "gateway", "not ipv4(gateway)"),
	REFUSE("dnsserver", 2027, "len(dnsserver) <= 4 and not ipv4(dnsserver[])"),
	REFUSE("dnsserver", 2026, "len(dnsserver) > 4"),
	UNSET("dnsserver", "dnsserver", "has(dnsserver)"),
	SET("dnsserver", "dnsserver[]", "dnsserver[]", "has(dnsserver)"),
	SET("staticarp", "staticarp", "true", "staticarp is true"),
	SET("staticarp", "staticarp", "false", "staticarp is false"),
	SET("ignorebootp", "ignorebootp", "true", "ignorebootp is true"),
	SET("ignorebootp", "ignorebootp", "false", "ignorebootp is false"),
	SET("denyunknown", "denyunknown", "true", "denyunknown is true"),
	SET("denyunknown", "denyunknown", "false", "denyunknown is false"),
	NORMAL("numberoptions", "numberoptions.item", "'item' in keys(numberoptions)"),
	SET("numberoptions", "numberoptions", "[]", "has(numberoptions)"),
	EACH("numberoptions", "numberoptions.item[]"),
	REFUSE("numberoptions[].number", 2084, "(int(numberoptions[].number) < 1 or int(numberoptions[].number) > 254)"),
	REFUSE("numberoptions[].number", 2083, "has(numberoptions) and not has(numberoptions[].number)"),
	SET("numberoptions[].number", "number", "int(numberoptions[].number)", "has(numberoptions)"),
	REFUSE("numberoptions[].type", 2086, "lower(numberoptions[].type) not in ['text', 'string', 'boolean', 'unsigned integer"
	      " 8', 'unsigned integer 16', 'unsigned integer 32', 'signed integer 8', 'signed "
	      "integer 16', 'signed integer 32', 'ip-address']"),
	REFUSE("numberoptions[].type", 2085, "has(numberoptions) and not has(numberoptions[].type)"),
	SET("numberoptions[].type", "type", "lower(numberoptions[].type)", "has(numberoptions)"),
	REFUSE("numberoptions[].value", 2088, "item.type = 'text' and contains(numberoptions[].value, '\\\"')"),
	REFUSE("numberoptions[].value", 2089, "(item.type = \"string\" and not (numberoptions[].value matches /^\"[^\"]*\"$/)) "
	      "and not (numberoptions[].value matches /^[0-9a-f]{2}(?:\\:[0-9a-f]{2})*$/)"),
	ONE_OF_IF("item.type = 'boolean'", "numberoptions[].value", 2090, "[true, false, 'on', 'off', 'true', 'false']"),
	REFUSE("numberoptions[].value", 2091, "(item.type = 'unsigned integer 8' and ((not numeric(numberoptions[].value) or "
	      "numberoptions[].value < 0) or numberoptions[].value > 255))"),
	REFUSE("numberoptions[].value", 2092, "(item.type = 'unsigned integer 16' and ((not numeric(numberoptions[].value) or "
	      "numberoptions[].value < 0) or numberoptions[].value > 65535))"),
	REFUSE("numberoptions[].value", 2093, "(item.type = 'unsigned integer 32' and ((not numeric(numberoptions[].value) or "
	      "numberoptions[].value < 0) or numberoptions[].value > 4294967295))"),
	REFUSE("numberoptions[].value", 2094, "(item.type = 'signed integer 8' and ((not numeric(numberoptions[].value) or "
	      "numberoptions[].value < -128) or numberoptions[].value > 127))"),
	REFUSE("numberoptions[].value", 2095, "(item.type = 'signed integer 16' and ((not numeric(numberoptions[].value) or "
	      "numberoptions[].value < -32768) or numberoptions[].value > 32767))"),
	REFUSE("numberoptions[].value", 2096, "(item.type = 'signed integer 32' and ((not numeric(numberoptions[].value) or "
	      "numberoptions[].value < -2147483648) or numberoptions[].value > 2147483647))"),
	REFUSE("numberoptions[].value", 2097, "(item.type = 'ip-address' and (not ipv4(numberoptions[].value) or not "
	      "hostname(numberoptions[].value)))"),
	REFUSE("numberoptions[].value", 2087, "has(numberoptions) and not has(numberoptions[].value)"),
	SET("numberoptions[].value", "value", "b64(str(numberoptions[].value))",
	      "has(numberoptions)"),
	END("numberoptions"),
	{ 0 },
};

static const struct write services_dhcpd_put_writes[] = {
	{ WRITE_SET, "dhcpd/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_dhcpd_options_post_steps[] = {
	INTERFACE,
	REFUSE("number", 2084, "(int(number) < 1 or int(number) > 254)"),
	REFUSE("number", 2083, "not has(number)"),
	SET("number", "number", "int(number)", NULL),
	REFUSE("type", 2086, "lower(type) not in ['text', 'string', 'boolean', 'unsigned integer 8', 'unsigned "
	      "integer 16', 'unsigned integer 32', 'signed integer 8', 'signed integer 16', "
	      "'signed integer 32', 'ip-address']"),
	REFUSE("type", 2085, "not has(type)"),
	SET("type", "type", "lower(type)", NULL),
	REFUSE("value", 2088, "obj.type = 'text' and contains(value, '\\\"')"),
	REFUSE("value", 2089, "(obj.type = \"string\" and not (value matches /^\"[^\"]*\"$/)) and not (value "
	      "matches /^[0-9a-f]{2}(?:\\:[0-9a-f]{2})*$/)"),
	ONE_OF_IF("obj.type = 'boolean'", "value", 2090, "[true, false, 'on', 'off', 'true', 'false']"),
	REFUSE("value", 2091, "(obj.type = 'unsigned integer 8' and ((not numeric(value) or value < 0) or value >"
	      " 255))"),
	REFUSE("value", 2092, "(obj.type = 'unsigned integer 16' and ((not numeric(value) or value < 0) or value "
	      "> 65535))"),
	REFUSE("value", 2093, "(obj.type = 'unsigned integer 32' and ((not numeric(value) or value < 0) or value "
	      "> 4294967295))"),
	REFUSE("value", 2094, "(obj.type = 'signed integer 8' and ((not numeric(value) or value < -128) or value "
	      "> 127))"),
	REFUSE("value", 2095, "(obj.type = 'signed integer 16' and ((not numeric(value) or value < -32768) or "
	      "value > 32767))"),
	REFUSE("value", 2096, "(obj.type = 'signed integer 32' and ((not numeric(value) or value < -2147483648) "
	      "or value > 2147483647))"),
	REFUSE("value", 2097, "(obj.type = 'ip-address' and (not ipv4(value) or not hostname(value)))"),
	REFUSE("value", 2087, "not has(value)"),
	SET("value", "value", "b64(str(value))", NULL),
	{ 0 },
};

static const struct write services_dhcpd_options_post_writes[] = {
	{ WRITE_SET, "dhcpd/<selected>/numberoptions/item/<next_index(dhcpd/<selected>/numberoptions/item)>", NULL, NULL },
	{ 0 },
};

static const struct task services_dhcpd_static_mapping_get_steps[] = {
	NORMAL("interface", "ifid(interface)", "interface"),
	SELECT("interface", "interface", "interface and cfg(dhcpd/<interface>)"),
	REFUSE("interface", 2018, "interface and not cfg(dhcpd/<interface>)"),
	REFUSE("interface", 2017, "blank(interface)"),
	{ 0 },
};

static const struct task services_dhcpd_static_mapping_post_steps[] = {
	NORMAL("interface", "ifid(interface)", "has(interface)"),
	SELECT("interface", "interface", "is_str(interface) and (has(cfg(interfaces/<interface>).enable) and "
	      "ipv4(cfg(interfaces/<interface>).ipaddr)) and cfg(interfaces/<interface>).subnet "
	      "<= 31"),
	REFUSE("interface", 2019, "is_str(interface) and ((not has(cfg(interfaces/<interface>).enable) or not "
	      "ipv4(cfg(interfaces/<interface>).ipaddr)) or cfg(interfaces/<interface>).subnet > "
	      "31)"),
	REFUSE("interface", 2018, "not is_str(interface)"),
	REFUSE("interface", 2017, "not has(interface)"),
	REFUSE("mac", 2036, "mac(mac) and any map of cfg(dhcpd/<selected>/staticmap) and map.mac = mac"),
	REFUSE("mac", 2035, "not mac(mac)"),
	REFUSE("mac", 2034, "not has(mac)"),
	SET("mac", "mac", "mac", NULL),
	REFUSE("ipaddr", 2041, "ipv4(ipaddr) and ipnum(ipaddr) = ipnum(cfg(interfaces/<interface>).ipaddr)"),
	REFUSE("ipaddr", 2043, "ipv4(ipaddr) and ipnum(ipaddr) >= ipnum(cfg(dhcpd/<selected>/range/from)) and "
	      "ipnum(ipaddr) <= ipnum(cfg(dhcpd/<selected>/range/to))"),
	REFUSE("ipaddr", 2042, "ipv4(ipaddr) and (ipnum(ipaddr) <= "
	      "ipnum(net_addr(cfg(interfaces/<interface>).ipaddr, "
	      "cfg(interfaces/<interface>).subnet)) or ipnum(ipaddr) >= "
	      "ipnum(bcast_addr(cfg(interfaces/<interface>).ipaddr, "
	      "cfg(interfaces/<interface>).subnet)))"),
	REFUSE("ipaddr", 2039, "ipv4(ipaddr) and any map of cfg(dhcpd/<selected>/staticmap) and map.ipaddr = "
	      "ipaddr"),
	REFUSE("ipaddr", 2038, "not ipv4(ipaddr)"),
	REFUSE("ipaddr", 2037, "not has(ipaddr)"),
	SET("ipaddr", "ipaddr", "ipaddr", NULL),
	MAPPING,
	SET("dnsserver", "dnsserver[]", "dnsserver[]", "has(dnsserver)"),
	SET("arp_table_static_entry", "arp_table_static_entry", "true",
	      "arp_table_static_entry is true"),
	{ 0 },
};

static const struct write services_dhcpd_static_mapping_post_writes[] = {
	{ WRITE_SET, "dhcpd/<selected>/staticmap/<next_index(dhcpd/<selected>/staticmap)>", NULL, NULL },
	{ 0 },
};

static const struct task services_dhcpd_static_mapping_put_steps[] = {
	NORMAL("interface", "ifid(interface)", "has(interface)"),
	REFUSE("interface", 2019, "is_str(interface) and ((not has(cfg(interfaces/<interface>).enable) or not "
	      "ipv4(cfg(interfaces/<interface>).ipaddr)) or cfg(interfaces/<interface>).subnet > "
	      "31)"),
	REFUSE("interface", 2018, "not is_str(interface)"),
	REFUSE("interface", 2017, "not has(interface)"),
	SELECT("id", "id", "id in keys(cfg(dhcpd/<interface>/staticmap))"),
	REFUSE("id", 2045, "id not in keys(cfg(dhcpd/<interface>/staticmap))"),
	REFUSE("id", 2044, "not has(id)"),
	REFUSE("mac", 2036, "mac(mac) and any map of cfg(dhcpd/<interface>/staticmap) and map.mac = mac and "
	      "obj.mac != mac"),
	REFUSE("mac", 2035, "not mac(mac)"),
	TAKE("mac", "mac"),
	REFUSE("ipaddr", 2041, "ipv4(ipaddr) and ipnum(ipaddr) = ipnum(cfg(interfaces/<interface>).ipaddr)"),
	REFUSE("ipaddr", 2043, "ipv4(ipaddr) and ipnum(ipaddr) >= ipnum(cfg(dhcpd/<selected>/range/from)) and "
	      "ipnum(ipaddr) <= ipnum(cfg(dhcpd/<selected>/range/to))"),
	REFUSE("ipaddr", 2042, "ipv4(ipaddr) and (ipnum(ipaddr) <= "
	      "ipnum(net_addr(cfg(interfaces/<interface>).ipaddr, "
	      "cfg(interfaces/<interface>).subnet)) or ipnum(ipaddr) >= "
	      "ipnum(bcast_addr(cfg(interfaces/<interface>).ipaddr, "
	      "cfg(interfaces/<interface>).subnet)))"),
	REFUSE("ipaddr", 2039, "ipv4(ipaddr) and any map of cfg(dhcpd/<interface>/staticmap) and map.ipaddr = "
	      "ipaddr and obj.ipaddr != ipaddr"),
	REFUSE("ipaddr", 2038, "not ipv4(ipaddr)"),
	TAKE("ipaddr", "ipaddr"),
	MAPPING,
	UNSET("dnsserver", "dnsserver", "has(dnsserver)"),
	SET("dnsserver", "dnsserver[]", "dnsserver[]", "has(dnsserver)"),
	SET("arp_table_static_entry", "arp_table_static_entry", "true",
	      "arp_table_static_entry is true"),
	UNSET("arp_table_static_entry", "arp_table_static_entry", "arp_table_static_entry is false"),
	{ 0 },
};

static const struct write services_dhcpd_static_mapping_put_writes[] = {
	{ WRITE_SET, "dhcpd/<interface>/staticmap/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_dhcpd_static_mapping_delete_steps[] = {
	NORMAL("interface", "ifid(interface)", "has(interface)"),
	REFUSE("interface", 2019, "is_str(interface) and ((not has(cfg(interfaces/<interface>).enable) or not "
	      "ipv4(cfg(interfaces/<interface>).ipaddr)) or cfg(interfaces/<interface>).subnet > "
	      "31)"),
	REFUSE("interface", 2018, "not is_str(interface)"),
	REFUSE("interface", 2017, "not has(interface)"),
	SELECT("id", "id", "has(id) and cfg(dhcpd/<interface>/staticmap)"),
	REFUSE("id", 2045, "has(id) and selected not found"),
	REFUSE("id", 2044, "not has(id)"),
	{ 0 },
};

static const struct write services_dhcpd_static_mapping_delete_writes[] = {
	{ WRITE_DELETE, "dhcpd/<interface>/staticmap/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_dhcp[] = {
	{ "services/dhcpd", METHOD_GET, "page-all page-services-dhcpserver", .act = act_dhcpd },
	{ "services/dhcpd", METHOD_PUT, "page-all page-services-dhcpserver", .flags = SAVES,
	  .steps = services_dhcpd_put_steps, .writes = services_dhcpd_put_writes,
	  .parts = PART_RESOLVER | PART_DHCP | PART_FILTER | PART_ALIASES, .apply = APPLY_ALWAYS,
	  .returns = RETURNS_OBJECT },
	{ "services/dhcpd/lease", METHOD_GET, "page-all page-status-dhcpleases", .flags = ON_BOX,
	  .act = act_leases },
	{ "services/dhcpd/options", METHOD_POST, "page-all page-services-dhcpserver", .flags = SAVES,
	  .steps = services_dhcpd_options_post_steps, .writes = services_dhcpd_options_post_writes,
	  .parts = PART_DHCP, .apply = APPLY_ALWAYS, .act = act_dhcp_option },
	{ "services/dhcpd/restart", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_restart },
	{ "services/dhcpd/start", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_start },
	{ "services/dhcpd/static_mapping", METHOD_GET, "page-all page-services-dhcpserver-editstaticmapping",
	  .steps = services_dhcpd_static_mapping_get_steps, .excludes = "interface",
	  .act = act_static_mappings },
	{ "services/dhcpd/static_mapping", METHOD_POST, "page-all page-services-dhcpserver-editstaticmapping",
	  .flags = SAVES, .steps = services_dhcpd_static_mapping_post_steps,
	  .writes = services_dhcpd_static_mapping_post_writes,
	  .parts = PART_RESOLVER | PART_DHCP | PART_FILTER | PART_ALIASES | PART_INTERFACES, .apply = APPLY_ALWAYS,
	  .returns = RETURNS_OBJECT, .excludes = "interface" },
	{ "services/dhcpd/static_mapping", METHOD_PUT, "page-all page-services-dhcpserver-editstaticmapping",
	  .flags = SAVES, .steps = services_dhcpd_static_mapping_put_steps,
	  .writes = services_dhcpd_static_mapping_put_writes,
	  .parts = PART_RESOLVER | PART_DHCP | PART_FILTER | PART_ALIASES | PART_INTERFACES, .apply = APPLY_ALWAYS,
	  .returns = RETURNS_OBJECT, .excludes = "interface" },
	{ "services/dhcpd/static_mapping", METHOD_DELETE, "page-all page-services-dhcpserver-editstaticmapping",
	  .flags = SAVES, .steps = services_dhcpd_static_mapping_delete_steps,
	  .writes = services_dhcpd_static_mapping_delete_writes,
	  .parts = PART_RESOLVER | PART_DHCP | PART_FILTER | PART_ALIASES | PART_INTERFACES, .apply = APPLY_ALWAYS,
	  .returns = RETURNS_OBJECT, .excludes = "interface" },
	{ "services/dhcpd/stop", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_stop },
	{ NULL },
};
/* clang-format on */
