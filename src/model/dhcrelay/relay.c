/* Relays records of the DHCRelay.DHCRelay model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED },
	{ "interface", &type_interface, .flags = REQUIRED },
	{ "destination", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "dhcrelay.destination", "name" }) },
	{ "agent_info", &type_boolean, .flags = REQUIRED },
	{ "circuit_id", &type_strict_text },
	{ "remote_id", &type_strict_text },
	{ "carp_depend_on", &type_virtual_ip, .settings = KEY_UUID, .source = "carp" },
};
/* clang-format on */

const struct resource dhcrelay_relay_resource = {
	.name = "dhcrelay.relay",
	.summary = "Relays records of the DHCRelay.DHCRelay model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "DHCRelay.DHCRelay",
	.path = "relays",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dhcrelay/settings", "_relay", "relay", CRUD | VERB_TOGGLE | FACE_GUARDED,
		  .search = "enabled,interface,destination,agent_info,circuit_id,remote_id", .sort = "interface" }) },
};
