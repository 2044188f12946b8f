/*
 * The operations of firewall/schedule and 1 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
#define IS_RANGES "is_list(timerange) and len(timerange) >= 1"

/* What a new one and one that is changed have in common. */
#define TIME_RANGES \
	EACH("timerange", "timerange[]"), \
	FLAG("timerange[].position", "positions", "split(',', timerange[].position)", \
	      IS_RANGES " and has(timerange[].position)"), \
	REFUSE("timerange[].position", 4160, IS_RANGES " and has(timerange[].position) and any " \
	      "position of flag.positions and ((not numeric(position) or int(position) < 1) or " \
	      "int(position) > 7)"), \
	TAKE("timerange[].position", "position"), \
	FLAG("timerange[].month", "months", "split(',', timerange[].month)", \
	      IS_RANGES " and has(timerange[].month)"), \
	REFUSE("timerange[].month", 4152, IS_RANGES " and has(timerange[].month) and any " \
	      "month of flag.months and ((not numeric(month) or int(month) < 1) or int(month) > " \
	      "12)"), \
	REFUSE("timerange[].month", 4151, IS_RANGES " and not has(timerange[].month) and not " \
	      "has(item.position)"), \
	TAKE("timerange[].month", "month"), \
	FLAG("timerange[].day", "days", "split(',', timerange[].day)", \
	      IS_RANGES " and has(timerange[].day)"), \
	REFUSE("timerange[].day", 4155, IS_RANGES " and has(timerange[].day) and " \
	      "len(flag.months) = len(flag.days) and any day of flag.days and not " \
	      "day_in_month(flag.months[id], day)"), \
	REFUSE("timerange[].day", 4154, IS_RANGES " and has(timerange[].day) and " \
	      "len(flag.months) != len(flag.days)"), \
	REFUSE("timerange[].day", 4153, IS_RANGES " and not has(timerange[].day) and not " \
	      "has(item.position)"), \
	TAKE("timerange[].day", "day"), \
	REFUSE("timerange[].hour", 4159, IS_RANGES " and quarter_time(split('-', " \
	      "timerange[].hour)[0]) and quarter_time(split('-', timerange[].hour)[1]) and not " \
	      "time_order_ok(quarter_time(split('-', timerange[].hour)[0]), " \
	      "quarter_time(split('-', timerange[].hour)[1]))"), \
	REFUSE("timerange[].hour", 4158, IS_RANGES " and quarter_time(split('-', " \
	      "timerange[].hour)[0]) and not quarter_time(split('-', timerange[].hour)[1])"), \
	REFUSE("timerange[].hour", 4157, IS_RANGES " and not quarter_time(split('-', " \
	      "timerange[].hour)[0])"), \
	REFUSE("timerange[].hour", 4156, IS_RANGES " and not has(timerange[].hour)")

static const struct task firewall_schedule_post_steps[] = {
	REFUSE("name", 4149, "name matches /^[\\w-]+$/ and strlen(name) >= 1 and strlen(name) <= 32 and "
	      "schedule_name_taken(name)"),
	REFUSE("name", 4148, "name matches /^[\\w-]+$/ and (strlen(name) < 1 or strlen(name) > 32)"),
	REFUSE("name", 4147, "not (name matches /^[\\w-]+$/)"),
	REFUSE("name", 4146, "not has(name)"),
	SET("name", "name", "name", NULL),
	TIME_RANGES,
	SET("timerange[].hour", "hour", "quarter_time(split('-', timerange[].hour)[0]) & '-' & quarter_time(split('-', "
	      "timerange[].hour)[1])", NULL),
	SET("timerange[].rangedescr", "rangedescr", "str(timerange[].rangedescr)",
	      "has(timerange[].rangedescr)"),
	END("timerange"),
	REFUSE("timerange", 4162, "(not is_list(timerange) or len(timerange) < 1)"),
	REFUSE("timerange", 4161, "not has(timerange)"),
	SET("descr", "descr", "str(descr)", "has(descr)"),
	SET(NULL, "schedlabel", "new_uid()", NULL),
	{ 0 },
};

static const struct write firewall_schedule_post_writes[] = {
	{ WRITE_SET, "schedules/schedule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_schedule_put_steps[] = {
	SELECT("name", "schedule_named(name)", "schedule_named(name, true)"),
	REFUSE("name", 4150, "not schedule_named(name, true)"),
	REFUSE("name", 4146, "not has(name)"),
	UNSET("timerange", "timerange", "is_list(timerange)"),
	TIME_RANGES,
	SET("timerange[].hour", "hour", "quarter_time(split('-', timerange[].hour)[0]) & '-' & quarter_time(split('-', "
	      "timerange[].hour)[1])", "has(timerange)"),
	SET("timerange[].rangedescr", "rangedescr", "str(timerange[].rangedescr)",
	      "has(timerange[].rangedescr)"),
	END("timerange"),
	REFUSE("timerange", 4162, "(not is_list(timerange) or len(timerange) < 1)"),
	SET("descr", "descr", "str(descr)", "has(descr)"),
	{ 0 },
};

static const struct write firewall_schedule_put_writes[] = {
	{ WRITE_SET, "schedules/schedule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_schedule_delete_steps[] = {
	SELECT("name", "schedule_named(name)",
	      "schedule_named(name, true) and not schedule_referenced(name)"),
	REFUSE("name", 4166, "schedule_named(name, true) and schedule_referenced(name)"),
	REFUSE("name", 4150, "not schedule_named(name, true)"),
	REFUSE("name", 4146, "not has(name)"),
	{ 0 },
};

static const struct write firewall_schedule_delete_writes[] = {
	{ WRITE_DELETE, "schedules/schedule/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_schedule_time_range_post_steps[] = {
	SELECT("name", "schedule_named(name)", "schedule_named(name, true)"),
	REFUSE("name", 4150, "not schedule_named(name, true)"),
	REFUSE("name", 4146, "not has(name)"),
	FLAG("position", "positions", "split(',', position)", "has(position)"),
	REFUSE("position", 4160, "any position of flag.positions and ((not numeric(position) or int(position) < 1) "
	      "or int(position) > 7)"),
	TAKE("position", "position"),
	FLAG("month", "months", "split(',', month)", "has(month)"),
	REFUSE("month", 4152, "any month of flag.months and ((not numeric(month) or int(month) < 1) or int(month)"
	      " > 12)"),
	REFUSE("month", 4151, "not has(month) and not has(obj.position)"),
	TAKE("month", "month"),
	FLAG("day", "days", "split(',', day)", "has(day)"),
	REFUSE("day", 4155, "len(flag.months) = len(flag.days) and any day of flag.days and not "
	      "day_in_month(flag.months[id], day)"),
	REFUSE("day", 4154, "has(day) and len(flag.months) != len(flag.days)"),
	REFUSE("day", 4153, "not has(day) and not has(obj.position)"),
	TAKE("day", "day"),
	REFUSE("hour", 4159, "quarter_time(split('-', hour)[0]) and quarter_time(split('-', hour)[1]) and not "
	      "time_order_ok(quarter_time(split('-', hour)[0]), quarter_time(split('-', "
	      "hour)[1]))"),
	REFUSE("hour", 4158, "quarter_time(split('-', hour)[0]) and not quarter_time(split('-', hour)[1])"),
	REFUSE("hour", 4157, "not quarter_time(split('-', hour)[0])"),
	REFUSE("hour", 4156, "not has(hour)"),
	SET("hour", "hour",
	      "quarter_time(split('-', hour)[0]) & '-' & quarter_time(split('-', hour)[1])", NULL),
	SET("rangedescr", "rangedescr", "str(rangedescr)", "has(rangedescr)"),
	{ 0 },
};

static const struct write firewall_schedule_time_range_post_writes[] = {
	{ WRITE_SET, "schedules/schedule/<selected>/timerange/<next_index(schedules/schedule/<selected>/timerange)>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_schedule_time_range_delete_steps[] = {
	FLAG("name", "parent_id", "schedule_named(name)", "schedule_named(name, true)"),
	REFUSE("name", 4150, "not schedule_named(name, true)"),
	REFUSE("name", 4146, "not has(name)"),
	SELECT("id", "int(id)", "cfg(schedules/schedule/<flag.parent_id>/timerange/<id>) and "
	      "len(cfg(schedules/schedule/<flag.parent_id>/timerange)) != 1"),
	REFUSE("id", 4165, "cfg(schedules/schedule/<flag.parent_id>/timerange/<id>) and "
	      "len(cfg(schedules/schedule/<flag.parent_id>/timerange)) = 1"),
	REFUSE("id", 4164, "not cfg(schedules/schedule/<flag.parent_id>/timerange/<id>)"),
	REFUSE("id", 4163, "not has(id)"),
	{ 0 },
};

static const struct write firewall_schedule_time_range_delete_writes[] = {
	{ WRITE_DELETE, "schedules/schedule/<flag.parent_id>/timerange/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_schedule[] = {
	{ "firewall/schedule", METHOD_GET, "page-all page-firewall-schedules",
	  .returns = RETURNS_STORED, .path = "schedules" },
	{ "firewall/schedule", METHOD_POST, "page-all page-firewall-schedules-edit", .flags = SAVES,
	  .steps = firewall_schedule_post_steps, .writes = firewall_schedule_post_writes,
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "firewall/schedule", METHOD_PUT, "page-all page-firewall-schedules-edit", .flags = SAVES,
	  .steps = firewall_schedule_put_steps, .writes = firewall_schedule_put_writes,
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "firewall/schedule", METHOD_DELETE, "page-all page-firewall-schedules-edit",
	  .flags = SAVES, .steps = firewall_schedule_delete_steps,
	  .writes = firewall_schedule_delete_writes, .parts = PART_FILTER | PART_ALIASES,
	  .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "firewall/schedule/time_range", METHOD_POST, "page-all page-firewall-schedules-edit",
	  .flags = SAVES, .steps = firewall_schedule_time_range_post_steps,
	  .writes = firewall_schedule_time_range_post_writes, .parts = PART_FILTER | PART_ALIASES,
	  .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "firewall/schedule/time_range", METHOD_DELETE, "page-all page-firewall-schedules-edit",
	  .flags = SAVES, .steps = firewall_schedule_time_range_delete_steps,
	  .writes = firewall_schedule_time_range_delete_writes, .parts = PART_FILTER | PART_ALIASES,
	  .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
