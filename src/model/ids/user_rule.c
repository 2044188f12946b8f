/* Rule records of the IDS.IDS model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "source", &type_network },
	{ "destination", &type_network },
	{ "fingerprint", &type_text, .mask = "^([0-9a-fA-F:]){59,59}$" },
	{ "description", &type_description, .flags = REQUIRED },
	{ "action", &type_option, .flags = REQUIRED, .preset = "alert",
	  .choices = CHOICES({ "alert", "Alert" }, { "drop", "Drop" }, { "pass", "Pass" }) },
	{ "bypass", &type_boolean, .flags = REQUIRED, .preset = "0" },
};
/* clang-format on */

const struct resource ids_user_rule_resource = {
	.name = "ids.user_rule",
	.summary = "Rule records of the IDS.IDS model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IDS.IDS",
	.path = "userDefinedRules.rule",
	.faces = { [OPNSENSE] = FACES(
		{ "ids/settings", "_user_rule", "rule", CRUD | VERB_TOGGLE, .sort = "description" }) },
};
