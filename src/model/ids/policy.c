/* Policy records of the IDS.IDS model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "prio", &type_integer, .flags = REQUIRED, .preset = "0" },
	{ "action", &type_option, .flags = MANY,
	  .choices = CHOICES({ "disable", "Disabled" }, { "alert", "Alert" }, { "drop", "Drop" }) },
	{ "rulesets", &type_relation, .flags = MANY,
	  .relations = RELATIONS({ "ids.file", "filename", NULL, "enabled=1" }) },
	{ "content", &type_policy_content, .flags = MANY },
	{ "new_action", &type_option, .flags = REQUIRED, .preset = "alert",
	  .choices = CHOICES({ "default", "Default" }, { "alert", "Alert" }, { "drop", "Drop" }, { "disable", "Disable" }) },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource ids_policy_resource = {
	.name = "ids.policy",
	.summary = "Policy records of the IDS.IDS model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IDS.IDS",
	.path = "policies.policy",
	.faces = { [OPNSENSE] = FACES(
		{ "ids/settings", "_policy", "policy", CRUD | VERB_TOGGLE, .sort = "description" }) },
};
