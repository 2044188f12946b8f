/* Rule records of the TrafficShaper.TrafficShaper model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "sequence", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1", .min = 1,
	  .max = 1000000 },
	{ "interface", &type_interface, .flags = REQUIRED, .settings = DYNAMIC, .preset = "wan",
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }) },
	{ "interface2", &type_interface, .settings = DYNAMIC,
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }) },
	{ "proto", &type_option, .flags = REQUIRED, .preset = "ip",
	  .choices = CHOICES({ "ip" }, { "ip4" }, { "ip6" }, { "udp" }, { "tcp" },
		{ "tcp_ack", "tcp (ACK packets only)" }, { "tcp_ack_not", "tcp (non-ACK packets)" }, { "icmp" },
		{ "ipv6-icmp" }, { "igmp" }, { "esp" }, { "ah" }, { "gre" }) },
	{ "iplen", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 2, .max = 65535 },
	{ "source", &type_network, .flags = REQUIRED | AS_LIST, .preset = "any" },
	{ "source_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "src_port", &type_port, .flags = REQUIRED, .settings = WELL_KNOWN | RANGES, .preset = "any" },
	{ "destination", &type_network, .flags = REQUIRED | AS_LIST, .preset = "any" },
	{ "destination_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "dst_port", &type_port, .flags = REQUIRED, .settings = WELL_KNOWN | RANGES, .preset = "any" },
	{ "dscp", &type_option, .flags = MANY,
	  .choices = CHOICES({ "be", "Best Effort" }, { "ef", "Expedited Forwarding" }, { "af11", "AF11" },
		{ "af12", "AF12" }, { "af13", "AF13" }, { "af21", "AF21" }, { "af22", "AF22" }, { "af23", "AF23" },
		{ "af31", "AF31" }, { "af32", "AF32" }, { "af33", "AF33" }, { "af41", "AF41" }, { "af42", "AF42" },
		{ "af43", "AF43" }, { "cs1", "CS1" }, { "cs2", "CS2" }, { "cs3", "CS3" }, { "cs4", "CS4" },
		{ "cs5", "CS5" }, { "cs6", "CS6" }, { "cs7", "CS7" }) },
	{ "direction", &type_option, .blank = "Both", .choices = CHOICES({ "in", "In" }, { "out", "Out" }) },
	{ "target", &type_relation, .flags = REQUIRED,
	  .relations = RELATIONS({ "trafficshaper.pipe", "description", NULL, "description=(.){1,255}" },
		{ "trafficshaper.queue", "description", NULL, "description=(.){1,255}" }) },
	{ "description", &type_description },
	{ "origin", &type_text, .mask = "^([a-z,A-Z,1-9]){0,30}$" },
};
/* clang-format on */

static void
complete(struct record *rule, const struct record *before, const struct view *view)
{
	(void)view;
	if (!before && !is_set(rule, "origin"))
		record_set(rule, "origin", "TrafficShaper");
}

const struct resource trafficshaper_rule_resource = {
	.name = "trafficshaper.rule",
	.summary = "Rule records of the TrafficShaper.TrafficShaper model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "TrafficShaper.TrafficShaper",
	.path = "rules.rule",
	.complete = complete,
	.touches = PART_SHAPER,
	.faces = { [OPNSENSE] = FACES(
		{ "trafficshaper/settings", "_rule", "rule", CRUD | VERB_TOGGLE | FACE_GUARDED, .sort = "sequence", .search_suffix = "_rules" }) },
};
