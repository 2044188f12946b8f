/* Dot records of the Unbound.Unbound model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "type", &type_option, .flags = REQUIRED, .preset = "dot",
	  .choices = CHOICES({ "dot", "DNS over TLS" }, { "forward", "Forward" }) },
	{ "domain", &type_hostname, .settings = DNS_NAME | NO_ADDRESS },
	{ "server", &type_network, .flags = REQUIRED },
	{ "port", &type_port },
	{ "verify", &type_hostname },
	{ "forward_tcp_upstream", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "forward_first", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource unbound_forward_resource = {
	.name = "unbound.forward",
	.summary = "Dot records of the Unbound.Unbound model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Unbound.Unbound",
	.path = "dots.dot",
	.touches = PART_RESOLVER,
	.faces = { [OPNSENSE] = FACES(
		{ "unbound/settings", "_dot", "dot", CRUD | VERB_TOGGLE, .force = "type=dot" },
		{ "unbound/settings", "_forward", "dot", CRUD | VERB_TOGGLE, .force = "type=forward" },
		/* Until 24.7; clients still call it. */
		{ "unbound/settings", "_domain_override", "domain",
		  VERB_SEARCH | VERB_GET | VERB_ADD | VERB_SET | VERB_DELETE | VERB_TOGGLE, .force = "type=forward" }) },
};
