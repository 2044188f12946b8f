/* Alias records of the Unbound.Unbound model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "host", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "unbound.host_override", "hostname,domain", "%s.%s" }) },
	{ "hostname", &type_hostname, .settings = HOST_WILDCARD | DNS_NAME | NO_ADDRESS,
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "domain" }) },
	{ "domain", &type_text, .flags = MASK_ANY_CASE,
	  .mask = "^(?:(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])$",
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "hostname" }) },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource unbound_host_alias_resource = {
	.name = "unbound.host_alias",
	.summary = "Alias records of the Unbound.Unbound model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "hostname",
	.model = "Unbound.Unbound",
	.path = "aliases.alias",
	.touches = PART_RESOLVER,
	.faces = { [OPNSENSE] = FACES(
		{ "unbound/settings", "_host_alias", "alias", CRUD | VERB_TOGGLE },
		{ "unbound/settings", "_host_override", NULL, VERB_DELETE }) },
};
