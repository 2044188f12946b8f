/* What goes through a tunnel of the older kind. Fields are called as in config.xml. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "ikeid", &type_integer, .flags = REQUIRED, .help = "Of the tunnel." },
	{ "uniqid", &type_text },
	{ "reqid", &type_integer },
	{ "disabled", &type_boolean },
	{ "mode", &type_text, .preset = "tunnel" },
	{ "protocol", &type_text, .preset = "esp" },
	{ "localid.type", &type_text, .help = "address, network, or an interface." },
	{ "localid.address", &type_text },
	{ "localid.netbits", &type_integer },
	{ "remoteid.type", &type_text },
	{ "remoteid.address", &type_text },
	{ "remoteid.netbits", &type_integer },
	{ "encryption-algorithm-option", &type_text, .flags = MANY },
	{ "hash-algorithm-option", &type_text, .flags = MANY },
	{ "pfsgroup", &type_text },
	{ "lifetime", &type_integer },
	{ "pinghost", &type_text },
	{ "descr", &type_text },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource ipsec_phase2_resource = {
	.name = "ipsec.phase2",
	.summary = "Networks behind an IPsec tunnel of the older kind",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "IPsec.Phase2",
	.path = "phase2",
	.mount = "/ipsec/phase2+",
	.version = "1.0.0",
	.touches = PART_VPN_IPSEC,
};
