/* The order of rules and translations, and the mode of outbound translation. */
#include "dialect/pfsense/actions/actions.h"

#include <stdlib.h>

#include "dialect/pfsense/cache.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/function.h"
#include "dialect/pfsense/mount.h"

#define RULES "filter/rule"

static struct text
member_text(struct scope *scope, const struct value *object, const char *name)
{
	return to_text(scope->arena, value_get(object, name));
}

/* The rules beside those that are shown, of which most are the same. */
struct beside {
	struct scope       *scope;
	const struct value *shown;
	size_t              at;
};

/* Is this rule, the next one, shown as it was? */
static bool
is_shown(struct beside *beside, const struct value *rule)
{
	/* One was taken out in front of it. */
	if (value_at(beside->shown, beside->at) != rule && value_at(beside->shown, beside->at + 1) == rule)
		beside->at++;
	const bool known = value_at(beside->shown, beside->at) == rule;

	beside->at += known;
	return known;
}

static size_t
rank_of(struct beside *beside, const struct value *rule, bool is_shown)
{
	return is_shown ? shown_rank(rule) : mount_rules.rank(beside->scope->tree, rule);
}

/* Of each rule: where it stands. Those that are shown as they were are known, the others are looked at. */
static size_t *
ranks_of(struct scope *scope, const struct value *rules)
{
	struct beside beside = { scope, tree_shown(scope->tree, RULES), 0 };
	size_t       *ranks = ARENA_MAKE(scope->arena, size_t, value_count(rules) + 1);

	for (size_t i = 0; i < value_count(rules); i++) {
		const struct value *rule = rules->members[i].value;

		ranks[i] = rank_of(&beside, rule, is_shown(&beside, rule));
	}
	return ranks;
}

/* Are they grouped already? Where those that are shown are, only what is new among them is looked at, and what is beside it. */
static bool
is_grouped(struct scope *scope, const struct value *rules)
{
	struct beside beside = { scope, tree_shown(scope->tree, RULES), 0 };
	bool          was_shown = false;

	if (!shown_is_ranked(beside.shown))
		return false;
	for (size_t i = 0; i < value_count(rules); i++) {
		const bool shown = is_shown(&beside, rules->members[i].value);

		if (i > 0 && !(shown && was_shown) &&
		    rank_of(&beside, rules->members[i - 1].value, was_shown) > rank_of(&beside, rules->members[i].value, shown))
			return false;
		was_shown = shown;
	}
	return true;
}

/* Group the rules by interface; within a group they keep their order. */
static void
regroup(struct scope *scope)
{
	const struct value *rules = tree_find(scope->tree, RULES);
	const size_t        count = value_count(rules), groups = rule_ranks(scope->tree);
	bool                changed = false;

	if (is_grouped(scope, rules))
		return;
	const size_t *ranks = ranks_of(scope, rules);

	for (size_t i = 1; i < count; i++)
		changed = changed || ranks[i] < ranks[i - 1];
	if (!changed)
		return;
	struct value *grouped = value_list(scope->arena);
	size_t       *starts = ARENA_MAKE(scope->arena, size_t, groups + 1);

	for (size_t i = 0; i < count; i++)
		starts[ranks[i] + 1]++;
	for (size_t i = 0; i < groups; i++)
		starts[i + 1] += starts[i];
	grouped->members = ARENA_MAKE(scope->arena, struct member, count);
	grouped->count = grouped->room = count;
	for (size_t i = 0; i < count; i++)
		grouped->members[starts[ranks[i]]++] = rules->members[i];
	tree_put(scope->tree, RULES, grouped);
}

/* The last one goes first when that is asked for; both ways it comes to those of its interface. */
void
act_rule_added(struct scope *scope, struct outcome *outcome)
{
	const struct value *top = value_get(scope->input, "top"), *rules = tree_find(scope->tree, RULES);
	struct value       *moved = value_list(scope->arena);

	if (value_is(top, VALUE_BOOL) && top->truth && value_count(rules) > 1) {
		moved->members = ARENA_MAKE(scope->arena, struct member, rules->count);
		moved->count = moved->room = rules->count;
		moved->members[0] = rules->members[rules->count - 1];
		memcpy(moved->members + 1, rules->members, (rules->count - 1) * sizeof(*moved->members));
		tree_put(scope->tree, RULES, moved);
	}
	act_regroup(scope, outcome);
}

void
act_regroup(struct scope *scope, struct outcome *outcome)
{
	(void)outcome;
	regroup(scope);
}

unsigned
rules_replace(struct scope *scope)
{
	struct value *list = value_get(scope->object, "list");

	tree_put(scope->tree, RULES, list ? list : value_list(scope->arena));
	regroup(scope);
	return 0;
}

struct sorted {
	struct value *rule;
	struct text   key;
	double        number;
	size_t        index;
	unsigned      way;
};

enum way {
	WAY_STRING,
	WAY_NUMERIC,
	WAY_NATURAL,
	WAY_DESCEND = 4,
};

static int
compare_rules(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;
	int                  order;

	if ((a->way & 3) == WAY_NUMERIC)
		order = a->number < b->number ? -1 : a->number > b->number;
	else if ((a->way & 3) == WAY_NATURAL)
		order = text_compare_natural(a->key, b->key);
	else
		order = text_compare(a->key, b->key);
	if (order == 0)
		return a->index < b->index ? -1 : 1;
	return a->way & WAY_DESCEND ? -order : order;
}

unsigned
rules_sort(struct scope *scope)
{
	const struct value *rules = tree_find(scope->tree, RULES);
	const size_t        count = value_count(rules);
	const char         *field = to_string(scope->arena, value_get(scope->input, "field"));
	const struct text   option = member_text(scope, scope->input, "option");
	struct sorted      *sorted = ARENA_MAKE(scope->arena, struct sorted, count + 1);
	struct value       *list = value_list(scope->arena);
	const unsigned      way = text_is(option, "descend") ? WAY_DESCEND :
				  text_is(option, "numeric") ? WAY_NUMERIC :
				  text_is(option, "natural") ? WAY_NATURAL :
							       WAY_STRING;

	for (size_t i = 0; i < count; i++) {
		const struct value *key = value_get(rules->members[i].value, field);

		sorted[i] = (struct sorted){ rules->members[i].value, to_text(scope->arena, key),
					     to_real(key), i, way };
	}
	qsort(sorted, count, sizeof(*sorted), compare_rules);
	for (size_t i = 0; i < count; i++)
		value_add(scope->arena, list, sorted[i].rule);
	tree_put(scope->tree, RULES, list);
	return 0;
}

void
act_nat_top(struct scope *scope, struct outcome *outcome)
{
	const struct value *top = value_get(scope->input, "top");
	const char         *path = scope->request->path.ptr;
	const char         *where = strstr(path, "one_to_one") ? "nat/onetoone" :
				    strstr(path, "outbound")   ? "nat/outbound/rule" :
								 "nat/rule";
	const struct value *list = tree_find(scope->tree, where);
	struct value       *moved = value_list(scope->arena);
	size_t              own = value_count(list) - 1;

	(void)outcome;
	if (!value_is(top, VALUE_BOOL) || !top->truth || value_count(list) < 2)
		return;
	if (scope->target)
		is_index(scope->target, &own);
	value_add(scope->arena, moved, value_at(list, own));
	for (size_t i = 0; i < list->count; i++)
		if (i != own)
			value_add(scope->arena, moved, list->members[i].value);
	tree_put(scope->tree, where, moved);
}

void
act_outbound_mode(struct scope *scope, struct outcome *outcome)
{
	const struct value *mode = tree_find(scope->tree, "nat/outbound/mode");

	outcome->data = value_object(scope->arena);
	value_set_string(scope->arena, outcome->data, "mode",
			 is_blank(mode) ? "automatic" : to_string(scope->arena, mode));
}

/* What automatic mode does for one network on one way out, as a mapping of its own. */
static void
add_mapping(struct scope *scope, const char *interface, const char *network, const char *port,
            const char *descr)
{
	const struct function *exists = function_find(TEXT("same_mapping_exists"));
	struct value          *mapping = value_object(scope->arena), *source = value_object(scope->arena);
	struct value          *any = value_object(scope->arena);
	struct value          *list = tree_find(scope->tree, "nat/outbound/rule");
	struct value *const    arguments[] = { mapping };

	value_set_string(scope->arena, source, "network", network);
	value_set_string(scope->arena, any, "any", "");
	value_set(scope->arena, mapping, "source", source);
	value_set(scope->arena, mapping, "destination", any);
	value_set_string(scope->arena, mapping, "descr", descr);
	value_set_string(scope->arena, mapping, "target", "");
	value_set_string(scope->arena, mapping, "interface", interface);
	value_set_string(scope->arena, mapping, "poolopts", "");
	if (port) {
		value_set_string(scope->arena, mapping, "dstport", port);
		value_set_string(scope->arena, mapping, "staticnatport", "");
		value_set_string(scope->arena, mapping, "protocol", "udp");
	}
	if (is_true(exists->call(scope, arguments, 1, TEXT_NONE)))
		return;
	tree_put(scope->tree, arena_print(scope->arena, "nat/outbound/rule/%zu", value_count(list)), mapping);
}

/* Going from automatic to manual mode, what was automatic becomes mappings. */
unsigned
outbound_mode(struct scope *scope)
{
	const struct text   now = member_text(scope, scope->object, "mode");
	const struct text   before = member_text(scope, scope->flags, "current_mode");
	const struct value *interfaces = tree_find(scope->tree, "interfaces");

	if (!text_is(now, "advanced") || (!text_is(before, "automatic") && !text_is(before, "hybrid")))
		return 0;
	for (size_t out = 0; out < value_count(interfaces); out++) {
		const struct value *way = interfaces->members[out].value;
		const char         *name = arena_copy(scope->arena, interfaces->members[out].name);

		if (is_blank(value_get(way, "gateway")) && strcmp(name, "wan") != 0)
			continue;
		for (size_t in = 0; in < interfaces->count; in++) {
			const struct value *inside = interfaces->members[in].value;
			struct prefix       prefix;
			const char         *cidr = arena_print(
				scope->arena, "%s/%s", to_string(scope->arena, value_get(inside, "ipaddr")),
				to_string(scope->arena, value_get(inside, "subnet")));

			if (in == out || !is_blank(value_get(inside, "gateway")) ||
			    !prefix_read(text_of(cidr), &prefix))
				continue;
			prefix.address = prefix_first(&prefix);
			const char *network = prefix_print(scope->arena, &prefix);

			add_mapping(scope, name, network, "500",
				    arena_print(scope->arena, "Auto created rule for ISAKMP - %s", network));
			add_mapping(scope, name, network, NULL,
				    arena_print(scope->arena, "Auto created rule - %s", network));
		}
	}
	return 0;
}
