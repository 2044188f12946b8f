/* Destinations records of the DHCRelay.DHCRelay model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "server", &type_network, .flags = REQUIRED | AS_LIST, .settings = MASK_FORBIDDEN },
};
/* clang-format on */

static void
check(const struct record *destination, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(record_get(destination, "server"), ',');
	struct text    entry;
	enum family    first = FAMILY_NONE;

	while (entry_next(&entries, &entry)) {
		const enum family family = literal_family(arena_copy(view->arena, entry));

		if (first != FAMILY_NONE && family != FAMILY_NONE && family != first) {
			faults_add(faults, "server", FAULT_CONFLICT, "All servers must be of one family.");
			return;
		}
		first = first == FAMILY_NONE ? family : first;
	}
}

const struct resource dhcrelay_destination_resource = {
	.name = "dhcrelay.destination",
	.summary = "Destinations records of the DHCRelay.DHCRelay model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "DHCRelay.DHCRelay",
	.path = "destinations",
	.check = check,
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dhcrelay/settings", "_dest", "destination", CRUD | FACE_GUARDED,
		  .search = "name,server", .sort = "name" }) },
};
