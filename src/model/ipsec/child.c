/* Child records of the IPsec.Swanctl model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "connection", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "ipsec.connection", "description" }) },
	{ "reqid", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "esp_proposals", &type_ipsec_proposal, .flags = REQUIRED | MANY, .settings = PHASE_TWO,
	  .preset = "default" },
	{ "sha256_96", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "start_action", &type_option, .flags = REQUIRED, .preset = "start",
	  .choices = CHOICES({ "none", "None" }, { "trap|start", "Trap+start" }, { "route", "Route" },
		{ "start", "Start" }, { "trap", "Trap" }) },
	{ "close_action", &type_option, .flags = REQUIRED, .preset = "none",
	  .choices = CHOICES({ "none", "None" }, { "trap", "Trap" }, { "start", "Start" }) },
	{ "dpd_action", &type_option, .flags = REQUIRED, .preset = "clear",
	  .choices = CHOICES({ "clear", "Clear" }, { "trap", "Trap" }, { "start", "Start" }) },
	{ "mode", &type_option, .flags = REQUIRED, .preset = "tunnel",
	  .choices = CHOICES({ "tunnel", "Tunnel" }, { "transport", "Transport" }, { "pass", "Pass" }, { "drop", "Drop" }) },
	{ "policies", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "local_ts", &type_network, .flags = AS_LIST, .settings = NO_WILDCARD },
	{ "remote_ts", &type_network, .flags = AS_LIST, .settings = NO_WILDCARD },
	{ "rekey_time", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "3600", .min = 0,
	  .max = 500000 },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource ipsec_child_resource = {
	.name = "ipsec.child",
	.summary = "Child records of the IPsec.Swanctl model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IPsec.Swanctl",
	.path = "children.child",
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/connections", "_child", "child", CRUD | VERB_TOGGLE,
		  .search = "description,enabled,local_ts,remote_ts", .sort = "description" }) },
};
