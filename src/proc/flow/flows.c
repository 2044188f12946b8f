/*
 * One look at a time: the thread's, or that of somebody who asks and wants to know how it is now. Looks and ends of connections
 * change the same things under one lock, which is never held while the keeper is asked.
 */
#include "proc/flow/flows.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/steady.h"
#include "proc/child/loop.h"
#include "proc/diagnose/diagnose.h"
#include "proc/flow/cache.h"
#include "proc/flow/settings.h"
#include "store/store.h"
#include "wire/feed.h"

#define LOOK_MS  10000
#define FRESH    10    /* a look that is younger than so many times what it took is as good as a new one */
#define SAVE_MS  60000

struct flows {
	struct keeper_box   *box;
	pthread_t            thread;
	pthread_mutex_t      look_lock; /* held while looking; taken before the other one */
	int64_t              looked;    /* ms of the steady clock; 0: not yet; the look lock is held */
	int64_t              took;      /* ms; likewise */
	int64_t              saved;     /* likewise */
	_Atomic(bool)        is_failing; /* looks do, which was said */
	_Atomic(bool)        has_new_ways;
	pthread_mutex_t      lock;      /* of what follows */
	pthread_cond_t       wake;
	bool                 is_ending;
	struct flow_settings settings;
	struct meter        *meter;     /* NULL: nothing is accounted */
	struct ways         *ways;      /* NULL: not known yet */
	struct flow_cache   *cache;
	struct insight      *insight;   /* NULL: nobody has asked for it yet */
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- What was read, on its way ------------------------------------------------------------------------------- */

static void
keep(void *self, const struct passing *passing)
{
	insight_add(self, passing);
}

/* What is to be told to collectors. */
static void
tell(void *self, const struct meter_reading *reading)
{
	(void)self;
	(void)reading;
}

/* The lock is held. */
static void
take(void *self, const struct meter_reading *reading)
{
	struct flows *flows = self;

	if (!flows->ways)
		return;
	if (flows->settings.collects)
		passing_each(reading, flows->ways, &flows->settings.links, keep, flows->insight);
	flow_cache_add(flows->cache, reading, tell, flows);
}

void
flows_ended(struct flows *flows, const struct feed_entries *entries)
{
	pthread_mutex_lock(&flows->lock);
	for (size_t i = 0; flows->meter && i < entries->n; i++) {
		struct feed_flow flow;

		if (feed_flow_decode(entries->entries[i].bytes, &flow))
			meter_end(flows->meter, &flow, entries->entries[i].time / 1000, take, flows);
	}
	pthread_mutex_unlock(&flows->lock);
}

/* --- Looking ---------------------------------------------------------------------------------------------------- */

static enum result
read_routes(const struct asking *asking, struct routes *out)
{
	scoped_sealed     mapped = TEXT_NONE;
	const enum result result = asked_sealed(asking, ORDER_ROUTES, NULL, ROUTES_BYTES_MAX, &mapped);

	if (result != RESULT_DONE)
		return result;
	return routes_decode(asking->arena, mapped, out) ? RESULT_DONE
							 : asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
}

static enum result
find_ways(struct flows *flows, const struct asking *asking)
{
	struct links  links;
	struct routes routes;
	struct ways  *ways;
	enum result   result = RESULT_DONE;

	if (!atomic_exchange(&flows->has_new_ways, false))
		return RESULT_DONE;
	result = asked_links(asking, &links);
	if (result == RESULT_DONE)
		result = read_routes(asking, &routes);
	if (result != RESULT_DONE) {
		atomic_store(&flows->has_new_ways, true);
		return result;
	}
	ways = ways_new(&links, &routes);
	pthread_mutex_lock(&flows->lock);
	ways_free(flows->ways);
	flows->ways = ways;
	pthread_mutex_unlock(&flows->lock);
	return RESULT_DONE;
}

static void
count(struct flows *flows, const struct states *states, int64_t at)
{
	pthread_mutex_lock(&flows->lock);
	if (flows->meter) {
		meter_look(flows->meter, states, at, take, flows);
		flow_cache_expire(flows->cache, at, flows->settings.active, flows->settings.inactive, tell, flows);
	}
	pthread_mutex_unlock(&flows->lock);
}

/* The look lock is held. */
static enum result
look(struct flows *flows, struct buffer *message)
{
	scoped_arena  arena = arena_new();
	struct asking asking = { .box = flows->box, .arena = arena, .message = message };
	const int64_t at = now_ms(), begun = loop_clock();
	struct states states;
	enum result   result = find_ways(flows, &asking);

	if (result == RESULT_DONE)
		result = asked_states(&asking, NULL, METER_MAX, &states);
	if (result != RESULT_DONE)
		return result;
	count(flows, &states, at);
	flows->looked = loop_clock();
	flows->took = flows->looked - begun;
	return RESULT_DONE;
}

static bool
is_on(struct flows *flows)
{
	pthread_mutex_lock(&flows->lock);
	const bool is_on = flows->meter != NULL;

	pthread_mutex_unlock(&flows->lock);
	return is_on;
}

/* The look lock is held. Said once: the keeper may be busy, or have to load a module first. */
static void
look_or_say(struct flows *flows)
{
	scoped_buffer message = BUFFER_NONE;
	const bool    is_failing = look(flows, &message) != RESULT_DONE;

	if (atomic_exchange(&flows->is_failing, is_failing) != is_failing)
		log_warning(is_failing ? "traffic is not accounted: %s" : "traffic is accounted again%s", buffer_string(&message));
}

void
flows_look(struct flows *flows)
{
	if (!is_on(flows))
		return;
	pthread_mutex_lock(&flows->look_lock);
	if (!flows->looked || loop_clock() - flows->looked >= flows->took * FRESH)
		look_or_say(flows);
	pthread_mutex_unlock(&flows->look_lock);
}

void
flows_ways_changed(struct flows *flows)
{
	atomic_store(&flows->has_new_ways, true);
}

/* --- Being told ---------------------------------------------------------------------------------------------------- */

/* The lock is held. */
static struct insight *
insight_of(struct flows *flows)
{
	if (!flows->insight)
		flows->insight = insight_new(flows->box->setup.state_fd);
	return flows->insight;
}

static void
begin(struct flows *flows, const struct flow_settings *settings)
{
	pthread_mutex_lock(&flows->lock);
	if (flows->cache)
		flow_cache_expire(flows->cache, INT64_MAX, 0, 0, tell, flows);
	flows->settings = *settings;
	if (settings->links.n == 0) {
		meter_free(flows->meter);
		flow_cache_free(flows->cache);
		flows->meter = NULL;
		flows->cache = NULL;
	} else if (!flows->meter) {
		flows->meter = meter_new();
		flows->cache = flow_cache_new();
	}
	if (settings->links.n > 0 && settings->collects)
		insight_of(flows);
	pthread_cond_signal(&flows->wake);
	pthread_mutex_unlock(&flows->lock);
}

enum result
flows_apply(struct flows *flows, const struct snapshot *snapshot, struct buffer *message)
{
	const struct flow_settings settings = flow_settings_read(snapshot);
	enum result                result = RESULT_DONE;

	pthread_mutex_lock(&flows->look_lock);
	begin(flows, &settings);
	/* It counts from now on. What fails is tried again, also without being told. */
	if (settings.links.n > 0 && !flows->box->setup.is_simulated)
		result = look(flows, message);
	atomic_store(&flows->is_failing, result != RESULT_DONE);
	pthread_mutex_unlock(&flows->look_lock);
	if (result == RESULT_DONE && settings.links.n > 0 && settings.ntargets > 0) {
		buffer_add_string(message, "there is no backend yet for telling collectors");
		return RESULT_UNAVAILABLE;
	}
	return result;
}

struct insight *
flows_insight(struct flows *flows)
{
	pthread_mutex_lock(&flows->lock);
	struct insight *insight = insight_of(flows);

	pthread_mutex_unlock(&flows->lock);
	return insight;
}

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

/* --- Again and again ------------------------------------------------------------------------------------------------- */

static void
save(struct flows *flows)
{
	pthread_mutex_lock(&flows->lock);
	struct insight *insight = flows->insight;

	pthread_mutex_unlock(&flows->lock);
	if (insight && loop_clock() - flows->saved >= SAVE_MS) {
		flows->saved = loop_clock();
		if (!insight_save(insight))
			log_warning("what is known of traffic cannot be written down");
	}
}

/* Until the next look is due; while nothing is accounted, for good. False: the end. */
static bool
wait(struct flows *flows)
{
	const int64_t         due = loop_clock() + LOOK_MS;
	const struct timespec until = { due / 1000, due % 1000 * 1000000 };

	pthread_mutex_lock(&flows->lock);
	while (!flows->is_ending && (!flows->meter || loop_clock() < due)) {
		if (!flows->meter)
			pthread_cond_wait(&flows->wake, &flows->lock);
		else
			pthread_cond_timedwait(&flows->wake, &flows->lock, &until);
	}
	const bool goes_on = !flows->is_ending;

	pthread_mutex_unlock(&flows->lock);
	return goes_on;
}

static void *
run(void *self)
{
	struct flows *flows = self;

	while (wait(flows)) {
		pthread_mutex_lock(&flows->look_lock);
		if (is_on(flows))
			look_or_say(flows);
		save(flows);
		pthread_mutex_unlock(&flows->look_lock);
	}
	return NULL;
}

/* --- Life -------------------------------------------------------------------------------------------------------------- */

struct flows *
flows_new(struct keeper_box *box)
{
	struct flows *flows = calloc(1, sizeof(*flows));

	BUG_IF(!flows, "out of memory");
	flows->box = box;
	atomic_store(&flows->has_new_ways, true);
	pthread_mutex_init(&flows->look_lock, NULL);
	pthread_mutex_init(&flows->lock, NULL);
	steady_condition_init(&flows->wake);
	BUG_IF(pthread_create(&flows->thread, NULL, run, flows) != 0, "no thread");
	return flows;
}

void
flows_free(struct flows *flows)
{
	if (!flows)
		return;
	pthread_mutex_lock(&flows->lock);
	flows->is_ending = true;
	pthread_cond_signal(&flows->wake);
	pthread_mutex_unlock(&flows->lock);
	pthread_join(flows->thread, NULL);
	meter_free(flows->meter);
	ways_free(flows->ways);
	flow_cache_free(flows->cache);
	insight_free(flows->insight);
	pthread_cond_destroy(&flows->wake);
	pthread_mutex_destroy(&flows->lock);
	pthread_mutex_destroy(&flows->look_lock);
	free(flows);
}
