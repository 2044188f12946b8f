/* Queue records of the TrafficShaper.TrafficShaper model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "number", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "pipe", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "trafficshaper.pipe", "description" }) },
	{ "weight", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "100", .min = 1,
	  .max = 100 },
	{ "mask", &type_option, .flags = REQUIRED, .preset = "none",
	  .choices = CHOICES({ "none", "(none)" }, { "src-ip", "source" }, { "dst-ip", "destination" },
		{ "src-ip6", "source (ip6)" }, { "dst-ip6", "destination (ip6)" }) },
	{ "buckets", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "codel_enable", &type_boolean, .flags = REQUIRED, .preset = "0",
	  .constraints = CONSTRAINTS({ CONSTRAINT_SINGLE_SELECT, "pie_enable" }) },
	{ "codel_target", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 10000 },
	{ "codel_interval", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 10000 },
	{ "codel_ecn_enable", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "pie_enable", &type_boolean, .flags = REQUIRED, .preset = "0",
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "codel_enable" }) },
	{ "description", &type_description, .flags = REQUIRED },
	{ "origin", &type_text, .mask = "^([a-z,A-Z,1-9]){0,30}$" },
};
/* clang-format on */

#define FIRST_NUMBER 10000

static void
complete(struct record *queue, const struct record *before, const struct view *view)
{
	const struct field *number = &queue->resource->fields[resource_field(queue->resource, "number")];
	struct view         own = *view;

	own.record = queue;
	if (!is_set(queue, "number"))
		record_set(queue, "number",
		           arena_print(view->arena, "%lld", (long long)number_lowest_free(number, &own, FIRST_NUMBER)));
	if (!before && !is_set(queue, "origin"))
		record_set(queue, "origin", "TrafficShaper");
}

const struct resource trafficshaper_queue_resource = {
	.name = "trafficshaper.queue",
	.summary = "Queue records of the TrafficShaper.TrafficShaper model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "TrafficShaper.TrafficShaper",
	.path = "queues.queue",
	.complete = complete,
	.touches = PART_SHAPER,
	.faces = { [OPNSENSE] = FACES(
		{ "trafficshaper/settings", "_queue", "queue", CRUD | VERB_TOGGLE | FACE_GUARDED, .sort = "number", .search_suffix = "_queues" }) },
};
