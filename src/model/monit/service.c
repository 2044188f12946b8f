/* Service records of the Monit.Monit model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "name", &type_strict_text, .flags = REQUIRED, .mask = "^([0-9a-zA-Z\\._\\-\\$]){1,255}$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "description", &type_description },
	{ "type", &type_option, .flags = REQUIRED,
	  .choices = CHOICES({ "process", "Process" }, { "file", "File" }, { "fifo", "Fifo" },
		{ "filesystem", "Filesystem" }, { "directory", "Directory" }, { "host", "Remote Host" },
		{ "system", "System" }, { "custom", "Custom" }, { "network", "Network" }) },
	{ "pidfile", &type_strict_text, .mask = "^(\\/[^\\/ ]*)+\\/?$" },
	{ "match", &type_strict_text },
	{ "path", &type_strict_text, .mask = "^(\\/[^\\/ ]*)+\\/?.*$" },
	{ "timeout", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "300", .min = 1,
	  .max = 86400 },
	{ "starttimeout", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "30", .min = 0,
	  .max = 86400 },
	{ "address", &type_hostname },
	{ "interface", &type_interface, .settings = PARENT_DEVICES,
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }, { "ipaddr", "^((?!dhcp).)*$" }) },
	{ "start", &type_strict_text, .settings = SPACES_ALLOWED, .mask = "^(\\/[^\\/ ]*)+\\/? .*$" },
	{ "stop", &type_strict_text, .settings = SPACES_ALLOWED, .mask = "^(\\/[^\\/ ]*)+\\/? .*$" },
	{ "tests", &type_relation, .flags = MANY, .relations = RELATIONS({ "monit.test", "name" }) },
	{ "depends", &type_relation, .flags = MANY, .relations = RELATIONS({ "monit.service", "name" }) },
	{ "polltime", &type_strict_text, .settings = SPACES_ALLOWED,
	  .mask = "^([0-9a-zA-Z\\*\\-\\, ]){1,255}$" },
};
/* clang-format on */

const struct resource monit_service_resource = {
	.name = "monit.service",
	.summary = "Service records of the Monit.Monit model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Monit.Monit",
	.path = "service",
	.faces = { [OPNSENSE] = FACES(
		{ "monit/settings", "_service", "service", CRUD | VERB_TOGGLE,
		  .search = "enabled,name,type,description", .sort = "name" }) },
};
