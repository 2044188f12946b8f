/* A thread that asks when it is told that there is something; the courier's own thread must not. */
#include "proc/record/recorder.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/map.h"
#include "proc/record/overload.h"
#include "proc/record/packet.h"
#include "wire/order.h"
#include "wire/sealed.h"

#define ROUNDS_MAX 16 /* answers of one feed that are taken in a row */

struct recorder {
	struct recorder_setup setup;
	pthread_mutex_t       lock;
	pthread_cond_t        woken;
	pthread_t             thread;
	bool                  is_due, is_ending;
	uint64_t              known[FEEDS], lost[FEEDS];
	struct overload       overload;
	uint64_t              backlog[FEEDS]; /* what was there at the start ends here; a gate before us may have written it down */
};

/* --- What comes ------------------------------------------------------------------------------------- */

static void
put(const struct recorder *recorder, enum feed feed, uint64_t number, enum journal_log log, const struct journal_line *line)
{
	if (number <= recorder->backlog[feed])
		journal_put_once(recorder->setup.journal, log, line);
	else
		journal_put(recorder->setup.journal, log, line);
}

/* What rules of one batch are called: asked once for each. */
static const char *
label_of(const struct recorder *recorder, struct arena *arena, struct map *labels, struct text uuid)
{
	const char *label = map_get(labels, uuid);

	if (label || uuid.len == 0)
		return label ? label : "";
	const char *copy = arena_copy(arena, uuid);

	label = recorder->setup.label(recorder->setup.context, arena, copy);
	map_set(labels, text_of(copy), (void *)label);
	return label;
}

static void
take_packets(struct recorder *recorder, struct arena *arena, const struct feed_entries *entries)
{
	struct map *labels = map_make(arena);

	for (size_t i = 0; i < entries->n; i++) {
		const struct feed_entry *entry = &entries->entries[i];
		scoped_buffer            text = BUFFER_NONE;
		struct feed_packet       packet;

		if (!feed_packet_decode(entry->bytes, &packet) ||
		    overload_take(&recorder->overload, recorder->setup.courier, entry->time, &packet))
			continue;
		const char *device =
			machine_link_name(recorder->setup.machine, arena, packet.in ? packet.in : packet.out);

		if (!packet_line(&text, &packet, device))
			continue;
		put(recorder, FEED_PACKETS, entry->number, LOG_FILTER, &(struct journal_line){
			.time = entry->time, .severity = 6, .program = TEXT("filterlog"), .text = buffer_text(&text),
			.note = text_of(label_of(recorder, arena, labels, packet_rule(&packet))) });
	}
}

static void
take_lines(struct recorder *recorder, const struct feed_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		struct feed_line line;

		if (!feed_line_decode(entries->entries[i].bytes, &line))
			continue;
		put(recorder, FEED_LINES, entries->entries[i].number, journal_of(line.program), &(struct journal_line){
			.time = entries->entries[i].time, .severity = line.severity, .pid = line.pid, .program = line.program,
			.text = line.text });
	}
}

static void
take_entries(struct recorder *recorder, struct arena *arena, enum feed feed, const struct feed_entries *entries)
{
	if (feed == FEED_PACKETS)
		take_packets(recorder, arena, entries);
	else if (feed == FEED_FLOWS && recorder->setup.flows)
		recorder->setup.flows(recorder->setup.context, entries);
	else if (feed == FEED_LINES)
		take_lines(recorder, entries);
}

/* --- Asking -------------------------------------------------------------------------------------------- */

static void
tell_losses(struct recorder *recorder, enum feed feed, uint64_t lost, uint64_t gap)
{
	static const char *const words[] = { "logged packets", "ended connections", "lines" };

	if (lost > recorder->lost[feed] || gap > 0)
		log_warning("some %s came too fast and are lost", words[feed]);
	recorder->lost[feed] = lost;
}

/* False: there is no more now. */
static bool
ask(struct recorder *recorder, enum feed feed)
{
	scoped_arena        arena = arena_new();
	scoped_sealed       bytes = TEXT_NONE;
	scoped_writer       order;
	scoped_message      reply;
	struct feed_entries entries;

	writer_init(&order);
	message_init(&reply);
	put_u32(&order, feed);
	put_u64(&order, recorder->known[feed]);
	if (courier_ask(recorder->setup.courier, ORDER_FEED, &order, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return false;
	struct reader  in = message_reader(&reply);
	const uint64_t newest = get_u64(&in), lost = get_u64(&in);
	scoped_fd      fd = get_fd(&in);

	if (!got_all(&in) || !sealed_map(fd, FEED_BYTES_MAX, &bytes) || !feed_entries_decode(arena, bytes, &entries))
		return false;
	if (recorder->known[feed] == 0)
		recorder->backlog[feed] = newest;
	if (entries.n > 0) {
		tell_losses(recorder, feed, lost,
			    recorder->known[feed] ? entries.entries[0].number - recorder->known[feed] - 1 : 0);
		take_entries(recorder, arena, feed, &entries);
		recorder->known[feed] = entries.entries[entries.n - 1].number;
	}
	return recorder->known[feed] < newest && entries.n > 0;
}

static void
ask_all(struct recorder *recorder)
{
	for (unsigned feed = 0; feed < FEEDS; feed++)
		for (int round = 0; round < ROUNDS_MAX && ask(recorder, (enum feed)feed); round++)
			;
}

static void *
run(void *context)
{
	struct recorder *recorder = context;

	pthread_mutex_lock(&recorder->lock);
	while (!recorder->is_ending) {
		while (!recorder->is_due && !recorder->is_ending)
			pthread_cond_wait(&recorder->woken, &recorder->lock);
		if (recorder->is_ending)
			break;
		recorder->is_due = false;
		pthread_mutex_unlock(&recorder->lock);
		ask_all(recorder);
		pthread_mutex_lock(&recorder->lock);
	}
	pthread_mutex_unlock(&recorder->lock);
	return NULL;
}

/* --- Life ------------------------------------------------------------------------------------------------ */

struct recorder *
recorder_new(const struct recorder_setup *setup)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	BUG_IF(!recorder, "out of memory");
	recorder->setup = *setup;
	recorder->is_due = true;
	pthread_mutex_init(&recorder->lock, NULL);
	pthread_cond_init(&recorder->woken, NULL);
	BUG_IF(pthread_create(&recorder->thread, NULL, run, recorder) != 0, "no thread");
	return recorder;
}

void
recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	pthread_mutex_lock(&recorder->lock);
	recorder->is_ending = true;
	pthread_cond_signal(&recorder->woken);
	pthread_mutex_unlock(&recorder->lock);
	pthread_join(recorder->thread, NULL);
	pthread_cond_destroy(&recorder->woken);
	pthread_mutex_destroy(&recorder->lock);
	free(recorder);
}

void
recorder_wake(struct recorder *recorder)
{
	if (!recorder)
		return;
	pthread_mutex_lock(&recorder->lock);
	recorder->is_due = true;
	pthread_cond_signal(&recorder->woken);
	pthread_mutex_unlock(&recorder->lock);
}
