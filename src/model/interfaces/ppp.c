/*
 * A line to a provider who asks for a name and a password. Fields are called as config.xml has them; there is no model of it, and no
 * endpoint but the setup wizard that makes one.
 */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "ptpid", &type_text },
	{ "type", &type_text, .flags = REQUIRED, .preset = "pppoe", .help = "ppp, pppoe, pptp or l2tp." },
	{ "if", &type_text, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }),
	  .help = "The device that it becomes: its type and a number." },
	{ "ports", &type_text, .flags = REQUIRED, .help = "The device that it is spoken over." },
	{ "username", &type_text },
	{ "password", &type_text, .flags = SECRET },
	{ "provider", &type_text, .help = "The service to ask for; none is asked for when it is empty." },
	{ "descr", &type_text },
};
/* clang-format on */

/* The first free device of its type. */
static void
complete(struct record *ppp, const struct record *before, const struct view *view)
{
	(void)before;
	if (!is_set(ppp, "if") && is_set(ppp, "type"))
		record_set(ppp, "if", first_free_name(ppp, "if", record_get(ppp, "type"), 0, view));
}

const struct resource interfaces_ppp_resource = {
	.name = "interfaces.ppp",
	.summary = "Line to a provider",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "if",
	.model = "Interfaces.Ppp",
	.path = "ppp",
	.mount = "/ppps/ppp+",
	.version = "1.0.0",
	.complete = complete,
	.touches = PART_INTERFACES | PART_FILTER,
};
