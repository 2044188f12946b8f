/* Lagg records of the Interfaces.Lagg model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "laggif", &type_text, .flags = REQUIRED, .mask = "^lagg(\\d)*$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "members", &type_lagg_interface, .flags = REQUIRED | MANY },
	{ "primary_member", &type_lagg_interface },
	{ "proto", &type_option, .flags = REQUIRED, .preset = "lacp",
	  .choices = CHOICES({ "none" }, { "lacp" }, { "failover" }, { "fec" }, { "loadbalance" }, { "roundrobin" }) },
	{ "lacp_fast_timeout", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "use_flowid", &type_option, .choices = CHOICES({ "", "Default" }, { "1", "Yes" }, { "0", "No" }) },
	{ "lagghash", &type_option, .flags = MANY,
	  .choices = CHOICES({ "l2" }, { "l3", "L3: src/dst address for IPv4 or IPv6." },
		{ "l4", "L4: src/dst port for TCP/UDP/SCTP." }) },
	{ "lacp_strict", &type_option, .choices = CHOICES({ "", "Default" }, { "1", "Yes" }, { "0", "No" }) },
	{ "mtu", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 576, .max = 65535 },
	{ "descr", &type_description },
};
/* clang-format on */

const struct resource interfaces_lagg_resource = {
	.name = "interfaces.lagg",
	.summary = "Lagg records of the Interfaces.Lagg model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Interfaces.Lagg",
	.path = "lagg",
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/lagg_settings", "_item", "lagg", CRUD, .sort = "descr" }) },
};
