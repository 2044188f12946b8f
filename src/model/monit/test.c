/* Test records of the Monit.Monit model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_strict_text, .flags = REQUIRED, .mask = "^([0-9a-zA-Z\\._\\- ]){1,255}$" },
	{ "type", &type_option, .flags = REQUIRED, .preset = "Custom",
	  .choices = CHOICES({ "Existence" }, { "SystemResource" }, { "ProcessResource" }, { "ProcessDiskIO" },
		{ "FileChecksum" }, { "Timestamp" }, { "FileSize" }, { "FileContent" }, { "FilesystemMountFlags" },
		{ "SpaceUsage" }, { "InodeUsage" }, { "DiskIO" }, { "Permisssion" }, { "UID" }, { "GID" }, { "PID" },
		{ "PPID" }, { "Uptime" }, { "ProgramStatus" }, { "NetworkInterface" }, { "NetworkPing" }, { "Connection" },
		{ "Custom" }) },
	{ "condition", &type_strict_text, .flags = REQUIRED, .settings = SPACES_ALLOWED, .mask = "^.{1,255}$" },
	{ "action", &type_option, .flags = REQUIRED,
	  .choices = CHOICES({ "alert", "Alert" }, { "restart", "Restart" }, { "start", "Start" },
		{ "stop", "Stop" }, { "exec", "Execute" }, { "unmonitor", "Unmonitor" }) },
	{ "path", &type_strict_text, .mask = "^(\\/[^\\/ ]*)+\\/?.*$" },
};
/* clang-format on */

const struct resource monit_test_resource = {
	.name = "monit.test",
	.summary = "Test records of the Monit.Monit model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Monit.Monit",
	.path = "test",
	.faces = { [OPNSENSE] = FACES(
		{ "monit/settings", "_test", "test", CRUD,
		  .search = "name,condition,action", .sort = "name" }) },
};
