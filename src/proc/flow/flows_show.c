/* What is accounted now, and what waits to be told. */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "proc/flow/flows_inside.h"

struct value *
flows_status(struct flows *flows, struct arena *arena)
{
	struct value *said = value_object(arena);

	pthread_mutex_lock(&flows->lock);
	const bool is_active = flows->meter && !atomic_load(&flows->is_failing);

	value_set_string(arena, said, "status", is_active ? "active" : "inactive");
	if (is_active)
		value_set_string(arena, said, "collectors", arena_print(arena, "%zu", flows->settings.collectors));
	pthread_mutex_unlock(&flows->lock);
	return said;
}

/* --- What is in the cache --------------------------------------------------------------------------------------------- */

struct summing {
	struct flows   *flows;
	struct arena   *arena;
	const char     *device;
	uint64_t        packets;
	struct address *sources, *destinations;
	size_t          n, room;
};

static void
sum_passing(void *self, const struct passing *passing)
{
	struct summing *sum = self;

	if (strcmp(passing->device, sum->device) != 0 || sum->n == sum->room)
		return;
	sum->packets += passing->packets;
	sum->sources[sum->n] = passing->source.address;
	sum->destinations[sum->n++] = passing->destination.address;
}

static void
sum_reading(void *self, const struct meter_reading *reading)
{
	struct summing *sum = self;

	if (sum->flows->ways)
		passing_each(reading, sum->flows->ways, &sum->flows->settings.links, sum_passing, sum);
}

static int
compare_addresses(const void *a, const void *b)
{
	return address_compare(a, b);
}

static int64_t
count_different(struct address *list, size_t n)
{
	int64_t different = 0;

	qsort(list, n, sizeof(*list), compare_addresses);
	for (size_t i = 0; i < n; i++)
		different += i == 0 || address_compare(&list[i - 1], &list[i]) != 0;
	return different;
}

static struct value *
device_sum(struct summing *sum)
{
	struct arena *arena = sum->arena;
	struct value *one = value_object(arena);

	value_set(arena, one, "Pkts", value_integer(arena, (int64_t)sum->packets));
	value_set_string(arena, one, "if", sum->device);
	value_set(arena, one, "SrcIPaddresses", value_integer(arena, count_different(sum->sources, sum->n)));
	value_set(arena, one, "DstIPaddresses", value_integer(arena, count_different(sum->destinations, sum->n)));
	return one;
}

struct value *
flows_cached(struct flows *flows, struct arena *arena)
{
	struct value  *said = value_object(arena);
	struct summing sum = { .flows = flows, .arena = arena };

	pthread_mutex_lock(&flows->lock);
	sum.room = flows->cache ? flow_cache_count(flows->cache) * 4 : 0;
	sum.sources = ARENA_MAKE(arena, struct address, sum.room + 1);
	sum.destinations = ARENA_MAKE(arena, struct address, sum.room + 1);
	for (size_t i = 0; flows->cache && i < flows->settings.links.n; i++) {
		sum.device = flows->settings.links.links[i].device;
		sum.packets = sum.n = 0;
		flow_cache_each(flows->cache, sum_reading, &sum);
		value_set(arena, said, sum.device, device_sum(&sum));
	}
	pthread_mutex_unlock(&flows->lock);
	return said;
}
