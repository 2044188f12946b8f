/* gateways, gateways/gateway_item, gateways/gateway_group and staticroutes/route. */
#include "dialect/pfsense/mount.h"

#include "api/tiers.h"
#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed gateway_members[] = {
	{ "name",            NULL,          FORM_ALWAYS },
	{ "interface",       NULL,          FORM_ALWAYS },
	{ "ipprotocol",      NULL,          FORM_ALWAYS },
	{ "gateway",         NULL,          FORM_OWN },
	{ "descr",           NULL,          FORM_ALWAYS },
	{ "disabled",        NULL,          FORM_YES },
	{ "monitor",         NULL,          FORM_TEXT },
	{ "monitor_disable", NULL,          FORM_YES },
	{ "force_down",      NULL,          FORM_YES },
	{ "nonlocalgateway", "fargw",       FORM_YES },
	{ "weight",          NULL,          FORM_TEXT },
	{ "latencylow",      NULL,          FORM_TEXT },
	{ "latencyhigh",     NULL,          FORM_TEXT },
	{ "losslow",         NULL,          FORM_TEXT },
	{ "losshigh",        NULL,          FORM_TEXT },
	{ "interval",        NULL,          FORM_OWN },
	{ "loss_interval",   NULL,          FORM_OWN },
	{ "time_period",     NULL,          FORM_OWN },
	{ "data_payload",    "data_length", FORM_TEXT },
	{ NULL },
};

static const struct renamed group_members[] = {
	{ "name",    NULL, FORM_ALWAYS },
	{ "item",    NULL, FORM_OWN },
	{ "trigger", NULL, FORM_ALWAYS },
	{ "descr",   NULL, FORM_ALWAYS },
	{ NULL },
};

static const struct renamed default_members[] = {
	{ "defaultgw4", "gateway4", FORM_TEXT },
	{ "defaultgw6", "gateway6", FORM_TEXT },
	{ NULL },
};

static const struct renamed route_members[] = {
	{ "network",  NULL,      FORM_ALWAYS },
	{ "gateway",  NULL,      FORM_ALWAYS },
	{ "descr",    NULL,      FORM_ALWAYS },
	{ "disabled", "enabled", FORM_UNFLAG },
	{ NULL },
};
/* clang-format on */

/* Times are in ms here, and elsewhere in seconds with the exact value beside them. */
static const struct {
	const char *member, *exact;
} times[] = {
	{ "interval", "interval_ms" }, { "loss_interval", "loss_interval_ms" }, { "time_period", "time_period_ms" },
};

static void
show_times(struct arena *arena, const struct record *record, struct value *object)
{
	for (size_t i = 0; i < COUNT(times); i++) {
		const int64_t whole = record_number(record, times[i].member, 0);
		const int64_t exact = record_number(record, times[i].exact, 0);
		const bool    is_exact = exact > 0 && (exact + 999) / 1000 == whole;

		if (whole > 0)
			value_set_string(arena, object, times[i].member,
					 arena_print(arena, "%lld", (long long)(is_exact ? exact : whole * 1000)));
	}
}

static void
fill_times(struct arena *arena, const struct value *object, struct record *record)
{
	for (size_t i = 0; i < COUNT(times); i++) {
		const struct value *member = value_get(object, times[i].member);
		const int64_t       exact = member ? to_integer(member) : 0;
		const bool          is_set = exact > 0 && exact <= INT32_MAX;

		record_set(record, times[i].exact, is_set ? arena_print(arena, "%lld", (long long)exact) : "");
		record_set(record, times[i].member,
			   is_set ? arena_print(arena, "%lld", (long long)(exact + 999) / 1000) : "");
	}
}

/* Without an address a gateway is what the interface is told. */
static void
show_gateway(struct tree *tree, const struct record *record, struct value *object)
{
	const char *address = record_get(record, "gateway");

	value_set_string(tree_arena(tree), object, "gateway", address[0] ? address : "dynamic");
	show_times(tree_arena(tree), record, object);
}

static void
fill_gateway(struct tree *tree, const struct value *object, struct record *record)
{
	const char *address = to_string(tree_arena(tree), value_get(object, "gateway"));

	record_set(record, "gateway", strcmp(address, "dynamic") == 0 ? "" : address);
	fill_times(tree_arena(tree), object, record);
}

const struct mount mount_gateways = {
	.path = "gateways/gateway_item",
	.resource = "routing.gateway",
	.shape = MOUNT_LIST,
	.identity = "name",
	.members = gateway_members,
	.show = show_gateway,
	.fill = fill_gateway,
};

/* Behind the tier is which address of the interface: its own. A virtual one is kept as it was said, and has no effect. */
static void
show_group(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena      *arena = tree_arena(tree);
	struct value      *items = value_list(arena);
	struct tier_member member = { 0 };

	while (tiers_next(record, &member))
		value_add(arena, items,
			  value_string(arena, arena_print(arena, "%.*s|%u|address", TEXT_ARGS(member.name), member.tier)));
	value_set(arena, object, "item", items);
}

static void
fill_group(struct tree *tree, const struct value *object, struct record *record)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *items = to_list(arena, (struct value *)value_get(object, "item"));
	scoped_buffer       list = BUFFER_NONE;

	for (size_t i = 0; i < value_count(items); i++) {
		buffer_add(&list, to_text(arena, items->members[i].value));
		buffer_add_byte(&list, ',');
	}
	tiers_read(arena, record, buffer_text(&list));
}

const struct mount mount_gateway_groups = {
	.path = "gateways/gateway_group",
	.resource = "routing.gateway_group",
	.shape = MOUNT_LIST,
	.identity = "name",
	.members = group_members,
	.show = show_group,
	.fill = fill_group,
};

const struct mount mount_default_gateways = {
	.path = "gateways",
	.resource = "routing.default_gateway",
	.shape = MOUNT_SINGLE,
	.members = default_members,
};

const struct mount mount_routes = {
	.path = "staticroutes/route",
	.resource = "routes.route",
	.shape = MOUNT_LIST,
	.members = route_members,
};
