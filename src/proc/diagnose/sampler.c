/*
 * A table says what is looked at and what it is called. Each look stands for itself: one that fails leaves a gap, and the others go
 * on. What only grows is turned into "a second" here.
 */
#include "proc/diagnose/sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "base/number.h"
#include "base/steady.h"
#include "proc/child/loop.h"
#include "proc/diagnose/diagnose.h"
#include "proc/diagnose/parse.h"
#include "proc/record/health.h"
#include "store/store.h"

#define FIRST_SECONDS 2 /* after the start */
#define EVERY_SECONDS 60
#define STATES_MOST   200000 /* whose addresses are told apart */
#define WAYS          8      /* counters of an interface */
#define MEMORY_MAX    1024   /* links whose counters are remembered */

struct counted {
	char     device[LINK_NAME_MAX + 1];
	uint64_t ways[WAYS]; /* bytes in, out, of which IPv6 in, out; packets likewise */
};

struct sampler {
	struct keeper_box *box;
	pthread_t          thread;
	pthread_mutex_t    lock;
	pthread_cond_t     wake;
	bool               is_ending, is_woken;
	_Atomic(uint64_t)  ended; /* connections */
	/* Of the thread: what the last look saw. */
	int64_t            at;    /* ms, monotonic; 0: there was none */
	double             seconds; /* since the last */
	struct cpu_times   cpu;
	int64_t            states;
	uint64_t           ended_then;
	struct counted     links[MEMORY_MAX];
	size_t             nlinks;
};

static void
put(const struct asking *asking, const char *item, const char *topic, const char *names, const float *values)
{
	health_put(asking->box->health, item, topic, names, time(NULL), values);
}

static float
member(const struct asking *asking, const struct value *object, const char *name)
{
	const char *text = value_as_string(asking->arena, value_get(object, name));
	int64_t     number;

	return text && number_read(text_of(text), INT64_MIN, INT64_MAX, &number) ? (float)number : NAN;
}

/* --- The machine ---------------------------------------------------------------------------------------------- */

static void
look_at_processor(struct sampler *sampler, struct asking *asking)
{
	struct text      file, running;
	struct cpu_times now;
	int64_t          processes = 0;

	if (asked_system(asking, SYSTEM_CPU, &file) != RESULT_DONE || !parse_cpu(file, &now))
		return;
	if (asked_system(asking, SYSTEM_PROCESSES, &running) == RESULT_DONE)
		for (struct text line; text_next(&running, "\n", &line);)
			processes += line.len > 0;
	const struct cpu_share share = cpu_share(&sampler->cpu, &now);
	const float            values[] = { (float)share.user, (float)share.nice, (float)share.sys, (float)share.interrupts,
					    (float)processes };

	sampler->cpu = now;
	put(asking, "processor", "system", "user,nice,system,interrupt,processes", values);
}

/* In parts of a hundred. What the kernel itself holds on to is wired. */
static void
look_at_memory(struct sampler *sampler, struct asking *asking)
{
	struct text file;

	(void)sampler;
	if (asked_system(asking, SYSTEM_MEMORY, &file) != RESULT_DONE)
		return;
	const double total = (double)parse_named(file, "MemTotal");
	const double active = (double)parse_named(file, "Active"), inactive = (double)parse_named(file, "Inactive");
	const double spare = (double)parse_named(file, "MemFree");
	const double cache = (double)(parse_named(file, "Cached") + parse_named(file, "Buffers"));
	const double rest = total - active - inactive - spare;

	if (total <= 0)
		return;
	const float values[] = { (float)(active * 100 / total), (float)(inactive * 100 / total), (float)(spare * 100 / total),
				 (float)(cache * 100 / total), (float)(rest > 0 ? rest * 100 / total : 0) };

	put(asking, "memory", "system", "active,inactive,free,cache,wired", values);
}

static void
look_at_buffers(struct sampler *sampler, struct asking *asking)
{
	struct value *said = NULL;

	(void)sampler;
	if (topic_buffers(asking, &said) != RESULT_DONE)
		return;
	const float values[] = { member(asking, said, "mbuf-current"), member(asking, said, "mbuf-cache"),
				 member(asking, said, "mbuf-total"), member(asking, said, "cluster-max") };

	put(asking, "mbuf", "system", "current,cache,total,max", values);
}

/* The warmest of each kind counts. */
static void
look_at_temperatures(struct sampler *sampler, struct asking *asking)
{
	struct text file, line;
	float       warmest = NAN;

	(void)sampler;
	if (asked_system(asking, SYSTEM_TEMPERATURES, &file) != RESULT_DONE)
		return;
	while (text_next(&file, "\n", &line)) {
		struct text word;

		if (!parse_word(&line, &word) || !parse_word(&line, &word))
			continue;
		const float degrees = (float)parse_number(&line) / 1000;

		warmest = isnan(warmest) || degrees > warmest ? degrees : warmest;
	}
	if (!isnan(warmest))
		put(asking, "cputemp", "system", "temperature", &warmest);
}

/* --- Connections ------------------------------------------------------------------------------------------------ */

static int
compare_addresses(const void *a, const void *b)
{
	return address_compare(a, b);
}

static size_t
count_different(struct address *list, size_t n)
{
	size_t different = 0;

	qsort(list, n, sizeof(*list), compare_addresses);
	for (size_t i = 0; i < n; i++)
		different += i == 0 || address_compare(&list[i - 1], &list[i]) != 0;
	return different;
}

/* {rate, connections, translated ones, sources, destinations} */
static void
look_at_states(struct sampler *sampler, struct asking *asking)
{
	const uint64_t ended = atomic_load(&sampler->ended);
	struct states  states;

	if (asked_states(asking, NULL, STATES_MOST, &states) != RESULT_DONE)
		return;
	struct address *sources = ARENA_MAKE(asking->arena, struct address, states.n + 1);
	struct address *destinations = ARENA_MAKE(asking->arena, struct address, states.n + 1);
	size_t          translated = 0;

	for (size_t i = 0; i < states.n; i++) {
		sources[i] = states.states[i].source.address;
		destinations[i] = states.states[i].destination.address;
		translated += state_translated(&states.states[i]) != NULL;
	}
	const bool    is_all = states.n == states.total;
	const int64_t gone = (int64_t)(ended - sampler->ended_then), made = gone + (int64_t)states.total - sampler->states;
	const double  changes = (double)(gone + (made > 0 ? made : 0));
	const float   values[] = { sampler->seconds > 0 ? (float)(changes / sampler->seconds) : NAN, (float)states.total,
				   is_all ? (float)translated : NAN,
				   is_all ? (float)count_different(sources, states.n) : NAN,
				   is_all ? (float)count_different(destinations, states.n) : NAN };

	sampler->ended_then = ended;
	sampler->states = (int64_t)states.total;
	put(asking, "states", "system", "pfrate,pfstates,pfnat,srcip,dstip", values);
}

/* --- Interfaces and gateways --------------------------------------------------------------------------------------- */

static const struct counted *
counted_then(const struct sampler *sampler, const char *device)
{
	for (size_t i = 0; i < sampler->nlinks; i++)
		if (strcmp(sampler->links[i].device, device) == 0)
			return &sampler->links[i];
	return NULL;
}

static struct counted
counted_now(const struct link *link)
{
	struct counted now = { .ways = { link->in.bytes, link->out.bytes, link->in6.bytes, link->out6.bytes, link->in.packets,
					 link->out.packets, link->in6.packets, link->out6.packets } };

	snprintf(now.device, sizeof(now.device), "%s", link->name);
	return now;
}

/* A second, IPv6 apart from the rest: {in, out, in of IPv6, out of IPv6}, from what was counted at `first` on. */
static void
put_ways(const struct sampler *sampler, const struct asking *asking, const char *item, const char *topic, const uint64_t *before,
	 const uint64_t *now, double scale)
{
	float values[4];

	for (size_t i = 0; i < COUNT(values); i++)
		values[i] = now[i] >= before[i] ? (float)((double)(now[i] - before[i]) * scale / sampler->seconds) : NAN;
	for (size_t i = 0; i < 2; i++)
		values[i] = values[i] > values[i + 2] ? values[i] - values[i + 2] : 0;
	put(asking, item, topic, "inpass,outpass,inpass6,outpass6", values);
}

static void
look_at_interfaces(struct sampler *sampler, struct asking *asking)
{
	struct links    links;
	struct counted *now = ARENA_MAKE(asking->arena, struct counted, MEMORY_MAX);
	size_t          n = 0;

	if (asked_links(asking, &links) != RESULT_DONE)
		return;
	for (size_t i = 0; i < links.n && n < MEMORY_MAX; i++) {
		const struct record  *interface = asked_interface(asking, links.links[i].name);
		const struct counted *then = counted_then(sampler, links.links[i].name);

		if (!interface)
			continue;
		now[n] = counted_now(&links.links[i]);
		if (then && sampler->seconds > 0) {
			put_ways(sampler, asking, interface->uuid, "traffic", then->ways, now[n].ways, 8);
			put_ways(sampler, asking, interface->uuid, "packets", then->ways + 4, now[n].ways + 4, 1);
		}
		n++;
	}
	memcpy(sampler->links, now, n * sizeof(*now));
	sampler->nlinks = n;
}

static void
look_at_gateways(struct sampler *sampler, struct asking *asking)
{
	struct gateway_part *part = asking->box->gateways;

	(void)sampler;
	pthread_mutex_lock(&asking->box->lock);
	const struct gateways gateways = gateway_part_read(part, asking->arena, asking->snapshot);

	for (size_t i = 0; i < gateways.n; i++) {
		const struct probe_result *result = gateway_part_result(part, &gateways.list[i]);
		const float                values[] = { result ? (float)result->loss / 10 : NAN,
							result ? (float)result->delay / 1000 : NAN,
							result ? (float)result->deviation / 1000 : NAN };

		if (result && result->is_measured && !gateways.list[i].is_disabled)
			put(asking, gateways.list[i].name, "quality", "loss,delay,stddev", values);
	}
	pthread_mutex_unlock(&asking->box->lock);
}

/* --- Again and again ------------------------------------------------------------------------------------------------- */

static void (*const looks[])(struct sampler *, struct asking *) = {
	look_at_processor, look_at_memory,     look_at_buffers,  look_at_temperatures,
	look_at_states,    look_at_interfaces, look_at_gateways,
};

static void
look_around(struct sampler *sampler)
{
	scoped_arena  arena = arena_new();
	scoped_buffer message = BUFFER_NONE;
	struct asking asking = { sampler->box, arena, store_snapshot(sampler->box->setup.store), NULL, &message };
	const int64_t now = loop_clock();

	sampler->seconds = sampler->at ? (double)(now - sampler->at) / 1000 : 0;
	sampler->at = now;
	if (record_bool(snapshot_single(asking.snapshot, "diagnostics.system_health"), "enabled"))
		for (size_t i = 0; i < COUNT(looks); i++)
			looks[i](sampler, &asking);
	snapshot_release(asking.snapshot);
}

/* False: the end. */
static bool
wait_until(struct sampler *sampler, int64_t due)
{
	const struct timespec until = { due / 1000, due % 1000 * 1000000 };
	bool                  is_ending;

	pthread_mutex_lock(&sampler->lock);
	while (!sampler->is_ending && !sampler->is_woken && loop_clock() < due)
		pthread_cond_timedwait(&sampler->wake, &sampler->lock, &until);
	is_ending = sampler->is_ending;
	sampler->is_woken = false;
	pthread_mutex_unlock(&sampler->lock);
	return !is_ending;
}

static void *
run(void *self)
{
	struct sampler *sampler = self;
	int64_t         due = loop_clock() + FIRST_SECONDS * 1000;

	while (wait_until(sampler, due)) {
		look_around(sampler);
		due = loop_clock() + EVERY_SECONDS * 1000;
	}
	return NULL;
}

/* --- Life -------------------------------------------------------------------------------------------------------------- */

struct sampler *
sampler_new(struct keeper_box *box)
{
	struct sampler *sampler = calloc(1, sizeof(*sampler));

	BUG_IF(!sampler, "out of memory");
	sampler->box = box;
	pthread_mutex_init(&sampler->lock, NULL);
	steady_condition_init(&sampler->wake);
	BUG_IF(pthread_create(&sampler->thread, NULL, run, sampler) != 0, "no thread");
	return sampler;
}

void
sampler_free(struct sampler *sampler)
{
	if (!sampler)
		return;
	pthread_mutex_lock(&sampler->lock);
	sampler->is_ending = true;
	pthread_cond_signal(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
	pthread_join(sampler->thread, NULL);
	pthread_cond_destroy(&sampler->wake);
	pthread_mutex_destroy(&sampler->lock);
	free(sampler);
}

void
sampler_wake(struct sampler *sampler)
{
	pthread_mutex_lock(&sampler->lock);
	sampler->is_woken = true;
	pthread_cond_signal(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
}

void
sampler_ended(struct sampler *sampler, size_t connections)
{
	atomic_fetch_add(&sampler->ended, connections);
}
