/*
 * Limiters of pfSense and their queues, which it keeps in a section of its own. They are pipes with names for what OPNsense knows
 * by uuids: rules of the filter name them.
 */
#include "base/bug.h"
#include "base/number.h"
#include "json/read.h"
#include "plan/shaper/making.h"

#define MILLISECOND  1000U /* in microseconds */
#define NUMBER_MOST  10000000.0

/* What is in a section; NULL: there is none, or none that can be understood. */
static const struct value *
queues_in(struct arena *arena, const struct snapshot *snapshot, const char *name)
{
	const struct record *section = collection_find(snapshot_named(snapshot, "pfsense.section"), text_of(name));
	struct value        *root = NULL;

	if (!section || json_read(arena, record_text(section, "body"), NULL, &root, NULL) != RESULT_DONE)
		return NULL;
	return value_get(root, "queue");
}

static struct text
word_at(struct arena *arena, const struct value *object, const char *name)
{
	const char *word = value_as_string(arena, value_get(object, name));

	return word ? text_of(word) : TEXT_NONE;
}

static double
real_at(struct arena *arena, const struct value *object, const char *name)
{
	double number = 0;

	if (!number_read_real(word_at(arena, object, name), &number) || !(number > 0))
		return 0;
	return number < NUMBER_MOST ? number : NUMBER_MOST;
}

static uint32_t
number_at(struct arena *arena, const struct value *object, const char *name)
{
	return (uint32_t)real_at(arena, object, name);
}

/* Of several bandwidths each has a schedule; the one without is always in force. */
static uint32_t
read_rate(struct shaping *shaping, const struct value *limiter, const char *name)
{
	const struct value *items = value_path(limiter, "bandwidth.item");
	uint32_t            rate = 0;
	bool                is_scheduled = false;

	for (size_t i = 0; i < value_count(items); i++) {
		const struct value *item = value_at(items, i);
		const struct text   schedule = word_at(shaping->arena, item, "bwsched");
		const struct text   unit = word_at(shaping->arena, item, "bwscale");
		const uint64_t      factor = text_is(unit, "Gb") ? 1000000000 : text_is(unit, "Mb") ? 1000000 : text_is(unit, "Kb") ? 1000 : 1;

		if (schedule.len > 0 && !text_is(schedule, "none"))
			is_scheduled = true;
		else if (rate == 0)
			rate = shaping_rate((uint64_t)real_at(shaping->arena, item, "bw") * factor);
	}
	if (rate == 0)
		shaping_miss(shaping, name, "it has no bandwidth without a schedule: it is not in force");
	else if (is_scheduled)
		shaping_miss(shaping, name, "its bandwidths by schedule are not used");
	return rate;
}

static void
read_mask(struct shaping *shaping, const struct value *limiter, struct wish *wish)
{
	const struct text mask = word_at(shaping->arena, limiter, "mask");
	const uint32_t    bits = number_at(shaping->arena, limiter, "maskbits");

	wish->family = FAMILY_INET;
	wish->mask = text_is(mask, "srcaddress") ? SHAPER_SOURCE : text_is(mask, "dstaddress") ? SHAPER_DESTINATION : SHAPER_NO_MASK;
	if (wish->mask && bits > 0 && bits < 32)
		shaping_miss(shaping, wish->name, "masks of whole networks are not there: each host is by itself");
}

static void
read_manager(struct shaping *shaping, const struct value *limiter, struct wish *wish)
{
	static const struct {
		const char            *aqm, *sched;
		enum shaper_discipline discipline;
		const char            *target, *interval, *quantum, *limit, *flows;
	} managers[] = {
		{ NULL, "fq_codel", SHAPER_FQ_CODEL, "param_fq_codel_target", "param_fq_codel_interval", "param_fq_codel_quantum",
		  "param_fq_codel_limit", "param_fq_codel_flows" },
		{ NULL, "fq_pie", SHAPER_FQ_PIE, "param_fq_pie_target", "param_fq_pie_tupdate", "", "", "" },
		{ "codel", NULL, SHAPER_CODEL, "param_codel_target", "param_codel_interval", "", "", "" },
		{ "pie", NULL, SHAPER_PIE, "param_pie_target", "param_pie_tupdate", "", "", "" },
	};
	struct arena     *arena = shaping->arena;
	const struct text aqm = word_at(arena, limiter, "aqm"), sched = word_at(arena, limiter, "sched");

	wish->leaf.limit = number_at(arena, limiter, "qlimit");
	if (text_is(aqm, "red") || text_is(aqm, "gred"))
		shaping_miss(shaping, wish->name, "RED is not used: packets wait in a row");
	for (size_t i = 0; i < COUNT(managers); i++) {
		if (managers[i].aqm ? !text_is(aqm, managers[i].aqm) : !text_is(sched, managers[i].sched))
			continue;
		wish->leaf.discipline = managers[i].discipline;
		wish->leaf.target = number_at(arena, limiter, managers[i].target) * MILLISECOND;
		wish->leaf.interval = number_at(arena, limiter, managers[i].interval) * MILLISECOND;
		wish->leaf.quantum = number_at(arena, limiter, managers[i].quantum);
		wish->leaf.flows = number_at(arena, limiter, managers[i].flows);
		if (managers[i].sched)
			wish->leaf.limit = number_at(arena, limiter, managers[i].limit);
		wish->leaf.ecn = word_at(arena, limiter, "ecn").len > 0;
		break;
	}
	if (real_at(arena, limiter, "plr") > 0)
		shaping_miss(shaping, wish->name, "nothing is lost on purpose");
}

static struct wish
read_common(struct shaping *shaping, const struct value *limiter)
{
	const struct text name = word_at(shaping->arena, limiter, "name");
	struct wish       wish = { .uuid = arena_print(shaping->arena, SHAPER_LIMITER "%.*s", TEXT_ARGS(name)),
			     .name = arena_copy(shaping->arena, name),
			     .number = number_at(shaping->arena, limiter, "number") };

	read_mask(shaping, limiter, &wish);
	read_manager(shaping, limiter, &wish);
	return wish;
}

/* Named so that rules can name it, and switched on. */
static bool
is_usable(struct shaping *shaping, const struct value *limiter)
{
	const struct text name = word_at(shaping->arena, limiter, "name");

	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return false;
	}
	return name.len > 0 && name.len <= 32 && word_at(shaping->arena, limiter, "enabled").len > 0;
}

static void
read_queues(struct shaping *shaping, const struct value *limiter, uint32_t delay, struct wish *out)
{
	const struct value *all = value_get(limiter, "queue");
	struct wish        *queues = ARENA_MAKE(shaping->arena, struct wish, value_count(all) + 1);

	out->queues = queues;
	for (size_t i = 0; i < value_count(all); i++) {
		struct wish *queue = &queues[out->nqueues];

		if (!is_usable(shaping, value_at(all, i)))
			continue;
		*queue = read_common(shaping, value_at(all, i));
		queue->number = out->number * 100 + (unsigned)i + 1;
		queue->weight = number_at(shaping->arena, value_at(all, i), "weight");
		queue->weight = queue->weight < 1 ? 1 : queue->weight > 100 ? 100 : queue->weight;
		shaping_leaf(shaping, queue->name, delay, &queue->leaf);
		out->nqueues++;
	}
}

void
shaping_limiters(struct shaping *shaping)
{
	const struct value *all = queues_in(shaping->arena, shaping->snapshot, "dnshaper");

	if (value_count(queues_in(shaping->arena, shaping->snapshot, "shaper")) > 0)
		shaping_miss(shaping, "shapers by interface (ALTQ)", "Linux has no such queues: use limiters");
	for (size_t i = 0; i < value_count(all); i++) {
		const struct value *limiter = value_at(all, i);
		const struct text   sched = word_at(shaping->arena, limiter, "sched");
		const uint32_t      delay = number_at(shaping->arena, limiter, "delay") * MILLISECOND;
		struct wish         pipe;

		if (!is_usable(shaping, limiter))
			continue;
		pipe = read_common(shaping, limiter);
		pipe.rate = read_rate(shaping, limiter, pipe.name);
		pipe.is_one_row = text_is(sched, "fifo") || text_starts(sched, TEXT("fq_"));
		if (text_is(sched, "prio"))
			shaping_miss(shaping, pipe.name, "queues have no priorities: they share by weight");
		if (pipe.rate == 0)
			continue;
		shaping_leaf(shaping, pipe.name, delay, &pipe.leaf);
		read_queues(shaping, limiter, delay, &pipe);
		shaping_pipe(shaping, &pipe);
	}
}

size_t
shaping_limiters_most(const struct snapshot *snapshot)
{
	scoped_arena        arena = arena_new();
	const struct value *all = queues_in(arena, snapshot, "dnshaper");
	size_t              count = value_count(all);

	for (size_t i = 0; i < value_count(all); i++)
		count += value_count(value_get(value_at(all, i), "queue"));
	return count;
}
