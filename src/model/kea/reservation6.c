/* Reservation records of the Kea.KeaDhcpv6 model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "subnet", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "kea.subnet6", "interface,subnet", "%s %s" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "duid" }, { CONSTRAINT_REFER, "hw_address" }) },
	{ "ip_address", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET6,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "prefix", &type_network, .settings = ONLY_INET6 | MASK_REQUIRED,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "duid", &type_text, .mask = "^(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+)$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "subnet" }) },
	{ "hw_address", &type_mac_address,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "subnet", .any_case = true }) },
	{ "hostname", &type_hostname, .settings = DNS_NAME },
	{ "domain_search", &type_hostname, .flags = AS_LIST, .settings = NO_ADDRESS },
	{ "option", &type_relation, .flags = MANY, .relations = RELATIONS({ "kea.option6", "description" }) },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource kea_reservation6_resource = {
	.name = "kea.reservation6",
	.summary = "Reservation records of the Kea.KeaDhcpv6 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Kea.KeaDhcpv6",
	.path = "reservations.reservation",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv6", "_reservation", "reservation", CRUD | FACE_GUARDED, .sort = "duid" }) },
};
