/* Rule records of the Firewall.Filter model. */
#include "model/checks.h"
#include "model/types.h"
#include "schema/rule_order.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "statetype", &type_option, .flags = REQUIRED, .preset = "keep",
	  .choices = CHOICES({ "keep", "keep state" }, { "sloppy", "sloppy state" },
		{ "modulate", "modulate state" }, { "synproxy", "synproxy state" }, { "none", "no state" }) },
	{ "state-policy", &type_option, .blank = "default",
	  .choices = CHOICES({ "if-bound", "Bind states to interface" }, { "floating", "Floating states" }) },
	{ "sequence", &type_filter_sequence, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1",
	  .min = 1, .max = 999999 },
	{ "sort_order", &type_text, .flags = VOLATILE, .derive = rule_order_text },
	{ "prio_group", &type_text, .flags = VOLATILE, .derive = rule_priority_text },
	{ "action", &type_option, .flags = REQUIRED, .preset = "pass",
	  .choices = CHOICES({ "pass", "Pass" }, { "block", "Block" }, { "reject", "Reject" }) },
	{ "quick", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "interfacenot", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "interface", &type_interface, .flags = MANY, .settings = DYNAMIC,
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }) },
	{ "direction", &type_option, .flags = REQUIRED, .preset = "in",
	  .choices = CHOICES({ "in", "In" }, { "out", "Out" }, { "any", "Both" }) },
	{ "ipprotocol", &type_option, .flags = REQUIRED, .preset = "inet",
	  .choices = CHOICES({ "inet", "IPv4" }, { "inet6", "IPv6" }, { "inet46", "any" }) },
	{ "protocol", &type_protocol, .flags = REQUIRED, .preset = "any", .source = "TCP/UDP" },
	{ "icmptype", &type_option, .flags = MANY,
	  .choices = CHOICES({ "echoreq", "Echo Request", "Common" }, { "echorep", "Echo Reply", "Common" },
		{ "unreach", "Destination Unreachable", "Common" }, { "redir", "Redirect", "Common" },
		{ "routeradv", "Router Advertisement", "Common" }, { "routersol", "Router Solicitation", "Common" },
		{ "timex", "Time Exceeded", "Common" }, { "paramprob", "Parameter Problem", "Common" },
		{ "timereq", "Timestamp", "Common" }, { "timerep", "Timestamp Reply", "Common" },
		{ "photuris", "Photuris", "Common" }, { "squench", "Source Quench", "Deprecated" },
		{ "althost", "Alternate Host Address", "Deprecated" }, { "inforeq", "Information Request", "Deprecated" },
		{ "inforep", "Information Reply", "Deprecated" }, { "maskreq", "Address Mask Request", "Deprecated" },
		{ "maskrep", "Address Mask Reply", "Deprecated" }, { "trace", "Traceroute", "Deprecated" },
		{ "dataconv", "Data conversion problem", "Deprecated" },
		{ "mobredir", "Mobile host redirection", "Deprecated" },
		{ "ipv6-where", "IPv6 where-are-you", "Deprecated" }, { "ipv6-here", "IPv6 i-am-here", "Deprecated" },
		{ "mobregreq", "Mobile registration request", "Deprecated" },
		{ "mobregrep", "Mobile registration reply", "Deprecated" }, { "skip", "SKIP", "Deprecated" }) },
	{ "icmp6type", &type_option, .flags = MANY,
	  .choices = CHOICES({ "1", "Destination unreachable" }, { "2", "Packet too big" },
		{ "3", "Time exceeded" }, { "4", "Invalid IPv6 header" }, { "128", "Echo service request" },
		{ "129", "Echo service reply" }, { "130", "Multicast Listener Query" },
		{ "131", "Multicast listener report" }, { "132", "Multicast listener done" },
		{ "133", "Router solicitation" }, { "134", "Router advertisement" }, { "135", "Neighbor solicitation" },
		{ "136", "Neighbor advertisement" }, { "137", "Shorter route exists" }, { "138", "Route renumbering" },
		{ "139", "ICMP Node Information Query" }, { "140", "Node information reply" },
		{ "200", "mtrace response" }, { "201", "mtrace messages" }) },
	{ "source_net", &type_network_alias, .flags = REQUIRED | MANY, .preset = "any" },
	{ "source_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "source_port", &type_port, .settings = WELL_KNOWN | RANGES | ALIASES },
	{ "destination_net", &type_network_alias, .flags = REQUIRED | MANY, .preset = "any" },
	{ "destination_not", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "destination_port", &type_port, .settings = WELL_KNOWN | RANGES | ALIASES },
	{ "divert-to", &type_key_value, .source = "filter list diverts" },
	{ "gateway", &type_key_value, .source = "interface gateways list -g" },
	{ "replyto", &type_key_value, .source = "interface gateways list" },
	{ "disablereplyto", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "log", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "allowopts", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "nosync", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "nopfsync", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "statetimeout", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "udp-first", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "udp-multiple", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "udp-single", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "max-src-nodes", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "max-src-states", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "max-src-conn", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "max", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "max-src-conn-rate", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4294967 },
	{ "max-src-conn-rates", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647 },
	{ "max-pkt-rate-number", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 4294967,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "max-pkt-rate-seconds" }) },
	{ "max-pkt-rate-seconds", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 2147483647,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "max-pkt-rate-number" }) },
	{ "overload", &type_relation,
	  .relations = RELATIONS({ "firewall.alias", "name", NULL, "enabled=^(?!0).*$\ntype=^(?!(port)).*$" }) },
	{ "adaptivestart", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 2147483647 },
	{ "adaptiveend", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 2147483647 },
	{ "prio", &type_option, .blank = "Any priority",
	  .choices = CHOICES({ "1", "Background (1, lowest)" }, { "0", "Best Effort (0, default)" },
		{ "2", "Excellent Effort (2)" }, { "3", "Critical Applications (3)" }, { "4", "Video (4)" },
		{ "5", "Voice (5)" }, { "6", "Internetwork Control (6)" }, { "7", "Network Control (7, highest)" }) },
	{ "set-prio", &type_option, .blank = "Keep current priority",
	  .choices = CHOICES({ "1", "Background (1, lowest)" }, { "0", "Best Effort (0, default)" },
		{ "2", "Excellent Effort (2)" }, { "3", "Critical Applications (3)" }, { "4", "Video (4)" },
		{ "5", "Voice (5)" }, { "6", "Internetwork Control (6)" }, { "7", "Network Control (7, highest)" }) },
	{ "set-prio-low", &type_option, .blank = "Keep current priority",
	  .choices = CHOICES({ "1", "Background (1, lowest)" }, { "0", "Best Effort (0, default)" },
		{ "2", "Excellent Effort (2)" }, { "3", "Critical Applications (3)" }, { "4", "Video (4)" },
		{ "5", "Voice (5)" }, { "6", "Internetwork Control (6)" }, { "7", "Network Control (7, highest)" }) },
	{ "tag", &type_strict_text, .mask = "^([0-9a-zA-Z.,_\\-]){0,512}$" },
	{ "tagged", &type_strict_text, .mask = "^([0-9a-zA-Z.,_\\-]){0,512}$" },
	{ "tcpflags1", &type_option, .flags = MANY,
	  .choices = CHOICES({ "syn" }, { "ack" }, { "fin" }, { "rst" }, { "psh" }, { "urg" }, { "ece" }, { "cwr" }) },
	{ "tcpflags2", &type_option, .flags = MANY,
	  .choices = CHOICES({ "syn" }, { "ack" }, { "fin" }, { "rst" }, { "psh" }, { "urg" }, { "ece" }, { "cwr" }) },
	{ "tcpflags_any", &type_boolean },
	{ "categories", &type_relation, .flags = MANY,
	  .relations = RELATIONS({ "firewall.category", "name" }) },
	{ "sched", &type_schedule },
	{ "tos", &type_tos },
	{ "shaper1", &type_relation,
	  .relations = RELATIONS({ "trafficshaper.pipe", "description", NULL, "description=(.){1,255}" },
		{ "trafficshaper.queue", "description", NULL, "description=(.){1,255}" }) },
	{ "shaper2", &type_relation,
	  .relations = RELATIONS({ "trafficshaper.pipe", "description", NULL, "description=(.){1,255}" },
		{ "trafficshaper.queue", "description", NULL, "description=(.){1,255}" }) },
	{ "description", &type_description },
	{ "floating", &type_boolean, .flags = HIDDEN, .preset = "0",
	  .help = "Stands among the rules for several interfaces though it is for one; only the pfSense dialect says so." },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

#define WITH_PORTS "TCP,UDP,TCP/UDP"
#define TCP_ONLY   "TCP,TCP/UDP"

/* What only means something with some protocols. */
static const struct condition_on protocols[] = {
	{ "source_port", WITH_PORTS },
	{ "destination_port", WITH_PORTS },
	{ "icmptype", "ICMP" },
	{ "icmp6type", "IPV6-ICMP" },
	{ "statetimeout", TCP_ONLY },
	{ "max-src-conn", TCP_ONLY },
	{ "tcpflags1", TCP_ONLY },
	{ "tcpflags2", TCP_ONLY },
	{ "tcpflags_any", TCP_ONLY },
	{ "max-src-conn-rate", TCP_ONLY },
	{ "max-src-conn-rates", TCP_ONLY },
	{ "overload", TCP_ONLY },
};

static void
check_networks(const struct record *rule, struct faults *faults)
{
	static const char *const nets[] = { "source_net", "destination_net" };
	const enum family        family = family_of(record_get(rule, "ipprotocol"));

	for (size_t i = 0; i < COUNT(nets); i++) {
		must_be_family(rule, nets[i], family, faults);
		if (is_list(rule, nets[i]) && entries_have(record_get(rule, nets[i]), ',', TEXT("any")))
			faults_add(faults, nets[i], FAULT_CONFLICT, "A list cannot hold \"any\".");
	}
	if (is_list(rule, "source_net") && record_bool(rule, "source_not"))
		faults_add(faults, "source_not", FAULT_CONFLICT, "A list of sources cannot be inverted.");
	if (is_list(rule, "destination_net") && record_bool(rule, "destination_not"))
		faults_add(faults, "destination_net", FAULT_CONFLICT, "A list of destinations cannot be inverted.");
	if (record_bool(rule, "interfacenot") && entries_count(record_get(rule, "interface"), ',') != 1)
		faults_add(faults, "interfacenot", FAULT_CONFLICT, "Only a single interface can be inverted.");
}

/* Both or neither; the fault is at the one that is missing. */
static void
check_pair(const struct record *rule, const char *first, const char *second, struct faults *faults)
{
	if (is_set(rule, first) && !is_set(rule, second))
		faults_add(faults, second, FAULT_CONFLICT, "This is needed together with %s.", first);
	if (is_set(rule, second) && !is_set(rule, first))
		faults_add(faults, first, FAULT_CONFLICT, "This is needed together with %s.", second);
}

static void
check_adaptive(const struct record *rule, struct faults *faults)
{
	const int64_t start = bounded_number(rule, "adaptivestart", -1), end = bounded_number(rule, "adaptiveend", -1);
	const int64_t max = bounded_number(rule, "max", -1);

	if (max < 0 && (start == 0 || end == 0))
		faults_add(faults, "max", FAULT_CONFLICT, "Adaptive timeouts of 0 need a limit of states.");
	if ((start < 0) != (end < 0) || (start == 0) != (end == 0))
		faults_add(faults, "adaptivestart", FAULT_CONFLICT, "Set both adaptive limits, or neither; one alone cannot be 0.");
	if (end > 0 && max > 0 && end < max)
		faults_add(faults, "adaptiveend", FAULT_CONFLICT, "This cannot be below the limit of states.");
	if (end > 0 && start > 0 && end < start)
		faults_add(faults, "adaptiveend", FAULT_CONFLICT, "This cannot be below the start.");
}

static void
check_states(const struct record *rule, struct faults *faults)
{
	static const char *const stateful[] = { "statetimeout", "max", "max-src-states", "max-src-nodes",
		                                "adaptivestart", "adaptiveend", "max-src-conn" };

	check_adaptive(rule, faults);
	check_pair(rule, "max-src-conn-rate", "max-src-conn-rates", faults);
	for (size_t i = 0; is_value(rule, "statetype", "none") && i < COUNT(stateful); i++)
		must_be_empty(rule, stateful[i], faults, "This needs a rule that keeps state.");
}

/* Which kind of shaper a uuid is: "pipe", "queue", or NULL. */
static const char *
shaper_kind(const char *uuid, const struct view *view)
{
	if (view->snapshot && collection_find(snapshot_named(view->snapshot, "trafficshaper.pipe"), text_of(uuid)))
		return "pipe";
	if (view->snapshot && collection_find(snapshot_named(view->snapshot, "trafficshaper.queue"), text_of(uuid)))
		return "queue";
	return NULL;
}

static void
check_shapers(const struct record *rule, const struct view *view, struct faults *faults)
{
	const char *first = shaper_kind(record_get(rule, "shaper1"), view);
	const char *second = shaper_kind(record_get(rule, "shaper2"), view);

	if (is_set(rule, "shaper2") && !is_set(rule, "shaper1"))
		faults_add(faults, "shaper2", FAULT_CONFLICT, "The other direction needs a shaper first.");
	else if (first && second && first != second)
		faults_add(faults, "shaper2", FAULT_CONFLICT, "Both directions must have a pipe, or both a queue.");
}

static void
check(const struct record *rule, const struct view *view, struct faults *faults)
{
	must_suit(rule, protocols, COUNT(protocols), "protocol", faults, "This only goes with protocol");
	check_networks(rule, faults);
	check_states(rule, faults);
	if (is_set(rule, "tcpflags1") && !is_set(rule, "tcpflags2"))
		faults_add(faults, "tcpflags2", FAULT_CONFLICT, "Say out of which flags these are to be set.");
	if (record_bool(rule, "tcpflags_any") && is_set(rule, "tcpflags1") && is_set(rule, "tcpflags2"))
		faults_add(faults, "tcpflags_any", FAULT_CONFLICT, "Any flags and certain flags do not go together.");
	if (is_set(rule, "set-prio-low") && !is_set(rule, "set-prio"))
		faults_add(faults, "set-prio-low", FAULT_CONFLICT, "This needs a priority for the other packets.");
	check_shapers(rule, view, faults);
	if (is_set(rule, "divert-to") && !is_value(rule, "action", "pass"))
		faults_add(faults, "divert-to", FAULT_CONFLICT, "Only what passes can be diverted.");
	if (is_set(rule, "replyto") && is_set(rule, "gateway"))
		faults_add(faults, "replyto", FAULT_CONFLICT, "This does not go together with a gateway.");
}

const struct resource firewall_rule_resource = {
	.name = "firewall.rule",
	.summary = "Rule records of the Firewall.Filter model",
	.shape = COLLECTION,
	.flags = ORDERED,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Firewall.Filter",
	.path = "rules.rule",
	.check = check,
	.touches = PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/filter", "_rule", "rule", VERB_GET | VERB_ADD | VERB_SET | VERB_DELETE | VERB_TOGGLE }) },
};
