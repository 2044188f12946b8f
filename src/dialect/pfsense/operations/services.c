/*
 * The operations of services and 21 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
static const struct task services_get_steps[] = {
	TAKE("name", "name"),
	{ 0 },
};

static const struct task services_ntpd_put_steps[] = {
	REFUSE("interface", 2049, "(ifid(interface[]) ? ifid(interface[]) : interface[]) not in "
	      "keys(ntp_listen_options())"),
	SET("interface", "interface", "join(',', ifids(as_list(interface)))", "has(interface)"),
	NORMAL("timeservers", "[{'timeserver': 'pool.ntp.org', 'ispool': true}]",
	      "is_list(timeservers) and len(timeservers) = 0"),
	REFUSE("timeservers", 2052, "(not is_list(timeservers) or len(timeservers) > 10)"),
	EACH("timeservers", NULL),
	REFUSE("timeservers[].timeserver", 2051, "is_list(timeservers) and len(timeservers) <= 10 and not "
	      "ip(timeservers[].timeserver) and not hostname(timeservers[].timeserver)"),
	REFUSE("timeservers[].timeserver", 2050, "is_list(timeservers) and len(timeservers) <= 10 and not "
	      "has(timeservers[].timeserver)"),
	END("timeservers"),
	REFUSE("orphan", 2048, "(orphan < 1 or orphan > 15)"),
	TAKE("orphan", "orphan"),
	SET("logsys", "logsys", "'yes'", "logsys is true"),
	UNSET("logsys", "logsys", "logsys is false"),
	SET("logpeer", "logpeer", "'yes'", "logpeer is true"),
	UNSET("logpeer", "logpeer", "logpeer is false"),
	SET("clockstats", "clockstats", "'yes'", "clockstats is true"),
	UNSET("clockstats", "clockstats", "clockstats is false"),
	SET("loopstats", "loopstats", "'yes'", "loopstats is true"),
	UNSET("loopstats", "loopstats", "loopstats is false"),
	SET("peerstats", "peerstats", "'yes'", "peerstats is true"),
	UNSET("peerstats", "peerstats", "peerstats is false"),
	SET("statsgraph", "statsgraph", "'yes'", "statsgraph is true"),
	UNSET("statsgraph", "statsgraph", "statsgraph is false"),
	SET("leapsec", "leapsec", "b64(str(leapsec))", "has(leapsec)"),
	CALL(ntp_set_servers),
	{ 0 },
};

static const struct write services_ntpd_put_writes[] = {
	{ WRITE_SET, "ntpd", NULL, NULL },
	{ 0 },
};

static const struct task services_ntpd_time_server_post_steps[] = {
	REFUSE(NULL, 2052, "len(drop_empty(split(' ', cfg(system/timeservers)))) >= 10"),
	REFUSE("timeserver", 2051, "not ip(timeserver) and not hostname(timeserver)"),
	REFUSE("timeserver", 2050, "not has(timeserver)"),
	CALL(ntp_add_server),
	{ 0 },
};

static const struct write services_ntpd_time_server_post_writes[] = {
	{ WRITE_SET, "ntpd", NULL, NULL },
	{ 0 },
};

static const struct task services_ntpd_time_server_delete_steps[] = {
	REFUSE("timeserver", 2053, "timeserver not in split(' ', cfg(system/timeservers))"),
	CALL(ntp_drop_server),
	{ 0 },
};

static const struct write services_ntpd_time_server_delete_writes[] = {
	{ WRITE_SET, "ntpd", NULL, NULL },
	{ 0 },
};

static const struct task services_restart_post_steps[] = {
	REFUSE("service", 2158, "not service_known(service)"),
	{ 0 },
};

static const struct task services_service_watchdog_put_steps[] = {
	REFUSE("services", 2259, "is_list(services) and not has(services[].name)"),
	REFUSE("services", 2260, "is_list(services) and not service_known(services[].name)"),
	REFUSE("services", 2261, "is_list(services) and watched_twice(services)"),
	CALL(watchdog_fill),
	{ 0 },
};

static const struct write services_service_watchdog_put_writes[] = {
	{ WRITE_SET, "installedpackages/servicewatchdog/item", "obj.item", "has(obj.item)" },
	{ 0 },
};

static const struct task services_sshd_put_steps[] = {
	REFUSE("enable", 2000, "has(enable) and enable is not true and enable is not false"),
	SET("enable", "enable", "'enabled'", "enable is true"),
	UNSET("enable", "enable", "enable is not true"),
	REFUSE("port", 2003, "not port(str(port))"),
	SET("port", "port", "int(port)", "has(port)"),
	ONE_OF("sshdkeyonly", 2001, "['disabled', 'enabled', 'both']"),
	UNSET("sshdkeyonly", "sshdkeyonly", "sshdkeyonly = 'disabled'"),
	SET("sshdkeyonly", "sshdkeyonly", "sshdkeyonly", "sshdkeyonly != 'disabled'"),
	REFUSE("sshdagentforwarding", 2002, "has(sshdagentforwarding) and sshdagentforwarding is not true and "
	      "sshdagentforwarding is not false"),
	SET("sshdagentforwarding", "sshdagentforwarding", "'enabled'",
	      "sshdagentforwarding is true"),
	UNSET("sshdagentforwarding", "sshdagentforwarding", "sshdagentforwarding is not true"),
	SET(NULL, "port", "22", "not has(obj.port)"),
	{ 0 },
};

static const struct write services_sshd_put_writes[] = {
	{ WRITE_SET, "system/ssh", NULL, NULL },
	{ 0 },
};

static const struct task services_wol_send_post_steps[] = {
	REFUSE("interface", 2100, "not ip(if_ipv4(ifid(interface)))"),
	REFUSE("interface", 2099, "not has(interface)"),
	SET("interface", "interface", "ifid(interface)", NULL),
	SET("interface", "interface_ip", "if_ipv4(ifid(interface))", NULL),
	REFUSE("mac", 2102, "not mac(mac)"),
	REFUSE("mac", 2101, "not has(mac)"),
	SET("mac", "mac", "mac", NULL),
	SET("interface", "broadcast_ip", "bcast_of(ifid(interface))", NULL),
	{ 0 },
};

const struct operation operations_services[] = {
	{ "services", METHOD_GET, "page-all page-status-services", .flags = ON_BOX,
	  .steps = services_get_steps, .act = act_services },
	{ "services/ddns", METHOD_GET, "page-all page-services-dynamicdnsclients", .act = act_ddns },
	{ "services/dpinger/restart", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_restart },
	{ "services/dpinger/start", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_start },
	{ "services/dpinger/stop", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_stop },
	{ "services/ntpd", METHOD_GET, "page-all page-services-ntpd", .act = act_ntpd },
	{ "services/ntpd", METHOD_PUT, "page-all page-services-ntpd", .flags = SAVES,
	  .steps = services_ntpd_put_steps, .writes = services_ntpd_put_writes, .parts = PART_TIME,
	  .apply = APPLY_ALWAYS, .act = act_ntpd },
	{ "services/ntpd/restart", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_restart },
	{ "services/ntpd/start", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_start },
	{ "services/ntpd/stop", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_stop },
	{ "services/ntpd/time_server", METHOD_POST, "page-all page-services-ntpd", .flags = SAVES,
	  .steps = services_ntpd_time_server_post_steps,
	  .writes = services_ntpd_time_server_post_writes, .parts = PART_TIME, .apply = APPLY_ALWAYS,
	  .act = act_ntpd },
	{ "services/ntpd/time_server", METHOD_DELETE, "page-all page-services-ntpd", .flags = SAVES,
	  .steps = services_ntpd_time_server_delete_steps,
	  .writes = services_ntpd_time_server_delete_writes, .parts = PART_TIME,
	  .apply = APPLY_ALWAYS, .act = act_ntpd },
	{ "services/restart", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .steps = services_restart_post_steps, .act = act_services_restart },
	{ "services/service_watchdog", METHOD_GET, "page-all api-services-servicewatchdog",
	  .act = act_watchdog },
	{ "services/service_watchdog", METHOD_PUT, "page-all api-services-servicewatchdog",
	  .flags = SAVES, .steps = services_service_watchdog_put_steps,
	  .writes = services_service_watchdog_put_writes, .act = act_watchdog },
	{ "services/sshd", METHOD_GET, "page-all page-system-advanced-admin",
	  .returns = RETURNS_STORED, .path = "system/ssh" },
	{ "services/sshd", METHOD_PUT, "page-all page-system-advanced-admin", .flags = SAVES,
	  .steps = services_sshd_put_steps, .writes = services_sshd_put_writes, .parts = PART_ACCESS | PART_FILTER | PART_ALIASES,
	  .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/sshd/restart", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_restart },
	{ "services/sshd/start", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_start },
	{ "services/sshd/stop", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_stop },
	{ "services/start", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_services_start },
	{ "services/stop", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_services_stop },
	{ "services/syslogd/restart", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_restart },
	{ "services/syslogd/start", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_start },
	{ "services/syslogd/stop", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_stop },
	{ "services/wol/send", METHOD_POST, "page-all page-services-wakeonlan", .flags = ON_BOX,
	  .steps = services_wol_send_post_steps, .act = act_wake },
	{ NULL },
};
/* clang-format on */
