/* Dhcp_options records of the Dnsmasq.Dnsmasq model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "type", &type_option, .flags = REQUIRED, .preset = "set",
	  .choices = CHOICES({ "set", "Set" }, { "match", "Match" }) },
	{ "option", &type_key_value, .source = "dnsmasq list dhcp_options" },
	{ "option6", &type_key_value, .source = "dnsmasq list dhcp_options6" },
	{ "interface", &type_interface, .settings = DYNAMIC, .blank = "Any",
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }, { "type", "(?s)^((?!group).)*$" }) },
	{ "tag", &type_relation, .flags = MANY, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "set_tag", &type_relation, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "value", &type_strict_text, .settings = SPACES_ALLOWED },
	{ "force", &type_boolean },
	{ "description", &type_description },
};
/* clang-format on */

const struct resource dnsmasq_option_resource = {
	.name = "dnsmasq.option",
	.summary = "Dhcp_options records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Dnsmasq.Dnsmasq",
	.path = "dhcp_options",
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_option", "option", CRUD | FACE_GUARDED }) },
};
