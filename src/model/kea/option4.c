/* Option records of the Kea.KeaDhcpv4 model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "code", &type_key_value, .flags = REQUIRED, .source = "kea list dhcp_options" },
	{ "encoding", &type_option, .flags = REQUIRED, .preset = "hex",
	  .choices = CHOICES({ "hex", "Hex" }, { "ipv4-address", "IPv4 address" },
		{ "ipv6-address", "IPv6 address" }, { "uint8", "Uint8" }, { "uint16", "Uint16" }, { "uint32", "Uint32" },
		{ "int32", "Int32" }, { "boolean", "Boolean" }, { "string", "String" }, { "fqdn", "FQDN" }) },
	{ "data", &type_kea_option_data, .flags = REQUIRED, .source = "code,encoding,dhcp4" },
	{ "force", &type_boolean },
	{ "match_code", &type_key_value, .source = "kea list dhcp_options",
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "match_data" }) },
	{ "match_encoding", &type_option,
	  .choices = CHOICES({ "hex", "Hex" }, { "ipv4-address", "IPv4 address" },
		{ "ipv6-address", "IPv6 address" }, { "uint8", "Uint8" }, { "uint16", "Uint16" }, { "uint32", "Uint32" },
		{ "int32", "Int32" }, { "boolean", "Boolean" }, { "string", "String" }, { "fqdn", "FQDN" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "match_data" }) },
	{ "match_data", &type_kea_option_data, .source = "match_code,match_encoding,dhcp4",
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET, "match_code" }) },
	{ "description", &type_description, .flags = REQUIRED,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
};
/* clang-format on */

const struct resource kea_option4_resource = {
	.name = "kea.option4",
	.summary = "Option records of the Kea.KeaDhcpv4 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Kea.KeaDhcpv4",
	.path = "options.option",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv4", "_option", "option", CRUD | FACE_GUARDED }) },
};
