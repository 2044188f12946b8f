/*
 * A DHCP server for IPv4 on one interface, in that interface's network. The uuid is the interface's name. The other dialect knows
 * subnets instead (kea.subnet4), with no interface; one daemon serves both.
 */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean },
	{ "pools", &type_kea_pools, .help = "First and last address, one pool a line." },
	{ "lease_time", &type_text, .help = "Seconds; 7200 when empty." },
	{ "max_lease_time", &type_text, .help = "Seconds; 86400 when empty." },
	{ "router", &type_text, .help = "Empty: the interface's address; \"none\": none." },
	{ "name_servers", &type_text, .help = "Comma separated; empty: the interface's address." },
	{ "domain", &type_text, .help = "Empty: the box's." },
	{ "search", &type_text, .help = "Domains, comma separated." },
	{ "known_only", &type_boolean, .help = "Pools are for clients with a mapping only." },
	{ "allow", &type_text, .help = "Beginnings of hardware addresses that pools are for, comma separated." },
	{ "deny", &type_text, .help = "Beginnings of hardware addresses that get none of the pools." },
	{ "options", &type_text, .help = "CODE:HEX, one a line." },
	{ "static_arp", &type_boolean },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource dhcp_server_resource = {
	.name = "dhcp.server",
	.summary = "DHCP server of an interface",
	.shape = COLLECTION,
	.flags = KEYED,
	.fields = fields,
	.nfields = COUNT(fields),
	.touches = PART_DHCP,
};
