/*
 * The operations of firewall/rule.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* What a new one and one that is changed have in common. */
#define TCP_FLAGS \
	NORMAL("tcpflags2", "split(',', str(tcpflags2))", \
	      "not has(obj.tcpflags_any) and not is_list(tcpflags2)"), \
	REFUSE("tcpflags2", 4246, "not has(obj.tcpflags_any) and tcpflags2[] not in ['fin', 'syn', 'rst', 'psh', 'ack', " \
	      "'urg', 'ece', 'cwr']"), \
	SET("tcpflags2", "tcpflags2", "join(',', as_list(tcpflags2))", \
	      "not has(obj.tcpflags_any) and has(tcpflags2)"), \
	NORMAL("tcpflags1", "split(',', str(tcpflags1))", \
	      "not has(obj.tcpflags_any) and not is_list(tcpflags1)"), \
	REFUSE("tcpflags1", 4247, "not has(obj.tcpflags_any) and tcpflags1[] in ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'," \
	      " 'ece', 'cwr'] and tcpflags1[] not in split(',', obj.tcpflags2)"), \
	REFUSE("tcpflags1", 4246, "not has(obj.tcpflags_any) and tcpflags1[] not in ['fin', 'syn', 'rst', 'psh', 'ack', " \
	      "'urg', 'ece', 'cwr']"), \
	SET("tcpflags1", "tcpflags1", "join(',', as_list(tcpflags1))", \
	      "not has(obj.tcpflags_any) and has(tcpflags1)")

static const struct task firewall_rule_post_steps[] = {
	SET("floating", "floating", "'yes'", "floating is true"),
	ONE_OF("type", 4039, "['pass', 'block', 'reject']"),
	REFUSE("type", 4033, "not has(type)"),
	SET("type", "type", "type", NULL),
	NORMAL("interface", "split(',', str(interface))", "not is_list(interface)"),
	REFUSE("interface", 4248, "not has(obj.floating) and len(interface) > 1"),
	REFUSE("interface", 4040, "not ifid(interface[], also=ifgroup+enc0+openvpn)"),
	REFUSE("interface", 4034, "not has(interface) and floating is not true"),
	SET("interface", "interface", "join(',', ifids(as_list(interface), also=ifgroup+enc0+openvpn))",
	      "has(interface)"),
	ONE_OF("ipprotocol", 4041, "['inet', 'inet6', 'inet46']"),
	REFUSE("ipprotocol", 4035, "not has(ipprotocol)"),
	SET("ipprotocol", "ipprotocol", "ipprotocol", NULL),
	ONE_OF("protocol", 4042, "['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', 'igmp', 'pim', "
	      "'ospf', 'carp', 'pfsync']"),
	REFUSE("protocol", 4036, "not has(protocol)"),
	SET("protocol", "protocol", "protocol", "protocol != 'any'"),
	REFUSE("icmptype", 4046, "obj.protocol = 'icmp' and icmptype[] not in ['althost', 'dataconv', 'echorep', "
	      "'echoreq', 'inforep', 'inforeq', 'ipv6-here', 'ipv6-where', 'maskrep', 'maskreq', "
	      "'mobredir', 'mobregrep', 'mobregreq', 'paramprob', 'photuris', 'redir', "
	      "'routeradv', 'routersol', 'skip', 'squench', 'timerep', 'timereq', 'timex', "
	      "'trace', 'unreach']"),
	SET("icmptype", "icmptype", "join(',', as_list(icmptype))",
	      "has(icmptype) and obj.protocol = 'icmp'"),
	REFUSE("src", 4044, "rule_addr(src, 'source').valid is not true"),
	REFUSE("src", 4037, "not has(src)"),
	REFUSE("dst", 4045, "rule_addr(dst, 'destination').valid is not true"),
	REFUSE("dst", 4038, "not has(dst)"),
	SET("src", "source", "rule_addr(src, 'source').data.source", "has(src)"),
	SET("dst", "destination", "rule_addr(dst, 'destination').data.destination", "has(dst)"),
	REFUSE("srcport", 4048, "obj.protocol in ['tcp', 'udp', 'tcp/udp'] and not port_range_or_alias(replace('-',"
	      " ':', srcport)) and replace('-', ':', srcport) != 'any'"),
	REFUSE("srcport", 4047, "obj.protocol in ['tcp', 'udp', 'tcp/udp'] and not has(srcport)"),
	SET("srcport", "source.port", "replace(':', '-', replace('-', ':', srcport))",
	      "obj.protocol in ['tcp', 'udp', 'tcp/udp'] and replace('-', ':', srcport) != 'any'"),
	REFUSE("dstport", 4049, "obj.protocol in ['tcp', 'udp', 'tcp/udp'] and not port_range_or_alias(replace('-',"
	      " ':', dstport)) and replace('-', ':', dstport) != 'any'"),
	REFUSE("dstport", 4047, "obj.protocol in ['tcp', 'udp', 'tcp/udp'] and not has(dstport)"),
	SET("dstport", "destination.port", "replace(':', '-', replace('-', ':', dstport))",
	      "obj.protocol in ['tcp', 'udp', 'tcp/udp'] and replace('-', ':', dstport) != 'any'"),
	REFUSE("gateway", 4043, "gateway not in ['', 'default'] and gateway_family(gateway) is false"),
	REFUSE("gateway", 4109, "gateway not in ['', 'default'] and gateway_family(gateway) != obj.ipprotocol"),
	SET("gateway", "gateway", "gateway", "gateway not in ['', 'default']"),
	SET("sched", "sched", "sched",
	      "any schedule of cfg(schedules/schedule) and sched = schedule.name"),
	REFUSE("sched", 4150, "has(sched) and not has(obj.sched)"),
	REFUSE("dnpipe", 4222, "dnpipe not in keys(limiter_queues())"),
	TAKE("dnpipe", "dnpipe"),
	REFUSE("pdnpipe", 4225, "has(obj.dnpipe) and pdnpipe in keys(limiter_queues()) and pdnpipe != obj.dnpipe "
	      "and ((limiter_queues()[obj.dnpipe][0] = '?' and limiter_queues()[pdnpipe][0] != "
	      "'?') or (limiter_queues()[pdnpipe][0] = '?' and limiter_queues()[obj.dnpipe][0] !="
	      " '?'))"),
	REFUSE("pdnpipe", 4224, "has(obj.dnpipe) and pdnpipe in keys(limiter_queues()) and pdnpipe = obj.dnpipe"),
	REFUSE("pdnpipe", 4222, "has(obj.dnpipe) and pdnpipe not in keys(limiter_queues())"),
	REFUSE("pdnpipe", 4223, "has(pdnpipe) and not has(obj.dnpipe)"),
	TAKE("pdnpipe", "pdnpipe"),
	REFUSE("defaultqueue", 4226, "not shaper_queue_exists(defaultqueue)"),
	TAKE("defaultqueue", "defaultqueue"),
	REFUSE("ackqueue", 4229, "has(obj.defaultqueue) and shaper_queue_exists(ackqueue) and ackqueue = "
	      "obj.defaultqueue"),
	REFUSE("ackqueue", 4228, "has(obj.defaultqueue) and not shaper_queue_exists(ackqueue)"),
	REFUSE("ackqueue", 4227, "has(ackqueue) and not has(obj.defaultqueue)"),
	TAKE("ackqueue", "ackqueue"),
	SET("disabled", "disabled", "''", "disabled is true"),
	SET("descr", "descr", "str(descr)", "has(descr)"),
	SET("log", "log", "''", "log is true"),
	SET("tcpflags_any", "tcpflags_any", "true", "tcpflags_any is true"),
	TCP_FLAGS,
	ONE_OF("statetype", 4243, "['keep state', 'sloppy state', 'synproxy state']"),
	REFUSE("statetype", 4244, "statetype = 'synproxy state' and obj.protocol != 'tcp'"),
	REFUSE("statetype", 4245, "statetype = 'synproxy state' and obj.gateway"),
	TAKE("statetype", "statetype"),
	ONE_OF_IF("floating is true", "direction", 4239, "['in', 'out', 'any']"),
	TAKE_OR_IF("floating is true", "direction", "direction", "'any'"),
	SET("quick", "quick", "'yes'", "obj.floating and quick is true"),
	SET(NULL, "tracker", "new_tracker()", NULL),
	SET(NULL, "created",
	      "{'time': now(), 'username': client.username & '@' & client.ip_address & ' (API)'}",
	      NULL),
	SET(NULL, "updated", "obj.created", NULL),
	{ 0 },
};

static const struct write firewall_rule_post_writes[] = {
	{ WRITE_SET, "filter/rule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_rule_put_steps[] = {
	SELECT("tracker", "found", "numeric(tracker) and any rule of cfg(filter/rule) and int(rule.tracker) = "
	      "int(tracker)"),
	REFUSE("tracker", 4032, "has(tracker) and selected not found"),
	REFUSE("tracker", 4031, "not has(tracker)"),
	SET("floating", "floating", "'yes'", "floating is true"),
	UNSET("floating", "floating", "floating is false"),
	UNSET("floating", "direction", "floating is false"),
	ONE_OF("type", 4039, "['pass', 'block', 'reject']"),
	TAKE("type", "type"),
	NORMAL("interface", "(interface ? interface : obj.interface)", NULL),
	NORMAL("interface", "split(',', str(interface))", "not is_list(interface)"),
	REFUSE("interface", 4248, "not has(obj.floating) and len(interface) > 1"),
	REFUSE("interface", 4040, "not ifid(interface[], also=ifgroup+enc0+openvpn)"),
	SET("interface", "interface", "join(',', ifids(as_list(interface), also=ifgroup+enc0+openvpn))",
	      "has(interface)"),
	ONE_OF("ipprotocol", 4041, "['inet', 'inet6', 'inet46']"),
	TAKE("ipprotocol", "ipprotocol"),
	FLAG("protocol", "missing_port",
	      "(obj.protocol not in ['tcp', 'udp', 'tcp/udp'] ? true : false)", "has(protocol)"),
	FLAG("protocol", "requires_port", "(protocol in ['tcp', 'udp', 'tcp/udp'] ? true : false)",
	      "has(protocol)"),
	ONE_OF("protocol", 4042, "['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', 'igmp', 'pim', "
	      "'ospf', 'carp', 'pfsync']"),
	UNSET("protocol", "source.port", "protocol not in ['tcp', 'udp', 'tcp/udp']"),
	UNSET("protocol", "destination.port", "protocol not in ['tcp', 'udp', 'tcp/udp']"),
	SET("protocol", "protocol", "protocol", "protocol != 'any'"),
	UNSET("protocol", "protocol", "protocol = 'any'"),
	REFUSE("icmptype", 4046, "obj.protocol = 'icmp' and icmptype[] not in ['althost', 'dataconv', 'echorep', "
	      "'echoreq', 'inforep', 'inforeq', 'ipv6-here', 'ipv6-where', 'maskrep', 'maskreq', "
	      "'mobredir', 'mobregrep', 'mobregreq', 'paramprob', 'photuris', 'redir', "
	      "'routeradv', 'routersol', 'skip', 'squench', 'timerep', 'timereq', 'timex', "
	      "'trace', 'unreach']"),
	SET("icmptype", "icmptype", "join(',', as_list(icmptype))",
	      "has(icmptype) and obj.protocol = 'icmp'"),
	REFUSE("src", 4044, "rule_addr(src, 'source').valid is not true"),
	REFUSE("dst", 4045, "rule_addr(dst, 'destination').valid is not true"),
	FLAG("src", "port_src", "obj.source.port", "has(src)"),
	SET("src", "source", "rule_addr(src, 'source').data.source", "has(src)"),
	SET("src", "source.port", "flag.port_src", "has(src)"),
	FLAG("dst", "port_dst", "obj.destination.port", "has(dst)"),
	SET("dst", "destination", "rule_addr(dst, 'destination').data.destination", "has(dst)"),
	SET("dst", "destination.port", "flag.port_dst", "has(dst)"),
	REFUSE("srcport", 4048, "flag.requires_port and not port_range_or_alias(replace('-', ':', srcport)) and "
	      "replace('-', ':', srcport) != 'any'"),
	REFUSE("srcport", 4047, "flag.requires_port and not has(srcport) and flag.missing_port"),
	SET("srcport", "source.port", "replace(':', '-', replace('-', ':', srcport))",
	      "flag.requires_port and replace('-', ':', srcport) != 'any'"),
	REFUSE("dstport", 4049, "flag.requires_port and not port_range_or_alias(replace('-', ':', dstport)) and "
	      "replace('-', ':', dstport) != 'any'"),
	REFUSE("dstport", 4047, "flag.requires_port and not has(dstport) and flag.missing_port"),
	SET("dstport", "destination.port", "replace(':', '-', replace('-', ':', dstport))",
	      "flag.requires_port and replace('-', ':', dstport) != 'any'"),
	NORMAL("gateway", "obj.gateway", "(has(gateway) or has(obj.gateway)) and not has(gateway)"),
	REFUSE("gateway", 4043, "(has(gateway) or has(obj.gateway)) and gateway not in ['', 'default'] and "
	      "gateway_family(gateway) is false"),
	REFUSE("gateway", 4109, "(has(gateway) or has(obj.gateway)) and gateway not in ['', 'default'] and "
	      "gateway_family(gateway) != obj.ipprotocol"),
	UNSET("gateway", "gateway",
	      "(has(gateway) or has(obj.gateway)) and gateway in ['', 'default']"),
	SET("gateway", "gateway", "gateway",
	      "(has(gateway) or has(obj.gateway)) and gateway not in ['', 'default']"),
	SET("sched", "sched", "sched", "not blank(sched) and any schedule of cfg(schedules/schedule) and sched = "
	      "schedule.name"),
	UNSET("sched", "sched", "blank(sched)"),
	REFUSE("sched", 4150, "not blank(sched) and not has(obj.sched)"),
	REFUSE("dnpipe", 4222, "not blank(dnpipe) and dnpipe not in keys(limiter_queues())"),
	SET("dnpipe", "dnpipe", "dnpipe", "not blank(dnpipe)"),
	UNSET("dnpipe", "dnpipe", "blank(dnpipe)"),
	UNSET("dnpipe", "pdnpipe", "blank(dnpipe)"),
	REFUSE("pdnpipe", 4225, "not blank(pdnpipe) and has(obj.dnpipe) and pdnpipe in keys(limiter_queues()) and "
	      "pdnpipe != obj.dnpipe and ((limiter_queues()[obj.dnpipe][0] = '?' and "
	      "limiter_queues()[pdnpipe][0] != '?') or (limiter_queues()[pdnpipe][0] = '?' and "
	      "limiter_queues()[obj.dnpipe][0] != '?'))"),
	REFUSE("pdnpipe", 4224, "not blank(pdnpipe) and has(obj.dnpipe) and pdnpipe in keys(limiter_queues()) and "
	      "pdnpipe = obj.dnpipe"),
	REFUSE("pdnpipe", 4222, "not blank(pdnpipe) and has(obj.dnpipe) and pdnpipe not in keys(limiter_queues())"),
	REFUSE("pdnpipe", 4223, "not blank(pdnpipe) and not has(obj.dnpipe)"),
	SET("pdnpipe", "pdnpipe", "pdnpipe", "not blank(pdnpipe)"),
	UNSET("pdnpipe", "pdnpipe", "blank(pdnpipe)"),
	REFUSE("defaultqueue", 4226, "not blank(defaultqueue) and not shaper_queue_exists(defaultqueue)"),
	SET("defaultqueue", "defaultqueue", "defaultqueue", "not blank(defaultqueue)"),
	UNSET("defaultqueue", "defaultqueue", "blank(defaultqueue)"),
	UNSET("defaultqueue", "ackqueue", "blank(defaultqueue)"),
	REFUSE("ackqueue", 4229, "not blank(ackqueue) and has(obj.defaultqueue) and shaper_queue_exists(ackqueue) "
	      "and ackqueue = obj.defaultqueue"),
	REFUSE("ackqueue", 4228, "not blank(ackqueue) and has(obj.defaultqueue) and not "
	      "shaper_queue_exists(ackqueue)"),
	REFUSE("ackqueue", 4227, "not blank(ackqueue) and not has(obj.defaultqueue)"),
	SET("ackqueue", "ackqueue", "ackqueue", "not blank(ackqueue)"),
	UNSET("ackqueue", "ackqueue", "blank(ackqueue)"),
	SET("disabled", "disabled", "''", "disabled is true"),
	UNSET("disabled", "disabled", "disabled is false"),
	SET("descr", "descr", "str(descr)", "has(descr)"),
	SET("log", "log", "''", "log is true"),
	UNSET("log", "log", "log is false"),
	SET("tcpflags_any", "tcpflags_any", "true", "tcpflags_any is true"),
	UNSET("tcpflags_any", "tcpflags1", "tcpflags_any is true"),
	UNSET("tcpflags_any", "tcpflags2", "tcpflags_any is true"),
	UNSET("tcpflags_any", "tcpflags_any", "tcpflags_any is false"),
	TCP_FLAGS,
	ONE_OF_IF("statetype != ''", "statetype", 4243, "['keep state', 'sloppy state', 'synproxy state']"),
	REFUSE("statetype", 4244, "statetype = 'synproxy state' and obj.protocol != 'tcp'"),
	REFUSE("statetype", 4245, "statetype = 'synproxy state' and obj.gateway"),
	UNSET("statetype", "statetype", "statetype = ''"),
	SET("statetype", "statetype", "statetype", "statetype != ''"),
	NORMAL("top", "'top'", "top is true"),
	ONE_OF_IF("not blank(obj.floating)", "direction", 4239, "['in', 'out', 'any']"),
	TAKE_IF("not blank(obj.floating)", "direction", "direction"),
	SET("direction", "direction", "'any'",
	      "not blank(obj.floating) and not has(direction) and blank(obj.direction)"),
	SET("quick", "quick", "'yes'", "obj.floating and quick is true"),
	UNSET("quick", "quick", "obj.floating and quick is false"),
	SET(NULL, "updated",
	      "{'time': now(), 'username': client.username & '@' & client.ip_address & ' (API)'}",
	      NULL),
	{ 0 },
};

static const struct write firewall_rule_put_writes[] = {
	{ WRITE_SET, "filter/rule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_rule_delete_steps[] = {
	SELECT("tracker", "found", "numeric(tracker) and any rule of cfg(filter/rule) and int(rule.tracker) = "
	      "int(tracker)"),
	REFUSE("tracker", 4032, "has(tracker) and selected not found"),
	REFUSE("tracker", 4031, "not has(tracker)"),
	{ 0 },
};

static const struct write firewall_rule_delete_writes[] = {
	{ WRITE_DELETE, "filter/rule/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_rule[] = {
	{ "firewall/rule", METHOD_GET, "page-all page-firewall-rules",
	  .returns = RETURNS_STORED, .path = "filter/rule" },
	{ "firewall/rule", METHOD_POST, "page-all page-firewall-rules-edit", .flags = SAVES,
	  .steps = firewall_rule_post_steps, .writes = firewall_rule_post_writes, .marks = "filter",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_rule_added },
	{ "firewall/rule", METHOD_PUT, "page-all page-firewall-rules-edit", .flags = SAVES,
	  .steps = firewall_rule_put_steps, .writes = firewall_rule_put_writes, .marks = "filter",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_regroup },
	{ "firewall/rule", METHOD_DELETE, "page-all page-firewall-rules-edit", .flags = SAVES,
	  .steps = firewall_rule_delete_steps, .writes = firewall_rule_delete_writes,
	  .marks = "filter", .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
