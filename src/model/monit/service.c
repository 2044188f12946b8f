/* Service records of the Monit.Monit model. */
#include "model/checks.h"
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

/* Which tests a service of each type can have. */
static const struct kind {
	const char *type, *tests;
	const char *needs; /* fields of which one must be set, NULL: none */
} kinds[] = {
	{ "process", "Existence,ProcessResource,ProcessDiskIO,UID,GID,PID,PPID,Uptime,Connection,Custom", "pidfile,match" },
	{ "file", "Existence,FileChecksum,Timestamp,FileSize,FileContent,Permisssion,UID,GID,Custom", "path" },
	{ "fifo", "Existence,Timestamp,Permisssion,UID,GID,Custom", "path" },
	{ "filesystem", "Existence,FilesystemMountFlags,SpaceUsage,InodeUsage,DiskIO,Permisssion,UID,GID,Custom", "path" },
	{ "directory", "Existence,Timestamp,Permisssion,UID,GID,Custom", "path" },
	{ "host", "NetworkPing,Connection,Custom", "address" },
	{ "system", "SystemResource,Uptime,Custom", NULL },
	{ "custom", "ProgramStatus,Custom", NULL },
	{ "network", "NetworkInterface,Custom", "address,interface" },
};

static void
check_tests(const struct record *service, const struct kind *kind, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(record_get(service, "tests"), ',');
	struct text    uuid;

	while (entry_next(&entries, &uuid)) {
		const struct record *test = collection_find(snapshot_named(view->snapshot, "monit.test"), uuid);

		if (test && !is_one_of(test, "type", kind->tests))
			faults_add(faults, "tests", FAULT_CONFLICT, "Test %s does not go with this type of service.",
			           record_get(test, "name"));
	}
}

static void
check_needs(const struct record *service, const char *needs, const struct view *view, struct faults *faults)
{
	struct text rest = text_of(needs), name;

	while (text_next(&rest, ",", &name))
		if (is_set(service, arena_copy(view->arena, name)))
			return;
	rest = text_of(needs);
	while (text_next(&rest, ",", &name))
		faults_add(faults, arena_copy(view->arena, name), FAULT_REQUIRED, "This type of service needs %s.", needs);
}

static void
check(const struct record *service, const struct view *view, struct faults *faults)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!is_value(service, "type", kinds[i].type))
			continue;
		check_tests(service, &kinds[i], view, faults);
		if (kinds[i].needs)
			check_needs(service, kinds[i].needs, view, faults);
	}
}

const struct resource monit_service_resource = {
	.name = "monit.service",
	.summary = "Service records of the Monit.Monit model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Monit.Monit",
	.touches = PART_MONITOR,
	.path = "service",
	.check = check,
	.faces = { [OPNSENSE] = FACES(
		{ "monit/settings", "_service", "service", CRUD | VERB_TOGGLE,
		  .search = "enabled,name,type,description", .sort = "name" }) },
};
