/* system, sysctl/item, ca and cert. */
#include "dialect/pfsense/mount.h"

/* clang-format off */
static const struct renamed system_members[] = {
	{ "hostname",                NULL,                 FORM_TEXT },
	{ "domain",                  NULL,                 FORM_TEXT },
	{ "dnsserver",               "dns_servers",        FORM_ITEMS },
	{ "dnsallowoverride",        "dns_allow_override", FORM_FLAG },
	{ "dnslocalhost",            "dns_local",          FORM_TEXT },
	{ "timezone",                NULL,                 FORM_TEXT },
	{ "timeservers",             NULL,                 FORM_TEXT },
	{ "optimization",            NULL,                 FORM_TEXT },
	{ "sshguard_threshold",      "guard_threshold",    FORM_TEXT },
	{ "sshguard_blocktime",      "guard_blocktime",    FORM_TEXT },
	{ "sshguard_detection_time", "guard_memory",       FORM_TEXT },
	{ "sshguard_whitelist",      "guard_exempt",       FORM_TEXT },
	{ NULL },
};

static const struct renamed tunable_members[] = {
	{ "tunable", NULL, FORM_ALWAYS },
	{ "value",   NULL, FORM_ALWAYS },
	{ "descr",   NULL, FORM_ALWAYS },
	{ NULL },
};

static const struct renamed authority_members[] = {
	{ "refid",  NULL, FORM_ALWAYS },
	{ "descr",  NULL, FORM_ALWAYS },
	{ "crt",    NULL, FORM_TEXT },
	{ "prv",    NULL, FORM_TEXT },
	{ "serial", NULL, FORM_TEXT },
	{ "caref",  NULL, FORM_TEXT },
	{ NULL },
};

static const struct renamed certificate_members[] = {
	{ "refid", NULL, FORM_ALWAYS },
	{ "descr", NULL, FORM_ALWAYS },
	{ "crt",   NULL, FORM_TEXT },
	{ "prv",   NULL, FORM_TEXT },
	{ "csr",   NULL, FORM_TEXT },
	{ "caref", NULL, FORM_TEXT },
	{ NULL },
};
/* clang-format on */

const struct mount mount_box = {
	.path = "system",
	.resource = "system.general",
	.shape = MOUNT_SINGLE,
	.members = system_members,
};

const struct mount mount_tunables = {
	.path = "sysctl/item",
	.resource = "core.tunable",
	.shape = MOUNT_LIST,
	.members = tunable_members,
};

const struct mount mount_authorities = {
	.path = "ca",
	.resource = "trust.ca",
	.shape = MOUNT_LIST,
	.members = authority_members,
};

const struct mount mount_certificates = {
	.path = "cert",
	.resource = "trust.cert",
	.shape = MOUNT_LIST,
	.members = certificate_members,
};
