/*
 * Two looks are remembered: of a connection that is missing in the newer one the end may not have been told yet. A hash of its id
 * and ends stands for a connection; what it carried is compared by that.
 */
#include "proc/flow/meter.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/map.h"

struct seen {
	uint64_t print; /* 0: a free place */
	uint64_t packets[2], bytes[2];
};

/* A hash table that is at most half full. */
struct look {
	struct seen *seen;
	size_t       room; /* a power of two; 0: nothing was looked at */
	int64_t      time;
	bool         is_all; /* nothing was left out */
};

struct meter {
	struct look now, before;
};

/* --- Remembering --------------------------------------------------------------------------------------------- */

uint64_t
state_print(const struct state *state)
{
	struct {
		struct address source, destination;
		uint32_t       id;
		uint16_t       ports[2];
		uint32_t       protocol;
	} key;

	/* Nothing between the members is hashed unset. */
	memset(&key, 0, sizeof(key));
	key.source = state->source.address;
	key.destination = state->destination.address;
	key.id = state->id;
	key.ports[0] = state->source.port;
	key.ports[1] = state->destination.port;
	key.protocol = state->protocol;
	return text_spread((struct text){ (const char *)&key, sizeof(key) }) | 1;
}

/* The place of it, or the free one where it belongs. There is always one. */
static struct seen *
place_of(const struct look *look, uint64_t print)
{
	size_t at = (size_t)(print >> 1) & (look->room - 1);

	while (look->seen[at].print && look->seen[at].print != print)
		at = (at + 1) & (look->room - 1);
	return &look->seen[at];
}

static struct seen *
find(const struct look *look, uint64_t print)
{
	struct seen *seen = look->room ? place_of(look, print) : NULL;

	return seen && seen->print ? seen : NULL;
}

static struct look
look_new(size_t n, int64_t time)
{
	struct look look = { .room = 16, .time = time };

	while (look.room < n * 2)
		look.room *= 2;
	look.seen = calloc(look.room, sizeof(*look.seen));
	BUG_IF(!look.seen, "out of memory");
	return look;
}

static void
remember(struct look *look, uint64_t print, const struct state *state)
{
	struct seen *seen = place_of(look, print);

	seen->print = print;
	memcpy(seen->packets, state->packets, sizeof(seen->packets));
	memcpy(seen->bytes, state->bytes, sizeof(seen->bytes));
}

/* --- Comparing ------------------------------------------------------------------------------------------------ */

/* Counters that have gone back are those of another connection. */
static struct meter_reading
compare(const struct state *state, const struct seen *was)
{
	struct meter_reading reading = { .state = state };
	bool                 is_other = !was;

	for (size_t i = 0; i < 2 && was; i++)
		is_other |= state->packets[i] < was->packets[i] || state->bytes[i] < was->bytes[i];
	for (size_t i = 0; i < 2; i++) {
		reading.packets[i] = state->packets[i] - (is_other ? 0 : was->packets[i]);
		reading.bytes[i] = state->bytes[i] - (is_other ? 0 : was->bytes[i]);
	}
	return reading;
}

static const struct seen *
last_seen(const struct meter *meter, uint64_t print)
{
	const struct seen *was = find(&meter->now, print);

	return was ? was : find(&meter->before, print);
}

static void
give(struct meter_reading *reading, int64_t started, int64_t since, int64_t until, meter_take *take, void *self)
{
	reading->first = started > since ? started : since;
	reading->last = until > reading->first ? until : reading->first;
	take(self, reading);
}

/* In a look that left some out it may be one of those: it counts when it ends, and nothing before. */
void
meter_look(struct meter *meter, const struct states *states, int64_t now, meter_take *take, void *self)
{
	const size_t n = states->n < METER_MAX ? states->n : METER_MAX;
	struct look  look = look_new(n, now);
	const bool   is_first = meter->now.room == 0, was_all = meter->now.is_all;

	look.is_all = n == states->total;
	for (size_t i = 0; i < n; i++) {
		const struct state  *state = &states->states[i];
		const uint64_t       print = state_print(state);
		const struct seen   *was = last_seen(meter, print);
		struct meter_reading reading = compare(state, was);
		const int64_t        started = state->age ? now - (int64_t)state->age * 1000 : 0;

		remember(&look, print, state);
		/* One that began before the last look and was not in it was left out there, before anybody counted. */
		if (is_first || (!was && !was_all && started && started < meter->now.time))
			continue;
		if (reading.packets[0] || reading.packets[1])
			give(&reading, started, meter->now.time, now, take, self);
	}
	free(meter->before.seen);
	meter->before = meter->now;
	meter->now = look;
}

/* Was it there before there was a look that could not but see it? Then it was counted already, or before we counted. */
static bool
is_counted(const struct meter *meter, int64_t started)
{
	const struct look *oldest = meter->before.room ? &meter->before : &meter->now;

	return started && started < oldest->time && oldest->is_all;
}

void
meter_end(struct meter *meter, const struct feed_flow *flow, int64_t time, meter_take *take, void *self)
{
	const uint64_t       print = state_print(&flow->state);
	struct seen         *now = find(&meter->now, print), *before = find(&meter->before, print);
	struct meter_reading reading = compare(&flow->state, now ? now : before);

	if (!meter->now.room || (!now && !before && is_counted(meter, flow->started)))
		return;
	/* Whatever else is said of it adds nothing. */
	if (now || before)
		remember(now ? &meter->now : &meter->before, print, &flow->state);
	reading.has_ended = true;
	give(&reading, flow->started, now ? meter->now.time : meter->before.time, time, take, self);
}

struct meter *
meter_new(void)
{
	struct meter *meter = calloc(1, sizeof(*meter));

	BUG_IF(!meter, "out of memory");
	return meter;
}

void
meter_free(struct meter *meter)
{
	if (!meter)
		return;
	free(meter->now.seen);
	free(meter->before.seen);
	free(meter);
}
