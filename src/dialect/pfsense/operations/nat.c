/*
 * The operations of firewall/nat/one_to_one and 3 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* What a new one and one that is changed have in common. */
#define OUTBOUND_PORTS \
	NORMAL("srcport", "replace('-', ':', srcport)", "flag.port_supported and has(srcport)"), \
	REFUSE("srcport", 4102, "flag.port_supported and not port_or_range(srcport) and srcport != 'any'"), \
	SET("srcport", "sourceport", "replace('-', ':', srcport)", \
	      "flag.port_supported and srcport != 'any'"), \
	NORMAL("dstport", "replace('-', ':', dstport)", "flag.port_supported and has(dstport)"), \
	REFUSE("dstport", 4103, "flag.port_supported and not port_or_range(dstport) and dstport != 'any'"), \
	SET("dstport", "dstport", "replace('-', ':', dstport)", \
	      "flag.port_supported and dstport != 'any'"), \
	SET("disabled", "disabled", "''", "disabled is true")

#define OUTBOUND_TARGET \
	SET("target", "target", "split('/', target)[0]", "ip_kind(target) = 'ipv4_subnet'"), \
	SET("target", "target_subnet", "split('/', target)[1]", "ip_kind(target) = 'ipv4_subnet'"), \
	SET("target", "target", "target", "ip_kind(target) = 'ipv4_addr'"), \
	SET("target", "target_subnet", "32", "ip_kind(target) = 'ipv4_addr'"), \
	SET("target", "target", "target", "ip_kind(target) = 'alias'"), \
	SET("target", "target", "obj.interface & 'ip'", "ip_kind(target) != 'ipv4_subnet' and ip_kind(target) != 'ipv4_addr' and " \
	      "ip_kind(target) != 'alias'"), \
	SET("staticnatport", "staticnatport", "''", "flag.port_supported and staticnatport is true")

#define ONE_TO_ONE_ENDS \
	REFUSE("src", 4079, "not (rule_addr(src, 'source').valid)"), \
	REFUSE("src", 4077, "not has(src)"), \
	SET("src", "source", "rule_addr(src, 'source').data.source", NULL), \
	REFUSE("dst", 4080, "not (rule_addr(dst, 'destination').valid)"), \
	REFUSE("dst", 4078, "not has(dst)"), \
	SET("dst", "destination", "rule_addr(dst, 'destination').data.destination", NULL), \
	SET("disabled", "disabled", "''", "disabled is true")

static const struct task firewall_nat_one_to_one_post_steps[] = {
	REFUSE("interface", 4076, "not ifid(interface)"),
	REFUSE("interface", 4075, "not has(interface)"),
	SET("interface", "interface", "ifid(interface)", NULL),
	REFUSE("external", 4082, "not ipv4(external) and not ipv6(external)"),
	REFUSE("external", 4081, "not has(external)"),
	SET("external", "external", "external", NULL),
	ONE_TO_ONE_ENDS,
	SET("nobinat", "nobinat", "''", "nobinat is true"),
	TAKE_OR("descr", "descr", "''"),
	ONE_OF("natreflection", 4008, "['enable', 'disable']"),
	TAKE("natreflection", "natreflection"),
	{ 0 },
};

static const struct write firewall_nat_one_to_one_post_writes[] = {
	{ WRITE_SET, "nat/onetoone/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_nat_one_to_one_put_steps[] = {
	SELECT("id", "id", "cfg(nat/onetoone/<id>)"),
	REFUSE("id", 4084, "not cfg(nat/onetoone/<id>)"),
	REFUSE("id", 4083, "not has(id)"),
	REFUSE("interface", 4076, "not ifid(interface)"),
	SET("interface", "interface", "ifid(interface)", "has(interface)"),
	REFUSE("external", 4082, "not ipv4(external) and not ipv6(external)"),
	TAKE("external", "external"),
	ONE_TO_ONE_ENDS,
	UNSET("disabled", "disabled", "disabled is false"),
	SET("nobinat", "nobinat", "''", "nobinat is true"),
	UNSET("nobinat", "nobinat", "nobinat is false"),
	TAKE("descr", "descr"),
	ONE_OF("natreflection", 4008, "['enable', 'disable']"),
	TAKE("natreflection", "natreflection"),
	{ 0 },
};

static const struct write firewall_nat_one_to_one_put_writes[] = {
	{ WRITE_SET, "nat/onetoone/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_nat_one_to_one_delete_steps[] = {
	SELECT("id", "id", "cfg(nat/onetoone/<id>)"),
	REFUSE("id", 4084, "not cfg(nat/onetoone/<id>)"),
	REFUSE("id", 4083, "not has(id)"),
	{ 0 },
};

static const struct write firewall_nat_one_to_one_delete_writes[] = {
	{ WRITE_DELETE, "nat/onetoone/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_nat_outbound_put_steps[] = {
	SET(NULL, "mode", "cfg(nat/outbound/mode)", NULL),
	SET(NULL, "mode", "'automatic'", "blank(obj.mode)"),
	FLAG(NULL, "current_mode", "obj.mode", NULL),
	ONE_OF("mode", 4085, "['automatic', 'hybrid', 'advanced', 'disabled']"),
	TAKE("mode", "mode"),
	{ 0 },
};

static const struct write firewall_nat_outbound_put_writes[] = {
	{ WRITE_SET, "nat/outbound/mode", "obj.mode", NULL },
	{ 0 },
};

static const struct task firewall_nat_outbound_mapping_post_steps[] = {
	FLAG(NULL, "created_by_msg", "client.username & '@' & client.ip_address & ' (API)'", NULL),
	REFUSE("interface", 4087, "not ifid(interface)"),
	REFUSE("interface", 4086, "not has(interface)"),
	SET("interface", "interface", "ifid(interface)", NULL),
	ONE_OF("protocol", 4089, "['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', 'igmp', 'pim', "
	      "'ospf']"),
	REFUSE("protocol", 4088, "not has(protocol)"),
	SET("protocol", "protocol", "protocol", "protocol != 'any'"),
	FLAG("protocol", "port_supported", "true", "protocol in ['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', "
	      "'igmp', 'pim', 'ospf'] and protocol != 'any' and obj.protocol in ['tcp', 'udp', "
	      "'tcp/udp']"),
	ONE_OF("poolopts", 4090, "['round-robin', 'round-robin sticky-address', 'random', 'random sticky-address', "
	      "'source-hash', 'bitmask']"),
	TAKE_OR("poolopts", "poolopts", "''"),
	FLAG("poolopts", "pool_source_hash_supported", "true", "poolopts in ['round-robin', 'round-robin sticky-address', 'random', 'random "
	      "sticky-address', 'source-hash', 'bitmask'] and obj.poolopts = 'source-hash'"),
	REFUSE("source_hash_key", 4091, "flag.pool_source_hash_supported and substr(source_hash_key, 0, 2) != '0x'"),
	REFUSE("source_hash_key", 4092, "flag.pool_source_hash_supported and not all_hex(substr(source_hash_key, 2))"),
	REFUSE("source_hash_key", 4093, "flag.pool_source_hash_supported and strlen(source_hash_key) != 34"),
	TAKE_OR_IF("flag.pool_source_hash_supported", "source_hash_key", "source_hash_key",
	      "'0x' & md5(source_hash_key)"),
	REFUSE("target", 4096, "ip_kind(target) = 'alias' and obj.poolopts not in ['round-robin', 'round-robin "
	      "sticky-address']"),
	REFUSE("target", 4095, "ip_kind(target) != 'ipv4_subnet' and ip_kind(target) != 'ipv4_addr' and "
	      "ip_kind(target) != 'alias' and target != '' and target != obj.interface & 'ip'"),
	REFUSE("target", 4094, "not has(target)"),
	OUTBOUND_TARGET,
	REFUSE("natport", 4097, "flag.port_supported and not has(obj.staticnatport) and not port_or_range(str(natport))"),
	SET("natport", "natport", "natport", "flag.port_supported and not has(obj.staticnatport)"),
	REFUSE("src", 4099, "src != 'any' and not ip_kind(src)"),
	REFUSE("src", 4098, "not has(src)"),
	WORD("src", "any", "source.network", "'any'"),
	SET("src", "source.network", "src", "src != 'any'"),
	REFUSE("dst", 4101, "not (rule_addr(dst, 'destination').valid)"),
	REFUSE("dst", 4100, "not has(dst)"),
	SET("dst", "destination", "rule_addr(dst, 'destination').data.destination", NULL),
	OUTBOUND_PORTS,
	SET("nonat", "nonat", "''", "nonat is true"),
	SET("nosync", "nosync", "''", "nosync is true"),
	TAKE("descr", "descr"),
	SET(NULL, "created", "{'time': now(), 'username': flag.created_by_msg}", NULL),
	SET(NULL, "updated", "obj.created", NULL),
	{ 0 },
};

static const struct write firewall_nat_outbound_mapping_post_writes[] = {
	{ WRITE_SET, "nat/outbound/rule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_nat_outbound_mapping_put_steps[] = {
	FLAG(NULL, "created_by_msg", "client.username & '@' & client.ip_address & ' (API)'", NULL),
	SELECT("id", "id", "cfg(nat/outbound/rule/<id>)"),
	REFUSE("id", 4105, "not cfg(nat/outbound/rule/<id>)"),
	REFUSE("id", 4104, "not has(id)"),
	REFUSE("interface", 4087, "not ifid(interface)"),
	SET("interface", "interface", "ifid(interface)", "has(interface)"),
	ONE_OF("protocol", 4089, "['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', 'igmp', 'pim', "
	      "'ospf']"),
	UNSET("protocol", "protocol", "protocol = 'any'"),
	SET("protocol", "protocol", "protocol", "protocol != 'any'"),
	FLAG("protocol", "port_supported", "true", "obj.protocol in ['tcp', 'udp', 'tcp/udp']"),
	ONE_OF("poolopts", 4090, "['', 'round-robin', 'round-robin sticky-address', 'random', 'random sticky-address', "
	      "'source-hash', 'bitmask']"),
	TAKE("poolopts", "poolopts"),
	FLAG("poolopts", "pool_source_hash_supported", "true", "obj.poolopts = 'source-hash'"),
	REFUSE("source_hash_key", 4091, "flag.pool_source_hash_supported and substr(source_hash_key, 0, 2) != '0x'"),
	REFUSE("source_hash_key", 4092, "flag.pool_source_hash_supported and not all_hex(substr(source_hash_key, 2))"),
	REFUSE("source_hash_key", 4093, "flag.pool_source_hash_supported and strlen(source_hash_key) != 34"),
	TAKE_IF("flag.pool_source_hash_supported", "source_hash_key", "source_hash_key"),
	SET("source_hash_key", "source_hash_key", "'0x' & md5(source_hash_key)", "flag.pool_source_hash_supported and not has(source_hash_key) and "
	      "blank(obj.source_hash_key)"),
	REFUSE("target", 4096, "ip_kind(target) = 'alias' and obj.poolopts not in ['round-robin', 'round-robin "
	      "sticky-address']"),
	REFUSE("target", 4095, "ip_kind(target) != 'ipv4_subnet' and ip_kind(target) != 'ipv4_addr' and "
	      "ip_kind(target) != 'alias' and target != '' and target != obj.interface & 'ip'"),
	OUTBOUND_TARGET,
	UNSET("staticnatport", "natport", "flag.port_supported and staticnatport is true"),
	UNSET("staticnatport", "staticnatport", "(not flag.port_supported or staticnatport is not true) and flag.port_supported and"
	      " staticnatport is false"),
	REFUSE("natport", 4097, "flag.port_supported and not has(obj.staticnatport) and not port_or_range(str(natport))"),
	SET("natport", "natport", "natport", "flag.port_supported and not has(obj.staticnatport)"),
	REFUSE("src", 4099, "src != 'any' and not ip_kind(src)"),
	WORD("src", "any", "source.network", "'any'"),
	SET("src", "source.network", "src", "src != 'any'"),
	REFUSE("dst", 4101, "not (rule_addr(dst, 'destination').valid)"),
	SET("dst", "destination", "rule_addr(dst, 'destination').data.destination", "has(dst)"),
	OUTBOUND_PORTS,
	UNSET("disabled", "disabled", "disabled is false"),
	SET("nonat", "nonat", "''", "nonat is true"),
	UNSET("nonat", "nonat", "nonat is false"),
	SET("nosync", "nosync", "''", "nosync is true"),
	UNSET("nosync", "nosync", "nosync is false"),
	TAKE("descr", "descr"),
	UNSET(NULL, "sourceport", "obj.protocol not in ['tcp', 'udp', 'tcp/udp']"),
	UNSET(NULL, "dstport", "obj.protocol not in ['tcp', 'udp', 'tcp/udp']"),
	UNSET(NULL, "natport", "obj.protocol not in ['tcp', 'udp', 'tcp/udp']"),
	SET(NULL, "updated", "{'time': now(), 'username': flag.created_by_msg}", NULL),
	{ 0 },
};

static const struct write firewall_nat_outbound_mapping_put_writes[] = {
	{ WRITE_SET, "nat/outbound/rule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_nat_outbound_mapping_delete_steps[] = {
	SELECT("id", "id", "cfg(nat/outbound/rule/<id>)"),
	REFUSE("id", 4105, "not cfg(nat/outbound/rule/<id>)"),
	REFUSE("id", 4104, "not has(id)"),
	{ 0 },
};

static const struct write firewall_nat_outbound_mapping_delete_writes[] = {
	{ WRITE_DELETE, "nat/outbound/rule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_nat_port_forward_post_steps[] = {
	FLAG(NULL, "created_by_msg", "client.username & '@' & client.ip_address & ' (API)'", NULL),
	REFUSE("interface", 4006, "not ifid(interface, also=ifgroup+enc0+openvpn)"),
	REFUSE("interface", 4000, "not has(interface)"),
	SET("interface", "interface", "ifid(interface, also=ifgroup+enc0+openvpn)", NULL),
	ONE_OF("protocol", 4007, "['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', 'igmp', 'pim', "
	      "'ospf']"),
	REFUSE("protocol", 4001, "not has(protocol)"),
	SET("protocol", "protocol", "protocol", NULL),
	FLAG("protocol", "port_required", "true", "protocol in ['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', "
	      "'igmp', 'pim', 'ospf'] and obj.protocol in ['tcp', 'udp', 'tcp/udp']"),
	REFUSE("target", 4009, "ip_or_alias(target) not in [4, true]"),
	REFUSE("target", 4002, "not has(target)"),
	SET("target", "target", "target", NULL),
	REFUSE("local-port", 4010, "flag.port_required and not port_or_alias(str(local-port))"),
	REFUSE("local-port", 4003, "flag.port_required and not has(local-port)"),
	SET("local-port", "local-port", "local-port", "flag.port_required"),
	REFUSE("src", 4011, "not (rule_addr(src, 'source').valid)"),
	REFUSE("src", 4004, "not has(src)"),
	SET("src", "source", "rule_addr(src, 'source').data.source", NULL),
	REFUSE("dst", 4012, "not (rule_addr(dst, 'destination').valid)"),
	REFUSE("dst", 4005, "not has(dst)"),
	SET("dst", "destination", "rule_addr(dst, 'destination').data.destination", NULL),
	NORMAL("srcport", "replace('-', ':', srcport)", "flag.port_required"),
	REFUSE("srcport", 4013, "flag.port_required and not port_range_or_alias(srcport) and srcport != 'any'"),
	SET("srcport", "source.port", "replace(':', '-', srcport)",
	      "flag.port_required and srcport != 'any'"),
	NORMAL("dstport", "replace('-', ':', dstport)", "flag.port_required"),
	REFUSE("dstport", 4014, "flag.port_required and not port_range_or_alias(dstport) and dstport != 'any'"),
	SET("dstport", "destination.port", "replace(':', '-', dstport)",
	      "flag.port_required and dstport != 'any'"),
	SET("disabled", "disabled", "''", "disabled is true"),
	SET("nordr", "nordr", "''", "nordr is true"),
	SET("nosync", "nosync", "''", "nosync is true"),
	TAKE("descr", "descr"),
	ONE_OF("natreflection", 4008, "['enable', 'disable', 'purenat']"),
	TAKE("natreflection", "natreflection"),
	ONE_OF("associated-rule-id", 4249, "['pass', '']"),
	TAKE_OR("associated-rule-id", "associated-rule-id", "'pass'"),
	SET(NULL, "created", "{'time': now(), 'username': flag.created_by_msg}", NULL),
	SET(NULL, "updated", "obj.created", NULL),
	{ 0 },
};

static const struct write firewall_nat_port_forward_post_writes[] = {
	{ WRITE_SET, "nat/rule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_nat_port_forward_put_steps[] = {
	FLAG(NULL, "updated_by_msg", "client.username & '@' & client.ip_address & ' (API)'", NULL),
	SELECT("id", "id", "cfg(nat/rule/<id>)"),
	FLAG("id", "port_protocol", "true",
	      "cfg(nat/rule/<id>) and obj.protocol in ['tcp', 'udp', 'tcp/udp']"),
	REFUSE("id", 4016, "not cfg(nat/rule/<id>)"),
	REFUSE("id", 4015, "not has(id)"),
	REFUSE("interface", 4006, "not ifid(interface, also=ifgroup+enc0+openvpn)"),
	SET("interface", "interface", "ifid(interface, also=ifgroup+enc0+openvpn)",
	      "has(interface)"),
	FLAG("protocol", "port_protocol", "true", "protocol in ['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', "
	      "'igmp', 'pim', 'ospf'] and protocol in ['tcp', 'udp', 'tcp/udp']"),
	FLAG("protocol", "port_required", "true", "protocol in ['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', "
	      "'igmp', 'pim', 'ospf'] and protocol in ['tcp', 'udp', 'tcp/udp'] and obj.protocol "
	      "not in ['tcp', 'udp', 'tcp/udp']"),
	FLAG("protocol", "port_protocol", "false", "protocol in ['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', "
	      "'igmp', 'pim', 'ospf'] and protocol not in ['tcp', 'udp', 'tcp/udp']"),
	ONE_OF("protocol", 4007, "['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', 'igmp', 'pim', "
	      "'ospf']"),
	TAKE("protocol", "protocol"),
	REFUSE("target", 4009, "ip_or_alias(target) not in [4, true]"),
	TAKE("target", "target"),
	REFUSE("local-port", 4010, "(flag.port_required or (has(local-port) and flag.port_protocol)) and not "
	      "port_or_alias(str(local-port))"),
	REFUSE("local-port", 4003, "(flag.port_required or (has(local-port) and flag.port_protocol)) and not "
	      "has(local-port)"),
	SET("local-port", "local-port", "local-port",
	      "flag.port_required or (has(local-port) and flag.port_protocol)"),
	REFUSE("src", 4011, "not (rule_addr(src, 'source').valid)"),
	SET("src", "source", "rule_addr(src, 'source').data.source", "has(src)"),
	SET("src", "source.port", "cfg(nat/rule/<selected>/source/port)", "has(src)"),
	REFUSE("dst", 4012, "not (rule_addr(dst, 'destination').valid)"),
	SET("dst", "destination", "rule_addr(dst, 'destination').data.destination", "has(dst)"),
	SET("dst", "destination.port", "cfg(nat/rule/<selected>/destination/port)", "has(dst)"),
	NORMAL("srcport", "replace('-', ':', srcport)",
	      "flag.port_required or (has(srcport) and flag.port_protocol)"),
	REFUSE("srcport", 4013, "(flag.port_required or (has(srcport) and flag.port_protocol)) and not "
	      "port_range_or_alias(srcport) and srcport != 'any'"),
	SET("srcport", "source.port", "replace(':', '-', srcport)",
	      "(flag.port_required or (has(srcport) and flag.port_protocol)) and srcport != 'any'"),
	NORMAL("dstport", "replace('-', ':', dstport)",
	      "flag.port_required or (has(dstport) and flag.port_protocol)"),
	REFUSE("dstport", 4014, "(flag.port_required or (has(dstport) and flag.port_protocol)) and not "
	      "port_range_or_alias(dstport) and dstport != 'any'"),
	SET("dstport", "destination.port", "replace(':', '-', dstport)",
	      "(flag.port_required or (has(dstport) and flag.port_protocol)) and dstport != 'any'"),
	SET("disabled", "disabled", "''", "disabled is true"),
	UNSET("disabled", "disabled", "disabled is false"),
	SET("nordr", "nordr", "''", "nordr is true"),
	UNSET("nordr", "nordr", "nordr is false"),
	SET("nosync", "nosync", "''", "nosync is true"),
	UNSET("nosync", "nosync", "nosync is false"),
	TAKE("descr", "descr"),
	ONE_OF("natreflection", 4008, "['enable', 'disable', 'purenat']"),
	TAKE("natreflection", "natreflection"),
	ONE_OF("associated-rule-id", 4249, "['pass', '']"),
	TAKE("associated-rule-id", "associated-rule-id"),
	SET(NULL, "updated", "{'time': now(), 'username': flag.updated_by_msg}", NULL),
	{ 0 },
};

static const struct write firewall_nat_port_forward_put_writes[] = {
	{ WRITE_SET, "nat/rule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_nat_port_forward_delete_steps[] = {
	SELECT("id", "id", "cfg(nat/rule/<id>)"),
	REFUSE("id", 4016, "not cfg(nat/rule/<id>)"),
	REFUSE("id", 4015, "not has(id)"),
	{ 0 },
};

static const struct write firewall_nat_port_forward_delete_writes[] = {
	{ WRITE_DELETE, "nat/rule/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_nat[] = {
	{ "firewall/nat/one_to_one", METHOD_GET, "page-all page-firewall-nat-1-1",
	  .returns = RETURNS_STORED, .path = "nat/onetoone" },
	{ "firewall/nat/one_to_one", METHOD_POST, "page-all page-firewall-nat-1-1-edit",
	  .flags = SAVES, .steps = firewall_nat_one_to_one_post_steps,
	  .writes = firewall_nat_one_to_one_post_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_nat_top },
	{ "firewall/nat/one_to_one", METHOD_PUT, "page-all page-firewall-nat-1-1-edit",
	  .flags = SAVES, .steps = firewall_nat_one_to_one_put_steps,
	  .writes = firewall_nat_one_to_one_put_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_nat_top },
	{ "firewall/nat/one_to_one", METHOD_DELETE, "page-all page-firewall-nat-1-1-edit",
	  .flags = SAVES, .steps = firewall_nat_one_to_one_delete_steps,
	  .writes = firewall_nat_one_to_one_delete_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "firewall/nat/outbound", METHOD_GET, "page-all page-firewall-nat-outbound",
	  .returns = RETURNS_OBJECT, .act = act_outbound_mode },
	{ "firewall/nat/outbound", METHOD_PUT, "page-all page-firewall-nat-outbound", .flags = SAVES,
	  .steps = firewall_nat_outbound_put_steps, .writes = firewall_nat_outbound_put_writes,
	  .marks = "natconf", .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_UNLESS_FALSE,
	  .returns = RETURNS_OBJECT, .prepare = outbound_mode },
	{ "firewall/nat/outbound/mapping", METHOD_GET, "page-all page-firewall-nat-outbound",
	  .returns = RETURNS_STORED, .path = "nat/outbound/rule" },
	{ "firewall/nat/outbound/mapping", METHOD_POST, "page-all page-firewall-nat-outbound-edit",
	  .flags = SAVES, .steps = firewall_nat_outbound_mapping_post_steps,
	  .writes = firewall_nat_outbound_mapping_post_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_nat_top },
	{ "firewall/nat/outbound/mapping", METHOD_PUT, "page-all page-firewall-nat-outbound-edit",
	  .flags = SAVES, .steps = firewall_nat_outbound_mapping_put_steps,
	  .writes = firewall_nat_outbound_mapping_put_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_nat_top },
	{ "firewall/nat/outbound/mapping", METHOD_DELETE, "page-all page-firewall-nat-outbound-edit",
	  .flags = SAVES, .steps = firewall_nat_outbound_mapping_delete_steps,
	  .writes = firewall_nat_outbound_mapping_delete_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "firewall/nat/port_forward", METHOD_GET, "page-all page-firewall-nat-portforward",
	  .returns = RETURNS_STORED, .path = "nat/rule" },
	{ "firewall/nat/port_forward", METHOD_POST, "page-all page-firewall-nat-portforward-edit",
	  .flags = SAVES, .steps = firewall_nat_port_forward_post_steps,
	  .writes = firewall_nat_port_forward_post_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_nat_top },
	{ "firewall/nat/port_forward", METHOD_PUT, "page-all page-firewall-nat-portforward-edit",
	  .flags = SAVES, .steps = firewall_nat_port_forward_put_steps,
	  .writes = firewall_nat_port_forward_put_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_nat_top },
	{ "firewall/nat/port_forward", METHOD_DELETE, "page-all page-firewall-nat-portforward-edit",
	  .flags = SAVES, .steps = firewall_nat_port_forward_delete_steps,
	  .writes = firewall_nat_port_forward_delete_writes, .marks = "natconf",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
