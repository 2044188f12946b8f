/*
 * One look at a time: the thread's, or that of somebody who asks and wants to know how it is now. Looks and ends of connections
 * change the same things under one lock, which is never held while the keeper is asked. What both only read (settings, ways,
 * where the archives are) is changed with both locks held.
 */
#include "proc/flow/flows_inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/steady.h"
#include "proc/child/loop.h"
#include "proc/diagnose/diagnose.h"
#include "store/store.h"
#include "wire/feed.h"

#define LOOK_MS  10000
#define SAY_MS   60000 /* between two complaints of the same kind */

/*
 * A look that is younger than so many times what it took is as good as a new one, and the next one is no sooner: looks take
 * a tenth of the time at most.
 */
#define FRESH 10

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

static void
tell_passing(void *self, const struct passing *passing)
{
	flow_sender_tell(self, passing, now_ms());
}

/* Collectors are. The lock is held. */
static void
tell(void *self, const struct meter_reading *reading)
{
	struct flows *flows = self;

	if (flows->ways)
		passing_each(reading, flows->ways, &flows->settings.links, tell_passing, flows->sender);
}

/* Into the archives. Either lock is held. */
static void
collect(const struct flows *flows, const struct meter_reading *reading)
{
	if (flows->ways && flows->settings.collects)
		passing_each(reading, flows->ways, &flows->settings.links, keep, flows->insight);
}

/* The lock is held. */
static void
take_end(void *self, const struct meter_reading *reading)
{
	struct flows *flows = self;

	collect(flows, reading);
	flow_cache_add(flows->cache, reading, tell, flows);
}

void
flows_ended(struct flows *flows, const struct feed_entries *entries)
{
	pthread_mutex_lock(&flows->lock);
	for (size_t i = 0; flows->meter && i < entries->n; i++) {
		struct feed_flow flow;

		if (feed_flow_decode(entries->entries[i].bytes, &flow))
			meter_end(flows->meter, &flow, entries->entries[i].time / 1000, take_end, flows);
	}
	flow_sender_flush(flows->sender, now_ms());
	pthread_mutex_unlock(&flows->lock);
}

/* --- Looking ---------------------------------------------------------------------------------------------------- */

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
		result = asked_routes(asking, &routes);
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

/* Written down at once: whoever ends us does not wait. */
static void
save(struct flows *flows)
{
	pthread_mutex_lock(&flows->lock);
	struct insight *insight = flows->insight;

	pthread_mutex_unlock(&flows->lock);
	const bool is_lost = insight && !insight_save(insight);

	if (is_lost && !flows->is_unsaved)
		log_warning("what is known of traffic cannot be written down");
	flows->is_unsaved = is_lost;
}

/* Of a look there may be very many: they go into the archives when the lock is free again. */
struct readings {
	struct flows         *flows;
	struct meter_reading *list;
	size_t                n;
};

static void
take_look(void *self, const struct meter_reading *reading)
{
	struct readings *readings = self;

	readings->list[readings->n++] = *reading;
	flow_cache_add(readings->flows->cache, reading, tell, readings->flows);
}

/* The look lock is held. */
static void
count(struct flows *flows, struct arena *arena, const struct states *states, int64_t at)
{
	struct readings readings = { flows, ARENA_MAKE(arena, struct meter_reading, states->n + 1), 0 };

	pthread_mutex_lock(&flows->lock);
	if (flows->meter) {
		meter_look(flows->meter, states, at, take_look, &readings);
		flow_cache_expire(flows->cache, at, flows->settings.active, flows->settings.inactive, tell, flows);
		flow_sender_flush(flows->sender, now_ms());
	}
	pthread_mutex_unlock(&flows->lock);
	for (size_t i = 0; i < readings.n; i++)
		collect(flows, &readings.list[i]);
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
	count(flows, arena, &states, at);
	save(flows);
	flows->looked = loop_clock();
	flows->took = flows->looked - begun;
	return RESULT_DONE;
}

/* The look lock is held. In a simulated box there is nobody to tell. */
static enum result
find_sockets(struct flows *flows, struct buffer *message)
{
	struct flow_sockets sockets;

	pthread_mutex_lock(&flows->lock);
	bool is_ready = flow_sender_is_ready(flows->sender) || flows->box->setup.is_simulated;

	pthread_mutex_unlock(&flows->lock);
	if (is_ready)
		return RESULT_DONE;
	sockets = flow_sockets_ask(flows->box->setup.courier, &flows->settings, message);
	pthread_mutex_lock(&flows->lock);
	flow_sender_take(flows->sender, sockets);
	is_ready = flow_sender_is_ready(flows->sender);
	pthread_mutex_unlock(&flows->lock);
	return is_ready ? RESULT_DONE : RESULT_UNAVAILABLE;
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
	flow_sender_set(flows->sender, settings, now_ms());
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
	if (result == RESULT_DONE)
		result = find_sockets(flows, message);
	pthread_mutex_unlock(&flows->look_lock);
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

/* --- Again and again ------------------------------------------------------------------------------------------------- */

/* The look lock is held. */
static void
say_lost(struct flows *flows)
{
	pthread_mutex_lock(&flows->lock);
	const uint64_t lost = flow_sender_lost(flows->sender);

	pthread_mutex_unlock(&flows->lock);
	if (lost == flows->lost || loop_clock() - flows->said < SAY_MS)
		return;
	log_warning("%llu datagrams to collectors of traffic could not be sent", (unsigned long long)(lost - flows->lost));
	flows->lost = lost;
	flows->said = loop_clock();
}

/* Until the next look is due; while nothing is accounted, for good. False: the end. */
static bool
wait(struct flows *flows, int64_t pause)
{
	const int64_t         due = loop_clock() + pause;
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
	int64_t       pause = LOOK_MS;

	while (wait(flows, pause)) {
		scoped_buffer message = BUFFER_NONE;

		pthread_mutex_lock(&flows->look_lock);
		find_sockets(flows, &message);
		if (is_on(flows))
			look_or_say(flows);
		say_lost(flows);
		pause = flows->took * FRESH > LOOK_MS ? flows->took * FRESH : LOOK_MS;
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
	flows->sender = flow_sender_new();
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
	if (flows->cache)
		flow_cache_expire(flows->cache, INT64_MAX, 0, 0, tell, flows);
	flow_sender_flush(flows->sender, now_ms());
	flow_sender_free(flows->sender);
	meter_free(flows->meter);
	ways_free(flows->ways);
	flow_cache_free(flows->cache);
	insight_free(flows->insight);
	pthread_cond_destroy(&flows->wake);
	pthread_mutex_destroy(&flows->lock);
	pthread_mutex_destroy(&flows->look_lock);
	free(flows);
}
