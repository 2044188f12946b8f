/*
 * The operations of routing/apply and 4 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
static const struct task routing_gateway_post_steps[] = {
	SET("disabled", "disabled", "'yes'", "disabled is true"),
	ONE_OF("ipprotocol", 6010, "['inet', 'inet6']"),
	REFUSE("ipprotocol", 6009, "not has(ipprotocol)"),
	SET("ipprotocol", "ipprotocol", "ipprotocol", NULL),
	REFUSE("interface", 6032, "ifid(interface) and obj.ipprotocol = 'inet' and (not if_ipv4(ifid(interface)) or "
	      "not if_ipv4_bits(ifid(interface)))"),
	REFUSE("interface", 6033, "ifid(interface) and obj.ipprotocol = 'inet6' and (not if_ipv6(ifid(interface)) or "
	      "not if_ipv6_bits(ifid(interface)))"),
	REFUSE("interface", 1, "ifid(interface) and obj.ipprotocol != 'inet' and obj.ipprotocol != 'inet6'"),
	REFUSE("interface", 6008, "not ifid(interface)"),
	REFUSE("interface", 6007, "not has(interface)"),
	SET("interface", "interface", "ifid(interface)", "obj.ipprotocol = 'inet'"),
	SET("interface", "interface", "ifid(interface)", "obj.ipprotocol != 'inet'"),
	REFUSE("name", 6012, "not alias_name(name)"),
	REFUSE("name", 6026, "gateway(name)"),
	REFUSE("name", 6011, "not has(name)"),
	SET("name", "name", "name", NULL),
	REFUSE("gateway", 6029, "(obj.ipprotocol != 'inet' or not ipv4(gateway)) and (obj.ipprotocol != 'inet6' or "
	      "not ipv6(gateway)) and gateway = 'dynamic' and not "
	      "dynamic_gw_allowed(obj.interface, obj.ipprotocol)"),
	REFUSE("gateway", 6014, "(obj.ipprotocol != 'inet' or not ipv4(gateway)) and (obj.ipprotocol != 'inet6' or "
	      "not ipv6(gateway)) and gateway != 'dynamic'"),
	REFUSE("gateway", 6013, "not has(gateway)"),
	SET("gateway", "nonlocalgateway", "'yes'", NULL),
	SET("gateway", "gateway", "gateway", "obj.ipprotocol = 'inet' and ipv4(gateway)"),
	SET("gateway", "gateway", "gateway", "(obj.ipprotocol != 'inet' or not ipv4(gateway)) and obj.ipprotocol = 'inet6' and "
	      "ipv6(gateway)"),
	SET("gateway", "gateway", "gateway", "(obj.ipprotocol != 'inet' or not ipv4(gateway)) and (obj.ipprotocol != 'inet6' or "
	      "not ipv6(gateway))"),
	REFUSE("monitor", 6025, "(obj.ipprotocol != 'inet' or not ipv4(monitor)) and (obj.ipprotocol != 'inet6' or "
	      "not ipv6(monitor))"),
	SET("monitor", "monitor", "monitor", "obj.ipprotocol = 'inet' and ipv4(monitor)"),
	SET("monitor", "monitor", "monitor", "(obj.ipprotocol != 'inet' or not ipv4(monitor))"),
	SET("monitor", "monitor", "obj.gateway", "not has(monitor) and obj.gateway != 'dynamic'"),
	UNSET("monitor_disable", "monitor", "monitor_disable is true"),
	SET("monitor_disable", "monitor_disable", "'yes'", "monitor_disable is true"),
	SET("action_disable", "action_disable", "'yes'", "action_disable is true"),
	SET("force_down", "force_down", "'yes'", "force_down is true"),
	TAKE("descr", "descr"),
	REFUSE("weight", 6015, "(weight < 1 or weight > 30)"),
	SET("weight", "weight", "int(weight)", "has(weight)"),
	ELSE("weight", "weight", "1"),
	REFUSE("data_payload", 6016, "data_payload < 1"),
	SET("data_payload", "data_payload", "int(data_payload)", "has(data_payload)"),
	ELSE("data_payload", "data_payload", "1"),
	REFUSE("latencylow", 6017, "latencylow < 1"),
	SET("latencylow", "latencylow", "int(latencylow)", "has(latencylow)"),
	ELSE("latencylow", "latencylow", "200"),
	REFUSE("latencyhigh", 6018, "latencyhigh <= obj.latencylow"),
	SET("latencyhigh", "latencyhigh", "int(latencyhigh)", "has(latencyhigh)"),
	ELSE("latencyhigh", "latencyhigh", "500"),
	REFUSE("losslow", 6019, "(losslow < 1 or losslow > 100)"),
	SET("losslow", "losslow", "int(losslow)", "has(losslow)"),
	ELSE("losslow", "losslow", "10"),
	REFUSE("losshigh", 6020, "(losshigh < obj.losslow or losshigh > 100)"),
	SET("losshigh", "losshigh", "int(losshigh)", "has(losshigh)"),
	ELSE("losshigh", "losshigh", "20"),
	REFUSE("interval", 6021, "(interval < 1 or interval > 3600000)"),
	SET("interval", "interval", "int(interval)", "has(interval)"),
	ELSE("interval", "interval", "500"),
	REFUSE("loss_interval", 6022, "loss_interval < obj.latencyhigh"),
	SET("loss_interval", "loss_interval", "int(loss_interval)", "has(loss_interval)"),
	ELSE("loss_interval", "loss_interval", "2000"),
	REFUSE("time_period", 6023, "time_period <= ((2 * int(obj.interval)) + int(obj.loss_interval))"),
	SET("time_period", "time_period", "int(time_period)", "has(time_period)"),
	ELSE("time_period", "time_period", "60000"),
	REFUSE("alert_interval", 6024, "alert_interval < obj.interval"),
	SET("alert_interval", "alert_interval", "int(alert_interval)", "has(alert_interval)"),
	ELSE("alert_interval", "alert_interval", "1000"),
	{ 0 },
};

static const struct write routing_gateway_post_writes[] = {
	{ WRITE_SET, "gateways/gateway_item/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task routing_gateway_put_steps[] = {
	SELECT("id", "id", "cfg(gateways/gateway_item/<id>)"),
	SELECT("id", "gateway_named(id)",
	      "not cfg(gateways/gateway_item/<id>) and numeric(gateway_named(id))"),
	REFUSE("id", 6028, "not cfg(gateways/gateway_item/<id>) and not numeric(gateway_named(id))"),
	REFUSE("id", 6027, "not has(id)"),
	REFUSE("disabled", 6030, "disabled is true and gateway_in_use(selected)"),
	SET("disabled", "disabled", "'yes'", "disabled is true"),
	UNSET("disabled", "disabled", "disabled is false"),
	FLAG("ipprotocol", "ip_protocol_changed", "true", "ipprotocol in ['inet', 'inet6']"),
	ONE_OF("ipprotocol", 6010, "['inet', 'inet6']"),
	TAKE("ipprotocol", "ipprotocol"),
	NORMAL("interface", "obj.interface", "has(ipprotocol) and not has(interface)"),
	REFUSE("interface", 6032, "ifid(interface) and obj.ipprotocol = 'inet' and (not if_ipv4(ifid(interface)) or "
	      "not if_ipv4_bits(ifid(interface)))"),
	REFUSE("interface", 6033, "ifid(interface) and obj.ipprotocol = 'inet6' and (not if_ipv6(ifid(interface)) or "
	      "not if_ipv6_bits(ifid(interface)))"),
	REFUSE("interface", 1, "ifid(interface) and obj.ipprotocol != 'inet' and obj.ipprotocol != 'inet6'"),
	REFUSE("interface", 6008, "not ifid(interface)"),
	SET("interface", "interface", "ifid(interface)",
	      "has(interface) and obj.ipprotocol = 'inet'"),
	SET("interface", "interface", "ifid(interface)",
	      "has(interface) and obj.ipprotocol != 'inet'"),
	REFUSE("name", 6012, "not alias_name(name)"),
	REFUSE("name", 6026, "gateway(name) and name != obj.name"),
	TAKE("name", "name"),
	NORMAL("gateway", "obj.gateway",
	      "(has(gateway) or flag.ip_protocol_changed) and not has(gateway)"),
	REFUSE("gateway", 6029, "(has(gateway) or flag.ip_protocol_changed) and (obj.ipprotocol != 'inet' or not "
	      "ipv4(gateway)) and (obj.ipprotocol != 'inet6' or not ipv6(gateway)) and gateway = "
	      "'dynamic' and not dynamic_gw_allowed(obj.interface, obj.ipprotocol)"),
	REFUSE("gateway", 6014, "(has(gateway) or flag.ip_protocol_changed) and (obj.ipprotocol != 'inet' or not "
	      "ipv4(gateway)) and (obj.ipprotocol != 'inet6' or not ipv6(gateway)) and gateway !="
	      " 'dynamic'"),
	SET("gateway", "nonlocalgateway", "'yes'", "has(gateway) or flag.ip_protocol_changed"),
	SET("gateway", "gateway", "gateway", "(has(gateway) or flag.ip_protocol_changed) and obj.ipprotocol = 'inet' and "
	      "ipv4(gateway)"),
	SET("gateway", "gateway", "gateway", "(has(gateway) or flag.ip_protocol_changed) and (obj.ipprotocol != 'inet' or not "
	      "ipv4(gateway)) and obj.ipprotocol = 'inet6' and ipv6(gateway)"),
	SET("gateway", "gateway", "gateway", "(has(gateway) or flag.ip_protocol_changed) and (obj.ipprotocol != 'inet' or not "
	      "ipv4(gateway)) and (obj.ipprotocol != 'inet6' or not ipv6(gateway))"),
	NORMAL("monitor", "obj.monitor",
	      "(has(monitor) or flag.ip_protocol_changed) and not has(monitor)"),
	NORMAL("monitor", "obj.gateway",
	      "(has(monitor) or flag.ip_protocol_changed) and blank(monitor)"),
	REFUSE("monitor", 6025, "(has(monitor) or flag.ip_protocol_changed) and (obj.ipprotocol != 'inet' or not "
	      "ipv4(monitor)) and (obj.ipprotocol != 'inet6' or not ipv6(monitor)) and monitor !="
	      " 'dynamic'"),
	SET("monitor", "monitor", "monitor", "(has(monitor) or flag.ip_protocol_changed) and obj.ipprotocol = 'inet' and "
	      "ipv4(monitor)"),
	SET("monitor", "monitor", "monitor", "(has(monitor) or flag.ip_protocol_changed) and (obj.ipprotocol != 'inet' or not "
	      "ipv4(monitor)) and obj.ipprotocol = 'inet6' and ipv6(monitor)"),
	UNSET("monitor_disable", "monitor", "monitor_disable is true"),
	SET("monitor_disable", "monitor_disable", "'yes'", "monitor_disable is true"),
	UNSET("monitor_disable", "monitor_disable", "monitor_disable is false"),
	SET("action_disable", "action_disable", "'yes'", "action_disable is true"),
	UNSET("action_disable", "action_disable", "action_disable is false"),
	SET("force_down", "force_down", "'yes'", "force_down is true"),
	UNSET("force_down", "force_down", "force_down is false"),
	TAKE("descr", "descr"),
	REFUSE("weight", 6015, "(weight < 1 or weight > 30)"),
	SET("weight", "weight", "int(weight)", "has(weight)"),
	SET("weight", "weight", "1", "not has(weight) and blank(obj.weight)"),
	REFUSE("data_payload", 6016, "data_payload < 1"),
	SET("data_payload", "data_payload", "int(data_payload)", "has(data_payload)"),
	SET("data_payload", "data_payload", "1",
	      "not has(data_payload) and blank(obj.data_payload)"),
	REFUSE("latencylow", 6017, "latencylow < 1"),
	SET("latencylow", "latencylow", "int(latencylow)", "has(latencylow)"),
	SET("latencylow", "latencylow", "200", "not has(latencylow) and blank(obj.latencylow)"),
	REFUSE("latencyhigh", 6018, "latencyhigh <= int(obj.latencylow)"),
	SET("latencyhigh", "latencyhigh", "int(latencyhigh)", "has(latencyhigh)"),
	SET("latencyhigh", "latencyhigh", "500", "not has(latencyhigh) and blank(obj.latencyhigh)"),
	REFUSE("losslow", 6019, "(losslow < 1 or losslow > 100)"),
	SET("losslow", "losslow", "int(losslow)", "has(losslow)"),
	REFUSE("losshigh", 6020, "(losshigh < int(obj.losslow) or losshigh > 100)"),
	SET("losshigh", "losshigh", "int(losshigh)", "has(losshigh)"),
	REFUSE("interval", 6021, "(interval < 1 or interval > 3600000)"),
	SET("interval", "interval", "int(interval)", "has(interval)"),
	REFUSE("loss_interval", 6022, "loss_interval < int(obj.latencyhigh)"),
	SET("loss_interval", "loss_interval", "int(loss_interval)", "has(loss_interval)"),
	SET("loss_interval", "loss_interval", "2000",
	      "not has(loss_interval) and blank(obj.loss_interval)"),
	REFUSE("time_period", 6023, "time_period <= ((2 * int(obj.interval)) + int(obj.loss_interval))"),
	SET("time_period", "time_period", "int(time_period)", "has(time_period)"),
	REFUSE("alert_interval", 6024, "alert_interval < int(obj.interval)"),
	SET("alert_interval", "alert_interval", "int(alert_interval)", "has(alert_interval)"),
	SET(NULL, "losslow", "10", "blank(obj.losslow)"),
	SET(NULL, "losshigh", "20", "blank(obj.losshigh)"),
	SET(NULL, "interval", "500", "blank(obj.interval)"),
	SET(NULL, "time_period", "60000", "blank(obj.time_period)"),
	SET(NULL, "alert_interval", "1000", "blank(obj.alert_interval)"),
	{ 0 },
};

static const struct write routing_gateway_put_writes[] = {
	{ WRITE_SET, "gateways/gateway_item/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task routing_gateway_delete_steps[] = {
	SELECT("id", "id", "cfg(gateways/gateway_item/<id>)"),
	SELECT("id", "gateway_named(id)",
	      "not cfg(gateways/gateway_item/<id>) and numeric(gateway_named(id))"),
	REFUSE("id", 6028, "not cfg(gateways/gateway_item/<id>) and not numeric(gateway_named(id))"),
	REFUSE("id", 6031, "has(id) and gateway_in_use(selected)"),
	REFUSE("id", 6027, "not has(id)"),
	{ 0 },
};

static const struct write routing_gateway_delete_writes[] = {
	{ WRITE_DELETE, "gateways/gateway_item/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task routing_gateway_default_put_steps[] = {
	ONE_OF_IF("gateway_family(defaultgw4) != 'inet' and defaultgw4 not in ['', 'automatic']", "defaultgw4", 6028,
	      "['-', 'none']"),
	SET("defaultgw4", "defaultgw4", "defaultgw4", "gateway_family(defaultgw4) = 'inet'"),
	SET("defaultgw4", "defaultgw4", "''",
	      "gateway_family(defaultgw4) != 'inet' and defaultgw4 in ['', 'automatic']"),
	SET("defaultgw4", "defaultgw4", "'-'",
	      "gateway_family(defaultgw4) != 'inet' and defaultgw4 not in ['', 'automatic']"),
	ONE_OF_IF("gateway_family(defaultgw6) != 'inet6' and defaultgw6 not in ['', 'automatic']", "defaultgw6", 6028,
	      "['-', 'none']"),
	SET("defaultgw6", "defaultgw6", "defaultgw6", "gateway_family(defaultgw6) = 'inet6'"),
	SET("defaultgw6", "defaultgw6", "''",
	      "gateway_family(defaultgw6) != 'inet6' and defaultgw6 in ['', 'automatic']"),
	SET("defaultgw6", "defaultgw6", "'-'",
	      "gateway_family(defaultgw6) != 'inet6' and defaultgw6 not in ['', 'automatic']"),
	{ 0 },
};

static const struct write routing_gateway_default_put_writes[] = {
	{ WRITE_SET, "gateways/defaultgw4", "obj.defaultgw4", NULL },
	{ WRITE_SET, "gateways/defaultgw6", "obj.defaultgw6", NULL },
	{ 0 },
};

static const struct task routing_static_route_post_steps[] = {
	REFUSE("network", 6002, "ipv4(split('/', network)[0]) and (not numeric(int(split('/', network)[1])) or "
	      "(int(split('/', network)[1]) < 1 or int(split('/', network)[1]) > 32))"),
	REFUSE("network", 6002, "not ipv4(split('/', network)[0]) and ipv6(split('/', network)[0]) and (not "
	      "numeric(int(split('/', network)[1])) or (int(split('/', network)[1]) < 1 or "
	      "int(split('/', network)[1]) > 128))"),
	REFUSE("network", 6001, "not ipv4(split('/', network)[0]) and not ipv6(split('/', network)[0]) and not "
	      "alias_exists(split('/', network)[0])"),
	REFUSE("network", 6000, "not has(network)"),
	SET("network", "network", "network", "ipv4(split('/', network)[0])"),
	SET("network", "network", "network",
	      "not ipv4(split('/', network)[0]) and ipv6(split('/', network)[0])"),
	SET("network", "network", "network",
	      "not ipv4(split('/', network)[0]) and not ipv6(split('/', network)[0])"),
	REFUSE("gateway", 6004, "not gateway(gateway)"),
	REFUSE("gateway", 6003, "not has(gateway)"),
	SET("gateway", "gateway", "gateway", NULL),
	SET("descr", "descr", "str(descr)", "has(descr)"),
	ELSE("descr", "descr", "''"),
	SET("disabled", "disabled", "''", "disabled is true"),
	{ 0 },
};

static const struct write routing_static_route_post_writes[] = {
	{ WRITE_SET, "staticroutes/route/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task routing_static_route_put_steps[] = {
	SELECT("id", "id", "cfg(staticroutes/route/<id>)"),
	REFUSE("id", 6006, "not cfg(staticroutes/route/<id>)"),
	REFUSE("id", 6005, "not has(id)"),
	REFUSE("network", 6002, "ipv4(split('/', network)[0]) and (not numeric(int(split('/', network)[1])) or "
	      "(int(split('/', network)[1]) < 1 or int(split('/', network)[1]) > 32))"),
	REFUSE("network", 6002, "not ipv4(split('/', network)[0]) and ipv6(split('/', network)[0]) and (not "
	      "numeric(int(split('/', network)[1])) or (int(split('/', network)[1]) < 1 or "
	      "int(split('/', network)[1]) > 128))"),
	REFUSE("network", 6001, "not ipv4(split('/', network)[0]) and not ipv6(split('/', network)[0]) and not "
	      "alias_exists(split('/', network)[0])"),
	SET("network", "network", "network", "ipv4(split('/', network)[0])"),
	SET("network", "network", "network",
	      "not ipv4(split('/', network)[0]) and ipv6(split('/', network)[0])"),
	SET("network", "network", "network",
	      "not ipv4(split('/', network)[0]) and not ipv6(split('/', network)[0])"),
	REFUSE("gateway", 6004, "not gateway(gateway)"),
	TAKE("gateway", "gateway"),
	SET("descr", "descr", "str(descr)", "has(descr)"),
	SET("descr", "descr", "''", "not has(descr) and blank(obj.descr)"),
	SET("disabled", "disabled", "''", "disabled is true"),
	UNSET("disabled", "disabled", "disabled is false"),
	{ 0 },
};

static const struct write routing_static_route_put_writes[] = {
	{ WRITE_SET, "staticroutes/route/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task routing_static_route_delete_steps[] = {
	SELECT("id", "id", "cfg(staticroutes/route/<id>)"),
	REFUSE("id", 6006, "not cfg(staticroutes/route/<id>)"),
	REFUSE("id", 6005, "not has(id)"),
	{ 0 },
};

static const struct write routing_static_route_delete_writes[] = {
	{ WRITE_DELETE, "staticroutes/route/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_routing[] = {
	{ "routing/apply", METHOD_POST, "page-all page-system-gateways page-system-gateways-editgateway "
	  "page-system-staticroutes page-system-staticroutes-editroute",
	  .parts = PART_ROUTING | PART_FILTER, .apply = APPLY_ALWAYS },
	{ "routing/gateway", METHOD_GET, "page-all page-system-gateways",
	  .act = act_routing_gateways },
	{ "routing/gateway", METHOD_POST, "page-all page-system-gateways-editgateway",
	  .flags = SAVES, .steps = routing_gateway_post_steps, .writes = routing_gateway_post_writes,
	  .parts = PART_ROUTING, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "routing/gateway", METHOD_PUT, "page-all page-system-gateways-editgateway", .flags = SAVES,
	  .steps = routing_gateway_put_steps, .writes = routing_gateway_put_writes,
	  .parts = PART_ROUTING, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "routing/gateway", METHOD_DELETE, "page-all page-system-gateways-editgateway",
	  .flags = SAVES, .steps = routing_gateway_delete_steps,
	  .writes = routing_gateway_delete_writes, .marks = "staticroutes", .parts = PART_ROUTING,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "routing/gateway/default", METHOD_PUT, "page-all page-system-gateways", .flags = SAVES,
	  .steps = routing_gateway_default_put_steps, .writes = routing_gateway_default_put_writes,
	  .marks = "staticroutes", .parts = PART_ROUTING, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "routing/gateway/detail", METHOD_GET, "page-all page-system-gateways",
	  .act = act_routing_gateways },
	{ "routing/static_route", METHOD_GET, "page-all page-system-staticroutes",
	  .returns = RETURNS_LISTED, .path = "staticroutes/route" },
	{ "routing/static_route", METHOD_POST, "page-all page-system-staticroutes-editroute",
	  .flags = SAVES, .steps = routing_static_route_post_steps,
	  .writes = routing_static_route_post_writes, .marks = "staticroutes", .parts = PART_ROUTING,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "routing/static_route", METHOD_PUT, "page-all page-system-staticroutes-editroute",
	  .flags = SAVES, .steps = routing_static_route_put_steps,
	  .writes = routing_static_route_put_writes, .marks = "staticroutes", .parts = PART_ROUTING,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "routing/static_route", METHOD_DELETE, "page-all page-system-staticroutes-editroute",
	  .flags = SAVES, .steps = routing_static_route_delete_steps,
	  .writes = routing_static_route_delete_writes, .marks = "staticroutes",
	  .parts = PART_ROUTING, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
