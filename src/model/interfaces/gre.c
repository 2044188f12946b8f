/* Gre records of the Interfaces.Gre model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "local-addr", &type_link_address, .flags = REQUIRED | VOLATILE,
	  .derive = link_address },
	{ "if", &type_text },
	{ "ipaddr", &type_text },
	{ "greif", &type_text, .flags = REQUIRED, .mask = "^gre(\\d)*$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "remote-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-local-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-remote-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-remote-net", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "32",
	  .min = 1, .max = 128 },
	{ "descr", &type_description },
};
/* clang-format on */

static void
complete(struct record *tunnel, const struct record *before, const struct view *view)
{
	if (!is_set(tunnel, "greif"))
		record_set(tunnel, "greif", first_free_name(tunnel, "greif", "gre", 0, view));
	link_address_complete(tunnel, before, view);
}

static void
check(const struct record *tunnel, const struct view *view, struct faults *faults)
{
	(void)view;
	must_be_set(tunnel, "local-addr", faults, "Choose an interface or give an address.");
	must_share_family(tunnel, "local-addr", "remote-addr", faults);
	must_share_family(tunnel, "tunnel-local-addr", "tunnel-remote-addr", faults);
}

const struct resource interfaces_gre_resource = {
	.name = "interfaces.gre",
	.summary = "Gre records of the Interfaces.Gre model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "greif",
	.model = "Interfaces.Gre",
	.path = "gre",
	.check = check,
	.complete = complete,
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/gre_settings", "_item", "gre", CRUD, .sort = "descr" }) },
};
