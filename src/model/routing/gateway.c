/* Gateway_item records of the Routing.Gateways model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "disabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "name", &type_text, .flags = REQUIRED, .mask = "^[a-zA-Z0-9_\\-]{1,32}$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "descr", &type_description },
	{ "interface", &type_interface, .flags = REQUIRED, .settings = DYNAMIC, .preset = "wan",
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }, { "virtual", "^(?!1).*$" }) },
	{ "ipprotocol", &type_option, .flags = REQUIRED, .preset = "inet",
	  .choices = CHOICES({ "inet", "IPv4" }, { "inet6", "IPv6" }) },
	{ "gateway", &type_text, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "defaultgw", &type_boolean },
	{ "fargw", &type_boolean },
	{ "monitor_disable", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "monitor_noroute", &type_boolean },
	{ "monitor_killstates", &type_boolean },
	{ "monitor_killstates_priority", &type_boolean },
	{ "monitor", &type_text },
	{ "force_down", &type_boolean },
	{ "nosync", &type_boolean },
	{ "priority", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "255", .min = 0,
	  .max = 255 },
	{ "weight", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1", .min = 1,
	  .max = 10 },
	{ "latencylow", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "latencyhigh", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "losslow", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 99 },
	{ "losshigh", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 100 },
	{ "interval", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "time_period", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "loss_interval", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "data_length", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "interval_ms", &type_integer, .flags = HIDDEN | LOW_LIMIT, .min = 1,
	  .help = "Exactly, when \"interval\" is this in seconds, rounded up; so the next two." },
	{ "time_period_ms", &type_integer, .flags = HIDDEN | LOW_LIMIT, .min = 1 },
	{ "loss_interval_ms", &type_integer, .flags = HIDDEN | LOW_LIMIT, .min = 1 },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

/* A pair where the high one may not be below the low one, with what they are when empty. */
static void
check_limits(const struct record *gateway, const char *low, int64_t low_default, const char *high, int64_t high_default,
             struct faults *faults)
{
	if (bounded_number(gateway, high, high_default) < bounded_number(gateway, low, low_default))
		faults_add(faults, high, FAULT_CONFLICT, "This cannot be below %s.", low);
}

static void
check_address(const struct record *gateway, const struct view *view, struct faults *faults)
{
	const bool           six = is_value(gateway, "ipprotocol", "inet6");
	const struct record *interface = interface_record(view, record_get(gateway, "interface"));
	const bool           open = is_one_of(gateway, "gateway", ",dynamic");

	if (open && interface && is_value(interface, six ? "type6" : "type4", six ? "staticv6" : "staticv4"))
		faults_add(faults, "gateway", FAULT_REQUIRED, "The interface has a static address: give the gateway's.");
	else if (!open && !literal_is_address(record_get(gateway, "gateway"), six ? FAMILY_INET6 : FAMILY_INET))
		faults_add(faults, "gateway", FAULT_FORMAT, "This must be an address of the chosen family, or \"dynamic\".");
}

/* Two may only watch the same address when neither needs a route to it. */
static bool
is_watched(const struct record *gateway, const struct view *view)
{
	static const char *const no[] = { "0", "" };
	const struct resource *resource = gateway->resource;
	const struct index     by = { .fields = { resource_field(resource, "monitor"), resource_field(resource, "monitor_noroute") },
				      .count = 2 };
	struct record         *like = record_copy(view->arena, gateway);

	if (!record_bool(gateway, "monitor_noroute"))
		return has_twin(gateway, "monitor", view);
	for (size_t i = 0; i < COUNT(no); i++) {
		record_set(like, "monitor_noroute", no[i]);
		if (collection_twin(snapshot_collection(view->snapshot, resource), &by, like))
			return true;
	}
	return false;
}

static void
check(const struct record *gateway, const struct view *view, struct faults *faults)
{
	const struct record *stored = stored_of(gateway, view);
	const enum family    family = family_of(record_get(gateway, "ipprotocol"));
	const int64_t        period = bounded_number(gateway, "time_period", 60);
	const int64_t        interval = bounded_number(gateway, "interval", 1), loss = bounded_number(gateway, "loss_interval", 4);

	if (stored && !is_value(gateway, "name", record_get(stored, "name")))
		faults_add(faults, "name", FAULT_CONFLICT, "A gateway keeps its name.");
	check_address(gateway, view, faults);
	if (is_set(gateway, "monitor") && !literal_is_address(record_get(gateway, "monitor"), family))
		faults_add(faults, "monitor", FAULT_FORMAT, "This must be an address of the chosen family.");
	else if (is_set(gateway, "monitor") && is_watched(gateway, view))
		faults_add(faults, "monitor", FAULT_UNIQUE, "Another gateway watches this address.");
	check_limits(gateway, "latencylow", 200, "latencyhigh", 500, faults);
	check_limits(gateway, "losslow", 10, "losshigh", 20, faults);
	if (period < 2 * (interval + loss))
		faults_add(faults, "time_period", FAULT_CONFLICT, "This must be at least twice the probe and loss intervals together.");
}

const struct resource routing_gateway_resource = {
	.name = "routing.gateway",
	.summary = "Gateway_item records of the Routing.Gateways model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Routing.Gateways",
	.path = "gateway_item",
	.check = check,
	.touches = PART_ROUTING,
	.faces = { [OPNSENSE] = FACES(
		{ "routing/settings", "_gateway", "gateway_item", VERB_GET | VERB_ADD | VERB_SET | VERB_DELETE }) },
};
