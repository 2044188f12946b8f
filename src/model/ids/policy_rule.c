/* Rule records of the IDS.IDS model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "sid", &type_integer, .flags = REQUIRED },
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "action", &type_option, .flags = REQUIRED, .preset = "alert",
	  .choices = CHOICES({ "alert", "Alert" }, { "drop", "Drop" }) },
	{ "msg", &type_text, .flags = VOLATILE },
	{ "source", &type_text, .flags = VOLATILE },
};
/* clang-format on */

const struct resource ids_policy_rule_resource = {
	.name = "ids.policy_rule",
	.summary = "Rule records of the IDS.IDS model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "IDS.IDS",
	.path = "rules.rule",
	.faces = { [OPNSENSE] = FACES(
		{ "ids/settings", "_policy_rule", "rule", CRUD | VERB_TOGGLE, .sort = "sid" }) },
};
