/* Destination records of the Syslog.Syslog model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "transport", &type_option, .flags = REQUIRED,
	  .choices = CHOICES({ "udp4", "UDP(4)" }, { "tcp4", "TCP(4)" }, { "udp6", "UDP(6)" }, { "tcp6", "TCP(6)" },
		{ "tls4", "TLS(4)" }, { "tls6", "TLS(6)" }) },
	{ "program", &type_key_value, .flags = MANY | SORT_BY_LABEL, .source = "syslog list applications" },
	{ "level", &type_option, .flags = MANY,
	  .choices = CHOICES({ "debug" }, { "info" }, { "notice" }, { "warn" }, { "err", "error" },
		{ "crit", "critical" }, { "alert" }, { "emerg", "emergency" }) },
	{ "facility", &type_option, .flags = MANY,
	  .choices = CHOICES({ "kern", "kernel messages" }, { "user", "user-level messages" },
		{ "mail", "mail system" }, { "daemon", "system daemons" }, { "auth", "security/authorization messages" },
		{ "syslog", "messages generated internally by syslogd" }, { "lpr", "line printer subsystem" },
		{ "news", "network news subsystem" }, { "uucp", "UUCP subsystem" }, { "cron", "clock daemon" },
		{ "authpriv", "security/authorization messages" }, { "ftp", "FTP daemon" }, { "ntp", "NTP subsystem" },
		{ "security", "log audit" }, { "console", "log alert" }, { "local0", "locally used (0)" },
		{ "local1", "locally used (1)" }, { "local2", "locally used (2)" }, { "local3", "locally used (3)" },
		{ "local4", "locally used (4)" }, { "local5", "locally used (5)" }, { "local6", "locally used (6)" },
		{ "local7", "locally used (7)" }) },
	{ "hostname", &type_hostname, .flags = REQUIRED },
	{ "certificate", &type_certificate },
	{ "port", &type_port, .flags = REQUIRED, .preset = "514" },
	{ "rfc5424", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource syslog_destination_resource = {
	.name = "syslog.destination",
	.summary = "Destination records of the Syslog.Syslog model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "hostname",
	.model = "Syslog.Syslog",
	.path = "destinations.destination",
	.touches = PART_LOGGING,
	.faces = { [OPNSENSE] = FACES(
		{ "syslog/settings", "_destination", "destination", CRUD | VERB_TOGGLE, .sort = "description", .search_suffix = "_destinations" }) },
};
