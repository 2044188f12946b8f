/* Traffic shapers, their queues and limiters, for the tables' expressions. */
#include "dialect/pfsense/functions.h"

#define SHAPERS  "shaper/queue"
#define LIMITERS "dnshaper/queue"

static struct value *
index_or_truth(struct scope *scope, int64_t at, bool truth)
{
	if (truth)
		return say(scope, at >= 0);
	return at < 0 ? NULL : number(scope, at);
}

FUNCTION(shaper_of)
{
	UNUSED;
	return index_or_truth(scope, position_of(scope, SHAPERS, "interface", text(scope, A(0))), count > 1);
}

/* Position of a child of that name in the "queue" list of an object; -1: none. */
static int64_t
child_named(struct scope *scope, const struct value *parent, struct text name)
{
	const struct value *children = value_get(parent, "queue");

	for (size_t i = 0; i < value_count(children); i++)
		if (member_is(scope, children->members[i].value, "name", name))
			return (int64_t)i;
	return -1;
}

static bool
some_child_named(struct scope *scope, const char *path, struct text name)
{
	const struct value *list = tree_find(scope->tree, path);

	for (size_t i = 0; i < value_count(list); i++)
		if (child_named(scope, list->members[i].value, name) >= 0)
			return true;
	return false;
}

FUNCTION(shaper_queue_exists)
{
	UNUSED;
	const struct text name = text(scope, A(0));

	return say(scope, position_of(scope, SHAPERS, "name", name) >= 0 ||
				  some_child_named(scope, SHAPERS, name));
}

static const struct value *
shaper_for(struct scope *scope, const struct value *interface)
{
	const int64_t at = position_of(scope, SHAPERS, "interface", text(scope, interface));

	return at < 0 ? NULL : value_at(tree_find(scope->tree, SHAPERS), (size_t)at);
}

FUNCTION(queue_name_taken)
{
	UNUSED;
	return say(scope, child_named(scope, shaper_for(scope, A(1)), text(scope, A(0))) >= 0);
}

static double
bits(struct scope *scope, const struct value *amount, struct text unit)
{
	const double number = to_real(amount);

	(void)scope;
	return text_is(unit, "Kb") ? number * 1e3 :
	       text_is(unit, "Mb") ? number * 1e6 :
	       text_is(unit, "Gb") ? number * 1e9 :
				     number;
}

FUNCTION(children_exceed_parent)
{
	UNUSED;
	const struct value *parent = shaper_for(scope, A(2));
	const struct value *children = value_get(parent, "queue");
	const struct text   unit = text(scope, A(1));
	double              sum = text_is(unit, "%") ? 0 : bits(scope, A(0), unit);

	for (size_t i = 0; i < value_count(children); i++) {
		const struct value *child = children->members[i].value;
		const struct text   own = text(scope, value_get(child, "bandwidthtype"));

		if (!text_is(own, "%"))
			sum += bits(scope, value_get(child, "bandwidth"), own);
	}
	if (text_is(text(scope, value_get(parent, "bandwidthtype")), "%"))
		return say(scope, false);
	return say(scope, sum > bits(scope, value_get(parent, "bandwidth"),
				     text(scope, value_get(parent, "bandwidthtype"))));
}

FUNCTION(bandwidth_string)
{
	UNUSED;
	static const char *const units[] = { "Kb", "Mb", "Gb", "b" };
	const struct text        it = text(scope, A(0));

	for (size_t i = 0; i < COUNT(units); i++)
		if (text_ends(it, text_of(units[i]))) {
			const struct value number = { .kind = VALUE_TEXT,
						      .text = text_first(it, it.len - strlen(units[i])) };

			return say(scope, is_numeric(&number));
		}
	return say(scope, false);
}

static bool
is_queue_of_rule(struct scope *scope, struct text name)
{
	return position_of(scope, "filter/rule", "defaultqueue", name) >= 0 ||
	       position_of(scope, "filter/rule", "ackqueue", name) >= 0;
}

FUNCTION(queue_referenced)
{
	UNUSED;
	return say(scope, is_queue_of_rule(scope, text(scope, A(0))));
}

FUNCTION(child_queue_referenced)
{
	UNUSED;
	const struct value *children = value_get(shaper_for(scope, A(0)), "queue");

	for (size_t i = 0; i < value_count(children); i++)
		if (is_queue_of_rule(scope, text(scope, value_get(children->members[i].value, "name"))))
			return say(scope, true);
	return say(scope, false);
}

FUNCTION(limiter_named)
{
	UNUSED;
	return index_or_truth(scope, position_of(scope, LIMITERS, "name", text(scope, A(0))), count > 1);
}

FUNCTION(limiter_queue_named)
{
	UNUSED;
	size_t              index = 0;
	const struct value *limiter = is_index(A(1), &index) ?
					      value_at(tree_find(scope->tree, LIMITERS), index) :
					      NULL;

	return index_or_truth(scope, child_named(scope, limiter, text(scope, A(0))), count > 2);
}

FUNCTION(limiter_or_queue_named)
{
	UNUSED;
	const struct text name = text(scope, A(0));

	return say(scope, position_of(scope, LIMITERS, "name", name) >= 0 ||
				  some_child_named(scope, LIMITERS, name));
}

static bool
is_pipe_of_rule(struct scope *scope, struct text name)
{
	return position_of(scope, "filter/rule", "dnpipe", name) >= 0 ||
	       position_of(scope, "filter/rule", "pdnpipe", name) >= 0;
}

FUNCTION(limiter_queue_referenced)
{
	UNUSED;
	return say(scope, is_pipe_of_rule(scope, text(scope, A(0))));
}

FUNCTION(limiter_referenced)
{
	UNUSED;
	const int64_t       at = position_of(scope, LIMITERS, "name", text(scope, A(0)));
	const struct value *limiter = at < 0 ? NULL : value_at(tree_find(scope->tree, LIMITERS), (size_t)at);
	const struct value *children = value_get(limiter, "queue");

	for (size_t i = 0; i < value_count(children); i++)
		if (is_pipe_of_rule(scope, text(scope, value_get(children->members[i].value, "name"))))
			return say(scope, true);
	return say(scope, is_pipe_of_rule(scope, text(scope, A(0))));
}

FUNCTION(next_limiter_number)
{
	UNUSED;
	for (int64_t i = 1;; i++)
		if (position_of(scope, LIMITERS, "number", text_of(arena_print(scope->arena, "%d", (int)i))) < 0)
			return number(scope, i);
}

/* Limiters and their queues by name, each [number]; a queue's starts with "?". */
FUNCTION(limiter_queues)
{
	UNUSED;
	const struct value *limiters = tree_find(scope->tree, LIMITERS);
	struct value       *all = value_object(scope->arena);

	for (size_t i = 0; i < value_count(limiters); i++) {
		const struct value *limiter = limiters->members[i].value;
		const struct value *children = value_get(limiter, "queue");

		value_set_text(scope->arena, all, text(scope, value_get(limiter, "name")),
			       value_string(scope->arena,
					    to_string(scope->arena, value_get(limiter, "number"))));
		for (size_t j = 0; j < value_count(children); j++)
			value_set_text(scope->arena, all,
				       text(scope, value_get(children->members[j].value, "name")),
				       value_string(scope->arena, "?"));
	}
	return all;
}

/* clang-format off */
const struct function functions_shaper[] = {
	{ "shaper_of",                1, 2, call_shaper_of },
	{ "shaper_queue_exists",      1, 1, call_shaper_queue_exists },
	{ "queue_name_taken",         2, 2, call_queue_name_taken },
	{ "children_exceed_parent",   3, 3, call_children_exceed_parent },
	{ "bandwidth_string",         1, 1, call_bandwidth_string },
	{ "queue_referenced",         1, 1, call_queue_referenced },
	{ "child_queue_referenced",   1, 1, call_child_queue_referenced },
	{ "limiter_named",            1, 2, call_limiter_named },
	{ "limiter_queue_named",      2, 3, call_limiter_queue_named },
	{ "limiter_or_queue_named",   1, 1, call_limiter_or_queue_named },
	{ "limiter_queue_referenced", 1, 1, call_limiter_queue_referenced },
	{ "limiter_referenced",       1, 1, call_limiter_referenced },
	{ "next_limiter_number",      0, 0, call_next_limiter_number },
	{ "limiter_queues",           0, 0, call_limiter_queues },
	{ NULL },
};
/* clang-format on */
