/* Pipe records of the TrafficShaper.TrafficShaper model. */
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

const struct resource trafficshaper_pipe_resource = {
	.name = "trafficshaper.pipe",
	.summary = "Pipe records of the TrafficShaper.TrafficShaper model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "TrafficShaper.TrafficShaper",
	.path = "pipes.pipe",
	.touches = PART_SHAPER,
	.faces = { [OPNSENSE] = FACES(
		{ "trafficshaper/settings", "_pipe", "pipe", CRUD | VERB_TOGGLE | FACE_GUARDED, .sort = "number", .search_suffix = "_pipes" }) },
};
