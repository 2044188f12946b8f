/* Gateways, for the tables' expressions. */
#include "dialect/pfsense/functions.h"

static const struct value *
find_named(struct scope *scope, const char *path, struct text name)
{
	const struct value *list = tree_find(scope->tree, path);
	const int64_t       at = name.len ? position_of(scope, path, "name", name) : -1;

	return at < 0 ? NULL : list->members[at].value;
}

/* An interface that gets its address by itself has a gateway of its own: WAN_DHCP, WAN_DHCP6. */
static const char *
dynamic_gateway_family(struct scope *scope, struct text name)
{
	const struct value *interfaces = tree_find(scope->tree, "interfaces");

	for (size_t i = 0; i < value_count(interfaces); i++) {
		const struct value *interface = interfaces->members[i].value;
		struct text         called = to_text(scope->arena, value_get(interface, "descr"));
		char               *upper;

		if (called.len == 0)
			called = interfaces->members[i].name;
		upper = arena_copy(scope->arena, called);
		for (char *at = upper; *at; at++)
			if (*at >= 'a' && *at <= 'z')
				*at = (char)(*at - 32);
		if (member_is(scope, interface, "ipaddr", TEXT("dhcp")) &&
		    text_is(name, arena_print(scope->arena, "%s_DHCP", upper)))
			return "inet";
		if (member_is(scope, interface, "ipaddrv6", TEXT("dhcp6")) &&
		    text_is(name, arena_print(scope->arena, "%s_DHCP6", upper)))
			return "inet6";
	}
	return NULL;
}

/* "inet" or "inet6" of a gateway or of a group's first member; NULL: none of that name. */
static const char *
family_of(struct scope *scope, struct text name)
{
	const struct value *gateway = find_named(scope, "gateways/gateway_item", name);
	const struct value *group;
	struct text         rest;

	if (gateway) {
		const struct text family = to_text(scope->arena, value_get(gateway, "ipprotocol"));

		return text_is(family, "inet6") ? "inet6" : "inet";
	}
	group = find_named(scope, "gateways/gateway_group", name);
	if (group) {
		rest = to_text(scope->arena, value_at(value_get(group, "item"), 0));
		return family_of(scope, text_until(&rest, '|'));
	}
	return dynamic_gateway_family(scope, name);
}

FUNCTION(gateway)
{
	UNUSED;
	return say(scope, family_of(scope, text(scope, A(0))) != NULL);
}

FUNCTION(gateway_family)
{
	UNUSED;
	const char *family = family_of(scope, text(scope, A(0)));

	return family ? value_string(scope->arena, family) : say(scope, false);
}

FUNCTION(gateway_named)
{
	UNUSED;
	const int64_t at = position_of(scope, "gateways/gateway_item", "name", text(scope, A(0)));

	return at < 0 ? NULL : number(scope, at);
}

FUNCTION(gateway_in_use)
{
	UNUSED;
	size_t              index;
	const struct value *groups = tree_find(scope->tree, "gateways/gateway_group");
	const struct value *box = tree_find(scope->tree, "system");
	const struct value *gateway = is_index(A(0), &index) ?
					      value_at(tree_find(scope->tree, "gateways/gateway_item"), index) :
					      NULL;
	const struct text   name = to_text(scope->arena, value_get(gateway, "name"));

	if (name.len == 0)
		return say(scope, false);
	for (size_t i = 0; i < value_count(groups); i++) {
		const struct value *items = value_get(groups->members[i].value, "item");

		for (size_t j = 0; j < value_count(items); j++) {
			struct text rest = to_text(scope->arena, items->members[j].value);

			if (text_equal(text_until(&rest, '|'), name))
				return say(scope, true);
		}
	}
	for (unsigned i = 1; i <= 4; i++)
		if (member_is(scope, box, arena_print(scope->arena, "dns%ugw", i), name))
			return say(scope, true);
	return say(scope, position_of(scope, "staticroutes/route", "gateway", name) >= 0);
}

FUNCTION(dynamic_gw_allowed)
{
	UNUSED;
	const struct value *list = tree_find(scope->tree, "gateways/gateway_item");
	const bool          six = text_is(text(scope, A(1)), "inet6");
	const struct value *interface =
		value_get_text(tree_find(scope->tree, "interfaces"), text(scope, A(0)));
	size_t own = SIZE_MAX;

	if (scope->target)
		is_index(scope->target, &own);
	if (!member_is(scope, interface, six ? "ipaddrv6" : "ipaddr", six ? TEXT("dhcp6") : TEXT("dhcp")))
		return say(scope, false);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *gateway = list->members[i].value;

		if (i != own && member_is(scope, gateway, "interface", text(scope, A(0))) &&
		    member_is(scope, gateway, "ipprotocol", text(scope, A(1))) &&
		    member_is(scope, gateway, "gateway", TEXT("dynamic")))
			return say(scope, false);
	}
	return say(scope, true);
}

/* clang-format off */
const struct function functions_routing[] = {
	{ "gateway",            1, 1, call_gateway },
	{ "gateway_family",     1, 1, call_gateway_family },
	{ "gateway_named",      1, 1, call_gateway_named },
	{ "gateway_in_use",     1, 1, call_gateway_in_use },
	{ "dynamic_gw_allowed", 2, 2, call_dynamic_gw_allowed },
	{ NULL },
};
/* clang-format on */
