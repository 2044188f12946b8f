/*
 * What rules have beside their lines: objects, chains of their own, and places in maps by their index, where later packets
 * of their connections find what is still to be done to them.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/rule.h"
#include "plan/vlan_priority.h"

#define TCP_WORDS_MAX 15 /* of TCP's header */
#define TCP_WORDS_MIN 5
#define TOS_LOWDELAY  0x10

/* --- Objects ---------------------------------------------------------------------------------------------- */

static void
take_objects(struct build *build, const struct fragment_list *all)
{
	struct map            *names = map_make(build->once);
	struct ruleset_object *objects;
	size_t                 most = 0;

	for (size_t i = 0; i < all->count; i++)
		most += all->list[i]->nobjects;
	objects = ARENA_MAKE(build->once, struct ruleset_object, most);
	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < all->list[i]->nobjects; k++) {
			const struct ruleset_object *object = &all->list[i]->objects[k];

			if (!map_set(names, text_of(object->name), (void *)object))
				objects[build->out->nobjects++] = *object;
		}
	build->out->objects = objects;
}

/* --- Priorities of VLAN frames -------------------------------------------------------------------------------- */

static void
set_priority(struct line *line, struct lines *lines, int priority)
{
	struct step step = { .kind = STEP_SET, .key = KEY_PRIORITY };

	step_put_number(KEY_PRIORITY, step.value, VLAN_PRIORITY_OUT(priority));
	line_add(line, &step);
	line_verdict(line, VERDICT_ACCEPT, NULL);
	line_end(line, line->build->once, lines);
}

/* What wants to be delivered soon: by its type of service, or because it only acknowledges. */
static void
set_low_delay(struct build *build, struct line *line, struct lines *lines, int priority)
{
	static const struct {
		enum family   family;
		enum step_key tos;
		uint32_t      low_delay, head;
	} families[] = { { FAMILY_INET, KEY_IP_TOS, TOS_LOWDELAY, 20 }, { FAMILY_INET6, KEY_IP6_TOS, TOS_LOWDELAY << 4, 40 } };

	for (size_t i = 0; i < COUNT(families); i++) {
		line_start(line, build);
		line_protocol(line, PROTOCOL_ANY, families[i].family);
		line_masked(line, families[i].tos, families[i].low_delay, families[i].low_delay);
		set_priority(line, lines, priority);
		for (uint32_t words = TCP_WORDS_MIN; words <= TCP_WORDS_MAX; words++) {
			line_start(line, build);
			line_protocol(line, PROTO_TCP, families[i].family);
			line_masked(line, KEY_TCP_FLAGS, FLAG_ACK, FLAG_ACK);
			line_masked(line, KEY_TCP_OFFSET, 0xf0, words << 4);
			line_number(line, KEY_LENGTH, COMPARE_IS, families[i].head + words * 4);
			set_priority(line, lines, priority);
		}
	}
}

/* One chain for all rules that set the same. */
static const char *
priority_chain(struct build *build, struct map *made, const struct filter_rule *rule)
{
	const char  *name = rule->set_prio_low < 0 ? arena_print(build->once, "prio_%d", rule->set_prio)
						   : arena_print(build->once, "prio_%d_%d", rule->set_prio, rule->set_prio_low);
	struct lines lines = { 0 };
	struct line  line = { 0 };

	if (map_set(made, text_of(name), (void *)name))
		return name;
	if (rule->set_prio_low >= 0)
		set_low_delay(build, &line, &lines, rule->set_prio_low);
	line_start(&line, build);
	set_priority(&line, &lines, rule->set_prio);
	buffer_clear(&line.bytes);
	build_chain(build, name, &lines);
	return name;
}

/* --- By index ---------------------------------------------------------------------------------------------------- */

static void
put_index(struct ruleset_set *map, unsigned index, enum step_verdict verdict, const char *chain)
{
	struct ruleset_entry *entry = (struct ruleset_entry *)&map->entries[map->count++];

	*entry = (struct ruleset_entry){ .verdict = verdict, .name = chain };
	step_put_number(KEY_CT_MARK, entry->key, index);
}

/* A rule may stand in several places, but not more than once in a map. */
static bool
is_first(uint64_t *seen, unsigned index)
{
	const bool first = !(seen[index / 64] >> (index % 64) & 1);

	seen[index / 64] |= 1ULL << (index % 64);
	return first;
}

static void
make_priorities(struct build *build, const struct fragment_list *all, size_t count)
{
	struct ruleset_set *map = build_map(build, MAP_PRIORITIES, SET_MARK, GIVES_VERDICT, count);
	struct map         *made = map_make(build->once);
	uint64_t           *seen = ARENA_MAKE(build->once, uint64_t, RULESET_RULES / 64);

	for (size_t i = 0; i < all->count; i++) {
		const struct filter_rule *rule = all->list[i]->rule;

		if (rule_sets_priority(rule) && is_first(seen, all->list[i]->index))
			put_index(map, all->list[i]->index, VERDICT_GOTO, priority_chain(build, made, rule));
	}
	build_seal_map(map);
	build->sets_priorities = true;
}

static void
make_rates(struct build *build, const struct fragment_list *all, size_t count)
{
	struct ruleset_set *map = build_map(build, MAP_RATES, SET_MARK, GIVES_VERDICT, count);
	uint64_t           *seen = ARENA_MAKE(build->once, uint64_t, RULESET_RULES / 64);

	for (size_t i = 0; i < all->count; i++) {
		const struct fragment *one = all->list[i];

		if (one->rate.count > 0 && is_first(seen, one->index))
			put_index(map, one->index, VERDICT_JUMP,
				  build_chain(build, arena_print(build->once, RATE_CHAIN, one->index), &one->rate));
	}
	build_seal_map(map);
	build->limits_rates = true;
}

bool
rule_sets_priority(const struct filter_rule *rule)
{
	return rule->set_prio >= 0 && rule->action == RULE_PASS && rule->state != STATE_NONE;
}

void
extras_make(struct build *build, const struct fragment_list *all)
{
	size_t priorities = 0, rates = 0;

	if (!build->extras)
		return;
	take_objects(build, all);
	for (size_t i = 0; i < all->count; i++) {
		const struct fragment *one = all->list[i];

		priorities += rule_sets_priority(one->rule);
		rates += one->rate.count > 0;
		if (one->max.count > 0)
			build_chain(build, arena_print(build->once, MAX_CHAIN, one->index), &one->max);
	}
	if (priorities > 0)
		make_priorities(build, all, priorities);
	if (rates > 0)
		make_rates(build, all, rates);
}
