/* What things are called, for those who draw: interfaces by key and by device, rules by id. */
#include <string.h>

#include "base/address.h"
#include "dialect/opnsense/tables.h"
#include "schema/facts.h"
#include "schema/interfaces.h"

/* The link of an interface; NULL: a group, the loopback, or nothing was assigned. */
static const char *
device_of(const struct interface *interface)
{
	if (interface->dynamic)
		return NULL;
	const char *device = record_get(interface->record, "if");

	return device[0] ? device : NULL;
}

/* {device: label} */
static void
devices(struct call *call)
{
	struct arena           *arena = call->request->arena;
	const struct view       view = call_view(call, NULL);
	struct value           *answer = value_object(arena);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(&view, &count);

	for (size_t i = 0; i < count; i++)
		if (device_of(&interfaces[i]))
			value_set_string(arena, answer, device_of(&interfaces[i]), interfaces[i].label);
	answer_value(call, answer);
}

/* --- addresses of links --------------------------------------------------------------------- */

static struct value *
device_entry(struct arena *arena, struct value *answer, const char *device)
{
	struct value *entry = value_get(answer, device);

	if (entry)
		return entry;
	entry = value_object(arena);
	value_set_string(arena, entry, "device", device);
	value_set(arena, entry, "ipv4", value_list(arena));
	value_set(arena, entry, "ipv6", value_list(arena));
	value_set(arena, answer, device, entry);
	return entry;
}

static void
add_address(struct arena *arena, struct value *entry, const char *written)
{
	struct value *address = value_object(arena);
	struct text   rest = text_of(written);
	struct prefix prefix;

	if (!prefix_read(rest, &prefix))
		return;
	value_set(arena, address, "ipaddr", value_text(arena, text_until(&rest, '/')));
	value_set(arena, address, "subnetbits", value_integer(arena, prefix.bits));
	value_add(arena, value_get(entry, prefix.address.family == FAMILY_INET ? "ipv4" : "ipv6"), address);
}

static void
get_interface_config(struct call *call)
{
	struct arena        *arena = call->request->arena;
	const struct facts  *facts = call->request->service->facts;
	struct value        *answer = value_object(arena);
	size_t               count;
	const struct choice *names = facts_list(facts, "devices", &count);

	for (size_t i = 0; i < count; i++)
		device_entry(arena, answer, names[i].key);
	names = facts_list(facts, "device addresses", &count);
	for (size_t i = 0; i < count; i++)
		add_address(arena, device_entry(arena, answer, names[i].key), names[i].label);
	answer_value(call, answer);
}

/* --- rules ---------------------------------------------------------------------------------- */

static void
list_rule_ids(struct call *call)
{
	static const char *const kinds[] = { "firewall.rule", "firewall.source_nat", "firewall.destination_nat",
		                             "firewall.one_to_one", "firewall.npt" };

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "items");
	json_list(&call->json);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const struct collection *rules = snapshot_named(call->request->snapshot, kinds[i]);
		const char *field = strcmp(kinds[i], "firewall.destination_nat") == 0 ? "descr" : "description";

		for (size_t j = 0; j < collection_count(rules); j++) {
			json_object(&call->json);
			json_put_string(&call->json, "id", collection_at(rules, j)->uuid);
			json_put_string(&call->json, "descr", record_get(collection_at(rules, j), field));
			json_object_end(&call->json);
		}
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

static void
put_list(struct call *call, struct value *answer, const char *name, const char *const *words, size_t count)
{
	struct value *list = value_list(call->request->arena);

	for (size_t i = 0; i < count; i++)
		value_add(call->request->arena, list, value_string(call->request->arena, words[i]));
	value_set(call->request->arena, answer, name, list);
}

static void
log_filters(struct call *call)
{
	static const char *const actions[] = { "pass", "block", "rdr", "nat", "binat" };
	static const char *const directions[] = { "in", "out" };
	struct arena            *arena = call->request->arena;
	const struct view        view = call_view(call, NULL);
	struct value            *answer = value_object(arena);
	size_t                   count, known = 0;
	const struct interface  *interfaces = interfaces_list(&view, &count);
	const char             **labels = ARENA_MAKE(arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++)
		if (!interfaces[i].group)
			labels[known++] = interfaces[i].label;
	put_list(call, answer, "action", actions, COUNT(actions));
	put_list(call, answer, "interface_name", labels, known);
	put_list(call, answer, "dir", directions, COUNT(directions));
	answer_value(call, answer);
}

/* {port: name} */
static void
get_services(struct call *call)
{
	struct arena        *arena = call->request->arena;
	struct value        *answer = value_object(arena);
	size_t               count;
	const struct choice *services = facts_list(call->request->service->facts, "port services", &count);

	for (size_t i = 0; i < count; i++)
		if (!value_get(answer, services[i].label))
			value_set_string(arena, answer, services[i].label, services[i].key);
	answer_value(call, answer);
}

/* clang-format off */
const struct action names_actions[] = {
	{ "diagnostics/interface/get_interface_config", KIND_QUERY, .handle = get_interface_config },
	{ "diagnostics/networkinsight/get_interfaces", KIND_QUERY, .handle = devices },
	{ "diagnostics/networkinsight/get_services", KIND_QUERY, .handle = get_services },
	{ "diagnostics/firewall/list_rule_ids", KIND_QUERY, .handle = list_rule_ids },
	{ "diagnostics/firewall/log_filters", KIND_QUERY, .handle = log_filters },
	{ NULL },
};
/* clang-format on */
