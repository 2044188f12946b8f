/*
 * Pipes and their queues as classes. The number of a class follows from the uuid of what it is for, so that it stays the same
 * when others come or go; where two meet, the one that comes later in the configuration moves on.
 */
#include <string.h>

#include "plan/ruleset/ruleset.h"
#include "plan/shaper/making.h"

#define PACKET_MAX    1514U /* bytes of a frame */
#define QUANTUM_MAX   60000U
#define OWN_WEIGHT    1U /* of what is sent into a pipe with queues past them, as in dummynet */
#define MILLISECOND   1000U /* in microseconds */

/* 0: there is no more room. */
static uint32_t
take_number(struct shaping *shaping, const char *uuid, const char *what)
{
	uint32_t number = (uint32_t)(ruleset_mix_string(ruleset_mix_string(0, uuid), what) % SHAPER_SINGLE_MAX);

	for (uint32_t i = 0; i < SHAPER_SINGLE_MAX; i++, number = (number + 1) % SHAPER_SINGLE_MAX) {
		if (shaping->is_taken[number + 1])
			continue;
		shaping->is_taken[number + 1] = true;
		return number + 1;
	}
	return 0;
}

static uint32_t
take_group(struct shaping *shaping, const char *uuid)
{
	uint32_t group = (uint32_t)(ruleset_mix_string(0, uuid) % SHAPER_GROUPS_MAX);

	for (uint32_t i = 0; i < SHAPER_GROUPS_MAX; i++, group = (group + 1) % SHAPER_GROUPS_MAX) {
		const uint32_t first = SHAPER_GROUP_FIRST + group * SHAPER_GROUP;

		if (shaping->is_taken[first])
			continue;
		shaping->is_taken[first] = true;
		return first;
	}
	return 0;
}

/* --- What records say --------------------------------------------------------------------------- */

static uint32_t
bounded(const struct record *record, const char *field, uint32_t most)
{
	const int64_t number = record_number(record, field, 0);

	return number < 0 ? 0 : number > most ? most : (uint32_t)number;
}

/* Bytes per second. */
static uint32_t
read_rate(const struct record *pipe)
{
	static const char *const units[] = { "bit", "Kbit", "Mbit", "Gbit", NULL };
	static const uint64_t    factors[] = { 1, 1000, 1000000, 1000000000, 1000 };
	const uint64_t bits = bounded(pipe, "bandwidth", UINT32_MAX) * factors[record_choice(pipe, "bandwidthMetric", units, 4)];
	const uint64_t bytes = bits / 8;

	return bytes < 1 ? 1 : bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
}

static enum shaper_mask
read_mask(const struct record *record, enum family *family)
{
	static const char *const words[] = { "none", "src-ip", "dst-ip", "src-ip6", "dst-ip6", NULL };
	const size_t             at = record_choice(record, "mask", words, 0);

	*family = at > 2 ? FAMILY_INET6 : FAMILY_INET;
	return at == 0 ? SHAPER_NO_MASK : at % 2 ? SHAPER_SOURCE : SHAPER_DESTINATION;
}

/* CoDel and PIE look after one queue, of a pipe or a queue alike. */
static void
read_manager(const struct record *record, struct shaper_leaf *leaf)
{
	if (leaf->discipline == SHAPER_FIFO && record_bool(record, "codel_enable"))
		leaf->discipline = SHAPER_CODEL;
	else if (leaf->discipline == SHAPER_FIFO && record_bool(record, "pie_enable"))
		leaf->discipline = SHAPER_PIE;
	if (leaf->discipline == SHAPER_FIFO)
		return;
	leaf->target = bounded(record, "codel_target", UINT16_MAX) * MILLISECOND;
	leaf->interval = bounded(record, "codel_interval", UINT16_MAX) * MILLISECOND;
	leaf->ecn = record_bool(record, "codel_ecn_enable");
}

static void
add_delay(struct shaping *shaping, const struct record *pipe, const char *name, struct shaper_leaf *leaf)
{
	leaf->delay = bounded(pipe, "delay", UINT16_MAX) * MILLISECOND;
	if (!leaf->delay)
		return;
	if (leaf->discipline != SHAPER_FIFO)
		shaping_miss(shaping, name, "what is delayed waits in one row: its scheduler, CoDel or PIE is not used");
	*leaf = (struct shaper_leaf){ .discipline = SHAPER_DELAY, .limit = leaf->limit, .delay = leaf->delay };
}

/* In a pipe where all wait in one row, or sorted by the kernel, queues do not count. */
static bool
has_one_row(const struct record *pipe)
{
	const struct text scheduler = record_text(pipe, "scheduler");

	return text_is(scheduler, "fifo") || text_is(scheduler, "fq_codel") || text_is(scheduler, "fq_pie");
}

static struct shaper_leaf
read_leaf(struct shaping *shaping, const struct record *pipe)
{
	const struct text  scheduler = record_text(pipe, "scheduler");
	struct shaper_leaf leaf = { .limit = bounded(pipe, "queue", UINT16_MAX) };

	if (text_is(scheduler, "fq_codel") || text_is(scheduler, "fq_pie")) {
		leaf.discipline = text_is(scheduler, "fq_codel") ? SHAPER_FQ_CODEL : SHAPER_FQ_PIE;
		leaf.quantum = bounded(pipe, "fqcodel_quantum", UINT16_MAX);
		leaf.flows = bounded(pipe, "fqcodel_flows", UINT16_MAX);
		leaf.limit = bounded(pipe, "fqcodel_limit", UINT16_MAX);
	}
	read_manager(pipe, &leaf);
	if (leaf.limit == 0 && leaf.discipline == SHAPER_FIFO)
		leaf.limit = SHAPER_SLOTS;
	add_delay(shaping, pipe, record_get(pipe, "description"), &leaf);
	return leaf;
}

/* --- Queues ----------------------------------------------------------------------------------------- */

struct queues {
	const struct record **list;
	size_t                count;
	uint32_t              weights, least; /* of all together, and the smallest */
};

static uint32_t
weight_of(const struct record *queue)
{
	const uint32_t weight = bounded(queue, "weight", 100);

	return weight ? weight : 1;
}

static struct queues
queues_of(const struct shaping *shaping, const struct record *pipe)
{
	const struct collection *all = snapshot_named(shaping->snapshot, "trafficshaper.queue");
	struct queues            queues = { ARENA_MAKE(shaping->arena, const struct record *, collection_count(all) + 1),
		                            .weights = OWN_WEIGHT, .least = UINT32_MAX };

	for (size_t i = 0; i < collection_count(all); i++) {
		const struct record *queue = collection_at(all, i);

		if (!record_bool(queue, "enabled") || !text_is(record_text(queue, "pipe"), pipe->uuid))
			continue;
		queues.list[queues.count++] = queue;
		queues.weights += weight_of(queue);
		if (weight_of(queue) < queues.least)
			queues.least = weight_of(queue);
	}
	return queues;
}

static struct shaper_target *
add_target(struct shaping *shaping, const struct record *record, const char *pipe, uint32_t class, uint32_t rate)
{
	struct shaper_target *target = &shaping->targets[shaping->ntargets++];

	*target = (struct shaper_target){
		.uuid = arena_copy(shaping->arena, text_of(record->uuid)), .description = record_get(record, "description"),
		.pipe = pipe, .number = bounded(record, "number", UINT16_MAX), .class = class, .rate = rate,
	};
	target->description = arena_copy(shaping->arena, text_of(target->description));
	return target;
}

static uint32_t
quantum_for(uint32_t weight, const struct queues *queues)
{
	const uint64_t quantum = (uint64_t)PACKET_MAX * weight / (queues->least ? queues->least : 1);

	return quantum < PACKET_MAX ? PACKET_MAX : quantum > QUANTUM_MAX ? QUANTUM_MAX : (uint32_t)quantum;
}

/* What a weight is worth of all weights; whoever has more to send gets of what others leave. */
static uint32_t
share_of(uint32_t rate, uint32_t weight, uint32_t weights, uint32_t heads)
{
	const uint64_t share = (uint64_t)rate * weight / weights / heads;

	return share < 1 ? 1 : (uint32_t)share;
}

static void
add_queue(struct shaping *shaping, const struct record *pipe, const struct record *queue, const struct queues *queues,
          const struct shaper_class *parent)
{
	const char            *name = record_get(queue, "description");
	enum family            family;
	const enum shaper_mask mask = read_mask(queue, &family);
	const uint32_t         id = mask ? take_group(shaping, queue->uuid) : take_number(shaping, queue->uuid, "");
	const uint32_t         count = mask ? SHAPER_GROUP : 1;
	struct shaper_leaf     leaf = { .limit = bounded(pipe, "queue", UINT16_MAX) };
	struct shaper_target  *target;

	if (!id || shaping->nclasses >= SHAPER_CLASSES_MAX) {
		shaping_miss(shaping, name, "there are too many pipes and queues");
		return;
	}
	read_manager(queue, &leaf);
	if (leaf.limit == 0 && leaf.discipline == SHAPER_FIFO)
		leaf.limit = SHAPER_SLOTS;
	add_delay(shaping, pipe, name, &leaf);
	target = add_target(shaping, queue, arena_copy(shaping->arena, text_of(pipe->uuid)), id, parent->rate);
	target->weight = weight_of(queue);
	target->mask = mask;
	target->family = family;
	target->leaf = leaf;
	shaping->classes[shaping->nclasses++] = (struct shaper_class){
		.id = id, .count = count, .parent = parent->id, .ceil = parent->rate, .leaf = leaf,
		.rate = share_of(parent->rate, target->weight, queues->weights, count),
		.quantum = quantum_for(target->weight, queues),
	};
}

/* --- Pipes ------------------------------------------------------------------------------------------ */

static void
add_masked(struct shaping *shaping, const struct queues *queues, struct shaper_class class)
{
	for (size_t i = 0; i < queues->count; i++)
		shaping_miss(shaping, record_get(queues->list[i], "description"),
		            "its pipe gives each host a pipe of its own, which has no queues: the queue is not used");
	class.count = SHAPER_GROUP;
	shaping->classes[shaping->nclasses++] = class;
}

static void
add_shared(struct shaping *shaping, const struct record *pipe, const struct queues *queues, struct shaper_target *target,
           struct shaper_class class)
{
	struct shaper_class own = class;

	own.id = take_number(shaping, pipe->uuid, "own");
	own.parent = class.id;
	own.rate = share_of(class.rate, OWN_WEIGHT, queues->weights, 1);
	class.is_inner = true;
	class.leaf = (struct shaper_leaf){ .discipline = SHAPER_FIFO };
	shaping->classes[shaping->nclasses++] = class;
	for (size_t i = 0; i < queues->count; i++)
		add_queue(shaping, pipe, queues->list[i], queues, &class);
	if (!own.id)
		return;
	shaping->classes[shaping->nclasses++] = own;
	target->class = own.id;
}

static void
add_pipe(struct shaping *shaping, const struct record *pipe)
{
	const struct queues    queues = queues_of(shaping, pipe);
	enum family            family;
	const enum shaper_mask mask = read_mask(pipe, &family);
	struct shaper_class    class = { .count = 1, .rate = read_rate(pipe), .quantum = PACKET_MAX };
	struct shaper_target  *target;

	class.id = mask ? take_group(shaping, pipe->uuid) : take_number(shaping, pipe->uuid, "");
	if (!class.id || shaping->nclasses + 2 >= SHAPER_CLASSES_MAX) {
		shaping_miss(shaping, record_get(pipe, "description"), "there are too many pipes and queues");
		return;
	}
	class.ceil = class.rate;
	class.leaf = read_leaf(shaping, pipe);
	target = add_target(shaping, pipe, NULL, class.id, class.rate);
	target->mask = mask;
	target->family = family;
	target->leaf = class.leaf;
	if (mask) {
		add_masked(shaping, &queues, class);
	} else if (queues.count > 0 && !has_one_row(pipe)) {
		add_shared(shaping, pipe, &queues, target, class);
	} else {
		shaping->classes[shaping->nclasses++] = class;
		for (size_t i = 0; i < queues.count; i++) {
			struct shaper_target *queue = add_target(shaping, queues.list[i], target->uuid, class.id, class.rate);

			queue->weight = weight_of(queues.list[i]);
			queue->leaf = class.leaf;
		}
	}
}

void
shaping_pipes(struct shaping *shaping)
{
	const struct collection *all = snapshot_named(shaping->snapshot, "trafficshaper.pipe");

	for (size_t i = 0; i < collection_count(all); i++)
		if (record_bool(collection_at(all, i), "enabled"))
			add_pipe(shaping, collection_at(all, i));
}
