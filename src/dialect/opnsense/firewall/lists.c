/* Lists for rule pages: categories, networks, ports, interfaces; and the columns made from them. */
#include "dialect/opnsense/firewall/lists.h"

#include <stdlib.h>
#include <string.h>

#include "api/search.h"
#include "dialect/opnsense/route.h"
#include "schema/aliases.h"
#include "schema/facts.h"
#include "schema/interfaces.h"

/* --- categories ----------------------------------------------------------------------------- */

/* How many records carry a category, by uuid or, in destination translations, by name. */
static int64_t
count_used(const struct collection *rules, const struct record *category)
{
	int64_t used = 0;

	for (size_t i = 0; i < collection_count(rules); i++) {
		const struct record *rule = collection_at(rules, i);
		const size_t         field = resource_find_field(rule->resource, TEXT("category"));

		if (field != SIZE_MAX)
			used += text_lists(text_of(rule->values[field]), record_text(category, "name"));
		else
			used += text_lists(record_text(rule, "categories"), text_of(category->uuid));
	}
	return used;
}

void
firewall_list_categories(struct call *call)
{
	const struct view        view = call_view(call, NULL);
	const struct resource   *resource = call_resource(call, "firewall.category");
	const struct collection *rules = snapshot_collection(view.snapshot, call->route->resource);
	struct labels           *labels = labels_make(&view, resource);
	const struct search      search = { .sort = { TEXT("name") }, .nsort = 1, .take = SIZE_MAX };
	const struct found       found = search_run(&search, &view, labels, rows_of(&view, resource));

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "rows");
	json_list(&call->json);
	for (size_t i = 0; i < found.count; i++) {
		json_object(&call->json);
		json_put_string(&call->json, "uuid", found.records[i]->uuid);
		json_put_string(&call->json, "name", record_get(found.records[i], "name"));
		json_put_string(&call->json, "color", record_get(found.records[i], "color"));
		json_put_number(&call->json, "used", count_used(rules, found.records[i]));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

void
put_category_colors(struct call *call, const char *categories, bool by_name)
{
	const struct collection *all = snapshot_named(call->request->snapshot, "firewall.category");
	struct text              rest = text_of(categories), one;

	json_name(&call->json, "category_colors");
	json_list(&call->json);
	while (text_next(&rest, ",", &one)) {
		const struct record *category = by_name ? collection_where(all, "name", one) : collection_find(all, one);

		if (!category)
			continue;
		const char *color = record_get(category, "color");

		json_object(&call->json);
		json_put_string(&call->json, "color",
				color[0] ? arena_print(call->request->arena, "#%s", color) : "");
		json_put_string(&call->json, "name", record_get(category, "name"));
		json_put_string(&call->json, "uuid", category->uuid);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

/* --- networks ------------------------------------------------------------------------------- */

struct option {
	const char *key, *label;
};

static int
compare_options(const void *a, const void *b)
{
	return text_compare_natural(text_of(((const struct option *)a)->label), text_of(((const struct option *)b)->label));
}

/* The name of a network that is neither an address nor an alias; NULL for others. */
static const char *
network_label(const struct view *view, struct text key)
{
	const struct interface *interface;

	if (text_is(key, "any"))
		return "any";
	if (text_is(key, "(self)"))
		return "This Firewall";
	if ((interface = interfaces_find(view, key)))
		return arena_print(view->arena, "%s network", interface->label);
	if (text_ends(key, TEXT("ip")) && (interface = interfaces_find(view, text_first(key, key.len - 2))) &&
	    !interface->dynamic)
		return arena_print(view->arena, "%s address", interface->label);
	return NULL;
}

struct gathering {
	struct json *json;
	struct text  names[4096];
	size_t       count;
	bool         ports;
};

static void
gather(void *context, const struct record *alias)
{
	struct gathering *gathering = context;
	const char       *type = record_get(alias, "type");
	const bool        port = strcmp(type, "port") == 0;

	if (strcmp(type, "internal") != 0 && port == gathering->ports && gathering->count < COUNT(gathering->names))
		gathering->names[gathering->count++] = record_text(alias, "name");
}

static void
put_aliases(struct call *call, bool ports)
{
	const struct view view = call_view(call, NULL);
	struct gathering *gathering = ARENA_MAKE(view.arena, struct gathering, 1);

	gathering->ports = ports;
	aliases_each(&view, gather, gathering);
	names_sort(gathering->names, gathering->count);
	json_name(&call->json, "aliases");
	json_object(&call->json);
	json_put_string(&call->json, "label", "Aliases");
	json_name(&call->json, "items");
	if (gathering->count == 0) {
		json_list(&call->json);
		json_list_end(&call->json);
	} else {
		json_object(&call->json);
		for (size_t i = 0; i < gathering->count; i++) {
			json_name_text(&call->json, gathering->names[i]);
			json_text(&call->json, gathering->names[i]);
		}
		json_object_end(&call->json);
	}
	json_object_end(&call->json);
}

static void
begin_lists(struct call *call, const char *single)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "single");
	json_object(&call->json);
	json_put_string(&call->json, "label", single);
	json_object_end(&call->json);
}

static void
put_items(struct call *call, const char *name, const char *label, const struct option *options, size_t count)
{
	json_name(&call->json, name);
	json_object(&call->json);
	json_put_string(&call->json, "label", label);
	json_name(&call->json, "items");
	json_object(&call->json);
	for (size_t i = 0; i < count; i++)
		json_put_string(&call->json, options[i].key, options[i].label);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

void
firewall_list_networks(struct call *call)
{
	const struct view       view = call_view(call, NULL);
	size_t                  count, n = 2;
	const struct interface *interfaces = interfaces_list(&view, &count);
	struct option          *options = ARENA_MAKE(view.arena, struct option, count * 2 + 2);

	options[0] = (struct option){ "any", "any" };
	options[1] = (struct option){ "(self)", "This Firewall" };
	for (size_t i = 0; i < count; i++) {
		const char *label = interfaces[i].label;

		options[n++] = (struct option){ interfaces[i].key, arena_print(view.arena, "%s network", label) };
		if (!interfaces[i].dynamic)
			options[n++] = (struct option){ arena_print(view.arena, "%sip", interfaces[i].key),
							arena_print(view.arena, "%s address", label) };
	}
	qsort(options + 2, n - 2, sizeof(*options), compare_options);
	begin_lists(call, "Single host or Network");
	put_aliases(call, false);
	put_items(call, "networks", "Networks", options, n);
	json_object_end(&call->json);
}

void
firewall_list_ports(struct call *call)
{
	struct arena        *arena = call->request->arena;
	size_t               count;
	const struct choice *services = facts_list(call->request->service->facts, "port services", &count);
	struct option       *options = ARENA_MAKE(arena, struct option, count + 1);

	options[0] = (struct option){ "", "any" };
	for (size_t i = 0; i < count; i++) {
		char *name = arena_copy(arena, text_of(services[i].key));

		for (char *c = name; *c; c++)
			*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
		options[i + 1] = (struct option){ services[i].key,
						  arena_print(arena, "%s (%s)", name, services[i].label) };
	}
	begin_lists(call, "Single port or range");
	put_aliases(call, true);
	put_items(call, "ports", "Ports", options, count + 1);
	json_object_end(&call->json);
}

/* --- what the parts of a value are ---------------------------------------------------------- */

void
put_alias_meta(struct call *call, const char *field, const char *value)
{
	const struct view view = call_view(call, NULL);
	struct text       rest = text_of(value), part;

	if (value[0] == '\0')
		return;
	json_name(&call->json, arena_print(view.arena, "alias_meta_%s", field));
	json_list(&call->json);
	while (text_next(&rest, ",", &part)) {
		const struct record *alias = strcspn(part.ptr, ".:/") < part.len ? NULL : alias_find(&view, part);
		const char          *label = alias ? NULL : network_label(&view, part);

		json_object(&call->json);
		json_name(&call->json, "value");
		json_text(&call->json, part);
		json_name(&call->json, "%value");
		json_text(&call->json, label ? text_of(label) : part);
		json_put_bool(&call->json, "isAlias", alias);
		json_put_string(&call->json, "description", alias ? record_get(alias, "description") : "");
		if (alias)
			json_put_string(&call->json, "summary", record_get(alias, "content"));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

/* --- interfaces ----------------------------------------------------------------------------- */

static void
put_view(struct call *call, const char *name, const char *label, const char *icon, const char *value,
	 const char *value_label)
{
	json_name(&call->json, name);
	json_object(&call->json);
	json_put_string(&call->json, "label", label);
	json_put_string(&call->json, "icon", icon);
	json_name(&call->json, "items");
	json_list(&call->json);
	if (!value)
		return;
	json_object(&call->json);
	json_put_string(&call->json, "value", value);
	json_put_string(&call->json, "label", value_label);
	json_put_string(&call->json, "type", name);
	json_object_end(&call->json);
	json_list_end(&call->json);
	json_object_end(&call->json);
}

static void
put_interfaces(struct call *call, const struct interface *all, size_t count, bool groups)
{
	struct option *options = ARENA_MAKE(call->request->arena, struct option, count + 1);
	size_t         n = 0;

	for (size_t i = 0; i < count; i++)
		if (all[i].group == groups && (groups || !all[i].dynamic))
			options[n++] = (struct option){ all[i].key, all[i].label };
	if (n)
		qsort(options, n, sizeof(*options), compare_options);
	for (size_t i = 0; i < n; i++) {
		json_object(&call->json);
		json_put_string(&call->json, "value", options[i].key);
		json_put_string(&call->json, "label", options[i].label);
		json_put_string(&call->json, "type", groups ? "group" : "interface");
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

void
firewall_interface_list(struct call *call)
{
	const struct view       view = call_view(call, NULL);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(&view, &count);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	put_view(call, "floating", "Floating", "fa fa-layer-group fa-fw text-primary", "__floating", "Floating");
	put_view(call, "groups", "Groups", "fa fa-sitemap fa-fw text-warning", NULL, NULL);
	put_interfaces(call, interfaces, count, true);
	put_view(call, "interfaces", "Interfaces", "fa fa-ethernet fa-fw text-info", NULL, NULL);
	put_interfaces(call, interfaces, count, false);
	put_view(call, "any", "Any", "fa fa-globe-europe fa-fw", "__any", "All rules");
	json_object_end(&call->json);
}
