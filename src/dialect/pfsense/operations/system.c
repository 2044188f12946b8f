/*
 * The operations of system/arp and 13 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
static const struct task system_arp_delete_steps[] = {
	REFUSE("ip", 1006, "not has(ip)"),
	SET("ip", "ip", "ip", NULL),
	SET("ip", "ip", "trim(obj.ip)", NULL),
	{ 0 },
};

static const struct task system_console_put_steps[] = {
	SET("disableconsolemenu", "disableconsolemenu", "''", "disableconsolemenu is true"),
	UNSET("disableconsolemenu", "disableconsolemenu", "disableconsolemenu is false"),
	{ 0 },
};

static const struct write system_console_put_writes[] = {
	{ WRITE_SET, "system", NULL, NULL },
	{ 0 },
};

static const struct task system_dns_put_steps[] = {
	NORMAL("dnsserver", "as_list(dnsserver)", "has(dnsserver)"),
	REFUSE("dnsserver", 1007, "not ipv4(dnsserver[]) and not ipv6(dnsserver[])"),
	{ 0 },
};

static const struct task system_dns_server_post_steps[] = {
	SET(NULL, "dnsserver", "as_list(cfg(system/dnsserver))", NULL),
	REFUSE("dnsserver", 1007, "not ipv4(dnsserver[]) and not ipv6(dnsserver[])"),
	SET("dnsserver", "dnsserver[]", "dnsserver[]", "has(dnsserver)"),
	{ 0 },
};

static const struct write system_dns_server_post_writes[] = {
	{ WRITE_SET, "system/dnsserver", "obj.dnsserver", NULL },
	{ 0 },
};

static const struct task system_dns_server_delete_steps[] = {
	SET(NULL, "dnsserver", "as_list(cfg(system/dnsserver))", NULL),
	SET("dnsserver", "dnsserver", "minus(obj.dnsserver, as_list(dnsserver))", "has(dnsserver)"),
	{ 0 },
};

static const struct write system_dns_server_delete_writes[] = {
	{ WRITE_SET, "system/dnsserver", "obj.dnsserver", NULL },
	{ 0 },
};

static const struct task system_hostname_put_steps[] = {
	REFUSE("hostname", 1000, "(not hostname(hostname) or not bare_hostname(hostname))"),
	REFUSE("domain", 1001, "not domain(domain)"),
	{ 0 },
};

static const struct task system_notifications_email_put_steps[] = {
	SET("disabled", "disabled", "''", "disabled is true"),
	UNSET("disabled", "disabled", "disabled is false"),
	REFUSE("ipaddress", 1062, "not ip(ipaddress) and not hostname(ipaddress)"),
	REFUSE("ipaddress", 1061, "not has(ipaddress)"),
	SET("ipaddress", "ipaddress", "ipaddress", NULL),
	REFUSE("port", 1064, "not port(str(port))"),
	REFUSE("port", 1063, "not has(port)"),
	SET("port", "port", "port", NULL),
	REFUSE("timeout", 1065, "(not numeric(timeout) or int(timeout) <= 0)"),
	SET("timeout", "timeout", "int(timeout)", "has(timeout)"),
	ELSE("timeout", "timeout", "20"),
	SET("ssl", "ssl", "''", "ssl is true"),
	UNSET("ssl", "ssl", "ssl is false"),
	SET("sslvalidate", "sslvalidate", "'enabled'", "sslvalidate is true"),
	SET("sslvalidate", "sslvalidate", "'disabled'", "sslvalidate is false"),
	REFUSE("fromaddress", 1067, "not email(fromaddress)"),
	REFUSE("fromaddress", 1066, "not has(fromaddress)"),
	SET("fromaddress", "fromaddress", "fromaddress", NULL),
	REFUSE("notifyemailaddress", 1069, "not email(notifyemailaddress)"),
	REFUSE("notifyemailaddress", 1068, "not has(notifyemailaddress)"),
	SET("notifyemailaddress", "notifyemailaddress", "notifyemailaddress", NULL),
	REFUSE("authentication_mechanism", 1071, "upper(authentication_mechanism) not in ['PLAIN', 'LOGIN']"),
	REFUSE("authentication_mechanism", 1070, "not has(authentication_mechanism)"),
	SET("authentication_mechanism", "authentication_mechanism",
	      "upper(authentication_mechanism)", NULL),
	UNSET("authentication_mechanism", "username", "obj.authentication_mechanism = 'PLAIN'"),
	UNSET("authentication_mechanism", "password", "obj.authentication_mechanism = 'PLAIN'"),
	SET("username", "username", "str(username)",
	      "obj.authentication_mechanism = 'LOGIN' and has(username)"),
	SET("password", "password", "str(password)",
	      "obj.authentication_mechanism = 'LOGIN' and has(password)"),
	{ 0 },
};

static const struct write system_notifications_email_put_writes[] = {
	{ WRITE_SET, "notifications/smtp", NULL, NULL },
	{ 0 },
};

static const struct task system_package_post_steps[] = {
	REFUSE("name", 1073, "not has(name)"),
	SET("name", "name", "name", NULL),
	{ 0 },
};

static const struct task system_package_delete_steps[] = {
	REFUSE("name", 1074, "not begins('pfSense-pkg', name)"),
	REFUSE("name", 1073, "not has(name)"),
	SET("name", "name", "name", NULL),
	{ 0 },
};

static const struct task system_table_get_steps[] = {
	REFUSE("name", 1083, "name not in pf_tables()"),
	TAKE("name", "name"),
	{ 0 },
};

static const struct task system_tunable_post_steps[] = {
	SET("tunable", "tunable", "tunable", NULL),
	REFUSE("tunable", 1012, "not blank(tunable) and is_str(tunable) and any item of cfg(sysctl/item) and "
	      "item.tunable = tunable"),
	REFUSE("tunable", 1011, "not blank(tunable) and not is_str(tunable)"),
	REFUSE("tunable", 1010, "blank(tunable)"),
	REFUSE("value", 1014, "value matches /[^a-zA-Z0-9.\\-_%\\/]/"),
	REFUSE("value", 1013, "not has(value)"),
	SET("value", "value", "value", NULL),
	REFUSE("descr", 1015, "not is_str(descr)"),
	TAKE("descr", "descr"),
	{ 0 },
};

static const struct write system_tunable_post_writes[] = {
	{ WRITE_SET, "sysctl/item/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task system_tunable_put_steps[] = {
	SELECT("id", "found",
	      "not blank(id) and any entry of cfg(sysctl/item) and entry.tunable = id"),
	REFUSE("id", 1017, "not blank(id) and selected not found"),
	REFUSE("id", 1016, "blank(id)"),
	REFUSE("tunable", 1012, "not blank(tunable) and is_str(tunable) and tunable != obj.tunable and any item of "
	      "cfg(sysctl/item) and item.tunable = tunable"),
	REFUSE("tunable", 1011, "not blank(tunable) and not is_str(tunable)"),
	SET("tunable", "tunable", "tunable", "not blank(tunable)"),
	REFUSE("value", 1014, "value matches /[^a-zA-Z0-9.\\-_%\\/]/"),
	TAKE("value", "value"),
	REFUSE("descr", 1015, "not is_str(descr)"),
	TAKE("descr", "descr"),
	{ 0 },
};

static const struct write system_tunable_put_writes[] = {
	{ WRITE_SET, "sysctl/item/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task system_tunable_delete_steps[] = {
	SELECT("id", "found",
	      "not blank(id) and any entry of cfg(sysctl/item) and entry.tunable = id"),
	REFUSE("id", 1017, "not blank(id) and selected not found"),
	REFUSE("id", 1016, "blank(id)"),
	{ 0 },
};

static const struct write system_tunable_delete_writes[] = {
	{ WRITE_DELETE, "sysctl/item/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task system_version_upgrade_get_steps[] = {
	SET("use_cache", "use_cache", "false", "use_cache is false"),
	SET("use_cache", "use_cache", "true", "use_cache is not false"),
	{ 0 },
};

const struct operation operations_system[] = {
	{ "system/arp", METHOD_GET, "page-all page-diagnostics-arptable", .flags = ON_BOX,
	  .act = act_arp },
	{ "system/arp", METHOD_DELETE, "page-all page-diagnostics-arptable", .flags = ON_BOX,
	  .steps = system_arp_delete_steps, .act = act_arp_delete },
	{ "system/config", METHOD_GET, "page-all page-diagnostics-backup-restore page-diagnostics-command",
	  .act = act_config },
	{ "system/config", METHOD_PUT, "page-all page-diagnostics-backup-restore", .flags = SAVES,
	  .act = act_request_body, .prepare = config_replace },
	{ "system/console", METHOD_PUT, "page-all page-system-advanced-admin", .flags = SAVES,
	  .steps = system_console_put_steps, .writes = system_console_put_writes,
	  .returns = RETURNS_OBJECT, .act = act_console },
	{ "system/dns", METHOD_GET, "page-all page-system-generalsetup", .returns = RETURNS_OBJECT,
	  .act = act_dns },
	{ "system/dns", METHOD_PUT, "page-all page-system-generalsetup", .flags = SAVES,
	  .steps = system_dns_put_steps,
	  .parts = PART_IDENTITY | PART_RESOLVER | PART_FILTER | PART_ALIASES, .apply = APPLY_ALWAYS,
	  .act = act_dns, .prepare = dns_put },
	{ "system/dns/server", METHOD_POST, "page-all page-system-generalsetup", .flags = SAVES,
	  .steps = system_dns_server_post_steps, .writes = system_dns_server_post_writes,
	  .parts = PART_IDENTITY | PART_RESOLVER | PART_FILTER | PART_ALIASES, .apply = APPLY_ALWAYS,
	  .returns = RETURNS_OBJECT },
	{ "system/dns/server", METHOD_DELETE, "page-all page-system-generalsetup", .flags = SAVES,
	  .steps = system_dns_server_delete_steps, .writes = system_dns_server_delete_writes,
	  .parts = PART_IDENTITY | PART_RESOLVER | PART_FILTER | PART_ALIASES, .apply = APPLY_ALWAYS,
	  .returns = RETURNS_OBJECT },
	{ "system/halt", METHOD_POST, "page-all page-diagnostics-haltsystem", .flags = ON_BOX,
	  .act = act_halt },
	{ "system/hostname", METHOD_GET, "page-all page-system-generalsetup",
	  .returns = RETURNS_OBJECT, .act = act_hostname },
	{ "system/hostname", METHOD_PUT, "page-all page-system-generalsetup", .flags = SAVES,
	  .steps = system_hostname_put_steps,
	  .parts = PART_IDENTITY | PART_RESOLVER | PART_FILTER | PART_ALIASES, .apply = APPLY_ALWAYS,
	  .returns = RETURNS_OBJECT, .act = act_hostname, .prepare = hostname_put },
	{ "system/notifications/email", METHOD_GET, "page-all page-system-advanced-notifications",
	  .returns = RETURNS_STORED, .path = "notifications/smtp" },
	{ "system/notifications/email", METHOD_PUT, "page-all page-system-advanced-notifications",
	  .flags = SAVES, .steps = system_notifications_email_put_steps,
	  .writes = system_notifications_email_put_writes, .returns = RETURNS_OBJECT },
	{ "system/package", METHOD_GET, "page-all page-system-packagemanager-installed",
	  .flags = ON_BOX, .excludes = "all", .act = act_packages },
	{ "system/package", METHOD_POST, "page-all page-system-packagemanager-installpackage",
	  .flags = ON_BOX | TAKES_LONG, .steps = system_package_post_steps, .act = act_package_install },
	{ "system/package", METHOD_DELETE, "page-all page-system-packagemanager-installed",
	  .flags = ON_BOX | TAKES_LONG, .steps = system_package_delete_steps, .act = act_package_remove },
	{ "system/reboot", METHOD_POST, "page-all page-diagnostics-rebootsystem", .flags = ON_BOX,
	  .act = act_reboot },
	{ "system/table", METHOD_GET, "page-all page-diagnostics-tables", .flags = ON_BOX,
	  .steps = system_table_get_steps, .act = act_tables },
	{ "system/tunable", METHOD_GET, "page-all page-system-advanced-sysctl", .act = act_tunables },
	{ "system/tunable", METHOD_POST, "page-all page-system-advanced-sysctl", .flags = SAVES,
	  .steps = system_tunable_post_steps, .writes = system_tunable_post_writes,
	  .marks = "sysctl", .parts = PART_TUNABLES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "system/tunable", METHOD_PUT, "page-all page-system-advanced-sysctl", .flags = SAVES,
	  .steps = system_tunable_put_steps, .writes = system_tunable_put_writes, .marks = "sysctl",
	  .parts = PART_TUNABLES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "system/tunable", METHOD_DELETE, "page-all page-system-advanced-sysctl", .flags = SAVES,
	  .steps = system_tunable_delete_steps, .writes = system_tunable_delete_writes,
	  .marks = "sysctl", .parts = PART_TUNABLES, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "system/version", METHOD_GET, "page-all page-dashboard-widgets page-diagnostics-command "
	  "page-system-update-settings", .act = act_version },
	{ "system/version/upgrade", METHOD_GET, "page-all page-dashboard-widgets page-diagnostics-command "
	  "page-system-update-settings", .steps = system_version_upgrade_get_steps,
	  .excludes = "use_cache", .act = act_upgrade },
	{ NULL },
};
/* clang-format on */
