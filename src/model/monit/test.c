/* Test records of the Monit.Monit model. */
#include "model/checks.h"
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

/* How the conditions of each type begin. */
static const struct syntax {
	const char *type;
	const char *beginnings; /* separated by "|" */
} syntaxes[] = {
	{ "Existence", "exist|not exist" },
	{ "SystemResource", "loadavg (1min)|loadavg (5min)|loadavg (15min)|cpu usage|cpu user usage|cpu system usage|"
	                    "cpu wait usage|memory usage|swap usage" },
	{ "ProcessResource", "cpu|total cpu|threads|children|memory usage|total memory usage" },
	{ "ProcessDiskIO", "disk read rate|disk read operations|disk write rate|disk write operations" },
	{ "FileChecksum", "failed md5 checksum|changed md5 checksum|failed checksum expect" },
	{ "Timestamp", "access time|modification time|change time|timestamp|changed access time|changed modification time|"
	               "changed change time|changed timestamp" },
	{ "FileSize", "size|changed size" },
	{ "FileContent", "content =|content !=" },
	{ "FilesystemMountFlags", "changed fsflags" },
	{ "SpaceUsage", "space" },
	{ "InodeUsage", "inodes" },
	{ "DiskIO", "read rate|read operations|write rate|write operations|service time" },
	{ "Permisssion", "failed permission|changed permission" },
	{ "UID", "failed uid" },
	{ "GID", "failed gid" },
	{ "PID", "changed pid" },
	{ "PPID", "changed ppid" },
	{ "Uptime", "uptime" },
	{ "ProgramStatus", "status|changed status" },
	{ "NetworkInterface", "failed link|changed link capacity|saturation|upload|download" },
	{ "NetworkPing", "failed ping" },
	{ "Connection", "failed host|failed port|failed unixsocket" },
};

static bool
begins_like(struct text condition, const struct syntax *syntax)
{
	struct text rest = text_of(syntax->beginnings), one;

	while (text_next(&rest, "|", &one))
		if (text_starts(condition, one))
			return true;
	return false;
}

/* The type follows from the condition; where two fit, what was chosen stays. */
static const char *
type_of(const struct record *test)
{
	const struct text condition = record_text(test, "condition");
	const char       *found = NULL;

	for (size_t i = 0; i < COUNT(syntaxes); i++) {
		if (!begins_like(condition, &syntaxes[i]))
			continue;
		if (is_value(test, "type", syntaxes[i].type))
			return syntaxes[i].type;
		found = found ? found : syntaxes[i].type;
	}
	return found ? found : "Custom";
}

static void
complete(struct record *test, const struct record *before, const struct view *view)
{
	(void)before;
	(void)view;
	if (is_set(test, "condition"))
		record_set(test, "type", type_of(test));
}

static bool
is_used(const struct record *test, const struct view *view)
{
	const struct collection *services = snapshot_named(view->snapshot, "monit.service");

	for (size_t i = 0; i < collection_count(services); i++)
		if (entries_have(record_get(collection_at(services, i), "tests"), ',', text_of(test->uuid)))
			return true;
	return false;
}

static void
check(const struct record *test, const struct view *view, struct faults *faults)
{
	const struct record *stored = stored_of(test, view);

	if (stored && !is_value(test, "type", record_get(stored, "type")) && is_used(test, view))
		faults_add(faults, "type", FAULT_CONFLICT, "A service uses this test: its type cannot change.");
}

const struct resource monit_test_resource = {
	.name = "monit.test",
	.summary = "Test records of the Monit.Monit model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Monit.Monit",
	.touches = PART_MONITOR,
	.path = "test",
	.check = check,
	.complete = complete,
	.faces = { [OPNSENSE] = FACES(
		{ "monit/settings", "_test", "test", CRUD,
		  .search = "name,condition,action", .sort = "name" }) },
};
