/* Destination records of the Syslog.Syslog model. */
#include "model/checks.h"
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

static void
check(const struct record *destination, const struct view *view, struct faults *faults)
{
	const enum family family = literal_family(record_get(destination, "hostname"));
	const char       *other = family == FAMILY_INET ? "udp6,tcp6,tls6" : "udp4,tcp4,tls4";

	(void)view;
	if (family != FAMILY_NONE && is_one_of(destination, "transport", other)) {
		faults_add(faults, "hostname", FAULT_CONFLICT, "The transport does not reach this address.");
		faults_add(faults, "transport", FAULT_CONFLICT, "The address cannot be reached by this transport.");
	}
	if (is_one_of(destination, "transport", "tls4,tls6") && !is_set(destination, "certificate")) {
		faults_add(faults, "certificate", FAULT_REQUIRED, "TLS needs a certificate.");
		faults_add(faults, "transport", FAULT_CONFLICT, "TLS needs a certificate.");
	}
}

const struct resource syslog_destination_resource = {
	.name = "syslog.destination",
	.summary = "Destination records of the Syslog.Syslog model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "hostname",
	.model = "Syslog.Syslog",
	.path = "destinations.destination",
	.check = check,
	.touches = PART_LOGGING,
	.faces = { [OPNSENSE] = FACES(
		{ "syslog/settings", "_destination", "destination", CRUD | VERB_TOGGLE, .sort = "description", .search_suffix = "_destinations" }) },
};
