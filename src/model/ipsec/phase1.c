/*
 * Tunnels of the older kind, as config.xml has them: pfSense's, and those that OPNsense still shows beside its
 * connections. Fields are called as they are there.
 */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "ikeid", &type_integer, .flags = REQUIRED },
	{ "disabled", &type_boolean },
	{ "iketype", &type_text, .help = "ikev1, ikev2, or both: ike, auto." },
	{ "interface", &type_text },
	{ "protocol", &type_text, .preset = "inet" },
	{ "mode", &type_text, .help = "main or aggressive." },
	{ "mobile", &type_boolean },
	{ "remote-gateway", &type_text },
	{ "authentication_method", &type_text },
	{ "myid_type", &type_text },
	{ "myid_data", &type_text },
	{ "peerid_type", &type_text },
	{ "peerid_data", &type_text },
	{ "pre-shared-key", &type_text, .flags = SECRET },
	{ "certref", &type_certificate },
	{ "caref", &type_certificate, .source = "ca" },
	{ "encryption-algorithm.name", &type_text },
	{ "encryption-algorithm.keylen", &type_text },
	{ "hash-algorithm", &type_text, .flags = MANY },
	{ "dhgroup", &type_text, .flags = MANY },
	{ "proposals", &type_text, .flags = HIDDEN,
	  .help = "In place of the four before: lines of cipher, hash, group and pseudo-random function, divided by \"|\"." },
	{ "lifetime", &type_integer },
	{ "nat_traversal", &type_text },
	{ "mobike", &type_text },
	{ "dpd_delay", &type_integer },
	{ "dpd_maxfail", &type_integer },
	{ "descr", &type_text },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

const struct resource ipsec_phase1_resource = {
	.name = "ipsec.phase1",
	.summary = "IPsec tunnel of the older kind",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "IPsec.Phase1",
	.path = "phase1",
	.mount = "/ipsec/phase1+",
	.version = "1.0.0",
	.touches = PART_VPN_IPSEC,
};
