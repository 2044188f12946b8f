/* SPD records of the IPsec.Swanctl model. */
#include "model/checks.h"
#include "model/types.h"

/* Where a row comes from: other listings show it among legacy ones. */
static const char *
origin(const struct record *record, const struct view *view)
{
	(void)view;
	return record->uuid[0] ? "spd" : "";
}

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "protocol", &type_option, .flags = REQUIRED, .preset = "esp",
	  .choices = CHOICES({ "esp", "ESP" }, { "ah", "AH" }) },
	{ "reqid", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "connection_child", &type_relation,
	  .relations = RELATIONS({ "ipsec.child", "connection,description", "%s - %s" }) },
	{ "source", &type_network, .flags = REQUIRED, .settings = NO_WILDCARD },
	{ "destination", &type_network, .settings = NO_WILDCARD },
	{ "description", &type_description },
	{ "origin", &type_text, .flags = VOLATILE, .derive = origin },
};
/* clang-format on */

static void
check(const struct record *policy, const struct view *view, struct faults *faults)
{
	(void)view;
	if (is_set(policy, "reqid") == is_set(policy, "connection_child"))
		faults_add(faults, "connection_child", FAULT_CONFLICT, "Give either a request ID or a child.");
}

const struct resource ipsec_spd_resource = {
	.name = "ipsec.spd",
	.summary = "SPD records of the IPsec.Swanctl model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IPsec.Swanctl",
	.path = "SPDs.SPD",
	.check = check,
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/manual_spd", "", "spd", CRUD | VERB_TOGGLE }) },
};
