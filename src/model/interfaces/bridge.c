/* Bridged records of the Interfaces.Bridge model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "bridgeif", &type_text, .flags = REQUIRED, .mask = "^bridge[\\d]+$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "members", &type_bridge_member, .flags = REQUIRED | MANY },
	{ "linklocal", &type_boolean },
	{ "enablestp", &type_boolean },
	{ "proto", &type_option, .flags = REQUIRED, .preset = "rstp",
	  .choices = CHOICES({ "rstp", "RSTP" }, { "stp", "STP" }) },
	{ "stp", &type_bridge_member, .flags = MANY },
	{ "maxage", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 6, .max = 40 },
	{ "fwdelay", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 4, .max = 30 },
	{ "holdcnt", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 10 },
	{ "maxaddr", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "timeout", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "span", &type_bridge_member },
	{ "edge", &type_bridge_member, .flags = MANY },
	{ "autoedge", &type_bridge_member, .flags = MANY },
	{ "ptp", &type_bridge_member, .flags = MANY },
	{ "autoptp", &type_bridge_member, .flags = MANY },
	{ "static", &type_bridge_member, .flags = MANY },
	{ "private", &type_bridge_member, .flags = MANY },
	{ "descr", &type_description },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

static void
complete(struct record *bridge, const struct record *before, const struct view *view)
{
	(void)before;
	if (!is_set(bridge, "bridgeif"))
		record_set(bridge, "bridgeif", first_free_name(bridge, "bridgeif", "bridge", 0, view));
}

static void
check(const struct record *bridge, const struct view *view, struct faults *faults)
{
	static const char *const subsets[] = { "stp", "edge", "autoedge", "ptp", "autoptp", "static", "private" };
	const char              *members = record_get(bridge, "members");

	(void)view;
	if (is_set(bridge, "span") && entries_have(members, ',', record_text(bridge, "span")))
		faults_add(faults, "span", FAULT_CONFLICT, "The span port cannot be a member.");
	for (size_t i = 0; i < COUNT(subsets); i++) {
		struct entries entries = entries_of(record_get(bridge, subsets[i]), ',');
		struct text    entry;
		bool           good = true;

		while (good && entry_next(&entries, &entry))
			good = entries_have(members, ',', entry);
		if (!good)
			faults_add(faults, subsets[i], FAULT_CONFLICT, "Each of these must be one of the members.");
	}
}

const struct resource interfaces_bridge_resource = {
	.name = "interfaces.bridge",
	.summary = "Bridged records of the Interfaces.Bridge model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "bridgeif",
	.model = "Interfaces.Bridge",
	.path = "bridged",
	.check = check,
	.complete = complete,
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/bridge_settings", "_item", "bridge", CRUD, .sort = "descr" }) },
};
