/* nat/rule, nat/outbound/rule and nat/onetoone: the three kinds of translation. */
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/sections/ends.h"

/* clang-format off */
static const struct renamed forward_members[] = {
	{ "interface",   NULL,   FORM_ALWAYS },
	{ "ipprotocol",  NULL,   FORM_TEXT },
	{ "protocol",    NULL,   FORM_OWN },
	{ "source",      NULL,   FORM_OWN },
	{ "destination", NULL,   FORM_OWN },
	{ "target",      NULL,   FORM_TEXT },
	{ "local-port",  NULL,   FORM_TEXT },
	{ "disabled",    NULL,   FORM_FLAG },
	{ "nordr",       NULL,   FORM_FLAG },
	{ "nosync",      NULL,   FORM_FLAG },
	{ "descr",       NULL,   FORM_ALWAYS },
	{ "tag",         NULL,   FORM_TEXT },
	{ "tagged",      NULL,   FORM_TEXT },
	{ "associated-rule-id", NULL, FORM_OWN },
	{ "created",     NULL,   FORM_OWN },
	{ "updated",     NULL,   FORM_OWN },
	{ NULL },
};

static const struct renamed outbound_members[] = {
	{ "interface",     NULL,               FORM_ALWAYS },
	{ "protocol",      NULL,               FORM_OWN },
	{ "source",        NULL,               FORM_OWN },
	{ "destination",   NULL,               FORM_OWN },
	{ "sourceport",    "source_port",      FORM_TEXT },
	{ "dstport",       "destination_port", FORM_TEXT },
	{ "natport",       "target_port",      FORM_TEXT },
	{ "target",        NULL,               FORM_OWN },
	{ "target_subnet", NULL,               FORM_OWN },
	{ "staticnatport", NULL,               FORM_FLAG },
	{ "poolopts",      NULL,               FORM_TEXT },
	{ "disabled",      "enabled",          FORM_UNFLAG },
	{ "nonat",         NULL,               FORM_FLAG },
	{ "nosync",        NULL,               FORM_FLAG },
	{ "log",           NULL,               FORM_FLAG },
	{ "descr",         "description",      FORM_ALWAYS },
	{ NULL },
};

static const struct renamed one_to_one_members[] = {
	{ "interface",     NULL,          FORM_ALWAYS },
	{ "external",      NULL,          FORM_ALWAYS },
	{ "source",        NULL,          FORM_OWN },
	{ "destination",   NULL,          FORM_OWN },
	{ "disabled",      "enabled",     FORM_UNFLAG },
	{ "natreflection", NULL,          FORM_TEXT },
	{ "nobinat",       NULL,          FORM_FLAG },
	{ "descr",         "description", FORM_ALWAYS },
	{ NULL },
};
/* clang-format on */

static const struct end forward_ends[] = {
	{ "source", "source.network", "source.not", "source.port" },
	{ "destination", "destination.network", "destination.not", "destination.port" },
};
static const struct end ends[] = {
	{ "source", "source_net", "source_not", NULL },
	{ "destination", "destination_net", "destination_not", NULL },
};

static void
show_stamp(struct tree *tree, const struct record *record, const char *name, struct value *object)
{
	struct arena     *arena = tree_arena(tree);
	const struct text time = record_text(record, arena_print(arena, "%s.time", name));
	struct value     *stamp = value_object(arena);

	if (time.len == 0)
		return;
	value_set(arena, stamp, "time", value_text(arena, time));
	value_set_string(arena, stamp, "username", record_get(record, arena_print(arena, "%s.username", name)));
	value_set(arena, object, name, stamp);
}

static void
fill_stamp(struct tree *tree, const struct value *object, const char *name, struct record *record)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *stamp = value_get(object, name);

	record_set(record, arena_print(arena, "%s.time", name), to_string(arena, value_get(stamp, "time")));
	record_set(record, arena_print(arena, "%s.username", name),
		   to_string(arena, value_get(stamp, "username")));
}

static void
show_forward(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena *arena = tree_arena(tree);

	protocol_show(tree, record, object);
	if (!value_get(object, "protocol"))
		value_set_string(arena, object, "protocol", "any");
	end_show(tree, record, &forward_ends[0], object);
	end_show(tree, record, &forward_ends[1], object);
	value_set_string(arena, object, "associated-rule-id",
			 text_is(record_text(record, "pass"), "pass") ?
				 "pass" :
				 record_get(record, "associated-rule-id"));
	if (record_has(record, "natreflection"))
		value_set_string(arena, object, "natreflection", record_get(record, "natreflection"));
	show_stamp(tree, record, "created", object);
	show_stamp(tree, record, "updated", object);
}

static void
fill_forward(struct tree *tree, const struct value *object, struct record *record)
{
	struct arena     *arena = tree_arena(tree);
	const struct text linked = to_text(arena, value_get(object, "associated-rule-id"));
	const struct text reflection = to_text(arena, value_get(object, "natreflection"));

	protocol_fill(tree, object, record, false);
	end_fill(tree, object, &forward_ends[0], record);
	end_fill(tree, object, &forward_ends[1], record);
	record_set(record, "pass", text_is(linked, "pass") ? "pass" : "");
	record_set(record, "associated-rule-id",
		   text_is(linked, "pass") ? "" : to_string(arena, value_get(object, "associated-rule-id")));
	record_set(record, "natreflection",
		   text_is(reflection, "disable") ? "disable" :
		   reflection.len		  ? "purenat" :
						    "");
	fill_stamp(tree, object, "created", record);
	fill_stamp(tree, object, "updated", record);
}

const struct mount mount_forwards = {
	.path = "nat/rule",
	.resource = "firewall.destination_nat",
	.shape = MOUNT_LIST,
	.members = forward_members,
	.sequence = "sequence",
	.depends = "interfaces.interface",
	.show = show_forward,
	.fill = fill_forward,
};

/* A source has only a network here; "any" is one. */
static void
show_outbound(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena     *arena = tree_arena(tree);
	struct value     *source = value_object(arena);
	struct text       bits = record_text(record, "target");
	const struct text whole = bits, target = text_until(&bits, '/');

	protocol_show(tree, record, object);
	value_set_string(arena, source, "network", record_get(record, "source_net"));
	if (record_bool(record, "source_not"))
		value_set_string(arena, source, "not", "");
	value_set(arena, object, "source", source);
	end_show(tree, record, &ends[1], object);
	value_set(arena, object, "target", value_text(arena, target));
	if (target.len != whole.len)
		value_set(arena, object, "target_subnet", value_text(arena, bits));
}

static void
fill_outbound(struct tree *tree, const struct value *object, struct record *record)
{
	struct arena       *arena = tree_arena(tree);
	const char         *target = to_string(arena, value_get(object, "target"));
	const struct value *bits = value_get(object, "target_subnet");
	struct prefix       network;

	protocol_fill(tree, object, record, true);
	end_fill(tree, object, &ends[0], record);
	end_fill(tree, object, &ends[1], record);
	/* One address alone has no bits in the other dialect. */
	if (!is_blank(bits) && prefix_read(text_of(arena_print(arena, "%s/%s", target, to_string(arena, bits))), &network) &&
	    network.bits < address_bits(network.address.family))
		target = arena_print(arena, "%s/%u", target, network.bits);
	record_set(record, "target", target);
}

const struct mount mount_outbound = {
	.path = "nat/outbound/rule",
	.resource = "firewall.source_nat",
	.shape = MOUNT_LIST,
	.members = outbound_members,
	.sequence = "sequence",
	.depends = "interfaces.interface",
	.show = show_outbound,
	.fill = fill_outbound,
};

static void
show_one_to_one(struct tree *tree, const struct record *record, struct value *object)
{
	end_show(tree, record, &ends[0], object);
	end_show(tree, record, &ends[1], object);
}

static void
fill_one_to_one(struct tree *tree, const struct value *object, struct record *record)
{
	end_fill(tree, object, &ends[0], record);
	end_fill(tree, object, &ends[1], record);
}

const struct mount mount_one_to_one = {
	.path = "nat/onetoone",
	.resource = "firewall.one_to_one",
	.shape = MOUNT_LIST,
	.members = one_to_one_members,
	.sequence = "sequence",
	.depends = "interfaces.interface",
	.show = show_one_to_one,
	.fill = fill_one_to_one,
};

/* clang-format off */
static const struct renamed mode_members[] = {
	{ "mode", "general.snat_mode", FORM_ALWAYS },
	{ NULL },
};
/* clang-format on */

const struct mount mount_outbound_mode = {
	.path = "nat/outbound",
	.resource = "firewall.filter_settings",
	.shape = MOUNT_SINGLE,
	.members = mode_members,
};
