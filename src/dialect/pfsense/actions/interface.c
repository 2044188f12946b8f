/* Interfaces and links: what goes with an interface that is removed, and what there is. */
#include "dialect/pfsense/actions/actions.h"

#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/function.h"

static struct value *
call(struct scope *scope, const char *name, struct value *argument)
{
	struct value *const arguments[] = { argument };

	return function_find(text_of(name))->call(scope, arguments, argument ? 1 : 0, TEXT_NONE);
}

static const char *
interface_asked(struct scope *scope)
{
	return to_string(scope->arena, call(scope, "ifid", value_get(scope->input, "if")));
}

/* Is the word one of those in a member of some object of the list? */
static bool
is_member(struct scope *scope, const char *path, const char *member, const char *separators,
          const char *word)
{
	const struct value *list = tree_find(scope->tree, path);

	for (size_t i = 0; i < value_count(list); i++) {
		struct text rest = to_text(scope->arena, value_get(list->members[i].value, member)), piece;

		while (text_next(&rest, separators, &piece))
			if (text_is(piece, word))
				return true;
	}
	return false;
}

unsigned
interface_may_go(struct scope *scope)
{
	const char *id = interface_asked(scope);

	if (strcmp(id, "wan") == 0)
		return 3042;
	if (is_member(scope, "ifgroups/ifgroupentry", "members", " ", id))
		return 3043;
	if (is_member(scope, "bridges/bridged", "members", ",", id))
		return 3044;
	if (is_member(scope, "gres/gre", "if", ",", id))
		return 3045;
	if (is_member(scope, "gifs/gif", "if", ",", id))
		return 3046;
	return is_member(scope, "shaper/queue", "interface", ",", id) ? 3047 : 0;
}

/* The list without the objects that are on this interface. */
static void
drop_from(struct scope *scope, const char *path, const char *id)
{
	const struct value *list = tree_find(scope->tree, path);
	struct value       *kept = value_list(scope->arena);

	for (size_t i = 0; i < value_count(list); i++)
		if (!text_is(to_text(scope->arena, value_get(list->members[i].value, "interface")), id))
			value_add(scope->arena, kept, list->members[i].value);
	if (kept->count != value_count(list))
		tree_put(scope->tree, path, kept);
}

static void
remove_path(struct scope *scope, const char *section, const char *id)
{
	const struct text steps[] = { text_of(section), text_of(id) };

	tree_remove(scope->tree, steps, 2);
}

unsigned
interface_remove(struct scope *scope)
{
	const char         *id = interface_asked(scope);
	const struct value *stored = value_get(tree_find(scope->tree, "interfaces"), id);

	scope->object = stored ? value_copy(scope->arena, stored) : NULL;
	remove_path(scope, "interfaces", id);
	remove_path(scope, "dhcpd", id);
	remove_path(scope, "dhcpdv6", id);
	drop_from(scope, "filter/rule", id);
	drop_from(scope, "nat/rule", id);
	if (value_count(tree_find(scope->tree, "interfaces")) <= 1)
		remove_path(scope, "dhcpd", "wan");
	return 0;
}

void
act_links(struct scope *scope, struct outcome *outcome)
{
	outcome->data = call(scope, "all_links", NULL);
}

void
act_applied_interfaces(struct scope *scope, struct outcome *outcome)
{
	const bool pending = is_true(call(scope, "dirty", value_string(scope->arena, "interfaces")));

	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "applied", value_bool(scope->arena, !pending));
}

static bool
is_default_gateway(struct scope *scope, const struct value *gateway)
{
	const struct text name = to_text(scope->arena, value_get(gateway, "name"));
	const bool        six = text_is(to_text(scope->arena, value_get(gateway, "ipprotocol")), "inet6");

	return text_equal(name, to_text(scope->arena, tree_find(scope->tree, six ? "gateways/defaultgw6" :
										    "gateways/defaultgw4")));
}

/* One gateway by its name, with what is known of it beside its settings. */
static void
add_gateway(struct scope *scope, struct value *all, const struct value *settings, int64_t attribute)
{
	struct value       *gateway = value_copy(scope->arena, settings);
	const struct value *monitor = value_get(gateway, "monitor");
	const struct text   interface = to_text(scope->arena, value_get(gateway, "interface"));
	const struct value *on = value_get_text(tree_find(scope->tree, "interfaces"), interface);
	const struct value *descr = value_get(on, "descr");

	value_set(scope->arena, gateway, "attribute",
		  attribute < 0 ? value_string(scope->arena, "system") :
				  value_integer(scope->arena, attribute));
	value_set_string(scope->arena, gateway, "monitor",
			 to_string(scope->arena, is_blank(monitor) ? value_get(gateway, "gateway") : monitor));
	value_set(scope->arena, gateway, "isdefaultgw",
		  value_bool(scope->arena, is_default_gateway(scope, gateway)));
	value_set(scope->arena, gateway, "friendlyiface", value_text(scope->arena, interface));
	value_set_string(scope->arena, gateway, "friendlyifdescr",
			 is_blank(descr) ? arena_copy(scope->arena, interface) :
					   to_string(scope->arena, descr));
	value_set_text(scope->arena, all, to_text(scope->arena, value_get(gateway, "name")), gateway);
}

/* Interfaces that get their address by themselves have a gateway of their own. */
static void
add_dynamic(struct scope *scope, struct value *all, const struct member *interface, bool six)
{
	const struct text kind =
		to_text(scope->arena, value_get(interface->value, six ? "ipaddrv6" : "ipaddr"));
	const struct value *descr = value_get(interface->value, "descr");
	struct value       *gateway = value_object(scope->arena);
	const char         *name;

	if (!text_is(kind, six ? "dhcp6" : "dhcp"))
		return;
	name = arena_print(scope->arena, "%s_DHCP%s",
			   to_string(scope->arena,
				     call(scope, "upper",
					  is_blank(descr) ? value_text(scope->arena, interface->name) :
							    value_copy(scope->arena, descr))),
			   six ? "6" : "");
	if (value_get(all, name))
		return;
	value_set(scope->arena, gateway, "dynamic", value_bool(scope->arena, true));
	value_set_string(scope->arena, gateway, "ipprotocol", six ? "inet6" : "inet");
	value_set_string(scope->arena, gateway, "gateway", "dynamic");
	value_set(scope->arena, gateway, "interface", value_text(scope->arena, interface->name));
	value_set_string(scope->arena, gateway, "name", name);
	value_set_string(scope->arena, gateway, "descr",
			 arena_print(scope->arena, "Interface %s Gateway", name));
	add_gateway(scope, all, gateway, -1);
}

void
act_routing_gateways(struct scope *scope, struct outcome *outcome)
{
	const struct value *list = tree_find(scope->tree, "gateways/gateway_item");
	const struct value *interfaces = tree_find(scope->tree, "interfaces");

	outcome->data = value_object(scope->arena);
	for (size_t i = 0; i < value_count(list); i++)
		add_gateway(scope, outcome->data, list->members[i].value, (int64_t)i);
	for (size_t i = 0; i < value_count(interfaces); i++) {
		add_dynamic(scope, outcome->data, &interfaces->members[i], false);
		add_dynamic(scope, outcome->data, &interfaces->members[i], true);
	}
}
