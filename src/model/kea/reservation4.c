/* Reservation records of the Kea.KeaDhcpv4 model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "subnet", &type_relation, .flags = REQUIRED, .relations = RELATIONS({ "kea.subnet4", "subnet" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "hw_address" }, { CONSTRAINT_REFER, "client_id" }) },
	{ "ip_address", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "hw_address", &type_mac_address,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "subnet", .any_case = true }) },
	{ "client_id", &type_text, .mask = "^(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+)$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "subnet" }) },
	{ "hostname", &type_hostname, .settings = DNS_NAME },
	{ "description", &type_description },
	{ "next_server", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "option_data.domain_name_servers", &type_network, .flags = AS_LIST,
	  .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "option_data.domain_search", &type_hostname, .flags = AS_LIST, .settings = NO_ADDRESS },
	{ "option_data.routers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "option_data.static_routes", &type_kea_static_routes },
	{ "option_data.classless_static_route", &type_kea_classless_static_route },
	{ "option_data.domain_name", &type_hostname, .settings = NO_ADDRESS },
	{ "option_data.ntp_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "option_data.time_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "option_data.tftp_server_name", &type_text, .mask = "^([^\\n\"])*$" },
	{ "option_data.boot_file_name", &type_text, .mask = "^([^\\n\"])*$" },
	{ "option", &type_relation, .flags = MANY, .relations = RELATIONS({ "kea.option4", "description" }) },
};
/* clang-format on */

const struct resource kea_reservation4_resource = {
	.name = "kea.reservation4",
	.summary = "Reservation records of the Kea.KeaDhcpv4 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Kea.KeaDhcpv4",
	.path = "reservations.reservation",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv4", "_reservation", "reservation", CRUD | FACE_GUARDED, .sort = "hw_address" }) },
};
