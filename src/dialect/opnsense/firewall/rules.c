/* What the rule tables have in common: search with its columns, order, logging, CSV, apply. */
#include <string.h>

#include "api/topics.h"
#include "api/verbs.h"
#include "base/map.h"
#include "base/number.h"
#include "dialect/opnsense/firewall/rules.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/firewall/lists.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"
#include "json/read.h"
#include "schema/rule_order.h"

#define SEQUENCE_STEP 100
#define SEQUENCE_PUSH 50

/* --- columns -------------------------------------------------------------------------------- */

void
put_rule_columns(struct call *call, const struct record *rule)
{
	static const char *const names[] = { "source_net", "source_port", "destination_net", "destination_port",
					     "target", "target_port" };

	put_category_colors(call, record_get(rule, "categories"), false);
	for (size_t i = 0; i < COUNT(names); i++) {
		const size_t field = resource_find_field(rule->resource, text_of(names[i]));

		/* Prefix translations name nothing but prefixes. */
		if (field != SIZE_MAX && rule->resource->fields[field].type->find)
			put_alias_meta(call, names[i], rule->values[field]);
		else if (field != SIZE_MAX && strcmp(rule->resource->fields[field].type->name, "port") == 0)
			put_alias_meta(call, names[i], rule->values[field]);
	}
}

/* The ranks of many rules: most of them stand on the same few interfaces. */
struct ranking {
	struct view view;
	size_t      interface, inverted, sequence;
	const char *last; /* the interface that was looked at last, and its priority */
	unsigned    priority;
	struct map *priorities; /* by interface; one more than the priority */
};

static struct ranking *
ranking_make(const struct call *call)
{
	struct arena   *arena = call->request->arena;
	struct ranking *ranking = ARENA_MAKE(arena, struct ranking, 1);

	*ranking = (struct ranking){
		.view = call_view(call, NULL),
		.interface = resource_field(call->route->resource, "interface"),
		.inverted = resource_find_field(call->route->resource, TEXT("interfacenot")),
		.sequence = resource_field(call->route->resource, "sequence"),
		.priorities = map_make(arena),
	};
	return ranking;
}

static unsigned
priority_of(struct ranking *ranking, const struct record *rule)
{
	const char *name = rule->values[ranking->interface];

	if (name == ranking->last)
		return ranking->priority;
	uintptr_t known = (uintptr_t)map_get(ranking->priorities, text_of(name));

	if (!known) {
		ranking->view.record = rule;
		known = rule_priority(rule, &ranking->view) + 1;
		map_set(ranking->priorities, text_of(name), (void *)known);
	}
	ranking->last = name;
	return ranking->priority = (unsigned)(known - 1);
}

static uint64_t
rank(const struct record *rule, void *context)
{
	struct ranking *ranking = context;
	const bool      inverted = ranking->inverted != SIZE_MAX && rule->values[ranking->inverted][0] == '1';
	int64_t         sequence = 0;

	number_read(text_of(rule->values[ranking->sequence]), 0, 999999, &sequence);
	return (uint64_t)(inverted ? RULE_FLOATING : priority_of(ranking, rule)) * 1000000 + (uint64_t)sequence;
}

/* Rows by uuid of category, as the pages filter; nothing sent: all. */
bool
rule_has_category(const struct record *rule, void *context)
{
	const struct call  *call = context;
	const struct value *sent = value_get(call->input, "category");
	struct text         rest = value_is(sent, VALUE_TEXT) ? sent->text : TEXT_NONE, one;

	if (value_count(sent) == 0 && rest.len == 0)
		return true;
	const char *have = record_get(rule, "categories");

	for (size_t i = 0; i < value_count(sent); i++)
		if (value_is(sent->members[i].value, VALUE_TEXT) &&
		    text_contains(text_of(have), sent->members[i].value->text))
			return true;
	while (text_next(&rest, ",", &one))
		if (text_contains(text_of(have), one))
			return true;
	return false;
}

/* As query-grid: words are looked for in values and labels, and "desc" is what is not "asc". */
struct grid
rule_grid(struct call *call, bool (*wanted)(const struct record *, void *))
{
	struct grid         grid = grid_read(call, 9999);
	const struct value *sort = value_get(call->input, "sort");
	const char         *phrase = value_as_string(call->request->arena, value_get(call->input, "searchPhrase"));

	grid.search.nsort = grid.search.nsort > 1 ? 1 : grid.search.nsort;
	if (value_is(sort, VALUE_OBJECT) && sort->count)
		grid.search.descending = !value_is(sort->members[0].value, VALUE_TEXT) ||
					 !text_is(sort->members[0].value->text, "asc");
	if (grid.search.nsort && text_is(grid.search.sort[0], "sort_order") && !grid.search.descending)
		grid.search.nsort = 0;
	grid.search.phrase = text_of(phrase ? phrase : "");
	grid.search.both = true;
	grid.search.rank = rank;
	grid.search.rank_context = ranking_make(call);
	grid.search.wanted = wanted;
	grid.search.context = call;
	return grid;
}

void
rule_answer(struct call *call, const struct grid *grid, size_t count, size_t total)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_number(&call->json, "total", (int64_t)total);
	json_put_number(&call->json, "rowCount", (int64_t)count);
	json_put_number(&call->json, "current", grid->current);
	json_name(&call->json, "rows");
	json_list(&call->json);
}

/* --- order ---------------------------------------------------------------------------------- */

static int64_t
sequence_of(const struct record *rule)
{
	return record_number(rule, "sequence", 0);
}

static void
put_sequence(struct call *call, const struct record *rule, int64_t sequence)
{
	struct record *after = record_copy(call->request->arena, rule);

	record_set(after, "sequence", arena_print(call->request->arena, "%lld", (long long)sequence));
	change_put(call->request->change, after);
}

/* Only filter rules are applied group by group. */
static unsigned
group_of(const struct record *rule, const struct view *view)
{
	return strcmp(rule->resource->name, "firewall.rule") == 0 ? rule_priority(rule, view) : 0;
}

/* The highest sequence below the target's, in the same group; zero: there is none. */
static int64_t
sequence_before(struct call *call, const struct record *selected, const struct record *target)
{
	const struct view        view = call_view(call, NULL);
	const struct collection *rules = snapshot_collection(view.snapshot, target->resource);
	const unsigned           priority = group_of(target, &view);
	int64_t                  before = 0;

	for (size_t i = 0; i < collection_count(rules); i++) {
		const struct record *rule = collection_at(rules, i);
		const int64_t        sequence = sequence_of(rule);

		if (rule != selected && sequence < sequence_of(target) && sequence > before &&
		    group_of(rule, &view) == priority)
			before = sequence;
	}
	return before;
}

/* No room: the target and everything behind it goes up, and the selected one takes its place. */
static void
push_up(struct call *call, const struct record *selected, const struct record *target)
{
	const struct view view = call_view(call, NULL);
	const unsigned    priority = group_of(target, &view);
	const int64_t     from = sequence_of(target);
	const struct rows rows = rows_of(&view, target->resource);
	const char       *uuid = arena_copy(view.arena, text_of(selected->uuid));

	for (size_t i = 0; i < rows.count; i++)
		if (sequence_of(rows.records[i]) >= from && strcmp(rows.records[i]->uuid, uuid) != 0 &&
		    group_of(rows.records[i], &view) == priority)
			put_sequence(call, rows.records[i], sequence_of(rows.records[i]) + SEQUENCE_PUSH);
	put_sequence(call, regular_stored(call, text_of(uuid)), from);
}

static const char invalid_method[] = "{\"status\":\"error\",\"message\":\"Invalid request method\"}";

void
rule_move(struct call *call)
{
	const struct view    view = call_view(call, NULL);
	const struct record *selected = regular_stored(call, call_param(call, 0));
	const struct record *target = regular_stored(call, call_param(call, 1));

	if (!selected || !target || selected == target ||
	    group_of(selected, &view) != group_of(target, &view)) {
		answer_warning(call, "Rules cannot be moved past each other");
		return;
	}
	const int64_t before = sequence_before(call, selected, target), gap = sequence_of(target) - before;

	if (gap > 2)
		put_sequence(call, selected, before + gap / 2);
	else
		push_up(call, selected, target);
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "ok");
}

void
rule_log(struct call *call)
{
	const struct record *rule = regular_stored(call, call_param(call, 0));

	if (!rule) {
		answer_refusal(call, "Logging", "There is no such rule.");
		return;
	}
	struct record *after = record_copy(call->request->arena, rule);

	record_set(after, "log", call_param_string(call, 1));
	change_put(call->request->change, after);
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "ok");
}

/* --- apply ---------------------------------------------------------------------------------- */

void
rule_apply(struct call *call)
{
	const char       *message;
	const enum result result = topic_apply(call->request, PART_FILTER | PART_ALIASES, &message);

	if (result == RESULT_DONE)
		answer_word(call, "status", "OK\n\n");
	else
		answer_word(call, "status", message[0] ? message : result_word(result));
}

static void
flush_cache(struct call *call)
{
	/* Counters are always asked for anew. */
	answer_word(call, "status", "ok");
}

static void
rule_stats(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *counters = topic_ask(call->request, &message, "rules.counters", NULL);
	struct value *answer = value_object(call->request->arena);

	value_set_string(call->request->arena, answer, "status", counters ? "ok" : "failed");
	if (counters)
		value_set(call->request->arena, answer, "stats", counters);
	answer_value(call, answer);
}

/* --- the next free number in a copy --------------------------------------------------------- */

static int64_t
next_sequence(const struct call *call)
{
	const struct collection *rules = snapshot_collection(call->request->snapshot, call->route->resource);
	int64_t                  highest = 0;

	for (size_t i = 0; i < collection_count(rules); i++)
		if (sequence_of(collection_at(rules, i)) > highest)
			highest = sequence_of(collection_at(rules, i));
	return highest + SEQUENCE_STEP;
}

/* A copy has the number that comes next, which shows as a number then and not as text. */
static void
get_rule(struct call *call)
{
	struct arena *arena = call->request->arena;
	const char   *mode = value_as_string(arena, value_get(call_query(call), "fetchmode"));
	struct value *answer = NULL;

	regular_get(call);
	if (!mode || strcmp(mode, "copy") != 0 || call->nparams == 0 ||
	    json_read(arena, buffer_text(&call->request->reply.body), NULL, &answer, NULL) != RESULT_DONE ||
	    !value_get(answer, "rule"))
		return;
	value_set(arena, value_get(answer, "rule"), "sequence", value_integer(arena, next_sequence(call)));
	answer_value(call, answer);
}

/* clang-format off */
#define FILE_TWIST .key = "@uuid", .names = "categories,overload"

const struct twist rule_twist = { .wanted = rule_has_category, .columns = put_rule_columns, FILE_TWIST };

#define RULES(at, what) \
	{ at "/get_rule", KIND_GET, .handle = get_rule }, \
	{ at "/apply", KIND_ACTION, .lane = LANE_APPLY, .handle = rule_apply, .refusal = "{\"status\":\"error\"}" }, \
	{ at "/move_rule_before", KIND_ACTION, 2, .lane = LANE_COMMIT, .handle = rule_move, .resource = what, \
	  .refusal = invalid_method }, \
	{ at "/toggle_rule_log", KIND_ACTION, 2, .lane = LANE_COMMIT, .handle = rule_log, .resource = what, \
	  .refusal = invalid_method }, \
	{ at "/download_rules", KIND_CSV_DOWNLOAD, .handle = regular_download, .resource = what, .twist = &rule_twist }, \
	{ at "/upload_rules", KIND_CSV_UPLOAD, .lane = LANE_COMMIT, .handle = regular_upload, .resource = what, \
	  .twist = &rule_twist }, \
	{ at "/list_categories", KIND_QUERY, .handle = firewall_list_categories, .resource = what }, \
	{ at "/list_network_select_options", KIND_QUERY, .handle = firewall_list_networks }, \
	{ at "/list_port_select_options", KIND_QUERY, .handle = firewall_list_ports }

const struct action firewall_rules_actions[] = {
	RULES("firewall/filter", "firewall.rule"),
	RULES("firewall/source_nat", "firewall.source_nat"),
	RULES("firewall/one_to_one", "firewall.one_to_one"),
	RULES("firewall/npt", "firewall.npt"),
	RULES("firewall/d_nat", "firewall.destination_nat"),
	{ "firewall/one_to_one/search_rule", KIND_SEARCH, .twist = &rule_twist },
	{ "firewall/npt/search_rule", KIND_SEARCH, .twist = &rule_twist },
	{ "firewall/filter/get_interface_list", KIND_QUERY, .handle = firewall_interface_list },
	{ "firewall/filter/flush_inspect_cache", KIND_ACTION, .handle = flush_cache, .refusal = invalid_method },
	{ "firewall/filter_util/rule_stats", KIND_QUERY, .lane = LANE_SLOW, .handle = rule_stats },
	{ NULL },
};
/* clang-format on */
