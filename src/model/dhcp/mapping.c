/* A client of a dhcp.server that always gets the same address. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "server", &type_text, .help = "The interface's name." },
	{ "mac", &type_text },
	{ "client_id", &type_text, .help = "Text; used when there is no hardware address." },
	{ "address", &type_text },
	{ "hostname", &type_text },
	{ "router", &type_text },
	{ "name_servers", &type_text, .help = "Comma separated." },
	{ "domain", &type_text },
	{ "search", &type_text, .help = "Domains, comma separated." },
	{ "static_arp", &type_boolean },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource dhcp_mapping_resource = {
	.name = "dhcp.mapping",
	.summary = "Client with an address of its own",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "server",
	.touches = PART_DHCP | PART_INTERFACES,
};
