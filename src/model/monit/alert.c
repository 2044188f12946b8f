/* Alert records of the Monit.Monit model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "recipient", &type_email, .flags = REQUIRED, .preset = "root@localhost.local" },
	{ "noton", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "events", &type_option, .flags = MANY,
	  .choices = CHOICES({ "action", "Action done" }, { "checksum", "Checksum failed" },
		{ "bytein", "Download bytes exceeded" }, { "byteout", "Upload bytes exceeded" },
		{ "connection", "Connection failed" }, { "content", "Content failed" }, { "data", "Data access error" },
		{ "exec", "Execution failed" }, { "fsflags", "Filesystem flags failed" }, { "gid", "GID failed" },
		{ "icmp", "Ping failed" }, { "instance", "Monit instance changed" }, { "invalid", "Invalid type" },
		{ "link", "Link down" }, { "nonexist", "Does not exist" }, { "packetin", "Download packets exceeded" },
		{ "packetout", "Upload packets exceeded" }, { "permission", "Permission failed" }, { "pid", "PID failed" },
		{ "ppid", "PPID failed" }, { "resource", "Resource limit matched" },
		{ "saturation", "Saturation exceeded" }, { "size", "Size failed" }, { "speed", "Speed failed" },
		{ "status", "Status failed" }, { "timeout", "Timeout" }, { "timestamp", "Timestamp failed" },
		{ "uid", "UID failed" }, { "uptime", "Uptime failed" }) },
	{ "format", &type_text, .settings = NO_SPECIAL, .mask = "[^{}]+" },
	{ "reminder", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 86400 },
	{ "description", &type_description },
};
/* clang-format on */

static void
check(const struct record *alert, const struct view *view, struct faults *faults)
{
	(void)view;
	if (!record_bool(alert, "noton") || is_set(alert, "events"))
		return;
	faults_add(faults, "noton", FAULT_CONFLICT, "Say which events are left out.");
	faults_add(faults, "events", FAULT_REQUIRED, "Say which events are left out.");
}

const struct resource monit_alert_resource = {
	.name = "monit.alert",
	.summary = "Alert records of the Monit.Monit model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Monit.Monit",
	.touches = PART_MONITOR,
	.path = "alert",
	.check = check,
	.faces = { [OPNSENSE] = FACES(
		{ "monit/settings", "_alert", "alert", CRUD | VERB_TOGGLE,
		  .search = "enabled,recipient,noton,events,description", .sort = "description" }) },
};
