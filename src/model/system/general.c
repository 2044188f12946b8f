/*
 * What the box is called and whom it asks: settings that upstream keeps outside its models. The
 * pfSense dialect serves them as system/hostname and system/dns.
 */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "hostname", &type_hostname, .flags = REQUIRED, .settings = NO_ADDRESS, .preset = "OPNsense",
	  .help = "One label, without the domain." },
	{ "domain", &type_hostname, .flags = REQUIRED, .settings = NO_ADDRESS, .preset = "internal" },
	{ "dns_servers", &type_network, .flags = MANY | AS_LIST, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "dns_allow_override", &type_boolean, .preset = "1",
	  .help = "Name servers that DHCP gives are asked too." },
	{ "dns_local", &type_option, .choices = CHOICES({ "local", "Ask the local resolver first" },
		{ "remote", "Never ask the local resolver" }) },
	{ "timezone", &type_text, .flags = REQUIRED, .preset = "Etc/UTC" },
	{ "language", &type_text, .preset = "en_US" },
	{ "timeservers", &type_text, .preset = "0.debian.pool.ntp.org 1.debian.pool.ntp.org 2.debian.pool.ntp.org",
	  .help = "Blank separated." },
	{ "optimization", &type_option, .preset = "normal", .choices = CHOICES({ "normal", "Normal" },
		{ "high-latency", "High latency" }, { "aggressive", "Aggressive" }, { "conservative", "Conservative" }) },
	{ "no_anti_lockout", &type_boolean },
	{ "block_ipv6", &type_boolean },
	{ "log_default_block", &type_boolean, .preset = "1" },
	{ "log_default_pass", &type_boolean },
	{ "log_private", &type_boolean, .preset = "1" },
	{ "log_bogons", &type_boolean, .preset = "1" },
	{ "guard_threshold", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 100000,
	  .help = "Score at which an address is blocked; a failed login counts 10. Empty: 30." },
	{ "guard_blocktime", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 86400,
	  .help = "Seconds of the first block. Empty: 120." },
	{ "guard_memory", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 604800,
	  .help = "Seconds until a score is forgotten. Empty: 1800." },
	{ "guard_exempt", &type_text, .help = "Blank separated addresses and networks." },
	{ "alias_interval", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 86400,
	  .help = "Seconds between two looks at the names of hosts in aliases. Empty: 300." },
	{ "picture", &type_text, .help = "For the dashboard, in base64." },
};
/* clang-format on */

const struct resource system_general_resource = {
	.name = "system.general",
	.summary = "Name, domain, name servers and time of the box",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.touches = PART_IDENTITY | PART_FILTER | PART_TIME,
};
