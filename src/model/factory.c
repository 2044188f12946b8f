/* The factory configuration, as the contract of the OPNsense API has it. */
#include "model/factory.h"

#include "schema/schema.h"

#define VALUES(...) (const char *const[]){ __VA_ARGS__, NULL }

/* clang-format off */
const struct factory_record factory_records[] = {
	{ "auth.group", "00000000-0000-4000-8000-000000001999", VALUES("gid", "1999", "name", "admins",
		"scope", "system", "description", "System Administrators", "priv", "page-all", "member", "0") },
	{ "interfaces.interface", "wan", VALUES("identifier", "wan", "descr", "WAN", "if", "em1", "enable", "1",
		"type4", "dhcp", "type6", "dhcp6", "blockpriv", "1", "blockbogons", "1", "dhcp6-ia-pd-len", "64") },
	{ "interfaces.interface", "lan", VALUES("identifier", "lan", "descr", "LAN", "if", "em0", "enable", "1",
		"type4", "staticv4", "ipaddr", "192.168.1.1/24", "type6", "idassoc6", "track6-interface", "wan",
		"track6-prefix-id", "0x0") },
	{ "firewall.rule", NULL, VALUES("sequence", "1", "interface", "lan", "source_net", "lan",
		"description", "Default allow LAN to any rule") },
	{ "firewall.rule", NULL, VALUES("sequence", "11", "interface", "lan", "ipprotocol", "inet6",
		"source_net", "lan", "description", "Default allow LAN IPv6 to any rule") },
	{ "unbound.settings", NULL, VALUES("general.enabled", "1") },
	{ "dnsmasq.settings", NULL, VALUES("enable", "1", "interface", "lan", "port", "53053",
		"dhcp.enable_ra", "1") },
	{ "dnsmasq.range", NULL, VALUES("interface", "lan", "start_addr", "192.168.1.100",
		"end_addr", "192.168.1.199") },
	{ "dnsmasq.range", NULL, VALUES("interface", "lan", "start_addr", "::1000", "end_addr", "::2000",
		"constructor", "lan", "ra_mode", "slaac") },
	{ "monit.test", "00000000-0000-4000-8000-000000003000", VALUES("name", "Ping", "type", "NetworkPing",
		"condition", "failed ping", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003001", VALUES("name", "NetworkLink",
		"type", "NetworkInterface", "condition", "failed link", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003002", VALUES("name", "NetworkSaturation",
		"type", "NetworkInterface", "condition", "saturation is greater than 75%", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003003", VALUES("name", "MemoryUsage",
		"type", "SystemResource", "condition", "memory usage is greater than 75%", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003004", VALUES("name", "CPUUsage",
		"type", "SystemResource", "condition", "cpu usage is greater than 75%", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003005", VALUES("name", "LoadAvg1",
		"type", "SystemResource", "condition", "loadavg (1min) is greater than CPUs * 2", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003006", VALUES("name", "LoadAvg5",
		"type", "SystemResource", "condition", "loadavg (5min) is greater than CPUs * 1.5", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003007", VALUES("name", "LoadAvg15",
		"type", "SystemResource", "condition", "loadavg (15min) is greater than CPUs", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003008", VALUES("name", "SpaceUsage", "type", "SpaceUsage",
		"condition", "space usage is greater than 75%", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003009", VALUES("name", "ChangedStatus",
		"type", "ProgramStatus", "condition", "changed status", "action", "alert") },
	{ "monit.test", "00000000-0000-4000-8000-000000003010", VALUES("name", "NonZeroStatus",
		"type", "ProgramStatus", "condition", "status != 0", "action", "alert") },
	{ "monit.service", NULL, VALUES("enabled", "1", "name", "$HOST", "type", "system",
		"tests", "00000000-0000-4000-8000-000000003003,00000000-0000-4000-8000-000000003004,00000000-0000-4000-8000-000000003005,00000000-0000-4000-8000-000000003006") },
	{ "monit.service", NULL, VALUES("enabled", "1", "name", "RootFs", "type", "filesystem", "path", "/",
		"tests", "00000000-0000-4000-8000-000000003008") },
	{ "monit.alert", NULL, VALUES(NULL) },
};
/* clang-format on */
const size_t factory_records_count = COUNT(factory_records);
