/* Lagg records of the Interfaces.Lagg model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "laggif", &type_text, .flags = REQUIRED, .mask = "^lagg(\\d)*$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "members", &type_lagg_interface, .flags = REQUIRED | MANY },
	{ "primary_member", &type_lagg_interface },
	{ "proto", &type_option, .flags = REQUIRED, .preset = "lacp",
	  .choices = CHOICES({ "none" }, { "lacp" }, { "failover" }, { "fec" }, { "loadbalance" }, { "roundrobin" }) },
	{ "lacp_fast_timeout", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "use_flowid", &type_option, .choices = CHOICES({ "", "Default" }, { "1", "Yes" }, { "0", "No" }) },
	{ "lagghash", &type_option, .flags = MANY,
	  .choices = CHOICES({ "l2" }, { "l3", "L3: src/dst address for IPv4 or IPv6." },
		{ "l4", "L4: src/dst port for TCP/UDP/SCTP." }) },
	{ "lacp_strict", &type_option, .choices = CHOICES({ "", "Default" }, { "1", "Yes" }, { "0", "No" }) },
	{ "mtu", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 576, .max = 65535 },
	{ "descr", &type_description },
};
/* clang-format on */

static void
complete(struct record *lagg, const struct record *before, const struct view *view)
{
	(void)before;
	if (!is_set(lagg, "laggif"))
		record_set(lagg, "laggif", first_free_name(lagg, "laggif", "lagg", 0, view));
}

/* Is the device in the list of another bundle? */
static bool
is_bundled(const struct record *lagg, struct text device, const struct view *view)
{
	const struct collection *all = snapshot_collection(view->snapshot, lagg->resource);
	size_t                   count;
	const struct record    **laggs = collection_naming(view->arena, all, "members", device, &count);

	return count > 1 || (count == 1 && strcmp(laggs[0]->uuid, lagg->uuid) != 0);
}

static void
check(const struct record *lagg, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(record_get(lagg, "members"), ',');
	struct text    device;

	while (entry_next(&entries, &device)) {
		if (!is_bundled(lagg, device, view))
			continue;
		faults_add(faults, "members", FAULT_UNIQUE, "%.*s is in another bundle.", TEXT_ARGS(device));
		break;
	}
	if (is_set(lagg, "primary_member") &&
	    !entries_have(record_get(lagg, "members"), ',', record_text(lagg, "primary_member")))
		faults_add(faults, "primary_member", FAULT_CONFLICT, "This must be one of the members.");
}

const struct resource interfaces_lagg_resource = {
	.name = "interfaces.lagg",
	.summary = "Lagg records of the Interfaces.Lagg model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "laggif",
	.model = "Interfaces.Lagg",
	.path = "lagg",
	.check = check,
	.complete = complete,
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/lagg_settings", "_item", "lagg", CRUD, .sort = "descr" }) },
};
