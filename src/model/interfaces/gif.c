/* Gif records of the Interfaces.Gif model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "local-addr", &type_link_address, .flags = REQUIRED | VOLATILE,
	  .derive = link_address },
	{ "if", &type_text },
	{ "ipaddr", &type_text },
	{ "gifif", &type_text, .flags = REQUIRED, .mask = "^gif(\\d)*$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "remote-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-local-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-remote-addr", &type_network, .settings = MASK_FORBIDDEN },
	{ "tunnel-remote-net", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "32",
	  .min = 1, .max = 128 },
	{ "descr", &type_description },
	{ "link1", &type_boolean },
	{ "link2", &type_boolean },
	{ "noclamp", &type_boolean },
};
/* clang-format on */

static void
complete(struct record *tunnel, const struct record *before, const struct view *view)
{
	if (!is_set(tunnel, "gifif"))
		record_set(tunnel, "gifif", first_free_name(tunnel, "gifif", "gif", 0, view));
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

const struct resource interfaces_gif_resource = {
	.name = "interfaces.gif",
	.summary = "Gif records of the Interfaces.Gif model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "gifif",
	.model = "Interfaces.Gif",
	.path = "gif",
	.check = check,
	.complete = complete,
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/gif_settings", "_item", "gif", CRUD, .sort = "descr" }) },
};
