/* What is to become of all CARP addresses together: switched by actions of each dialect, in no model of upstream's. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "disabled", &type_boolean, .preset = "0", .help = "No CARP address is on this box, until it is switched on again." },
	{ "maintenance", &type_boolean, .preset = "0", .help = "This box has the addresses only when no other can." },
};
/* clang-format on */

const struct resource interfaces_carp_resource = {
	.name = "interfaces.carp",
	.summary = "State of the CARP addresses",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.touches = PART_INTERFACES | PART_FILTER,
};
