/* What went through pipes and queues, and what sent it there, in the words of upstream's status of its shaper. */
#include <string.h>

#include "proc/ask/ask.h"
#include "proc/part/shaper.h"
#include "wire/shaper.h"
#include "wire/tables.h"

struct looking {
	struct asking        *asking;
	const struct shaper  *shaper;
	struct shaper_counts  classes;
	struct rule_counts    rules;
};

/* As ipfw prints it. */
static const char *
bandwidth(struct arena *arena, uint32_t rate)
{
	static const struct {
		double      least;
		const char *unit;
	} units[] = { { 1e9, "Gbit/s" }, { 1e6, "Mbit/s" }, { 1e3, "Kbit/s" }, { 0, "bit/s" } };
	const double bits = (double)rate * 8;
	size_t       at = 0;

	while (bits < units[at].least)
		at++;
	return arena_print(arena, "%.3f %s", bits / (units[at].least > 0 ? units[at].least : 1), units[at].unit);
}

/* Whose the class is, at the end that the mask looks at. */
static const char *
end_of(struct arena *arena, const struct shaper_target *target, const struct shaper_count *count, enum shaper_mask end)
{
	if (target->mask == end && count->host.family != FAMILY_NONE)
		return arena_print(arena, "%s/%u", address_print(arena, &count->host), address_bits(count->host.family));
	return target->family == FAMILY_INET6 ? "::/0" : "0.0.0.0/0";
}

/* One row for each class that something went through; of a mask each host has one. */
static struct value *
flows_of(const struct looking *looking, const struct shaper_target *target)
{
	struct arena  *arena = looking->asking->arena;
	struct value  *list = value_list(arena);
	const uint32_t end = target->class + (target->mask ? SHAPER_GROUP : 1);

	for (size_t i = 0; i < looking->classes.n; i++) {
		const struct shaper_count *count = &looking->classes.counts[i];
		struct value              *row;

		if (count->class < target->class || count->class >= end || (count->packets == 0 && count->dropped == 0))
			continue;
		row = value_object(arena);
		value_set_string(arena, row, "BKT", arena_print(arena, "%u", count->class - target->class));
		value_set_string(arena, row, "Prot", "ip");
		value_set_string(arena, row, "Source", end_of(arena, target, count, SHAPER_SOURCE));
		value_set_string(arena, row, "Destination", end_of(arena, target, count, SHAPER_DESTINATION));
		value_set(arena, row, "pkt", value_integer(arena, (int64_t)count->packets));
		value_set(arena, row, "bytes", value_integer(arena, (int64_t)count->bytes));
		value_set(arena, row, "backlog", value_integer(arena, count->backlog));
		value_set(arena, row, "drop_pkt", value_integer(arena, (int64_t)count->dropped));
		value_add(arena, list, row);
	}
	return list;
}

static const struct rule_count *
count_of(const struct looking *looking, const char *uuid)
{
	static const struct rule_count none;
	const unsigned                 index = filter_cache_index(looking->asking->box->cache, uuid);

	for (size_t i = 0; index && i < looking->rules.n; i++)
		if (looking->rules.counts[i].index == index)
			return &looking->rules.counts[i];
	return &none;
}

/* Packets are counted, but not when the last one came. */
static struct value *
rules_of(const struct looking *looking, const struct shaper_target *target)
{
	struct arena *arena = looking->asking->arena;
	struct value *list = value_list(arena);

	for (size_t i = 0; i < looking->shaper->nrules; i++) {
		const struct shaper_rule *rule = &looking->shaper->rules[i];
		const struct rule_count  *count;
		struct value             *row;

		if (rule->target != target)
			continue;
		count = count_of(looking, rule->uuid);
		row = value_object(arena);
		value_set_string(arena, row, "rule", arena_print(arena, "%zu", 60001 + i));
		value_set(arena, row, "pkts", value_integer(arena, (int64_t)count->packets));
		value_set(arena, row, "bytes", value_integer(arena, (int64_t)count->bytes));
		value_set_string(arena, row, "accessed", "");
		value_set(arena, row, "accessed_epoch", value_integer(arena, 0));
		value_set_string(arena, row, "attached_to", arena_print(arena, "%u", target->number));
		value_set_string(arena, row, "rule_uuid", rule->uuid);
		value_set_string(arena, row, "description", rule->description);
		value_add(arena, list, row);
	}
	return list;
}

static struct value *
item_of(const struct looking *looking, const struct shaper_target *target)
{
	struct arena               *arena = looking->asking->arena;
	struct value               *item = value_object(arena);
	const struct shaper_target *pipe = target->pipe ? shaper_target(looking->shaper, target->pipe) : NULL;

	value_set_string(arena, item, "type", target->pipe ? "queue" : "pipe");
	value_set_string(arena, item, "id", arena_print(arena, "%u", target->number));
	value_set_string(arena, item, "description", target->description);
	value_set_string(arena, item, "uuid", target->uuid);
	if (pipe) {
		value_set_string(arena, item, "flow_set_nr", arena_print(arena, "%u", target->number));
		value_set_string(arena, item, "pipe", arena_print(arena, "%u", pipe->number));
	} else {
		value_set_string(arena, item, "bw", bandwidth(arena, target->rate));
		value_set_string(arena, item, "delay", arena_print(arena, "%u ms", target->leaf.delay / 1000));
		value_set_string(arena, item, "burst", "0");
	}
	value_set(arena, item, "flows", flows_of(looking, target));
	value_set(arena, item, "rules", rules_of(looking, target));
	return item;
}

enum result
topic_shaper_statistics(struct asking *asking, struct value **answer)
{
	struct looking looking = { .asking = asking, .shaper = shaper_part_now(asking->box->shaper) };
	scoped_sealed  classes = TEXT_NONE, rules = TEXT_NONE;
	enum result    result;

	*answer = value_list(asking->arena);
	if (!looking.shaper)
		return RESULT_DONE;
	result = asked_sealed(asking, ORDER_COUNT_SHAPER, NULL, SHAPER_COUNTS_BYTES_MAX, &classes);
	if (result == RESULT_DONE)
		result = asked_sealed(asking, ORDER_COUNT_RULES, NULL, RULE_COUNTS_MAX * 32ULL, &rules);
	if (result != RESULT_DONE)
		return result;
	if (!shaper_counts_decode(asking->arena, classes, &looking.classes) ||
	    !rule_counts_decode(asking->arena, rules, &looking.rules))
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	for (size_t i = 0; i < looking.shaper->ntargets; i++)
		value_add(asking->arena, *answer, item_of(&looking, &looking.shaper->targets[i]));
	return RESULT_DONE;
}

enum result
topic_shaper_flush(struct asking *asking, struct value **answer)
{
	*answer = value_bool(asking->arena, true);
	return shaper_part_flush(asking->box, asking->message);
}
