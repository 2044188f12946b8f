/* Address translation: what differs from other rule tables. */
#include <string.h>

#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/firewall/rules.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/firewall/lists.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"
#include "schema/interfaces.h"
#include "schema/rule_order.h"

/* --- source: translations that nobody wrote ------------------------------------------------- */

struct automatic {
	const char *uuid, *interface, *source, *port, *description;
	unsigned    sequence;
};

/* Interfaces that lead out: those with a gateway or an address from elsewhere. */
static bool
leads_out(const struct interface *interface, const struct view *view)
{
	const struct collection *gateways = snapshot_named(view->snapshot, "routing.gateway");
	const char              *address = interface_property(interface, "ipaddr", view);

	if (strcmp(address, "dhcp") == 0 || strcmp(address, "pppoe") == 0 || strcmp(address, "ppp") == 0)
		return true;
	return collection_where(gateways, "interface", text_of(interface->key));
}

/* The networks behind the box, as plain addresses: those of interfaces that do not lead out. */
static const char *
inner_networks(const struct interface *interfaces, size_t count, const struct view *view)
{
	scoped_buffer out = BUFFER_NONE;

	for (size_t i = 0; i < count; i++) {
		struct prefix prefix;

		if (!interfaces[i].record || interfaces[i].dynamic || leads_out(&interfaces[i], view) ||
		    !prefix_read(record_text(interfaces[i].record, "ipaddr"), &prefix))
			continue;
		prefix.address = prefix_first(&prefix);
		buffer_print(&out, "%s%s", out.len ? "," : "", prefix_print(view->arena, &prefix));
	}
	return arena_copy(view->arena, buffer_text(&out));
}

static size_t
add_automatic(struct automatic *out, size_t n, const char *interface, const char *source, const struct view *view)
{
	struct arena *arena = view->arena;

	if (source[0] == '\0')
		return n;
	out[n] = (struct automatic){ arena_print(arena, "automatic_isakmp_%s", interface), interface, source, "500",
				     "Auto created rule for ISAKMP", (unsigned)n + 1 };
	n++;
	out[n] = (struct automatic){ arena_print(arena, "automatic_%s", interface), interface, source, "",
				     "Auto created rule", (unsigned)n + 1 };
	return n + 1;
}

/* What the box says it does, or else what it would do. */
static struct automatic *
list_automatic(struct call *call, size_t *n)
{
	const struct view       view = call_view(call, NULL);
	scoped_buffer           message = BUFFER_NONE;
	const struct value     *said = topic_ask(call->request, &message, "nat.automatic", NULL);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(&view, &count);
	const char             *inner = inner_networks(interfaces, count, &view);
	struct automatic       *out = ARENA_MAKE(view.arena, struct automatic, (count + value_count(said)) * 2 + 1);

	*n = 0;
	for (size_t i = 0; i < value_count(said); i++) {
		const struct value *row = said->members[i].value;

		*n = add_automatic(out, *n, value_as_string(view.arena, value_get(row, "interface")),
				   value_as_string(view.arena, value_get(row, "source_net")), &view);
	}
	for (size_t i = 0; !said && i < count; i++)
		if (!interfaces[i].group && leads_out(&interfaces[i], &view))
			*n = add_automatic(out, *n, interfaces[i].key, inner, &view);
	return out;
}

static bool
automatic_matches(const struct automatic *rule, struct text phrase)
{
	struct text word;

	while (text_next(&phrase, " \t\n", &word))
		if (!text_contains_any_case(text_of(rule->uuid), word) &&
		    !text_contains_any_case(text_of(rule->source), word) &&
		    !text_contains_any_case(text_of(rule->description), word) &&
		    !text_contains_any_case(text_of(rule->port), word))
			return false;
	return true;
}

static void
put_automatic(struct call *call, const struct automatic *rule)
{
	const struct view       view = call_view(call, NULL);
	const struct interface *interface = interfaces_find(&view, text_of(rule->interface));
	struct json            *json = &call->json;

	json_object(json);
	json_put_string(json, "uuid", rule->uuid);
	json_put_string(json, "enabled", "1");
	json_put_string(json, "sequence", arena_print(view.arena, "%u", rule->sequence));
	json_put_string(json, "interface", rule->interface);
	json_put_string(json, "%interface", interface ? interface->label : rule->interface);
	json_put_string(json, "ipprotocol", "inet");
	json_put_string(json, "%ipprotocol", "IPv4");
	json_put_string(json, "protocol", "any");
	json_put_string(json, "source_net", rule->source);
	if (rule->port[0])
		json_put_string(json, "destination_port", rule->port);
	json_put_string(json, "staticnatport", rule->port[0] ? "1" : "0");
	json_put_string(json, "description", rule->description);
	json_put_bool(json, "is_automatic", true);
	json_put_string(json, "sort_order", arena_print(view.arena, "%u.0%06u", RULE_AUTOMATIC, rule->sequence));
	json_put_string(json, "prio_group", arena_print(view.arena, "%u", RULE_AUTOMATIC));
	put_category_colors(call, "", false);
	put_alias_meta(call, "source_net", rule->source);
	put_alias_meta(call, "destination_port", rule->port);
	json_object_end(json);
}

static bool
shows(const struct snapshot *snapshot, const char *one, const char *other)
{
	const char *mode = record_get(snapshot_single(snapshot, "firewall.filter_settings"), "general.snat_mode");

	return strcmp(mode, one) == 0 || strcmp(mode, other) == 0;
}

static void
search_source(struct call *call)
{
	const struct view view = call_view(call, NULL);
	struct labels    *labels = labels_make(&view, call->route->resource);
	struct grid       grid = rule_grid(call, rule_has_category);
	struct rows       rows = { NULL, 0 };
	size_t            nall = 0, n = 0;
	struct automatic *all = NULL;

	if (shows(view.snapshot, "hybrid", "advanced"))
		rows = rows_of(&view, call->route->resource);
	if (shows(view.snapshot, "hybrid", "automatic"))
		all = list_automatic(call, &nall);
	for (size_t i = 0; i < nall; i++)
		if (automatic_matches(&all[i], grid.search.phrase))
			all[n++] = all[i];
	const struct found found = search_run(&grid.search, &view, labels, rows);
	const size_t       total = found.total + n, skip = grid.search.skip, take = grid.search.take;
	const size_t       left = skip < total ? total - skip : 0, count = left < take ? left : take;

	rule_answer(call, &grid, count, total);
	for (size_t i = 0; i < found.count; i++) {
		json_object(&call->json);
		show_row(&call->json, found.records[i], NULL, labels);
		put_rule_columns(call, found.records[i]);
		json_object_end(&call->json);
	}
	for (size_t i = found.count; i < count; i++)
		put_automatic(call, &all[skip + i - found.total]);
	json_list_end(&call->json);
	json_object_end(&call->json);
}

static void
get_source_settings(struct call *call)
{
	const struct record *settings = snapshot_single(call->request->snapshot, "firewall.filter_settings");
	const struct view    view = call_view(call, settings);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "filter");
	json_object(&call->json);
	show_record(&call->json, settings, NULL, &view);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

/* --- destination ---------------------------------------------------------------------------- */

/* Who made the rule and who changed it last; what clients say about that does not count. */
static bool
stamp(struct call *call, const struct record *before, struct record *rule, struct faults *faults)
{
	static const char *const parts[] = { "username", "time", "description" };
	struct arena            *arena = call->request->arena;
	const int64_t            now = call->request->service->now(call->request->service->context);
	const char *const        values[] = {
                call->request->caller->name,
                arena_print(arena, "%lld.%04lld", (long long)(now / 1000000), (long long)(now % 1000000 / 100)),
                arena_print(arena, "%.*s made changes", TEXT_ARGS(call->request->path)),
	};

	(void)faults;
	for (size_t i = 0; i < COUNT(parts); i++) {
		const char *created = arena_print(arena, "created.%s", parts[i]);

		record_set(rule, created, before ? record_get(before, created) : values[i]);
		record_set(rule, arena_print(arena, "updated.%s", parts[i]), values[i]);
	}
	return true;
}

static uint64_t
rank_destination(const struct record *rule, void *context)
{
	(void)context;
	return (uint64_t)record_number(rule, "sequence", 0);
}

static bool
is_wanted(const struct record *rule, void *context)
{
	const struct call       *call = context;
	const struct value      *sent = value_get(call->input, "category");
	const struct collection *categories = snapshot_named(call->request->snapshot, "firewall.category");

	for (size_t i = 0; i < value_count(sent); i++) {
		const struct value  *one = sent->members[i].value;
		const struct record *category = value_is(one, VALUE_TEXT) ? collection_find(categories, one->text) : NULL;

		if (category && text_contains(record_text(rule, "category"), record_text(category, "name")))
			return true;
	}
	return value_count(sent) == 0;
}

static void
search_destination(struct call *call)
{
	static const char *const metas[] = { "source.network", "source.port", "destination.network",
					     "destination.port", "target", "local-port" };
	const struct view view = call_view(call, NULL);
	struct labels    *labels = labels_make(&view, call->route->resource);
	struct grid       grid = rule_grid(call, is_wanted);

	grid.search.rank = rank_destination;
	const struct found found = search_run(&grid.search, &view, labels, rows_of(&view, call->route->resource));

	rule_answer(call, &grid, found.count, found.total);
	for (size_t i = 0; i < found.count; i++) {
		const struct record *rule = found.records[i];

		json_object(&call->json);
		show_row(&call->json, rule, NULL, labels);
		json_put_string(&call->json, "sort_order",
				arena_print(view.arena, "%u.0%06lld", RULE_INTERFACE,
					    (long long)record_number(rule, "sequence", 0)));
		json_put_string(&call->json, "prio_group", arena_print(view.arena, "%u", RULE_INTERFACE));
		put_category_colors(call, record_get(rule, "category"), true);
		for (size_t j = 0; j < COUNT(metas); j++)
			put_alias_meta(call, metas[j], record_get(rule, metas[j]));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

/* The model says "disabled": 1 turns the rule off. */
static void
toggle_destination(struct call *call)
{
	const struct record *rule = regular_stored(call, call_param(call, 0));
	const struct text    wanted = call_param(call, 1);
	struct faults        faults = { .arena = call->request->arena };

	if (!rule) {
		answer_word(call, "result", "failed");
		return;
	}
	struct record *after = record_copy(call->request->arena, rule);
	const bool     off = wanted.len ? !text_is(wanted, "0") : !record_bool(rule, "disabled");

	record_set(after, "disabled", off ? "1" : "0");
	stamp(call, rule, after, &faults);
	change_put(call->request->change, after);
	call->request->keep = call->request->always = true;
	answer_word(call, "result", off ? "Disabled" : "Enabled");
}

/* clang-format off */
static const struct twist destination_twist = { .prepare = stamp };
static const struct twist destination_file = { .prepare = stamp, .key = "@uuid" };

const struct action firewall_nat_actions[] = {
	{ "firewall/source_nat/search_rule", KIND_GRID, .lane = LANE_SLOW, .handle = search_source,
	  .resource = "firewall.source_nat" },
	{ "firewall/source_nat/get", KIND_MODEL_GET, .methods = ~0u, .handle = get_source_settings },
	{ "firewall/d_nat/search_rule", KIND_GRID, .handle = search_destination,
	  .resource = "firewall.destination_nat" },
	{ "firewall/d_nat/add_rule", KIND_ADD, .lane = LANE_COMMIT, .twist = &destination_twist },
	{ "firewall/d_nat/set_rule", KIND_SET, 1, .lane = LANE_COMMIT, .twist = &destination_twist },
	{ "firewall/d_nat/download_rules", KIND_CSV_DOWNLOAD, .twist = &destination_file },
	{ "firewall/d_nat/upload_rules", KIND_CSV_UPLOAD, .twist = &destination_file },
	{ "firewall/d_nat/toggle_rule", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = toggle_destination,
	  .resource = "firewall.destination_nat" },
	{ NULL },
};
/* clang-format on */
