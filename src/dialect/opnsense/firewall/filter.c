/* Filter rules: the search by interface, with counters when they are wanted. */
#include <string.h>

#include "api/topics.h"
#include "dialect/opnsense/firewall/rules.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"
#include "schema/interfaces.h"
#include "schema/rule_order.h"

/* What a search filters by, worked out before the first rule is looked at. */
struct filter {
	bool          any;      /* no interface was named */
	bool          floating; /* the empty one was */
	struct text   names[512];
	size_t        count;
	struct value *counters; /* by uuid; NULL: not wanted */
};

static bool
is_named(const struct filter *filter, struct text interface)
{
	for (size_t i = 0; i < filter->count; i++)
		if (text_equal(filter->names[i], interface))
			return true;
	return false;
}

static void
add_name(struct filter *filter, struct text name)
{
	if (filter->count < COUNT(filter->names) && !is_named(filter, name))
		filter->names[filter->count++] = name;
}

/* Groups that hold one of the interfaces count too. */
static void
add_groups(struct filter *filter, const struct snapshot *snapshot)
{
	const struct collection *groups = snapshot_named(snapshot, "firewall.group");
	const size_t             named = filter->count;

	for (size_t i = 0; i < collection_count(groups); i++) {
		const struct record *group = collection_at(groups, i);
		struct text          rest = record_text(group, "members"), member;

		while (text_next(&rest, ",", &member))
			for (size_t j = 0; j < named; j++)
				if (text_equal(filter->names[j], member))
					add_name(filter, record_text(group, "ifname"));
	}
}

static struct filter *
read_filter(struct call *call)
{
	struct filter *filter = ARENA_MAKE(call->request->arena, struct filter, 1);
	const char    *names = call_text(call, "interface");
	struct text    rest = text_of(names), name;

	filter->any = !names || strcmp(names, "__any") == 0;
	filter->floating = names && (names[0] == '\0' || strcmp(names, "__floating") == 0);
	while (!filter->any && !filter->floating && text_next(&rest, ",", &name))
		add_name(filter, name);
	add_groups(filter, call->request->snapshot);
	return filter;
}

static bool
is_on(const struct filter *filter, const struct record *rule)
{
	struct text rest = record_text(rule, "interface"), name;
	const bool  inverted = record_bool(rule, "interfacenot");

	if (rest.len == 0)
		return true;
	while (text_next(&rest, ",", &name))
		if (is_named(filter, name))
			return !inverted;
	return inverted;
}

static bool
is_wanted(const struct record *rule, void *context)
{
	const struct call   *call = context;
	const struct filter *filter = call->kept;
	const struct view    view = call_view(call, rule);

	if (!rule_has_category(rule, context))
		return false;
	if (filter->floating)
		return rule_priority(rule, &view) == RULE_FLOATING;
	return filter->any || is_on(filter, rule);
}

static void
put_counters(struct call *call, const struct record *rule)
{
	const struct filter *filter = call->kept;
	const struct value  *counters = value_get(filter->counters, rule->uuid);

	for (size_t i = 0; i < value_count(counters); i++) {
		json_name_text(&call->json, counters->members[i].name);
		json_value(&call->json, counters->members[i].value);
	}
}

static void
answer_rules(struct call *call)
{
	const struct view  view = call_view(call, NULL);
	struct labels     *labels = labels_make(&view, call->route->resource);
	const struct grid  grid = rule_grid(call, is_wanted);
	const struct found found = search_run(&grid.search, &view, labels, rows_of(&view, call->route->resource));

	rule_answer(call, &grid, found.count, found.total);
	for (size_t i = 0; i < found.count; i++) {
		json_object(&call->json);
		show_row(&call->json, found.records[i], NULL, labels);
		put_rule_columns(call, found.records[i]);
		put_counters(call, found.records[i]);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

static bool
shows_all(struct call *call)
{
	const char *all = call_text(call, "show_all");

	return all && all[0] && strcmp(all, "0") != 0;
}

/* Counters come from the box: that is not for a worker. */
static void
search_slowly(struct call *call)
{
	struct filter *filter = read_filter(call);
	scoped_buffer  message = BUFFER_NONE;

	filter->counters = topic_ask(call->request, &message, "rules.counters", NULL);
	call->kept = filter;
	answer_rules(call);
}

static void
search(struct call *call)
{
	if (shows_all(call)) {
		call_move(call, LANE_SLOW, search_slowly);
		return;
	}
	call->kept = read_filter(call);
	answer_rules(call);
}

/* clang-format off */
const struct action firewall_filter_actions[] = {
	{ "firewall/filter/search_rule", KIND_GRID, .handle = search, .resource = "firewall.rule" },
	{ NULL },
};
/* clang-format on */
