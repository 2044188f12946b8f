/* Reservation records of the Kea.KeaDhcpv6 model. */
#include "model/checks.h"
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

static void
check_place(const struct record *reservation, const struct record *subnet, struct faults *faults)
{
	static const char *const places[] = { "ip_address", "prefix" };

	for (size_t i = 0; i < COUNT(places); i++)
		if (is_set(reservation, places[i]) && subnet &&
		    !literal_is_in(record_get(reservation, places[i]), record_get(subnet, "subnet")))
			faults_add(faults, places[i], FAULT_CONFLICT, "This is not in the subnet.");
	if (!is_set(reservation, "ip_address") && !is_set(reservation, "prefix"))
		faults_add(faults, "ip_address", FAULT_REQUIRED, "Give an address or a prefix.");
}

static void
check(const struct record *reservation, const struct view *view, struct faults *faults)
{
	const struct record *subnet =
		collection_find(snapshot_named(view->snapshot, "kea.subnet6"), record_text(reservation, "subnet"));
	const bool duid = is_set(reservation, "duid");

	if (subnet && record_bool(subnet, "dynamic_prefix"))
		faults_add(faults, "subnet", FAULT_CONFLICT, "Nothing can be reserved where the prefix changes.");
	else
		check_place(reservation, subnet, faults);
	if (duid == is_set(reservation, "hw_address"))
		faults_add(faults, "duid", FAULT_CONFLICT, "Give either a DUID or a hardware address.");
	if (is_set(reservation, "option") && !duid)
		faults_add(faults, "option", FAULT_CONFLICT, "Options need a DUID.");
}

const struct resource kea_reservation6_resource = {
	.name = "kea.reservation6",
	.summary = "Reservation records of the Kea.KeaDhcpv6 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Kea.KeaDhcpv6",
	.path = "reservations.reservation",
	.check = check,
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv6", "_reservation", "reservation", CRUD | FACE_GUARDED, .sort = "duid" }) },
};
