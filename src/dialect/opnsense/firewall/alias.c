/* Aliases: what search and get show beside the record, and the lists that pages choose from. */
#include <string.h>

#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/options.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/firewall/lists.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"
#include "schema/aliases.h"
#include "schema/facts.h"

/* --- search --------------------------------------------------------------------------------- */

/* Is the text one of the entries of a list (or the one text) that a client sent? Nothing sent: all are. */
static bool
is_asked(struct arena *arena, const struct value *sent, const char *text)
{
	if (!sent || (sent->count == 0 && (sent->kind != VALUE_TEXT || sent->text.len == 0)))
		return true;
	if (sent->kind == VALUE_TEXT)
		return text_is(sent->text, text);
	for (size_t i = 0; i < sent->count; i++) {
		const char *one = value_as_string(arena, sent->members[i].value);

		if (one && strcmp(one, text) == 0)
			return true;
	}
	return false;
}

static bool
has_category(struct arena *arena, const struct value *sent, const char *categories)
{
	struct text rest = text_of(categories), one;

	if (is_asked(arena, sent, ""))
		return true;
	while (text_next(&rest, ",", &one))
		if (is_asked(arena, sent, arena_copy(arena, one)))
			return true;
	return false;
}

/* Of which types and categories; NULL: of any. */
struct asked {
	const struct value *types, *categories;
};

static void
begin_search(struct call *call)
{
	struct asked *asked = ARENA_MAKE(call->request->arena, struct asked, 1);

	asked->types = value_get(call->input, "type");
	asked->categories = value_get(call->input, "category");
	call->kept = asked;
}

static bool
is_wanted(const struct record *alias, void *context)
{
	const struct call  *call = context;
	const struct asked *asked = call->kept;
	struct arena       *arena = call->request->arena;

	return (!asked->types || is_asked(arena, asked->types, record_get(alias, "type"))) &&
	       (!asked->categories || has_category(arena, asked->categories, record_get(alias, "categories")));
}

static void
put_categories(struct call *call, const struct record *alias)
{
	struct text rest = record_text(alias, "categories"), one;

	json_name(&call->json, "categories_uuid");
	json_list(&call->json);
	while (text_next(&rest, ",", &one))
		json_text(&call->json, one);
	json_list_end(&call->json);
}

/* --- get ------------------------------------------------------------------------------------ */

/* Somebody else's aliases can be looked up by an unknown uuid too: what content could hold is shown then. */
static void
get_item(struct call *call)
{
	const struct view view = call_view(call, NULL);
	const size_t      content = resource_field(call->route->resource, "content");

	if (call->nparams == 0 || rows_find(&view, call->route->resource, call_param(call, 0))) {
		regular_get(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "alias");
	json_object(&call->json);
	show_alias_content(&call->json, &call->route->resource->fields[content], NULL, &view);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static void
get_uuid(struct call *call)
{
	const struct view    view = call_view(call, NULL);
	const struct record *alias = alias_find(&view, call_param(call, 0));

	if (alias)
		answer_word(call, "uuid", alias->uuid);
	else
		answer_empty(call);
}

/* --- lists ---------------------------------------------------------------------------------- */

struct names {
	struct text  *names;
	const struct record **aliases;
	size_t        count, room;
	struct arena *arena;
};

static void
gather(void *context, const struct record *alias)
{
	struct names *names = context;
	const char   *type = record_get(alias, "type");

	if (strcmp(type, "external") == 0 || strcmp(type, "port") == 0)
		return;
	if (names->count == names->room) {
		struct text *more = ARENA_MAKE(names->arena, struct text, names->room * 2 + 16);

		if (names->count)
			memcpy(more, names->names, names->count * sizeof(*more));
		names->names = more;
		names->room = names->room * 2 + 16;
	}
	names->names[names->count++] = record_text(alias, "name");
}

static void
list_network_aliases(struct call *call)
{
	const struct view view = call_view(call, NULL);
	struct names      names = { .arena = view.arena };
	struct value     *answer = value_object(view.arena);

	aliases_each(&view, gather, &names);
	names_sort(names.names, names.count);
	for (size_t i = 0; i < names.count; i++) {
		const struct record *alias = alias_find(&view, names.names[i]);
		struct value        *entry = value_object(view.arena);

		value_set_string(view.arena, entry, "name", record_get(alias, "name"));
		value_set_string(view.arena, entry, "description", record_get(alias, "description"));
		value_set_text(view.arena, answer, names.names[i], entry);
	}
	answer_value(call, answer);
}

static void
list_countries(struct call *call)
{
	struct arena        *arena = call->request->arena;
	size_t               count;
	const struct choice *countries = facts_list(call->request->service->facts, "countries", &count);
	struct value        *answer = value_object(arena);

	for (size_t i = 0; i < count; i++) {
		struct value *entry = value_object(arena);

		value_set_string(arena, entry, "name", countries[i].label);
		value_set(arena, entry, "region",
			  countries[i].group ? value_string(arena, countries[i].group) : value_null(arena));
		value_set(arena, answer, countries[i].key, entry);
	}
	if (!value_get(answer, "EU")) {
		struct value *entry = value_object(arena);

		value_set_string(arena, entry, "name", "Unclassified");
		value_set_string(arena, entry, "region", "Europe");
		value_set(arena, answer, "EU", entry);
	}
	answer_value(call, answer);
}

static void
list_user_groups(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct collection *groups = snapshot_named(call->request->snapshot, "auth.group");
	struct value            *answer = value_object(arena);

	for (size_t i = 0; i < collection_count(groups); i++) {
		const struct record *group = collection_at(groups, i);
		struct value        *entry = value_object(arena);

		if (strcmp(record_get(group, "name"), "all") == 0)
			continue;
		value_set_string(arena, entry, "name", record_get(group, "name"));
		value_set_string(arena, entry, "gid", record_get(group, "gid"));
		value_set(arena, answer, record_get(group, "gid"), entry);
	}
	answer_value(call, answer);
}

static void
get_geoip(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct record     *settings = snapshot_single(call->request->snapshot, "firewall.alias_settings");
	const struct collection *aliases = snapshot_named(call->request->snapshot, "firewall.alias");
	struct value            *answer = value_object(arena), *alias = value_object(arena);
	struct value            *geoip = value_object(arena);
	int64_t                  usages = 0;

	for (size_t i = 0; i < collection_count(aliases); i++)
		usages += strcmp(record_get(collection_at(aliases, i), "type"), "geoip") == 0;
	value_set_string(arena, geoip, "url", record_get(settings, "geoip.url"));
	value_set(arena, geoip, "usages", value_integer(arena, usages));
	value_set(arena, geoip, "address_count", value_integer(arena, 0));
	value_set(arena, alias, "geoip", geoip);
	value_set(arena, answer, "alias", alias);
	answer_value(call, answer);
}

/* --- loading lists that come from elsewhere ------------------------------------------------- */

static void
update(struct call *call)
{
	const struct text what = call_param(call, 0);
	const bool        known = text_is(what, "geoip") || text_is(what, "bogons");
	scoped_buffer     message = BUFFER_NONE;
	struct value     *said = known ? topic_ask(call->request, &message, "tables.update", "what",
						   call_param_string(call, 0), NULL)
				       : NULL;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", said ? "ok" : "failed");
	json_put_string(&call->json, "message",
			said          ? "Update started."
			: message.len ? buffer_string(&message)
				      : "This can be geoip or bogons.");
	json_object_end(&call->json);
}

/* clang-format off */
static const struct twist alias_twist = { .begin = begin_search, .wanted = is_wanted, .columns = put_categories };

const struct action firewall_alias_actions[] = {
	{ "firewall/alias/search_item", KIND_SEARCH, .twist = &alias_twist },
	{ "firewall/alias/get_item", KIND_GET, .handle = get_item },
	{ "firewall/alias/get_alias_u_u_i_d", KIND_QUERY, 1, .handle = get_uuid },
	{ "firewall/alias/get_geo_i_p", KIND_QUERY, .methods = GETS, .handle = get_geoip },
	{ "firewall/alias/list_network_aliases", KIND_QUERY, .handle = list_network_aliases },
	{ "firewall/alias/list_countries", KIND_QUERY, .handle = list_countries },
	{ "firewall/alias/list_user_groups", KIND_QUERY, .handle = list_user_groups },
	{ "firewall/alias/list_categories", KIND_QUERY, .handle = firewall_list_categories,
	  .resource = "firewall.alias" },
	{ "firewall/alias/update", KIND_ACTION, .lane = LANE_SLOW, .handle = update },
	{ NULL },
};
/* clang-format on */
