/* Each element of a rule has a field, is history, or is reported. */
#include "api/older/older.h"

#include <ctype.h>
#include <string.h>

#include "api/older/element.h"
#include "base/icmp.h"
#include "schema/record.h"
#include "schema/schema.h"

#define SEQUENCE_MAX 999999

/* clang-format off */
static const struct element elements[] = {
	{ "type", "action" },
	{ "interfacenot", "interfacenot", AS_FLAG },
	{ "ipprotocol", "ipprotocol" },
	{ "source/not", "source_not", AS_FLAG },
	{ "source/port", "source_port" },
	{ "destination/not", "destination_not", AS_FLAG },
	{ "destination/port", "destination_port" },
	{ "disabled", "enabled", AS_UNFLAG },
	{ "log", "log", AS_FLAG },
	{ "descr", "description" },
	{ "state-policy", "state-policy" },
	{ "statepolicy", "state-policy" },
	{ "gateway", "gateway" },
	{ "reply-to", "replyto" },
	{ "disablereplyto", "disablereplyto", AS_FLAG },
	{ "allowopts", "allowopts", AS_FLAG },
	{ "nosync", "nosync", AS_FLAG },
	{ "nopfsync", "nopfsync", AS_FLAG },
	{ "statetimeout", "statetimeout" },
	{ "udp-first", "udp-first" },
	{ "udp-multiple", "udp-multiple" },
	{ "udp-single", "udp-single" },
	{ "max-src-nodes", "max-src-nodes" },
	{ "max-src-states", "max-src-states" },
	{ "max-src-conn", "max-src-conn" },
	{ "max", "max" },
	{ "max-src-conn-rate", "max-src-conn-rate" },
	{ "max-src-conn-rates", "max-src-conn-rates" },
	{ "overload", "overload", BY_NAME, "firewall.alias" },
	{ "adaptivestart", "adaptivestart" },
	{ "adaptiveend", "adaptiveend" },
	{ "prio", "prio" },
	{ "set-prio", "set-prio" },
	{ "set-prio-low", "set-prio-low" },
	{ "tag", "tag" },
	{ "tagged", "tagged" },
	{ "tcpflags1", "tcpflags1" },
	{ "tcpflags2", "tcpflags2" },
	{ "tcpflags_any", "tcpflags_any", AS_FLAG },
	{ "category", "categories", BY_NAME, "firewall.category" },
	{ "sched", "sched" },
	{ "tos", "tos" },
	{ "dscp", "tos", IN_LOWER_CASE },
	{ "shaper1", "shaper1" },
	{ "shaper2", "shaper2" },
	{ "divert-to", "divert-to" },
};

/* clang-format on */

/* Types of ICMPv6 are numbers here. */
static const char *
icmp6_numbers(struct arena *arena, struct text names)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   name;

	while (text_next(&names, ",", &name)) {
		const int type = icmp_type_read(FAMILY_INET6, name);

		if (out.len)
			buffer_add_byte(&out, ',');
		if (type < 0)
			buffer_add(&out, name);
		else
			buffer_add_number(&out, type);
	}
	return arena_copy(arena, buffer_text(&out));
}

static void
fill_protocol(struct arena *arena, struct xml *node, struct record *rule)
{
	const bool  is_v6 = strcmp(record_get(rule, "ipprotocol"), "inet6") == 0;
	const char *protocol = element_in_case(arena, element_take(node, "protocol"), toupper), *types = element_take(node, "icmptype");
	const char *types6 = element_take(node, "icmp6-type");

	if (is_v6 && strcmp(protocol, "ICMP") == 0)
		protocol = "IPV6-ICMP";
	record_set(rule, "protocol", !protocol[0] || strcmp(protocol, "ANY") == 0 ? "any" : protocol);
	if (is_v6 && !types6[0])
		types6 = types;
	record_set(rule, "icmptype", is_v6 ? "" : types);
	record_set(rule, "icmp6type", is_v6 ? icmp6_numbers(arena, text_of(types6)) : "");
}

/* <any/>, <network> or <address>. False: none of them, which is no rule. */
static bool
fill_end(struct arena *arena, struct xml *node, const char *name, struct record *rule)
{
	const char *field = arena_print(arena, "%s_net", name);
	const char *address = element_take(node, arena_print(arena, "%s/address", name));
	const char *network = element_take(node, arena_print(arena, "%s/network", name));

	element_take(node, arena_print(arena, "%s/any", name));
	record_set(rule, field, address[0] ? address : network[0] ? network : "any");
	return address[0] || network[0] || xml_path(node, arena_print(arena, "%s/any", name));
}

/* Floating rules are asked first, and the last that matches counts unless they say otherwise. */
static void
fill_place(struct arena *arena, struct xml *node, struct record *rule, bool is_pfsense)
{
	const bool  floating = element_is_set(node, "floating");
	const char *quick = element_take(node, "quick"), *direction = element_take(node, "direction");
	const char *interface = element_take(node, "interface"), *state = element_take(node, "statetype");
	struct text rest = text_of(state);
	const bool  is_quick = strcmp(quick, "yes") == 0 || strcmp(quick, "1") == 0;

	record_set(rule, "floating", floating ? "1" : "0");
	record_set(rule, "quick", (xml_child(node, "quick") ? is_quick : !floating) ? "1" : "0");
	record_set(rule, "direction", direction[0] ? direction : floating && is_pfsense ? "any" : "in");
	record_set(rule, "interface", strcmp(interface, "any") == 0 ? "" : interface);
	record_set(rule, "statetype", state[0] ? arena_copy(arena, text_until(&rest, ' ')) : "keep");
}

static void
import_rule(struct change *change, struct arena *arena, struct xml *node, size_t number, int64_t sequence,
            struct buffer *report)
{
	struct record *rule = element_begin(change, arena, node, "firewall.rule", elements, COUNT(elements));
	bool           is_whole = true;

	fill_place(arena, node, rule, strcmp(node->parent->parent->name, "pfsense") == 0);
	fill_protocol(arena, node, rule);
	is_whole &= fill_end(arena, node, "source", rule);
	is_whole &= fill_end(arena, node, "destination", rule);
	record_set(rule, "sequence", arena_print(arena, "%lld", (long long)(sequence < SEQUENCE_MAX ? sequence : SEQUENCE_MAX)));
	if (!is_whole)
		buffer_print(report, "not mapped: filter/rule %zu (%s): it has no source or no destination\n", number,
			     record_get(rule, "description"));
	if (strcmp(record_get(rule, "action"), "match") == 0) {
		record_set(rule, "enabled", "0");
		buffer_print(report, "not mapped: filter/rule %zu (%s): it neither passes nor blocks, and is disabled\n", number,
			     record_get(rule, "description"));
	}
	is_whole &= !element_report(&(struct element_of){ "filter/rule", number, record_get(rule, "description") }, node, report);
	if (!is_whole && strcmp(record_get(rule, "action"), "pass") == 0 && record_bool(rule, "enabled")) {
		record_set(rule, "enabled", "0");
		buffer_print(report, "filter/rule %zu (%s): disabled, as it would let more pass\n", number,
			     record_get(rule, "description"));
	}
	if (node->uuid && uuid_is_valid(text_of(node->uuid)))
		memcpy(rule->uuid, node->uuid, UUID_LENGTH);
	change_put(change, rule);
}

void
older_rules_import(struct change *change, struct arena *arena, struct xml *root, struct buffer *report)
{
	const struct resource   *resource = schema_named(snapshot_schema(change_snapshot(change)), "firewall.rule");
	const struct collection *rules = snapshot_collection(change_snapshot(change), resource);
	struct xml              *filter = xml_child(root, "filter");
	int64_t                  sequence = 0;
	size_t                   number = 0;

	if (!xml_child(filter, "rule"))
		return;
	/* Of the model's there are some already when the file has any. */
	if (!xml_path(root, "OPNsense/Firewall/Filter"))
		older_make_room(change, resource->name);
	rules = snapshot_collection(change_snapshot(change), resource);
	for (size_t i = 0; i < collection_count(rules); i++) {
		const int64_t one = record_number(collection_at(rules, i), "sequence", 0);

		sequence = one > sequence ? one : sequence;
	}
	for (struct xml *node = xml_child(filter, "rule"); node; node = xml_next(node))
		import_rule(change, arena, node, ++number, ++sequence, report);
}

void
older_forward_fill(struct arena *arena, struct xml *node, struct record *rule)
{
	static const char *const ends[] = { "source", "destination" };

	for (size_t i = 0; i < COUNT(ends); i++) {
		const char *field = arena_print(arena, "%s.network", ends[i]);
		const char *address = element_take(node, arena_print(arena, "%s/address", ends[i]));

		if (address[0] && !record_has(rule, field))
			record_set(rule, field, address);
	}
	if (strcmp(xml_value(node, "associated-rule-id"), "pass") == 0)
		record_set(rule, "pass", "pass");
}
