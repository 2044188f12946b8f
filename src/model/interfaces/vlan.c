/* Vlan records of the Interfaces.Vlan model. */
#include "model/checks.h"
#include "model/types.h"
#include "schema/mask.h"

/* clang-format off */
static const struct field fields[] = {
	{ "if", &type_vlan_interface, .flags = REQUIRED,
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "tag" }) },
	{ "tag", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4094,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "if" }) },
	{ "pcp", &type_option, .flags = REQUIRED, .preset = "0",
	  .choices = CHOICES({ "1", "Background (1, lowest)" }, { "0", "Best Effort (0, default)" },
		{ "2", "Excellent Effort (2)" }, { "3", "Critical Applications (3)" }, { "4", "Video (4)" },
		{ "5", "Voice (5)" }, { "6", "Internetwork Control (6)" }, { "7", "Network Control (7, highest)" }) },
	{ "proto", &type_option, .blank = "Automatic", .choices = CHOICES({ "802.1q" }, { "802.1ad" }) },
	{ "descr", &type_description },
	{ "vlanif", &type_text, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

static bool
is_vlan(const char *device, const struct view *view)
{
	const struct collection *vlans = snapshot_named(view->snapshot, "interfaces.vlan");

	return device[0] && collection_where(vlans, "vlanif", text_of(device));
}

static void
complete(struct record *vlan, const struct record *before, const struct view *view)
{
	const char *parent = record_get(vlan, "if");

	(void)before;
	if (is_set(vlan, "vlanif") || parent[0] == '\0')
		return;
	record_set(vlan, "vlanif", first_free_name(vlan, "vlanif", is_vlan(parent, view) ? "qinq0" : "vlan0", 1, view));
}

/* "vlan0..." on a device, "qinq0..." on a VLAN, or the older "em0_vlan5". */
static bool
is_well_named(const struct record *vlan, const struct view *view)
{
	const char *parent = record_get(vlan, "if"), *name = record_get(vlan, "vlanif");

	if (strcmp(name, arena_print(view->arena, "%s_vlan%s", parent, record_get(vlan, "tag"))) == 0)
		return true;
	return mask_matches(TEXT("^(?:vlan|qinq)0[0-9.]{1,10}$"), false, text_of(name)) &&
	       text_starts(text_of(name), is_vlan(parent, view) ? TEXT("qinq") : TEXT("vlan"));
}

static void
check(const struct record *vlan, const struct view *view, struct faults *faults)
{
	const struct record *stored = stored_of(vlan, view);

	if (is_set(vlan, "vlanif") && !is_well_named(vlan, view))
		faults_add(faults, "vlanif", FAULT_FORMAT, "A VLAN is called vlan0 and digits, or qinq0 and digits on another VLAN.");
	if (is_value(vlan, "if", record_get(vlan, "vlanif")) || (stored && is_value(vlan, "if", record_get(stored, "vlanif"))))
		faults_add(faults, "if", FAULT_CONFLICT, "A VLAN cannot be its own parent.");
}

const struct resource interfaces_vlan_resource = {
	.name = "interfaces.vlan",
	.summary = "Vlan records of the Interfaces.Vlan model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "vlanif",
	.model = "Interfaces.Vlan",
	.path = "vlan",
	.check = check,
	.complete = complete,
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vlan_settings", "_item", "vlan", CRUD, .sort = "vlanif" }) },
};
