/* Single settings of the Diagnostics.PacketCapture model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "settings.interface", &type_capture_device, .flags = REQUIRED | MANY },
	{ "settings.description", &type_description },
	{ "settings.promiscuous", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "settings.fam", &type_option, .flags = REQUIRED,
	  .choices = CHOICES({ "any", "Any" }, { "ip", "IPv4 only" }, { "ip6", "IPv6 only" }, { "arp", "Arp" }) },
	{ "settings.protocol_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "settings.protocol", &type_protocol, .flags = REQUIRED, .preset = "any" },
	{ "settings.host", &type_host },
	{ "settings.port_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "settings.port", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "settings.snaplen", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 262144 },
	{ "settings.count", &type_integer, .flags = REQUIRED | LOW_LIMIT, .preset = "100", .min = 0 },
};
/* clang-format on */

const struct resource diagnostics_packet_capture_resource = {
	.name = "diagnostics.packet_capture",
	.summary = "Single settings of the Diagnostics.PacketCapture model",
	.shape = SINGLETON,
	.flags = IN_MEMORY,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Diagnostics.PacketCapture",
	.path = "",
	.faces = { [OPNSENSE] = FACES(
		{ "diagnostics/packet_capture", "", "packetcapture", VERB_GET | VERB_SET }) },
};
