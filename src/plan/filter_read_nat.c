/* The four kinds of address translation. */
#include <string.h>

#include "base/number.h"
#include "plan/filter_reader.h"

static const char *
text_or_null(const struct record *record, const char *field)
{
	return record_has(record, field) ? record_get(record, field) : NULL;
}

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

static void *
make_outbound(struct filter_reader *reader, struct arena *arena, const struct record *record)
{
	struct outbound_rule *rule = ARENA_MAKE(arena, struct outbound_rule, 1);
	struct ports          port;

	*rule = (struct outbound_rule){
		.uuid = record->uuid,
		.stamp = fresh_stamp(reader),
		.sequence = (unsigned)record_number(record, "sequence", 0),
		.is_inactive = !record_bool(record, "enabled"),
		.interface = record_get(record, "interface"),
		.family = read_family(record_text(record, "ipprotocol")),
		.static_port = record_bool(record, "staticnatport"),
		.log = record_bool(record, "log"),
		.tag = text_or_null(record, "tag"),
		.tagged = text_or_null(record, "tagged"),
	};
	if (!read_protocol(record_text(record, "protocol"), &rule->protocol) ||
	    !read_nets(reader, arena, record_text(record, "source_net"), record_bool(record, "source_not"),
		       &rule->source) ||
	    !read_nets(reader, arena, record_text(record, "destination_net"), record_bool(record, "destination_not"),
		       &rule->destination) ||
	    !read_ports(reader, arena, record_text(record, "source_port"), &rule->source_port) ||
	    !read_ports(reader, arena, record_text(record, "destination_port"), &rule->destination_port) ||
	    !read_target(reader, arena, record_text(record, "target"), rule) ||
	    !read_ports(reader, arena, record_text(record, "target_port"), &port) || port.kind == PORTS_ALIAS)
		rule->is_inactive = true;
	else if (port.kind == PORTS_RANGE)
		rule->port = port.range;
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

static void *
make_forward(struct filter_reader *reader, struct arena *arena, const struct record *record)
{
	static const char *const pools[] = { "",       "round-robin",          "round-robin sticky-address",
					     "random", "random sticky-address", "source-hash",
					     "bitmask", NULL };
	struct forward_rule     *rule = ARENA_MAKE(arena, struct forward_rule, 1);

	*rule = (struct forward_rule){
		.uuid = record->uuid,
		.stamp = fresh_stamp(reader),
		.sequence = (unsigned)record_number(record, "sequence", 0),
		.is_inactive = record_bool(record, "disabled"),
		.family = read_family(record_text(record, "ipprotocol")),
		.pool = (enum nat_pool)record_choice(record, "poolopts", pools, POOL_DEFAULT),
		.reflect = text_is(record_text(record, "natreflection"), "purenat"),
		.pass = text_is(record_text(record, "pass"), "pass"),
		.log = record_bool(record, "log"),
		.tag = text_or_null(record, "tag"),
		.tagged = text_or_null(record, "tagged"),
	};
	rule->interfaces = read_names(arena, record_text(record, "interface"), &rule->ninterfaces);
	if (!read_protocol(record_text(record, "protocol"), &rule->protocol) ||
	    !read_nets(reader, arena, record_text(record, "source.network"), record_bool(record, "source.not"),
		       &rule->source) ||
	    !read_nets(reader, arena, record_text(record, "destination.network"),
		       record_bool(record, "destination.not"), &rule->destination) ||
	    !read_ports(reader, arena, record_text(record, "source.port"), &rule->source_port) ||
	    !read_ports(reader, arena, record_text(record, "destination.port"), &rule->destination_port) ||
	    !read_forward_target(reader, arena, record, rule))
		rule->is_inactive = true;
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
		.interface = record_get(record, "interface"),
		.reflect = text_is(record_text(record, "natreflection"), "enable"),
		.log = record_bool(record, "log"),
	};
	if (!prefix_read(record_text(record, "external"), &rule->external) ||
	    !read_nets(reader, arena, record_text(record, "source_net"), record_bool(record, "source_not"),
		       &rule->source) ||
	    !read_nets(reader, arena, record_text(record, "destination_net"), record_bool(record, "destination_not"),
		       &rule->destination))
		rule->is_inactive = true;
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
	if (!prefix_read(record_text(record, "source_net"), &rule->internal) ||
	    !prefix_read(record_text(record, "destination_net"), &rule->external) ||
	    rule->internal.bits != rule->external.bits)
		rule->is_inactive = true;
	return rule;
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
	filter->prefixes = (const struct prefix_rule *const *)read_all(reader, "firewall.npt", make_prefix,
								       &filter->nprefixes);
	filter->outbound_mode = (enum outbound_mode)record_choice(
		snapshot_single(reader->snapshot, "firewall.filter_settings"), "general.snat_mode", modes,
		OUTBOUND_AUTOMATIC);
}
