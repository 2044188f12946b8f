/* Gateway_item records of the Routing.Gateways model. */
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
};
/* clang-format on */

const struct resource routing_gateway_resource = {
	.name = "routing.gateway",
	.summary = "Gateway_item records of the Routing.Gateways model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Routing.Gateways",
	.path = "gateway_item",
	.touches = PART_ROUTING,
	.faces = { [OPNSENSE] = FACES(
		{ "routing/settings", "_gateway", "gateway_item", VERB_GET | VERB_ADD | VERB_SET | VERB_DELETE }) },
};
