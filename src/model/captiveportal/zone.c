/* Zone records of the CaptivePortal.CaptivePortal model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "zoneid", &type_auto_number, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 19 },
	{ "interfaces", &type_interface, .flags = REQUIRED | MANY, .preset = "lan",
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }, { "ipaddr", "^((?!dhcp).)*$" }) },
	{ "disableRules", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "authservers", &type_auth_server, .flags = MANY, .source = "CaptivePortal" },
	{ "roaming", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "alwaysSendAccountingReqs", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "authEnforceGroup", &type_auth_group },
	{ "idletimeout", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "0", .min = 0,
	  .max = 10080 },
	{ "hardtimeout", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "0", .min = 0,
	  .max = 10080 },
	{ "concurrentlogins", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "certificate", &type_certificate },
	{ "servername", &type_text, .mask = "^([0-9a-zA-Z.,_\\-]){0,1024}$" },
	{ "allowedAddresses", &type_network, .flags = AS_LIST, .settings = NO_WILDCARD },
	{ "allowedMACAddresses", &type_mac_address, .flags = AS_LIST },
	{ "extendedPreAuthData", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "template", &type_relation, .relations = RELATIONS({ "captiveportal.template", "name" }) },
	{ "description", &type_description, .flags = REQUIRED },
};
/* clang-format on */

const struct resource captiveportal_zone_resource = {
	.name = "captiveportal.zone",
	.summary = "Zone records of the CaptivePortal.CaptivePortal model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.touches = PART_FILTER | PART_PORTAL,
	.model = "CaptivePortal.CaptivePortal",
	.path = "zones.zone",
	.faces = { [OPNSENSE] = FACES(
		{ "captiveportal/settings", "_zone", "zone", CRUD | VERB_TOGGLE, .sort = "description", .search_suffix = "_zones" }) },
};
