/* Gateway_group records of the Routing.GatewayGroups model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .mask = "^[a-zA-Z0-9_\\-]{1,32}$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "item2", &type_key_value, .flags = MANY, .source = "interface gateways list -l" },
	{ "item3", &type_key_value, .flags = MANY, .source = "interface gateways list -l" },
	{ "item4", &type_key_value, .flags = MANY, .source = "interface gateways list -l" },
	{ "item5", &type_key_value, .flags = MANY, .source = "interface gateways list -l" },
	{ "item", &type_gateway_group_item, .flags = MANY, .source = "interface gateways list -l" },
	{ "trigger", &type_option, .flags = REQUIRED, .preset = "down",
	  .choices = CHOICES({ "down", "Member Down" }, { "downloss", "Packet Loss" },
		{ "downlatency", "High Latency" }, { "downlosslatency", "Packet Loss and High Latency" }) },
	{ "poolopts", &type_option,
	  .choices = CHOICES({ "", "Default" }, { "round-robin", "Round Robin" },
		{ "round-robin sticky-address", "Round Robin with Sticky Address" }) },
	{ "descr", &type_description },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

static void
check(const struct record *group, const struct view *view, struct faults *faults)
{
	static const char *const tiers[] = { "item", "item2", "item3", "item4", "item5" };
	const struct record     *stored = stored_of(group, view);
	bool                     empty = true;

	if (stored && !is_value(group, "name", record_get(stored, "name")))
		faults_add(faults, "name", FAULT_CONFLICT, "A group keeps its name.");
	if (is_set(group, "name") &&
	    collection_where(snapshot_named(view->snapshot, "routing.gateway"), "name", record_text(group, "name")))
		faults_add(faults, "name", FAULT_UNIQUE, "A gateway has this name.");
	for (size_t i = 0; i < COUNT(tiers); i++)
		empty &= !is_set(group, tiers[i]);
	for (size_t i = 0; empty && i < COUNT(tiers); i++)
		faults_add(faults, tiers[i], FAULT_REQUIRED, "At least one tier must name a gateway.");
}

const struct resource routing_gateway_group_resource = {
	.name = "routing.gateway_group",
	.summary = "Gateway_group records of the Routing.GatewayGroups model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Routing.GatewayGroups",
	.path = "gateway_group",
	.check = check,
	.touches = PART_ROUTING,
	.faces = { [OPNSENSE] = FACES(
		{ "routing/group_settings", "", "gateway_group", CRUD }) },
};
