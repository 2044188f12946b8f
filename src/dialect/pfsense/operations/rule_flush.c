/*
 * The operations of firewall/rule/flush and 1 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
static const struct task firewall_rule_flush_put_steps[] = {
	EACH("rules", "list[]"),
	SET("rules[].floating", "floating", "'yes'", "rules[].floating is true"),
	ONE_OF_IF("is_list(rules) and len(rules) >= 1", "rules[].type", 4039, "['pass', 'block', 'reject']"),
	REFUSE("rules[].type", 4033, "is_list(rules) and len(rules) >= 1 and not has(rules[].type)"),
	SET("rules[].type", "type", "rules[].type", NULL),
	NORMAL("rules[].interface", "split(',', str(rules[].interface))",
	      "is_list(rules) and len(rules) >= 1 and not is_list(rules[].interface)"),
	REFUSE("rules[].interface", 4248, "is_list(rules) and len(rules) >= 1 and not has(item.floating) and "
	      "len(rules[].interface) > 1"),
	REFUSE("rules[].interface", 4040, "is_list(rules) and len(rules) >= 1 and not ifid(rules[].interface[], "
	      "also=ifgroup+enc0+openvpn)"),
	REFUSE("rules[].interface", 4034, "is_list(rules) and len(rules) >= 1 and not has(rules[].interface) and "
	      "rules[].floating is not true"),
	SET("rules[].interface", "interface", "join(',', ifids(as_list(rules[].interface), also=ifgroup+enc0+openvpn))",
	      "has(rules[].interface)"),
	ONE_OF_IF("is_list(rules) and len(rules) >= 1", "rules[].ipprotocol", 4041, "['inet', 'inet6', 'inet46']"),
	REFUSE("rules[].ipprotocol", 4035, "is_list(rules) and len(rules) >= 1 and not has(rules[].ipprotocol)"),
	SET("rules[].ipprotocol", "ipprotocol", "rules[].ipprotocol", NULL),
	ONE_OF_IF("is_list(rules) and len(rules) >= 1", "rules[].protocol", 4042,
	      "['any', 'tcp', 'udp', 'tcp/udp', 'icmp', 'esp', 'ah', 'gre', 'ipv6', 'igmp', 'pim', 'ospf', 'carp', "
	      "'pfsync']"),
	REFUSE("rules[].protocol", 4036, "is_list(rules) and len(rules) >= 1 and not has(rules[].protocol)"),
	SET("rules[].protocol", "protocol", "rules[].protocol", "rules[].protocol != 'any'"),
	REFUSE("rules[].icmptype", 4046, "is_list(rules) and len(rules) >= 1 and item.protocol = 'icmp' and "
	      "rules[].icmptype[] not in ['althost', 'dataconv', 'echorep', 'echoreq', 'inforep',"
	      " 'inforeq', 'ipv6-here', 'ipv6-where', 'maskrep', 'maskreq', 'mobredir', "
	      "'mobregrep', 'mobregreq', 'paramprob', 'photuris', 'redir', 'routeradv', "
	      "'routersol', 'skip', 'squench', 'timerep', 'timereq', 'timex', 'trace', 'unreach']"),
	SET("rules[].icmptype", "icmptype", "join(',', as_list(rules[].icmptype))",
	      "has(rules[].icmptype) and item.protocol = 'icmp'"),
	REFUSE("rules[].src", 4044, "is_list(rules) and len(rules) >= 1 and rule_addr(rules[].src, 'source').valid is "
	      "not true"),
	REFUSE("rules[].src", 4037, "is_list(rules) and len(rules) >= 1 and not has(rules[].src)"),
	REFUSE("rules[].dst", 4045, "is_list(rules) and len(rules) >= 1 and rule_addr(rules[].dst, 'destination').valid"
	      " is not true"),
	REFUSE("rules[].dst", 4038, "is_list(rules) and len(rules) >= 1 and not has(rules[].dst)"),
	SET("rules[].src", "source", "rule_addr(rules[].src, 'source').data.source",
	      "has(rules[].src)"),
	SET("rules[].dst", "destination", "rule_addr(rules[].dst, 'destination').data.destination",
	      "has(rules[].dst)"),
	REFUSE("rules[].srcport", 4048, "is_list(rules) and len(rules) >= 1 and item.protocol in ['tcp', 'udp', 'tcp/udp'] "
	      "and not port_range_or_alias(replace('-', ':', rules[].srcport)) and replace('-', "
	      "':', rules[].srcport) != 'any'"),
	REFUSE("rules[].srcport", 4047, "is_list(rules) and len(rules) >= 1 and item.protocol in ['tcp', 'udp', 'tcp/udp'] "
	      "and not has(rules[].srcport)"),
	SET("rules[].srcport", "source.port", "replace(':', '-', replace('-', ':', rules[].srcport))", "item.protocol in ['tcp', 'udp', 'tcp/udp'] and replace('-', ':', rules[].srcport) "
	      "!= 'any'"),
	REFUSE("rules[].dstport", 4049, "is_list(rules) and len(rules) >= 1 and item.protocol in ['tcp', 'udp', 'tcp/udp'] "
	      "and not port_range_or_alias(replace('-', ':', rules[].dstport)) and replace('-', "
	      "':', rules[].dstport) != 'any'"),
	REFUSE("rules[].dstport", 4047, "is_list(rules) and len(rules) >= 1 and item.protocol in ['tcp', 'udp', 'tcp/udp'] "
	      "and not has(rules[].dstport)"),
	SET("rules[].dstport", "destination.port", "replace(':', '-', replace('-', ':', rules[].dstport))", "item.protocol in ['tcp', 'udp', 'tcp/udp'] and replace('-', ':', rules[].dstport) "
	      "!= 'any'"),
	REFUSE("rules[].gateway", 4043, "is_list(rules) and len(rules) >= 1 and rules[].gateway not in ['', 'default'] and "
	      "gateway_family(rules[].gateway) is false"),
	REFUSE("rules[].gateway", 4109, "is_list(rules) and len(rules) >= 1 and rules[].gateway not in ['', 'default'] and "
	      "gateway_family(rules[].gateway) != item.ipprotocol"),
	SET("rules[].gateway", "gateway", "rules[].gateway",
	      "rules[].gateway not in ['', 'default']"),
	SET("rules[].sched", "sched", "rules[].sched",
	      "any schedule of cfg(schedules/schedule) and rules[].sched = schedule.name"),
	REFUSE("rules[].sched", 4150, "is_list(rules) and len(rules) >= 1 and has(rules[].sched) and not has(item.sched)"),
	REFUSE("rules[].dnpipe", 4222, "is_list(rules) and len(rules) >= 1 and rules[].dnpipe not in "
	      "keys(limiter_queues())"),
	TAKE("rules[].dnpipe", "dnpipe"),
	REFUSE("rules[].pdnpipe", 4225, "is_list(rules) and len(rules) >= 1 and rules[].pdnpipe in keys(limiter_queues()) "
	      "and rules[].pdnpipe != item.dnpipe and ((limiter_queues()[item.dnpipe][0] = '?' "
	      "and limiter_queues()[rules[].pdnpipe][0] != '?') or "
	      "(limiter_queues()[rules[].pdnpipe][0] = '?' and limiter_queues()[item.dnpipe][0] "
	      "!= '?'))"),
	REFUSE("rules[].pdnpipe", 4224, "is_list(rules) and len(rules) >= 1 and rules[].pdnpipe in keys(limiter_queues()) "
	      "and rules[].pdnpipe = item.dnpipe"),
	REFUSE("rules[].pdnpipe", 4222, "is_list(rules) and len(rules) >= 1 and has(item.dnpipe) and rules[].pdnpipe not in"
	      " keys(limiter_queues())"),
	REFUSE("rules[].pdnpipe", 4223, "is_list(rules) and len(rules) >= 1 and has(rules[].pdnpipe) and not "
	      "has(item.dnpipe)"),
	TAKE("rules[].pdnpipe", "pdnpipe"),
	REFUSE("rules[].defaultqueue", 4226, "is_list(rules) and len(rules) >= 1 and not "
	      "shaper_queue_exists(rules[].defaultqueue)"),
	TAKE("rules[].defaultqueue", "defaultqueue"),
	REFUSE("rules[].ackqueue", 4229, "is_list(rules) and len(rules) >= 1 and shaper_queue_exists(rules[].ackqueue) and "
	      "rules[].ackqueue = item.defaultqueue"),
	REFUSE("rules[].ackqueue", 4228, "is_list(rules) and len(rules) >= 1 and has(item.defaultqueue) and not "
	      "shaper_queue_exists(rules[].ackqueue)"),
	REFUSE("rules[].ackqueue", 4227, "is_list(rules) and len(rules) >= 1 and has(rules[].ackqueue) and not "
	      "has(item.defaultqueue)"),
	TAKE("rules[].ackqueue", "ackqueue"),
	SET("rules[].disabled", "disabled", "''", "rules[].disabled is true"),
	SET("rules[].descr", "descr", "str(rules[].descr)", "has(rules[].descr)"),
	SET("rules[].log", "log", "''", "rules[].log is true"),
	SET("rules[].tcpflags_any", "tcpflags_any", "true", "rules[].tcpflags_any is true"),
	NORMAL("rules[].tcpflags2", "split(',', str(rules[].tcpflags2))", "is_list(rules) and len(rules) >= 1 and not has(item.tcpflags_any) and not "
	      "is_list(rules[].tcpflags2)"),
	REFUSE("rules[].tcpflags2", 4246, "is_list(rules) and len(rules) >= 1 and not has(item.tcpflags_any) and "
	      "rules[].tcpflags2[] not in ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', "
	      "'cwr']"),
	SET("rules[].tcpflags2", "tcpflags2", "join(',', as_list(rules[].tcpflags2))",
	      "not has(item.tcpflags_any) and has(rules[].tcpflags2)"),
	NORMAL("rules[].tcpflags1", "split(',', str(rules[].tcpflags1))", "is_list(rules) and len(rules) >= 1 and not has(item.tcpflags_any) and not "
	      "is_list(rules[].tcpflags1)"),
	REFUSE("rules[].tcpflags1", 4247, "is_list(rules) and len(rules) >= 1 and not has(item.tcpflags_any) and "
	      "rules[].tcpflags1[] in ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] "
	      "and rules[].tcpflags1[] not in split(',', item.tcpflags2)"),
	REFUSE("rules[].tcpflags1", 4246, "is_list(rules) and len(rules) >= 1 and not has(item.tcpflags_any) and "
	      "rules[].tcpflags1[] not in ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', "
	      "'cwr']"),
	SET("rules[].tcpflags1", "tcpflags1", "join(',', as_list(rules[].tcpflags1))",
	      "not has(item.tcpflags_any) and has(rules[].tcpflags1)"),
	ONE_OF_IF("is_list(rules) and len(rules) >= 1", "rules[].statetype", 4243,
	      "['keep state', 'sloppy state', 'synproxy state']"),
	REFUSE("rules[].statetype", 4244, "is_list(rules) and len(rules) >= 1 and rules[].statetype = 'synproxy state' and "
	      "item.protocol != 'tcp'"),
	REFUSE("rules[].statetype", 4245, "is_list(rules) and len(rules) >= 1 and rules[].statetype = 'synproxy state' and "
	      "item.gateway"),
	TAKE("rules[].statetype", "statetype"),
	ONE_OF_IF("is_list(rules) and len(rules) >= 1 and rules[].floating is true", "rules[].direction", 4239,
	      "['in', 'out', 'any']"),
	TAKE_OR_IF("rules[].floating is true", "rules[].direction", "direction", "'any'"),
	SET("rules[].quick", "quick", "'yes'", "item.floating and rules[].quick is true"),
	SET("rules[]", "updated", "item.created", NULL),
	SET("rules[]", "tracker", "new_tracker() + id", "has(rules)"),
	SET("rules[]", "created",
	      "{'time': now(), 'username': client.username & '@' & client.ip_address & ' (API)'}",
	      "has(rules)"),
	SET("rules[]", "updated", "item.created", "has(rules)"),
	END("rules"),
	REFUSE("rules", 4241, "is_list(rules) and len(rules) < 1"),
	REFUSE("rules", 4240, "not is_list(rules)"),
	{ 0 },
};

static const struct write firewall_rule_flush_delete_writes[] = {
	{ WRITE_DELETE, "filter/rule", NULL, NULL },
	{ 0 },
};

static const struct task firewall_rule_sort_put_steps[] = {
	REFUSE("field", 4237, "not has(field)"),
	SET("field", "field", "str(field)", NULL),
	REFUSE("option", 4238, "lower(option) not in ['ascend', 'descend', 'natural', 'numeric', 'string']"),
	SET("option", "option", "lower(option)", "has(option)"),
	ELSE("option", "option", "'ascend'"),
	{ 0 },
};

const struct operation operations_rule_flush[] = {
	{ "firewall/rule/flush", METHOD_PUT, "page-all page-firewall-rules-edit", .flags = SAVES,
	  .steps = firewall_rule_flush_put_steps, .marks = "filter",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_STORED,
	  .path = "filter/rule", .prepare = rules_replace },
	{ "firewall/rule/flush", METHOD_DELETE, "page-all page-firewall-rules-edit", .flags = SAVES,
	  .writes = firewall_rule_flush_delete_writes, .marks = "filter", .returns = RETURNS_OBJECT,
	  .prepare = list_before },
	{ "firewall/rule/sort", METHOD_PUT, "page-all page-firewall-rules", .flags = SAVES,
	  .steps = firewall_rule_sort_put_steps, .marks = "filter",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_IF_TRUE, .returns = RETURNS_STORED,
	  .path = "filter/rule", .prepare = rules_sort },
	{ NULL },
};
/* clang-format on */
