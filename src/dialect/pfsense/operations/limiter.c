/*
 * The operations of firewall/traffic_shaper/limiter and 2 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* When a step counts. */
#define BY_CODEL     "obj.aqm = 'codel'"
#define BY_PIE       "obj.aqm = 'pie'"
#define BY_RED       "obj.aqm = 'red'"
#define BY_GRED      "obj.aqm = 'gred'"
#define BY_FQ_CODEL  "obj.sched = 'fq_codel'"
#define BY_FQ_PIE    "obj.sched = 'fq_pie'"
#define IS_MASKED    "obj.mask in ['srcaddress', 'dstaddress']"
#define IS_BANDWIDTH "is_list(bandwidth) and len(bandwidth) >= 1"

/* A number from low on. */
#define PARAMETER(g, m, c, low, otherwise) \
	REFUSE(m, c, g " and numeric(" m ") and int(" m ") < " low), \
	REFUSE(m, c, g " and not numeric(" m ")"), \
	SET(m, m, "int(" m ")", g " and has(" m ")"), \
	ELSE_IF(g, m, m, otherwise)

#define MASK_BITS(m, c, most) \
	REFUSE(m, c, IS_MASKED " and numeric(" m ") and (int(" m ") < 1 or int(" m ") > " most ")"), \
	REFUSE(m, c, IS_MASKED " and not numeric(" m ")"), \
	SET(m, m, "int(" m ")", IS_MASKED " and has(" m ")"), \
	ELSE_IF(IS_MASKED, m, m, most)

/* What limiters and their queues have in common. */
#define NAME \
	REFUSE("name", 4170, "name matches /^[\\w-]+$/ and strlen(name) >= 1 and strlen(name) <= 32 and " \
	      "limiter_or_queue_named(name)"), \
	REFUSE("name", 4169, "name matches /^[\\w-]+$/ and (strlen(name) < 1 or strlen(name) > 32)"), \
	REFUSE("name", 4168, "not (name matches /^[\\w-]+$/)"), \
	REFUSE("name", 4167, "not has(name)"), \
	SET("name", "name", "name", NULL)

#define MASK \
	ONE_OF("mask", 4171, "['none', 'srcaddress', 'dstaddress']"), \
	TAKE_OR("mask", "mask", "'none'"), \
	MASK_BITS("maskbits", 4172, "32"), \
	MASK_BITS("maskbitsv6", 4173, "128"), \
	SET("description", "description", "str(description)", "has(description)")

#define AQM \
	ONE_OF("aqm", 4114, "['droptail', 'codel', 'pie', 'red', 'gred']"), \
	REFUSE("aqm", 4174, "not has(aqm)"), \
	SET("aqm", "aqm", "aqm", NULL)

#define LENGTH \
	SET("enabled", "enabled", "'on'", "enabled is not false"), \
	REFUSE("qlimit", 4120, "(not numeric(qlimit) or int(qlimit) < 1)"), \
	SET("qlimit", "qlimit", "int(qlimit)", "has(qlimit)")

#define LOSS \
	REFUSE("plr", 4178, "numeric(plr) and (float(plr) < 0 or float(plr) > 1)"), \
	REFUSE("plr", 4178, "not numeric(plr)"), \
	SET("plr", "plr", "float(plr)", "has(plr)"), \
	ELSE("plr", "plr", "0"), \
	REFUSE("buckets", 4179, "numeric(buckets) and (int(buckets) < 16 or int(buckets) > 65535)"), \
	REFUSE("buckets", 4179, "not numeric(buckets)"), \
	SET("buckets", "buckets", "int(buckets)", "has(buckets)")

#define AQM_PARAMETERS \
	PARAMETER(BY_CODEL, "param_codel_interval", 4181, "0", "100"), \
	PARAMETER(BY_CODEL, "param_codel_target", 4180, "0", "5"), \
	PARAMETER(BY_PIE, "param_pie_target", 4182, "0", "15"), \
	PARAMETER(BY_PIE, "param_pie_tupdate", 4183, "0", "15"), \
	PARAMETER(BY_PIE, "param_pie_alpha", 4184, "0", "125"), \
	PARAMETER(BY_PIE, "param_pie_beta", 4185, "0", "1250"), \
	PARAMETER(BY_PIE, "param_pie_max_burst", 4186, "0", "150000"), \
	PARAMETER(BY_PIE, "param_pie_max_ecnth", 4187, "0", "99"), \
	PARAMETER(BY_RED, "param_red_w_q", 4188, "1", "1"), \
	PARAMETER(BY_RED, "param_red_max_p", 4191, "1", "1"), \
	PARAMETER(BY_RED, "param_red_max_th", 4190, "1", "1"), \
	PARAMETER(BY_RED, "param_red_min_th", 4189, "0", "0"), \
	PARAMETER(BY_GRED, "param_gred_w_q", 4192, "1", "1"), \
	PARAMETER(BY_GRED, "param_gred_max_p", 4195, "1", "1"), \
	PARAMETER(BY_GRED, "param_gred_max_th", 4194, "1", "1"), \
	PARAMETER(BY_GRED, "param_gred_min_th", 4193, "0", "0")

#define SCHEDULER_PARAMETERS \
	PARAMETER(BY_FQ_CODEL, "param_fq_codel_target", 4196, "0", "5"), \
	PARAMETER(BY_FQ_CODEL, "param_fq_codel_interval", 4197, "0", "100"), \
	PARAMETER(BY_FQ_CODEL, "param_fq_codel_quantum", 4198, "0", "1514"), \
	PARAMETER(BY_FQ_CODEL, "param_fq_codel_limit", 4199, "0", "10240"), \
	PARAMETER(BY_FQ_CODEL, "param_fq_codel_flows", 4200, "0", "1024"), \
	PARAMETER(BY_FQ_PIE, "param_fq_pie_target", 4201, "0", "15"), \
	PARAMETER(BY_FQ_PIE, "param_fq_pie_tupdate", 4202, "0", "15"), \
	PARAMETER(BY_FQ_PIE, "param_fq_pie_alpha", 4203, "0", "125"), \
	PARAMETER(BY_FQ_PIE, "param_fq_pie_beta", 4204, "0", "1250"), \
	PARAMETER(BY_FQ_PIE, "param_fq_pie_max_burst", 4205, "0", "150000"), \
	PARAMETER(BY_FQ_PIE, "param_fq_pie_max_ecnth", 4206, "0", "99")

static const struct task firewall_traffic_shaper_limiter_post_steps[] = {
	NAME,
	EACH("bandwidth", "bandwidth.item[]"),
	REFUSE("bandwidth[].bw", 4211, IS_BANDWIDTH " and (not numeric(bandwidth[].bw) or not"
	      " int(bandwidth[].bw >= 1))"),
	REFUSE("bandwidth[].bw", 4210, IS_BANDWIDTH " and not has(bandwidth[].bw)"),
	SET("bandwidth[].bw", "bw", "int(bandwidth[].bw)", NULL),
	ONE_OF_IF(IS_BANDWIDTH, "bandwidth[].bwscale", 4213, "['b', 'Kb', 'Mb']"),
	REFUSE("bandwidth[].bwscale", 4212, IS_BANDWIDTH " and not has(bandwidth[].bwscale)"),
	SET("bandwidth[].bwscale", "bwscale", "bandwidth[].bwscale", NULL),
	REFUSE("bandwidth[].bwsched", 4150, IS_BANDWIDTH " and not "
	      "schedule_exists(bandwidth[].bwsched)"),
	TAKE_OR("bandwidth[].bwsched", "bwsched", "'none'"),
	END("bandwidth"),
	REFUSE("bandwidth", 4208, "(not is_list(bandwidth) or len(bandwidth) < 1)"),
	REFUSE("bandwidth", 4207, "not has(bandwidth)"),
	MASK,
	AQM,
	ONE_OF("sched", 4114, "['wf2q+', 'fifo', 'qfq', 'rr', 'prio', 'fq_codel', 'fq_pie']"),
	REFUSE("sched", 4113, "not has(sched)"),
	SET("sched", "sched", "sched", NULL),
	LENGTH,
	REFUSE("ecn", 4176, "ecn is true and obj.aqm not in ['codel', 'pie', 'red', 'gred'] and obj.sched not "
	      "in ['fq_codel', 'fq_pie']"),
	SET("ecn", "ecn", "'on'", "ecn is true"),
	REFUSE("delay", 4177, "numeric(delay) and (int(delay) < 0 or int(delay) > 10000)"),
	REFUSE("delay", 4177, "not numeric(delay)"),
	SET("delay", "delay", "int(delay)", "has(delay)"),
	ELSE("delay", "delay", "0"),
	LOSS,
	AQM_PARAMETERS,
	SCHEDULER_PARAMETERS,
	SET(NULL, "number", "next_limiter_number()", NULL),
	{ 0 },
};

static const struct write firewall_traffic_shaper_limiter_post_writes[] = {
	{ WRITE_SET, "dnshaper/queue/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_limiter_delete_steps[] = {
	SELECT("name", "limiter_named(name)",
	      "limiter_named(name, true) and not limiter_referenced(name)"),
	REFUSE("name", 4214, "limiter_named(name, true) and limiter_referenced(name)"),
	REFUSE("name", 4209, "not limiter_named(name, true)"),
	REFUSE("name", 4167, "not has(name)"),
	{ 0 },
};

static const struct write firewall_traffic_shaper_limiter_delete_writes[] = {
	{ WRITE_DELETE, "dnshaper/queue/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_limiter_bandwidth_post_steps[] = {
	SELECT("name", "limiter_named(name)", "limiter_named(name, true)"),
	REFUSE("name", 4209, "not limiter_named(name, true)"),
	REFUSE("name", 4167, "not has(name)"),
	REFUSE("bw", 4211, "(not numeric(bw) or not int(bw >= 1))"),
	REFUSE("bw", 4210, "not has(bw)"),
	SET("bw", "bw", "int(bw)", NULL),
	ONE_OF("bwscale", 4213, "['b', 'Kb', 'Mb']"),
	REFUSE("bwscale", 4212, "not has(bwscale)"),
	SET("bwscale", "bwscale", "bwscale", NULL),
	REFUSE("bwsched", 4150, "not schedule_exists(bwsched)"),
	TAKE_OR("bwsched", "bwsched", "'none'"),
	SET(NULL, "burst", "''", NULL),
	{ 0 },
};

static const struct write firewall_traffic_shaper_limiter_bandwidth_post_writes[] = {
	{ WRITE_SET, "dnshaper/queue/<selected>/bandwidth/item/<next_index(dnshaper/queue/<selected>/bandwidth/item)>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_limiter_bandwidth_delete_steps[] = {
	FLAG("name", "parent_id", "limiter_named(name)", "limiter_named(name, true)"),
	REFUSE("name", 4209, "not limiter_named(name, true)"),
	REFUSE("name", 4167, "not has(name)"),
	SELECT("id", "int(id)", "cfg(dnshaper/queue/<flag.parent_id>/bandwidth/item/<int(id)>)"),
	REFUSE("id", 4216, "not cfg(dnshaper/queue/<flag.parent_id>/bandwidth/item/<int(id)>)"),
	REFUSE("id", 4215, "not has(id)"),
	{ 0 },
};

static const struct write firewall_traffic_shaper_limiter_bandwidth_delete_writes[] = {
	{ WRITE_DELETE, "dnshaper/queue/<flag.parent_id>/bandwidth/item/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_limiter_queue_post_steps[] = {
	SELECT("limiter", "limiter_named(limiter)", "limiter_named(limiter, true)"),
	REFUSE("limiter", 4219, "not limiter_named(limiter, true)"),
	REFUSE("limiter", 4218, "not has(limiter)"),
	SET("limiter", "number", "cfg(dnshaper/queue/<selected>/number)", NULL),
	NAME,
	MASK,
	AQM,
	LENGTH,
	REFUSE("ecn", 4176, "ecn is true and obj.aqm not in ['codel', 'pie', 'red', 'gred']"),
	SET("ecn", "ecn", "'on'", "ecn is true"),
	REFUSE("weight", 4217, "numeric(weight) and (int(weight) < 1 or int(weight) > 100)"),
	REFUSE("weight", 4217, "not numeric(weight)"),
	SET("weight", "weight", "int(weight)", "has(weight)"),
	LOSS,
	AQM_PARAMETERS,
	{ 0 },
};

static const struct write firewall_traffic_shaper_limiter_queue_post_writes[] = {
	{ WRITE_SET, "dnshaper/queue/<selected>/queue/<next_index(dnshaper/queue/<selected>/queue)>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_traffic_shaper_limiter_queue_delete_steps[] = {
	FLAG("limiter", "parent_id", "limiter_named(limiter)", "limiter_named(limiter, true)"),
	REFUSE("limiter", 4219, "not limiter_named(limiter, true)"),
	REFUSE("limiter", 4218, "not has(limiter)"),
	SELECT("name", "limiter_queue_named(name, flag.parent_id)", "limiter_queue_named(name, flag.parent_id, true) and not "
	      "limiter_queue_referenced(name)"),
	REFUSE("name", 4214, "limiter_queue_named(name, flag.parent_id, true) and limiter_queue_referenced(name)"),
	REFUSE("name", 4221, "not limiter_queue_named(name, flag.parent_id, true)"),
	REFUSE("name", 4220, "not has(name)"),
	{ 0 },
};

static const struct write firewall_traffic_shaper_limiter_queue_delete_writes[] = {
	{ WRITE_DELETE, "dnshaper/queue/<flag.parent_id>/queue/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_limiter[] = {
	{ "firewall/traffic_shaper/limiter", METHOD_GET, "page-all page-firewall-trafficshaper-limiter",
	  .returns = RETURNS_STORED, .path = "dnshaper/queue" },
	{ "firewall/traffic_shaper/limiter", METHOD_POST, "page-all page-firewall-trafficshaper-limiter",
	  .flags = SAVES, .steps = firewall_traffic_shaper_limiter_post_steps,
	  .writes = firewall_traffic_shaper_limiter_post_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper/limiter", METHOD_DELETE, "page-all page-firewall-trafficshaper-limiter",
	  .flags = SAVES, .steps = firewall_traffic_shaper_limiter_delete_steps,
	  .writes = firewall_traffic_shaper_limiter_delete_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper/limiter/bandwidth", METHOD_POST, "page-all page-firewall-trafficshaper-limiter",
	  .flags = SAVES, .steps = firewall_traffic_shaper_limiter_bandwidth_post_steps,
	  .writes = firewall_traffic_shaper_limiter_bandwidth_post_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper/limiter/bandwidth", METHOD_DELETE, "page-all page-firewall-trafficshaper-limiter",
	  .flags = SAVES, .steps = firewall_traffic_shaper_limiter_bandwidth_delete_steps,
	  .writes = firewall_traffic_shaper_limiter_bandwidth_delete_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper/limiter/queue", METHOD_POST, "page-all page-firewall-trafficshaper-limiter",
	  .flags = SAVES, .steps = firewall_traffic_shaper_limiter_queue_post_steps,
	  .writes = firewall_traffic_shaper_limiter_queue_post_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/traffic_shaper/limiter/queue", METHOD_DELETE, "page-all page-firewall-trafficshaper-limiter",
	  .flags = SAVES, .steps = firewall_traffic_shaper_limiter_queue_delete_steps,
	  .writes = firewall_traffic_shaper_limiter_queue_delete_writes, .marks = "shaper",
	  .parts = PART_FILTER | PART_ALIASES | PART_SHAPER, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
