/* filter/rule: firewall.rule. */
#include "base/icmp.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/sections/ends.h"

/* clang-format off */
static const struct renamed members[] = {
	{ "type",         "action",      FORM_ALWAYS },
	{ "interface",    NULL,          FORM_ALWAYS },
	{ "ipprotocol",   NULL,          FORM_ALWAYS },
	{ "protocol",     NULL,          FORM_OWN },
	{ "icmptype",     NULL,          FORM_OWN },
	{ "source",       NULL,          FORM_OWN },
	{ "destination",  NULL,          FORM_OWN },
	{ "gateway",      NULL,          FORM_TEXT },
	{ "sched",        NULL,          FORM_TEXT },
	{ "disabled",     "enabled",     FORM_UNFLAG },
	{ "descr",        "description", FORM_ALWAYS },
	{ "log",          NULL,          FORM_FLAG },
	{ "tcpflags_any", NULL,          FORM_FLAG },
	{ "tcpflags1",    NULL,          FORM_TEXT },
	{ "tcpflags2",    NULL,          FORM_TEXT },
	{ "statetype",    NULL,          FORM_OWN },
	{ "direction",    NULL,          FORM_OWN },
	{ "quick",        NULL,          FORM_OWN },
	{ "tag",          NULL,          FORM_TEXT },
	{ "tagged",       NULL,          FORM_TEXT },
	{ "max",          NULL,          FORM_TEXT },
	{ "max-src-nodes", NULL,         FORM_TEXT },
	{ "max-src-conn", NULL,          FORM_TEXT },
	{ "max-src-states", NULL,        FORM_TEXT },
	{ "max-src-conn-rate", NULL,     FORM_TEXT },
	{ "max-src-conn-rates", NULL,    FORM_TEXT },
	{ "statetimeout", NULL,          FORM_TEXT },
	{ "allowopts",    NULL,          FORM_FLAG },
	{ "disablereplyto", NULL,        FORM_FLAG },
	{ "nopfsync",     NULL,          FORM_FLAG },
	{ "nosync",       NULL,          FORM_FLAG },
	{ NULL },
};
/* clang-format on */

static const struct end source = { "source", "source_net", "source_not", "source_port" };
static const struct end destination = { "destination", "destination_net", "destination_not",
					"destination_port" };

/* It says so; or nobody who knows this dialect made it, and it is on no interface or on several: it floats. */
static bool
floats(const struct record *rule)
{
	const struct text interface = record_text(rule, "interface");

	return record_bool(rule, "floating") || interface.len == 0 || memchr(interface.ptr, ',', interface.len) ||
	       record_bool(rule, "interfacenot") || !record_bool(rule, "quick") ||
	       !text_is(record_text(rule, "direction"), "in");
}

/* Types of ICMPv6 are kept as numbers; these clients know them by their names. */
static const char *
icmp6_list(struct arena *arena, struct text list, bool as_names)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   one;

	while (text_next(&list, ",", &one)) {
		const int   type = icmp_type_read(FAMILY_INET6, one);
		const char *name = as_names ? icmp_type_name(FAMILY_INET6, type) : NULL;

		if (out.len)
			buffer_add_byte(&out, ',');
		if (name)
			buffer_add_string(&out, name);
		else if (as_names || type < 0)
			buffer_add(&out, one);
		else
			buffer_add_number(&out, type);
	}
	return arena_copy(arena, buffer_text(&out));
}

static void
show(struct tree *tree, const struct record *rule, struct value *object)
{
	struct arena *arena = tree_arena(tree);
	const char   *state = record_get(rule, "statetype");
	const char   *icmp = record_get(rule, "icmptype");

	protocol_show(tree, rule, object);
	if (!icmp[0])
		icmp = icmp6_list(arena, record_text(rule, "icmp6type"), true);
	if (icmp[0])
		value_set_string(arena, object, "icmptype", icmp);
	end_show(tree, rule, &source, object);
	end_show(tree, rule, &destination, object);
	if (strcmp(state, "keep") != 0)
		value_set_string(arena, object, "statetype",
				 strcmp(state, "none") == 0 ? "none" : arena_print(arena, "%s state", state));
	if (floats(rule)) {
		value_set_string(arena, object, "floating", "yes");
		value_set_string(arena, object, "direction", record_get(rule, "direction"));
		if (record_bool(rule, "quick"))
			value_set_string(arena, object, "quick", "yes");
	}
	value_set_string(arena, object, "tracker", arena_print(arena, "%lld", (long long)number_of(rule)));
}

static void
fill(struct tree *tree, const struct value *object, struct record *rule)
{
	struct arena     *arena = tree_arena(tree);
	const bool        floating = !is_none(value_get(object, "floating"));
	const struct text state = to_text(arena, value_get(object, "statetype"));
	const struct text family = to_text(arena, value_get(object, "ipprotocol"));
	const char       *icmp = to_string(arena, value_get(object, "icmptype"));
	const char       *direction = to_string(arena, value_get(object, "direction"));
	struct text       rest = state;

	protocol_fill(tree, object, rule, true);
	record_set(rule, "icmptype", text_is(family, "inet6") ? "" : icmp);
	record_set(rule, "icmp6type", text_is(family, "inet6") ? icmp6_list(arena, text_of(icmp), false) : "");
	end_fill(tree, object, &source, rule);
	end_fill(tree, object, &destination, rule);
	record_set(rule, "statetype", state.len ? arena_copy(arena, text_until(&rest, ' ')) : "keep");
	record_set(rule, "floating", floating ? "1" : "0");
	record_set(rule, "direction", floating && direction[0] ? direction : "in");
	record_set(rule, "quick",
		   !floating || text_is(to_text(arena, value_get(object, "quick")), "yes") ? "1" : "0");
}

static const struct collection *
interfaces_of(struct tree *tree)
{
	return snapshot_named(tree_snapshot(tree), "interfaces.interface");
}

size_t
rule_ranks(struct tree *tree)
{
	return collection_count(interfaces_of(tree)) + 2;
}

/* Floating ones first, then by the interfaces' order, then the rest. */
static size_t
rank(struct tree *tree, const struct value *rule)
{
	const struct text name = to_text(tree_arena(tree), value_get(rule, "interface"));

	if (!is_none(value_get(rule, "floating")))
		return 0;
	const size_t position = collection_position(interfaces_of(tree), name);

	return position == SIZE_MAX ? rule_ranks(tree) - 1 : position + 1;
}

const struct mount mount_rules = {
	.path = "filter/rule",
	.resource = "firewall.rule",
	.shape = MOUNT_LIST,
	.members = members,
	.sequence = "sequence",
	.depends = "interfaces.interface",
	.rank = rank,
	.show = show,
	.fill = fill,
};
