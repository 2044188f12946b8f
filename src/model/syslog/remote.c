/*
 * Who else gets the logs, as pfSense has it: up to three servers and what they are sent. Its API serves it as status/log/settings;
 * OPNsense's destinations are records of their own (syslog.destination).
 */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enable", &type_boolean },
	{ "server1", &type_text, .help = "Name or address, and a port behind a colon. Empty: none." },
	{ "server2", &type_text },
	{ "server3", &type_text },
	{ "format", &type_option, .choices = CHOICES({ "rfc3164" }, { "rfc5424" }) },
	{ "source", &type_text, .help = "The interface whose address they are sent from. Empty: any." },
	{ "ipprotocol", &type_option, .choices = CHOICES({ "ipv4" }, { "ipv6" }) },
	{ "logall", &type_boolean },
	{ "filter", &type_boolean },
	{ "dhcp", &type_boolean },
	{ "auth", &type_boolean },
	{ "portalauth", &type_boolean },
	{ "vpn", &type_boolean },
	{ "dpinger", &type_boolean },
	{ "hostapd", &type_boolean },
	{ "system", &type_boolean },
	{ "resolver", &type_boolean },
	{ "ppp", &type_boolean },
	{ "routing", &type_boolean },
	{ "ntpd", &type_boolean },
};
/* clang-format on */

const struct resource syslog_remote_resource = {
	.name = "syslog.remote",
	.summary = "Servers that get the logs",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.touches = PART_LOGGING,
};
