/* Host records of the Unbound.Unbound model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "hostname", &type_hostname, .settings = HOST_WILDCARD | DNS_NAME | NO_ADDRESS },
	{ "domain", &type_text, .flags = REQUIRED | MASK_ANY_CASE,
	  .mask = "^(?:(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])$" },
	{ "rr", &type_option, .flags = REQUIRED, .preset = "A",
	  .choices = CHOICES({ "A", "A (IPv4 address)" }, { "AAAA", "AAAA (IPv6 address)" },
		{ "MX", "MX (mail server)" }, { "TXT", "TXT (text)" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "mxprio" }, { CONSTRAINT_REFER, "mx" },
		{ CONSTRAINT_REFER, "server" }, { CONSTRAINT_REFER, "txtdata" }) },
	{ "mxprio", &type_integer, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "MX" }) },
	{ "mx", &type_hostname, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "MX" }) },
	{ "ttl", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 2147483647 },
	{ "server", &type_network, .settings = MASK_FORBIDDEN,
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "A" }, { CONSTRAINT_SET_IF, "rr", "AAAA" }) },
	{ "txtdata", &type_description, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "TXT" }) },
	{ "addptr", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "aliases", &type_alias_reflector, .flags = VOLATILE | AS_LIST,
	  .settings = HOST_WILDCARD | FQDN_WILDCARD | DNS_NAME | NO_ADDRESS },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource unbound_host_override_resource = {
	.name = "unbound.host_override",
	.summary = "Host records of the Unbound.Unbound model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "hostname",
	.model = "Unbound.Unbound",
	.path = "hosts.host",
	.touches = PART_RESOLVER,
	.faces = { [OPNSENSE] = FACES(
		{ "unbound/settings", "_host_override", "host", VERB_SEARCH | VERB_GET | VERB_ADD | VERB_SET | VERB_TOGGLE }) },
};
