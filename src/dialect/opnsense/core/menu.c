/* The menu: what there is to configure, from the declarations. */
#include "dialect/opnsense/core/menu.h"

#include <string.h>

#include "dialect/opnsense/tables.h"

struct item {
	const char *module, *label, *url;
};

/* "firewall/alias" as "Alias". */
static const char *
label_of(struct arena *arena, struct text name)
{
	char *label = arena_copy(arena, name);
	bool  begins = true;

	for (char *c = label; *c; c++) {
		if (*c == '_')
			*c = ' ';
		else if (begins && *c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
		begins = *c == ' ';
	}
	return label;
}

static bool
is_known(const struct item *items, size_t count, const char *url)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(items[i].url, url) == 0)
			return true;
	return false;
}

/* Each controller the caller may visit, once. */
static struct item *
collect(struct call *call, size_t *count)
{
	struct arena        *arena = call->request->arena;
	const struct schema *schema = call->request->service->schema;
	struct item         *items = ARENA_MAKE(arena, struct item, schema_count(schema) * 4 + 1);

	*count = 0;
	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct face *face = schema_at(schema, i)->faces[OPNSENSE];

		for (; face && face->at; face++) {
			struct text       rest = text_of(face->at);
			const struct text module = text_until(&rest, '/');
			const char       *url = arena_print(arena, "/ui/%s", face->at);

			if (is_known(items, *count, url) ||
			    !caller_may_read(call->request->caller, text_of(arena_print(arena, "api/%s/get", face->at))))
				continue;
			items[(*count)++] = (struct item){ label_of(arena, module), label_of(arena, rest), url };
		}
	}
	return items;
}

bool
menu_has(struct call *call, const char *url)
{
	size_t             count;
	const struct item *items = collect(call, &count);

	return is_known(items, count, url);
}

static void
put_item(struct call *call, const char *id, const char *name, const char *url, bool is_selected, size_t order)
{
	json_put_string(&call->json, "Id", id);
	json_put_number(&call->json, "Order", (int64_t)order);
	json_put_string(&call->json, "VisibleName", name);
	json_put_string(&call->json, "CssClass", "");
	json_put_string(&call->json, "Url", url);
	json_put_string(&call->json, "IsExternal", "N");
	json_put_string(&call->json, "Visibility", "all");
	json_put_bool(&call->json, "Selected", is_selected);
	json_put_bool(&call->json, "isVisible", true);
	if (url[0])
		json_put_bool(&call->json, "isFavorite", menu_is_favorite(call, url));
}

static void
menu_tree(struct call *call)
{
	size_t             count;
	const struct item *items = collect(call, &count);
	const char        *shown = call_text(call, "uri");

	answer_begin(call, 200, TYPE_JSON);
	json_list(&call->json);
	for (size_t i = 0, modules = 0; i < count;) {
		const char *module = items[i].module;

		json_object(&call->json);
		put_item(call, module, module, "", false, modules++);
		json_name(&call->json, "Children");
		json_list(&call->json);
		for (; i < count && strcmp(items[i].module, module) == 0; i++) {
			json_object(&call->json);
			put_item(call, items[i].label, items[i].label, items[i].url,
				 shown && strcmp(shown, items[i].url) == 0, i);
			json_name(&call->json, "Children");
			json_list(&call->json);
			json_list_end(&call->json);
			json_object_end(&call->json);
		}
		json_list_end(&call->json);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

static void
menu_search(struct call *call)
{
	size_t             count;
	const struct item *items = collect(call, &count);
	const char        *phrase = call_text(call, "q");

	answer_begin(call, 200, TYPE_JSON);
	json_list(&call->json);
	for (size_t i = 0; i < count; i++) {
		const char *crumbs = arena_print(call->request->arena, "%s / %s", items[i].module, items[i].label);

		if (phrase && !text_contains_any_case(text_of(crumbs), text_of(phrase)))
			continue;
		json_object(&call->json);
		put_item(call, items[i].label, items[i].label, items[i].url, false, i);
		json_put_string(&call->json, "breadcrumb", crumbs);
		json_put_number(&call->json, "depth", 2);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

/* clang-format off */
const struct action core_menu_actions[] = {
	{ "core/menu/search", KIND_QUERY, .handle = menu_search },
	{ "core/menu/tree", KIND_QUERY, .handle = menu_tree },
	{ NULL },
};
/* clang-format on */
