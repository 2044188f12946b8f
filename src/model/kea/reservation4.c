/* Reservation records of the Kea.KeaDhcpv4 model. */
#include "model/checks.h"
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

static void
check(const struct record *reservation, const struct view *view, struct faults *faults)
{
	const struct record *subnet =
		collection_find(snapshot_named(view->snapshot, "kea.subnet4"), record_text(reservation, "subnet"));

	if (!subnet || !literal_is_in(record_get(reservation, "ip_address"), record_get(subnet, "subnet")))
		faults_add(faults, "ip_address", FAULT_CONFLICT, "The address is not in the subnet.");
	if (is_set(reservation, "client_id") == is_set(reservation, "hw_address"))
		faults_add(faults, "hw_address", FAULT_CONFLICT, "Give either a hardware address or a client ID.");
}

const struct resource kea_reservation4_resource = {
	.name = "kea.reservation4",
	.summary = "Reservation records of the Kea.KeaDhcpv4 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Kea.KeaDhcpv4",
	.path = "reservations.reservation",
	.check = check,
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv4", "_reservation", "reservation", CRUD | FACE_GUARDED, .sort = "hw_address" }) },
};
