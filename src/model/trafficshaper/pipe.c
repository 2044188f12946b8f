/* Pipe records of the TrafficShaper.TrafficShaper model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "number", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "bandwidth", &type_integer, .flags = REQUIRED | LOW_LIMIT, .min = 1 },
	{ "bandwidthMetric", &type_option, .flags = REQUIRED, .preset = "Kbit",
	  .choices = CHOICES({ "bit", "bit/s" }, { "Kbit", "kbit/s" }, { "Mbit", "Mbit/s" }, { "Gbit", "Gbit/s" }) },
	{ "queue", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 2, .max = 100 },
	{ "mask", &type_option, .flags = REQUIRED, .preset = "none",
	  .choices = CHOICES({ "none", "(none)" }, { "src-ip", "source" }, { "dst-ip", "destination" },
		{ "src-ip6", "source (ip6)" }, { "dst-ip6", "destination (ip6)" }) },
	{ "buckets", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "scheduler", &type_option, .blank = "Weighted Fair Queueing",
	  .choices = CHOICES({ "fifo", "FIFO" }, { "rr", "Deficit Round Robin" }, { "qfq", "QFQ" },
		{ "fq_codel", "FlowQueue-CoDel" }, { "fq_pie", "FlowQueue-PIE" }) },
	{ "codel_enable", &type_boolean, .flags = REQUIRED, .preset = "0",
	  .constraints = CONSTRAINTS({ CONSTRAINT_SINGLE_SELECT, "pie_enable" }) },
	{ "codel_target", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 10000 },
	{ "codel_interval", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 10000 },
	{ "codel_ecn_enable", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "pie_enable", &type_boolean, .flags = REQUIRED, .preset = "0",
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "codel_enable" }) },
	{ "fqcodel_quantum", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "fqcodel_limit", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "fqcodel_flows", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "origin", &type_text, .mask = "^([a-z,A-Z,1-9]){0,30}$" },
	{ "delay", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 3000 },
	{ "description", &type_description, .flags = REQUIRED },
};
/* clang-format on */

#define FIRST_NUMBER 10000

static void
complete(struct record *pipe, const struct record *before, const struct view *view)
{
	const struct field *number = &pipe->resource->fields[resource_field(pipe->resource, "number")];
	struct view         own = *view;

	own.record = pipe;
	if (!is_set(pipe, "number"))
		record_set(pipe, "number",
		           arena_print(view->arena, "%lld", (long long)number_lowest_free(number, &own, FIRST_NUMBER)));
	if (!before && !is_set(pipe, "origin"))
		record_set(pipe, "origin", "TrafficShaper");
}

/* The scheduler counts bits in 32 bits. */
static void
check(const struct record *pipe, const struct view *view, struct faults *faults)
{
	static const char *const units[] = { "bit", "Kbit", "Mbit", "Gbit", NULL };
	static const int64_t     factors[] = { 1, 1000, 1000000, 1000000000, 1 };
	const int64_t            factor = factors[record_choice(pipe, "bandwidthMetric", units, COUNT(factors) - 1)];

	(void)view;
	if (bounded_number(pipe, "bandwidth", 0) <= UINT32_MAX / factor)
		return;
	faults_add(faults, "bandwidth", FAULT_RANGE, "A pipe is at most 4294967295 bit/s wide.");
	faults_add(faults, "bandwidthMetric", FAULT_RANGE, "A pipe is at most 4294967295 bit/s wide.");
}

const struct resource trafficshaper_pipe_resource = {
	.name = "trafficshaper.pipe",
	.summary = "Pipe records of the TrafficShaper.TrafficShaper model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "TrafficShaper.TrafficShaper",
	.path = "pipes.pipe",
	.check = check,
	.complete = complete,
	.touches = PART_SHAPER,
	.faces = { [OPNSENSE] = FACES(
		{ "trafficshaper/settings", "_pipe", "pipe", CRUD | VERB_TOGGLE | FACE_GUARDED, .sort = "number", .search_suffix = "_pipes" }) },
};
