/* Pipes and queues of the records, which are those of OPNsense. */
#include "plan/shaper/making.h"

#define MILLISECOND 1000U /* in microseconds */

static uint32_t
bounded(const struct record *record, const char *field, uint32_t most)
{
	const int64_t number = record_number(record, field, 0);

	return number < 0 ? 0 : number > most ? most : (uint32_t)number;
}

static uint32_t
read_rate(const struct record *pipe)
{
	static const char *const units[] = { "bit", "Kbit", "Mbit", "Gbit", NULL };
	static const uint64_t    factors[] = { 1, 1000, 1000000, 1000000000, 1000 };

	return shaping_rate(bounded(pipe, "bandwidth", UINT32_MAX) * factors[record_choice(pipe, "bandwidthMetric", units, 4)]);
}

static void
read_mask(const struct record *record, struct wish *wish)
{
	static const char *const words[] = { "none", "src-ip", "dst-ip", "src-ip6", "dst-ip6", NULL };
	const size_t             at = record_choice(record, "mask", words, 0);

	wish->family = at > 2 ? FAMILY_INET6 : FAMILY_INET;
	wish->mask = at == 0 ? SHAPER_NO_MASK : at % 2 ? SHAPER_SOURCE : SHAPER_DESTINATION;
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
read_scheduler(const struct record *pipe, struct wish *wish)
{
	const struct text   scheduler = record_text(pipe, "scheduler");
	struct shaper_leaf *leaf = &wish->leaf;

	wish->is_one_row = text_is(scheduler, "fifo") || text_starts(scheduler, TEXT("fq_"));
	leaf->limit = bounded(pipe, "queue", UINT16_MAX);
	if (!text_starts(scheduler, TEXT("fq_")))
		return;
	leaf->discipline = text_is(scheduler, "fq_codel") ? SHAPER_FQ_CODEL : SHAPER_FQ_PIE;
	leaf->quantum = bounded(pipe, "fqcodel_quantum", UINT16_MAX);
	leaf->flows = bounded(pipe, "fqcodel_flows", UINT16_MAX);
	leaf->limit = bounded(pipe, "fqcodel_limit", UINT16_MAX);
}

static struct wish
read_common(struct shaping *shaping, const struct record *record)
{
	struct wish wish = { .uuid = arena_copy(shaping->arena, text_of(record->uuid)),
			     .name = arena_copy(shaping->arena, record_text(record, "description")),
			     .number = bounded(record, "number", UINT16_MAX) };

	read_mask(record, &wish);
	return wish;
}

static void
read_queues(struct shaping *shaping, const struct record *pipe, uint32_t delay, struct wish *out)
{
	const struct collection *all = snapshot_named(shaping->snapshot, "trafficshaper.queue");
	struct wish             *queues = ARENA_MAKE(shaping->arena, struct wish, collection_count(all) + 1);

	out->queues = queues;
	for (size_t i = 0; i < collection_count(all); i++) {
		const struct record *record = collection_at(all, i);
		struct wish         *queue = &queues[out->nqueues];

		if (!record_bool(record, "enabled") || !text_is(record_text(record, "pipe"), pipe->uuid))
			continue;
		*queue = read_common(shaping, record);
		queue->weight = bounded(record, "weight", 100);
		queue->weight += queue->weight == 0;
		queue->leaf.limit = bounded(pipe, "queue", UINT16_MAX);
		read_manager(record, &queue->leaf);
		shaping_leaf(shaping, queue->name, delay, &queue->leaf);
		out->nqueues++;
	}
}

void
shaping_pipes(struct shaping *shaping)
{
	const struct collection *all = snapshot_named(shaping->snapshot, "trafficshaper.pipe");

	for (size_t i = 0; i < collection_count(all); i++) {
		const struct record *record = collection_at(all, i);
		const uint32_t       delay = bounded(record, "delay", UINT16_MAX) * MILLISECOND;
		struct wish          pipe;

		if (!record_bool(record, "enabled"))
			continue;
		pipe = read_common(shaping, record);
		pipe.rate = read_rate(record);
		read_scheduler(record, &pipe);
		read_manager(record, &pipe.leaf);
		shaping_leaf(shaping, pipe.name, delay, &pipe.leaf);
		read_queues(shaping, record, delay, &pipe);
		shaping_pipe(shaping, &pipe);
	}
}
