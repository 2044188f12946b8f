/* Relays records of the DHCRelay.DHCRelay model. */
#include "model/checks.h"
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

/* The family of the first server of a destination. */
static enum family
family_to(const char *destination, const struct view *view)
{
	const struct record *record =
		collection_find(snapshot_named(view->snapshot, "dhcrelay.destination"), text_of(destination));
	struct text servers = record ? record_text(record, "server") : TEXT_NONE;

	return literal_family(arena_copy(view->arena, text_until(&servers, ',')));
}

static void
check(const struct record *relay, const struct view *view, struct faults *faults)
{
	const struct collection *all = snapshot_collection(view->snapshot, relay->resource);
	const enum family        family = family_to(record_get(relay, "destination"), view);
	size_t                   count;
	const struct record    **relays = collection_naming(view->arena, all, "interface", record_text(relay, "interface"), &count);

	for (size_t i = 0; family != FAMILY_NONE && i < count; i++) {
		if (strcmp(relays[i]->uuid, relay->uuid) == 0 || family_to(record_get(relays[i], "destination"), view) != family)
			continue;
		faults_add(faults, "destination", FAULT_UNIQUE, "The interface relays this family to another destination already.");
		return;
	}
}

const struct resource dhcrelay_relay_resource = {
	.name = "dhcrelay.relay",
	.summary = "Relays records of the DHCRelay.DHCRelay model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "DHCRelay.DHCRelay",
	.path = "relays",
	.check = check,
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dhcrelay/settings", "_relay", "relay", CRUD | VERB_TOGGLE | FACE_GUARDED,
		  .search = "enabled,interface,destination,agent_info,circuit_id,remote_id", .sort = "interface" }) },
};
