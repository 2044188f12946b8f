/* The four kinds of address translation. */
#include <string.h>

#include "base/number.h"
#include "plan/filter_reader.h"

/* Where an outbound rule translates to: nothing said means the interface's own address. */
static bool
read_target(const struct filter_reader *reader, struct arena *arena, struct text t, struct outbound_rule *rule)
{
	if (t.len == 0) {
		rule->to = NAT_TO_INTERFACE;
		rule->alias = rule->interface;
		return true;
	}
	if (prefix_read(t, &rule->prefix)) {
		rule->to = NAT_TO_PREFIX;
		return true;
	}
	rule->alias = arena_copy(arena, text_ends(t, TEXT("ip")) ? text_first(t, t.len - 2) : t);
	if (map_get(reader->interfaces, text_of(rule->alias))) {
		rule->to = NAT_TO_INTERFACE;
		return true;
	}
	rule->alias = arena_copy(arena, t);
	rule->to = NAT_TO_ALIAS;
	return map_get(reader->aliases, t) != NULL;
}

/* Of one record there is one thing that cannot be had. */
static const char *
missing_note(struct arena *arena, const struct record *record, const char *field)
{
	struct noting notes = { .arena = arena };

	note_missing(&notes, record, field);
	return notes.list[0];
}

static const char *
read_outbound_match(const struct filter_reader *reader, struct arena *arena, const struct record *record,
                    struct outbound_rule *rule)
{
	struct ports port;

	if (!read_protocol(record_text(record, "protocol"), &rule->protocol))
		return "protocol";
	if (!read_nets(reader, arena, record_text(record, "source_net"), record_bool(record, "source_not"), &rule->source))
		return "source_net";
	if (!read_nets(reader, arena, record_text(record, "destination_net"), record_bool(record, "destination_not"),
	               &rule->destination))
		return "destination_net";
	if (!read_ports(reader, arena, record_text(record, "source_port"), &rule->source_port))
		return "source_port";
	if (!read_ports(reader, arena, record_text(record, "destination_port"), &rule->destination_port))
		return "destination_port";
	if (!read_target(reader, arena, record_text(record, "target"), rule))
		return "target";
	if (!read_ports(reader, arena, record_text(record, "target_port"), &port) || port.kind == PORTS_ALIAS)
		return "target_port";
	if (port.kind == PORTS_RANGE)
		rule->port = port.range;
	return NULL;
}

static enum nat_pool
read_pool(const struct record *record)
{
	static const char *const words[] = { "", "round-robin", "round-robin sticky-address", "random", "random sticky-address",
					     "source-hash", "bitmask", NULL };

	return (enum nat_pool)record_choice(record, "poolopts", words, POOL_DEFAULT);
}

static void *
make_outbound(struct filter_reader *reader, struct arena *arena, const struct record *record)
{
	struct outbound_rule *rule = ARENA_MAKE(arena, struct outbound_rule, 1);

	*rule = (struct outbound_rule){
		.uuid = record->uuid,
		.stamp = fresh_stamp(reader),
		.sequence = (unsigned)record_number(record, "sequence", 0),
		.is_inactive = !record_bool(record, "enabled"),
		.interface = record_get(record, "interface"),
		.family = read_family(record_text(record, "ipprotocol")),
		.static_port = record_bool(record, "staticnatport"),
		.pool = read_pool(record),
		.log = record_bool(record, "log"),
		.tag = text_or_null(record, "tag"),
		.tagged = text_or_null(record, "tagged"),
	};
	const char *missing = read_outbound_match(reader, arena, record, rule);

	if (missing && !rule->is_inactive)
		rule->note = missing_note(arena, record, missing);
	else if (record_bool(record, "endpoint-independent") && !rule->is_inactive)
		rule->note = "translation does depend on the endpoint: others cannot answer to the port that one sees";
	rule->is_inactive |= missing != NULL;
	if (record_bool(record, "nonat"))
		rule->to = NAT_TO_NOTHING;
	return rule;
}

static bool
read_forward_target(const struct filter_reader *reader, struct arena *arena, const struct record *record,
                    struct forward_rule *rule)
{
	const struct text target = record_text(record, "target"), port = record_text(record, "local-port");

	rule->to = NAT_TO_NOTHING;
	if (record_bool(record, "nordr"))
		return true;
	if (port.len > 0 && !read_port(reader, port, &rule->port)) {
		const struct record *alias = map_get(reader->aliases, port);

		/* An alias of one port; of several there is no telling which is meant. */
		if (!alias || !read_port(reader, record_text(alias, "content"), &rule->port))
			return false;
	}
	if (prefix_read(target, &rule->prefix)) {
		rule->to = NAT_TO_PREFIX;
		return true;
	}
	rule->to = NAT_TO_ALIAS;
	rule->alias = arena_copy(arena, target);
	return map_get(reader->aliases, target) != NULL;
}

static const char *
read_forward_match(const struct filter_reader *reader, struct arena *arena, const struct record *record,
                   struct forward_rule *rule)
{
	if (!read_protocol(record_text(record, "protocol"), &rule->protocol))
		return "protocol";
	if (!read_nets(reader, arena, record_text(record, "source.network"), record_bool(record, "source.not"), &rule->source))
		return "source.network";
	if (!read_nets(reader, arena, record_text(record, "destination.network"), record_bool(record, "destination.not"),
	               &rule->destination))
		return "destination.network";
	if (!read_ports(reader, arena, record_text(record, "source.port"), &rule->source_port))
		return "source.port";
	if (!read_ports(reader, arena, record_text(record, "destination.port"), &rule->destination_port))
		return "destination.port";
	return read_forward_target(reader, arena, record, rule) ? NULL : rule->to == NAT_TO_NOTHING ? "local-port" : "target";
}

static void *
make_forward(struct filter_reader *reader, struct arena *arena, const struct record *record)
{
	struct forward_rule *rule = ARENA_MAKE(arena, struct forward_rule, 1);

	*rule = (struct forward_rule){
		.uuid = record->uuid,
		.stamp = fresh_stamp(reader),
		.sequence = (unsigned)record_number(record, "sequence", 0),
		.is_inactive = record_bool(record, "disabled"),
		.family = read_family(record_text(record, "ipprotocol")),
		.pool = read_pool(record),
		.reflect = text_is(record_text(record, "natreflection"), "purenat"),
		.pass = text_is(record_text(record, "pass"), "pass"),
		.registers = text_is(record_text(record, "pass"), "rule"),
		.log = record_bool(record, "log"),
		.tag = text_or_null(record, "tag"),
		.tagged = text_or_null(record, "tagged"),
	};
	rule->interfaces = read_names(arena, record_text(record, "interface"), &rule->ninterfaces);
	const char *missing = read_forward_match(reader, arena, record, rule);

	if (missing && !rule->is_inactive)
		rule->note = missing_note(arena, record, missing);
	rule->is_inactive |= missing != NULL;
	return rule;
}

static void *
make_one_to_one(struct filter_reader *reader, struct arena *arena, const struct record *record)
{
	struct one_to_one_rule *rule = ARENA_MAKE(arena, struct one_to_one_rule, 1);

	*rule = (struct one_to_one_rule){
		.uuid = record->uuid,
		.stamp = fresh_stamp(reader),
		.sequence = (unsigned)record_number(record, "sequence", 0),
		.is_inactive = !record_bool(record, "enabled"),
		.is_nat = text_is(record_text(record, "type"), "nat"),
		.is_exempt = record_bool(record, "nobinat"),
		.interface = record_get(record, "interface"),
		.reflect = text_is(record_text(record, "natreflection"), "enable"),
		.log = record_bool(record, "log"),
	};
	const char *missing =
		!prefix_read(record_text(record, "external"), &rule->external) ? "external"
		: !read_nets(reader, arena, record_text(record, "source_net"), record_bool(record, "source_not"), &rule->source)
			? "source_net"
		: !read_nets(reader, arena, record_text(record, "destination_net"), record_bool(record, "destination_not"),
		             &rule->destination)
			? "destination_net"
			: NULL;

	if (missing && !rule->is_inactive)
		rule->note = missing_note(arena, record, missing);
	rule->is_inactive |= missing != NULL;
	return rule;
}

static void *
make_prefix(struct filter_reader *reader, struct arena *arena, const struct record *record)
{
	struct prefix_rule *rule = ARENA_MAKE(arena, struct prefix_rule, 1);

	*rule = (struct prefix_rule){
		.uuid = record->uuid,
		.stamp = fresh_stamp(reader),
		.sequence = (unsigned)record_number(record, "sequence", 0),
		.is_inactive = !record_bool(record, "enabled"),
		.interface = record_get(record, "interface"),
		.log = record_bool(record, "log"),
	};
	rule->tracked = text_or_null(record, "trackif");
	if (!prefix_read(record_text(record, "source_net"), &rule->internal) ||
	    (!rule->tracked && !prefix_read(record_text(record, "destination_net"), &rule->external)))
		rule->is_inactive = true;
	if (!rule->is_inactive && !rule->tracked && rule->internal.bits != rule->external.bits)
		rule->note = "the two prefixes differ in length: the rule is not applied";
	rule->is_inactive |= rule->note != NULL;
	return rule;
}

/* The outer prefix is the one that an interface has been given, which may change at any time. */
static const struct prefix_rule *
track(struct filter_reader *reader, const struct prefix_rule *rule)
{
	const struct filter *filter = &reader->filter;
	struct prefix_rule  *found = ARENA_MAKE(reader->once, struct prefix_rule, 1);

	*found = *rule;
	found->note = arena_print(reader->once, "interface %s has no IPv6 prefix now: the rule is not applied", rule->tracked);
	found->is_inactive = true;
	for (size_t i = 0; i < filter->ninterfaces; i++)
		for (size_t k = 0; k < filter->interfaces[i].naddresses; k++) {
			const struct prefix *prefix = &filter->interfaces[i].addresses[k].prefix;

			if (strcmp(filter->interfaces[i].name, rule->tracked) != 0 || prefix->address.family != FAMILY_INET6 ||
			    address_is_link_local(&prefix->address))
				continue;
			found->external = (struct prefix){ prefix->address, rule->internal.bits };
			found->external.address = prefix_first(&found->external);
			found->note = NULL;
			found->is_inactive = false;
			return found;
		}
	return found;
}

static void
read_prefixes(struct filter_reader *reader)
{
	size_t                     count;
	void *const               *made = read_all(reader, "firewall.npt", make_prefix, &count);
	const struct prefix_rule **rules = ARENA_MAKE(reader->once, const struct prefix_rule *, count + 1);

	for (size_t i = 0; i < count; i++) {
		const struct prefix_rule *rule = made[i];

		rules[i] = rule->tracked && !rule->is_inactive ? track(reader, rule) : rule;
	}
	reader->filter.prefixes = rules;
	reader->filter.nprefixes = count;
}

void
read_nat(struct filter_reader *reader)
{
	static const char *const modes[] = { "automatic", "hybrid", "advanced", "disabled", NULL };
	struct filter           *filter = &reader->filter;

	filter->outbound = (const struct outbound_rule *const *)read_all(reader, "firewall.source_nat", make_outbound,
									 &filter->noutbound);
	filter->forwards = (const struct forward_rule *const *)read_all(reader, "firewall.destination_nat",
									make_forward, &filter->nforwards);
	filter->one_to_one = (const struct one_to_one_rule *const *)read_all(reader, "firewall.one_to_one",
									     make_one_to_one, &filter->none_to_one);
	read_prefixes(reader);
	filter->outbound_mode = (enum outbound_mode)record_choice(
		snapshot_single(reader->snapshot, "firewall.filter_settings"), "general.snat_mode", modes,
		OUTBOUND_AUTOMATIC);
}
