/*
 * The operations of firewall/traffic_shaper and 1 more URL.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* What a new one and one that is changed have in common. */
#define PARENT \
	NORMAL("interface", "ifid(interface)", "has(interface)"), \
	SELECT("interface", "shaper_of(interface)", "interface and shaper_of(interface, true)"), \
	REFUSE("interface", 4122, "interface and not shaper_of(interface, true)"), \
	REFUSE("interface", 4111, "not interface"), \
	REFUSE("interface", 4110, "not has(interface)")

#define LENGTH \
	REFUSE("qlimit", 4120, "(not numeric(qlimit) or int(qlimit) < 1)"), \
	SET("qlimit", "qlimit", "int(qlimit)", "has(qlimit)"), \
	REFUSE("tbrconfig", 4121, "(not numeric(tbrconfig) or int(tbrconfig) < 1)"), \
	SET("tbrconfig", "tbrconfig", "int(tbrconfig)", "has(tbrconfig)")

/* A service curve of HFSC: its first slope, for how long, and the slope after that. */
#define CURVE(m, not_slope, no_time, not_time, no_then, not_then) \
	SET(m, m, "'on'", "flag.parent.scheduler in ['HFSC'] and " m " is true"), \
	REFUSE(m "1", not_slope, "obj." m " and not bandwidth_string(" m "1)"), \
	TAKE_IF("obj." m, m "1", m "1"), \
	REFUSE(m "2", not_time, "obj." m " and (not numeric(" m "2) or int(" m "2) <= 0)"), \
	REFUSE(m "2", no_time, "obj." m " and not has(" m "2) and has(obj." m "1)"), \
	SET(m "2", m "2", "int(" m "2)", "obj." m " and has(" m "2)"), \
	REFUSE(m "3", not_then, "obj." m " and not bandwidth_string(" m "3)"), \
	REFUSE(m "3", no_then, "obj." m " and not has(" m "3) and has(obj." m ")"), \
	TAKE_IF("obj." m, m "3", m "3")

static const struct task firewall_traffic_shaper_post_steps[] = {
	NORMAL("interface", "ifid(interface)", "has(interface)"),
	REFUSE("interface", 4112, "interface and shaper_of(interface, true)"),
	REFUSE("interface", 4111, "not interface"),
	REFUSE("interface", 4110, "not has(interface)"),
	SET("interface", "interface", "interface", NULL),
	SET("interface", "name", "interface", NULL),
	ONE_OF("scheduler", 4114, "['HFSC', 'CBQ', 'FAIRQ', 'CODELQ', 'PRIQ']"),
	REFUSE("scheduler", 4113, "not has(scheduler)"),
	SET("scheduler", "scheduler", "scheduler", NULL),
	ONE_OF("bandwidthtype", 4116, "['%', 'b', 'Kb', 'Mb', 'Gb']"),
	REFUSE("bandwidthtype", 4115, "not has(bandwidthtype)"),
	SET("bandwidthtype", "bandwidthtype", "bandwidthtype", NULL),
	REFUSE("bandwidth", 4119, "int(bandwidth) >= 1 and obj.bandwidthtype = '%' and int(bandwidth) > 100"),
	REFUSE("bandwidth", 4118, "int(bandwidth) < 1"),
	REFUSE("bandwidth", 4117, "not has(bandwidth)"),
	SET("bandwidth", "bandwidth", "int(bandwidth)", NULL),
	SET("enabled", "enabled", "'on'", "enabled is not false"),
	LENGTH,
	{ 0 },
};

static const struct write firewall_traffic_shaper_post_writes[] = {
	{ WRITE_SET, "shaper/queue/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_put_steps[] = {
	PARENT,
	ONE_OF("scheduler", 4114, "['HFSC', 'CBQ', 'FAIRQ', 'CODELQ', 'PRIQ']"),
	TAKE("scheduler", "scheduler"),
	FLAG("bandwidthtype", "type_changed", "true", "bandwidthtype != obj.bandwidthtype and bandwidthtype in ['%', 'b', 'Kb', 'Mb', "
	      "'Gb']"),
	ONE_OF_IF("bandwidthtype != obj.bandwidthtype", "bandwidthtype", 4116, "['%', 'b', 'Kb', 'Mb', 'Gb']"),
	SET("bandwidthtype", "bandwidthtype", "bandwidthtype", "bandwidthtype != obj.bandwidthtype"),
	REFUSE("bandwidth", 4119, "int(bandwidth) >= 1 and obj.bandwidthtype = '%' and int(bandwidth) > 100"),
	REFUSE("bandwidth", 4118, "int(bandwidth) < 1"),
	REFUSE("bandwidth", 4117, "not has(bandwidth) and flag.type_changed"),
	SET("bandwidth", "bandwidth", "int(bandwidth)", "has(bandwidth)"),
	SET("enabled", "enabled", "'on'", "enabled is true"),
	UNSET("enabled", "enabled", "enabled is not true and obj.enabled is false"),
	LENGTH,
	{ 0 },
};

static const struct write firewall_traffic_shaper_put_writes[] = {
	{ WRITE_SET, "shaper/queue/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_delete_steps[] = {
	NORMAL("interface", "ifid(interface)", "has(interface)"),
	SELECT("interface", "shaper_of(interface)",
	      "interface and shaper_of(interface, true) and not child_queue_referenced(interface)"),
	REFUSE("interface", 4230, "interface and shaper_of(interface, true) and child_queue_referenced(interface)"),
	REFUSE("interface", 4122, "interface and not shaper_of(interface, true)"),
	REFUSE("interface", 4111, "not interface"),
	REFUSE("interface", 4110, "not has(interface)"),
	{ 0 },
};

static const struct write firewall_traffic_shaper_delete_writes[] = {
	{ WRITE_DELETE, "shaper/queue/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_queue_post_steps[] = {
	PARENT,
	SET("interface", "interface", "interface", NULL),
	FLAG("interface", "parent", "cfg(shaper/queue/<selected>)",
	      "interface and shaper_of(interface, true)"),
	REFUSE("name", 4126, "name matches /^[\\w-]+$/ and strlen(name) >= 1 and strlen(name) <= 15 and "
	      "queue_name_taken(name, obj.interface)"),
	REFUSE("name", 4125, "name matches /^[\\w-]+$/ and (strlen(name) < 1 or strlen(name) > 15)"),
	REFUSE("name", 4124, "not (name matches /^[\\w-]+$/)"),
	REFUSE("name", 4123, "not has(name)"),
	SET("name", "name", "name", NULL),
	REFUSE("priority", 4127, "flag.parent.scheduler in ['FAIRQ', 'CBQ', 'PRIQ'] and flag.parent.scheduler in "
	      "['FAIRQ', 'CBQ'] and (int(priority) < 0 or int(priority) > 7)"),
	REFUSE("priority", 4128, "flag.parent.scheduler in ['FAIRQ', 'CBQ', 'PRIQ'] and flag.parent.scheduler not in"
	      " ['FAIRQ', 'CBQ'] and flag.parent.scheduler in ['PRIQ'] and (int(priority) < 0 or "
	      "int(priority) > 15)"),
	SET("priority", "priority", "int(priority)", "flag.parent.scheduler in ['FAIRQ', 'CBQ', 'PRIQ'] and has(priority) and "
	      "flag.parent.scheduler in ['FAIRQ', 'CBQ']"),
	SET("priority", "priority", "int(priority)", "flag.parent.scheduler in ['FAIRQ', 'CBQ', 'PRIQ'] and has(priority) and "
	      "flag.parent.scheduler not in ['FAIRQ', 'CBQ'] and flag.parent.scheduler in "
	      "['PRIQ']"),
	ELSE_IF("flag.parent.scheduler in ['FAIRQ', 'CBQ', 'PRIQ']", "priority", "priority", "1"),
	REFUSE("qlimit", 4120, "(not numeric(qlimit) or int(qlimit) < 1)"),
	SET("qlimit", "qlimit", "int(qlimit)", "has(qlimit)"),
	SET("description", "description", "str(description)", "has(description)"),
	SET("enabled", "enabled", "'on'", "enabled is not false"),
	SET("default", "default", "'default'", "default is true"),
	SET("red", "red", "'yes'", "red is true"),
	SET("rio", "rio", "'yes'", "rio is true"),
	SET("ecn", "ecn", "'yes'", "ecn is true"),
	SET("codel", "codel", "'yes'", "codel is true"),
	ONE_OF_IF("flag.parent.scheduler in ['FAIRQ', 'CBQ', 'HFSC']", "bandwidthtype", 4116,
	      "['%', 'b', 'Kb', 'Mb', 'Gb']"),
	TAKE_OR_IF("flag.parent.scheduler in ['FAIRQ', 'CBQ', 'HFSC']", "bandwidthtype", "bandwidthtype", "'Mb'"),
	REFUSE("bandwidth", 4119, "flag.parent.scheduler in ['FAIRQ', 'CBQ', 'HFSC'] and int(bandwidth) >= 1 and "
	      "obj.bandwidthtype = '%' and int(bandwidth) > 100"),
	REFUSE("bandwidth", 4129, "flag.parent.scheduler in ['FAIRQ', 'CBQ', 'HFSC'] and int(bandwidth) >= 1 and "
	      "children_exceed_parent(bandwidth, obj.bandwidthtype, obj.interface)"),
	REFUSE("bandwidth", 4118, "flag.parent.scheduler in ['FAIRQ', 'CBQ', 'HFSC'] and int(bandwidth) < 1"),
	SET("bandwidth", "bandwidth", "int(bandwidth)",
	      "flag.parent.scheduler in ['FAIRQ', 'CBQ', 'HFSC'] and has(bandwidth)"),
	ELSE_IF("flag.parent.scheduler in ['FAIRQ', 'CBQ', 'HFSC']", "bandwidth", "bandwidth", "''"),
	SET("buckets", "buckets", "str(buckets)",
	      "flag.parent.scheduler in ['FAIRQ'] and has(buckets)"),
	SET("hogs", "hogs", "str(hogs)", "flag.parent.scheduler in ['FAIRQ'] and has(hogs)"),
	SET("borrow", "borrow", "'yes'", "flag.parent.scheduler in ['CBQ'] and borrow is true"),
	CURVE("upperlimit", 4130, 4131, 4132, 4133, 4134),
	CURVE("linkshare", 4135, 4136, 4137, 4138, 4139),
	CURVE("realtime", 4140, 4141, 4142, 4143, 4144),
	{ 0 },
};

static const struct write firewall_traffic_shaper_queue_post_writes[] = {
	{ WRITE_SET, "shaper/queue/<selected>/queue/<next_index(shaper/queue/<selected>/queue)>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_queue_delete_steps[] = {
	FLAG("interface", "parent_id", "shaper_of(interface)",
	      "interface and shaper_of(interface, true)"),
	NORMAL("interface", "ifid(interface)", "has(interface)"),
	REFUSE("interface", 4122, "interface and not shaper_of(interface, true)"),
	REFUSE("interface", 4111, "not interface"),
	REFUSE("interface", 4110, "not has(interface)"),
	SELECT("name", "found", "any queue of cfg(shaper/queue/<flag.parent_id>/queue) and name = queue.name and "
	      "not queue_referenced(name)"),
	REFUSE("name", 4230, "any queue of cfg(shaper/queue/<flag.parent_id>/queue) and name = queue.name and "
	      "queue_referenced(name)"),
	REFUSE("name", 4145, "has(name) and selected not found"),
	REFUSE("name", 4123, "not has(name)"),
	{ 0 },
};

static const struct write firewall_traffic_shaper_queue_delete_writes[] = {
	{ WRITE_DELETE, "shaper/queue/<flag.parent_id>/queue/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_shaper[] = {
	{ "firewall/traffic_shaper", METHOD_GET, "page-all page-firewall-trafficshaper",
	  .returns = RETURNS_STORED, .path = "shaper/queue" },
	{ "firewall/traffic_shaper", METHOD_POST, "page-all page-firewall-trafficshaper",
	  .flags = SAVES, .steps = firewall_traffic_shaper_post_steps,
	  .writes = firewall_traffic_shaper_post_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper", METHOD_PUT, "page-all page-firewall-trafficshaper",
	  .flags = SAVES, .steps = firewall_traffic_shaper_put_steps,
	  .writes = firewall_traffic_shaper_put_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper", METHOD_DELETE, "page-all page-firewall-trafficshaper",
	  .flags = SAVES, .steps = firewall_traffic_shaper_delete_steps,
	  .writes = firewall_traffic_shaper_delete_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper/queue", METHOD_POST, "page-all page-firewall-trafficshaper-queues",
	  .flags = SAVES, .steps = firewall_traffic_shaper_queue_post_steps,
	  .writes = firewall_traffic_shaper_queue_post_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper/queue", METHOD_DELETE, "page-all page-firewall-trafficshaper-queues",
	  .flags = SAVES, .steps = firewall_traffic_shaper_queue_delete_steps,
	  .writes = firewall_traffic_shaper_queue_delete_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
