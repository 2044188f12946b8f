/*
 * Three bounded queues. The gate is told once that there is something; from when it has asked, it is told again. When
 * the kernel has more to say than we want to hear, it waits for the next tick, and what it has no room for is lost.
 */
#include "proc/hear/feeds.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"

struct entry {
	uint64_t      number;
	int64_t       time;
	struct entry *next;
	size_t        len;
	char          bytes[];
};

struct queue {
	struct entry *first, **last;
	size_t        bytes;
	uint64_t      newest, lost;
	/* Where it comes from. */
	struct watch  watch; /* fd -1: nowhere */
	bool          is_paused, is_late;
	unsigned      reads;
};

struct feeds {
	struct loop  *loop;
	struct queue  queues[FEEDS];
	struct timer  settle, tick, retry;
	uint16_t      group;
	bool          is_told, is_tapping;
	bool        (*tell)(void *self, enum event);
	void         *self;
};

/* --- Keeping ------------------------------------------------------------------------------------ */

static void
drop_first(struct queue *queue)
{
	struct entry *entry = queue->first;

	queue->first = entry->next;
	if (!queue->first)
		queue->last = &queue->first;
	queue->bytes -= sizeof(*entry) + entry->len;
	free(entry);
}

static void
tell_gate(void *self)
{
	struct feeds *feeds = self;

	feeds->is_told = feeds->tell(feeds->self, EVENT_FEEDS);
	if (!feeds->is_told)
		loop_start(feeds->loop, &feeds->settle, FEEDS_RETRY / 10);
}

void
feeds_put(struct feeds *feeds, enum feed feed, int64_t at, const struct buffer *bytes)
{
	struct queue *queue = &feeds->queues[feed];
	struct entry *entry;

	if (bytes->len > FEED_ENTRY_MAX)
		return;
	entry = malloc(sizeof(*entry) + bytes->len);
	BUG_IF(!entry, "out of memory");
	entry->number = ++queue->newest;
	entry->time = at;
	entry->next = NULL;
	entry->len = bytes->len;
	if (bytes->len > 0)
		memcpy(entry->bytes, bytes->bytes, bytes->len);
	*queue->last = entry;
	queue->last = &entry->next;
	queue->bytes += sizeof(*entry) + entry->len;
	while (queue->bytes > FEED_KEPT_MAX)
		drop_first(queue);
	if (!feeds->is_told && !feeds->settle.running)
		loop_start(feeds->loop, &feeds->settle, FEEDS_SETTLE);
}

void
feeds_take(struct feeds *feeds, struct arena *arena, enum feed feed, uint64_t after, struct feed_entries *out,
	   uint64_t *newest, uint64_t *lost)
{
	struct queue      *queue = &feeds->queues[feed];
	struct feed_entry *entries;
	size_t             n = 0, room = 0;

	feeds->is_told = false;
	while (queue->first && queue->first->number <= after)
		drop_first(queue);
	for (const struct entry *entry = queue->first; entry; entry = entry->next)
		room++;
	entries = ARENA_MAKE(arena, struct feed_entry, room + 1);
	for (const struct entry *entry = queue->first; entry && n < FEED_ENTRIES_MAX; entry = entry->next)
		entries[n++] = (struct feed_entry){ entry->number, entry->time, { entry->bytes, entry->len } };
	*out = (struct feed_entries){ entries, n };
	*newest = queue->newest;
	*lost = queue->lost;
}

/* --- Hearing ------------------------------------------------------------------------------------- */

static void
put_packet(void *self, int64_t at, const struct feed_packet *packet)
{
	scoped_buffer bytes = BUFFER_NONE;

	feed_packet_encode(&bytes, packet);
	feeds_put(self, FEED_PACKETS, at, &bytes);
}

static void
put_flow(void *self, int64_t at, const struct feed_flow *flow)
{
	scoped_buffer bytes = BUFFER_NONE;

	feed_flow_encode(&bytes, flow);
	feeds_put(self, FEED_FLOWS, at, &bytes);
}

/* One that has said enough waits for the next tick. */
static bool
may_read(struct feeds *feeds, struct queue *queue)
{
	if (!feeds->tick.running)
		loop_start(feeds->loop, &feeds->tick, FEEDS_TICK);
	if (queue->reads++ < FEEDS_READS)
		return true;
	loop_unwatch(feeds->loop, &queue->watch);
	queue->is_paused = true;
	return false;
}

static void
hear_packets(void *self)
{
	struct feeds           *feeds = self;
	struct queue           *queue = &feeds->queues[FEED_PACKETS];
	const struct feed_taker taker = { put_packet, put_flow, feeds };

	if (may_read(feeds, queue))
		packets_read(queue->watch.fd, &taker, &queue->lost);
}

static void
hear_flows(void *self)
{
	struct feeds           *feeds = self;
	struct queue           *queue = &feeds->queues[FEED_FLOWS];
	const struct feed_taker taker = { put_packet, put_flow, feeds };

	if (may_read(feeds, queue))
		flows_read(queue->watch.fd, &taker, &queue->lost);
}

static void
begin_tick(void *self)
{
	struct feeds *feeds = self;

	for (size_t i = 0; i < FEEDS; i++) {
		struct queue *queue = &feeds->queues[i];

		queue->reads = 0;
		if (queue->is_paused)
			loop_watch(feeds->loop, &queue->watch);
		queue->is_paused = false;
	}
}

/* What cannot be opened is tried again: who is in the way may go. Said once. */
static void
listen_to(struct feeds *feeds, enum feed feed, void (*hear)(void *))
{
	struct queue *queue = &feeds->queues[feed];
	scoped_buffer message = BUFFER_NONE;

	if (queue->watch.fd >= 0)
		return;
	queue->watch = (struct watch){
		feed == FEED_PACKETS ? packets_open(feeds->group, &message) : flows_open(&message), hear, feeds,
	};
	if (queue->watch.fd >= 0) {
		loop_watch(feeds->loop, &queue->watch);
		return;
	}
	if (!queue->is_late)
		log_warning("%s", buffer_string(&message));
	queue->is_late = true;
	if (!feeds->retry.running)
		loop_start(feeds->loop, &feeds->retry, FEEDS_RETRY);
}

static void
try_again(void *self)
{
	listen_to(self, FEED_PACKETS, hear_packets);
	listen_to(self, FEED_FLOWS, hear_flows);
}

void
feeds_listen(struct feeds *feeds, uint16_t log_group)
{
	feeds->group = log_group;
	try_again(feeds);
}

/* --- Our own log ----------------------------------------------------------------------------------- */

static void
take_line(void *context, int severity, const char *line)
{
	struct feeds         *feeds = context;
	scoped_buffer         bytes = BUFFER_NONE;
	struct timespec       now;
	const struct feed_line what = { (uint8_t)severity, (uint32_t)getpid(), TEXT("drawbridge-keeper"), text_of(line) };

	/* Whatever goes wrong in here must not be logged in here. */
	if (feeds->is_tapping)
		return;
	feeds->is_tapping = true;
	clock_gettime(CLOCK_REALTIME, &now);
	feed_line_encode(&bytes, &what);
	feeds_put(feeds, FEED_LINES, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000, &bytes);
	feeds->is_tapping = false;
}

#define SEVERITY_INFO 6

void
feeds_say(void *self, const char *program, struct text line)
{
	scoped_buffer         bytes = BUFFER_NONE;
	struct timespec       now;
	const struct feed_line what = { SEVERITY_INFO, 0, text_of(program), text_first(line, FEED_TEXT_MAX) };

	fprintf(stderr, "%s: %.*s\n", program, TEXT_ARGS(line));
	clock_gettime(CLOCK_REALTIME, &now);
	feed_line_encode(&bytes, &what);
	feeds_put(self, FEED_LINES, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000, &bytes);
}

/* --- Life -------------------------------------------------------------------------------------------- */

struct feeds *
feeds_new(struct loop *loop, bool (*tell)(void *self, enum event), void *self)
{
	struct feeds *feeds = calloc(1, sizeof(*feeds));

	BUG_IF(!feeds, "out of memory");
	feeds->loop = loop;
	feeds->tell = tell;
	feeds->self = self;
	feeds->settle = (struct timer){ .due = tell_gate, .self = feeds };
	feeds->tick = (struct timer){ .due = begin_tick, .self = feeds };
	feeds->retry = (struct timer){ .due = try_again, .self = feeds };
	for (size_t i = 0; i < FEEDS; i++) {
		feeds->queues[i].last = &feeds->queues[i].first;
		feeds->queues[i].watch.fd = -1;
	}
	log_set_tap(take_line, feeds);
	return feeds;
}

void
feeds_free(struct feeds *feeds)
{
	if (!feeds)
		return;
	log_set_tap(NULL, NULL);
	loop_cancel(feeds->loop, &feeds->settle);
	loop_cancel(feeds->loop, &feeds->tick);
	loop_cancel(feeds->loop, &feeds->retry);
	for (size_t i = 0; i < FEEDS; i++) {
		struct queue *queue = &feeds->queues[i];

		if (queue->watch.fd >= 0) {
			if (!queue->is_paused)
				loop_unwatch(feeds->loop, &queue->watch);
			close(queue->watch.fd);
		}
		while (queue->first)
			drop_first(queue);
	}
	free(feeds);
}
