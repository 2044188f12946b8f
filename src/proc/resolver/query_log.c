/*
 * Unbound says of each answer "reply: CLIENT NAME TYPE CLASS RCODE SECONDS CACHED BYTES", and before it "info: ..." when a zone or a
 * policy of ours decided. One thread of it, so the two lines follow each other. Counters go by the minute.
 */
#include "proc/resolver/query_inside.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "wire/order.h"

#define POLL_MS    500
#define RING_FIRST 512

/* --- Taking ---------------------------------------------------------------------------------------------- */

static void
count(struct minute *minute, const struct asked *asked)
{
	minute->total++;
	minute->blocked += asked->is_blocked;
	minute->dropped += asked->is_dropped;
	minute->resolved += !asked->is_blocked && asked->source == SOURCE_RECURSION;
	minute->local += !asked->is_blocked && (asked->source == SOURCE_LOCAL || asked->source == SOURCE_DATA);
	minute->cached += !asked->is_blocked && asked->source == SOURCE_CACHE;
}

/* The ring grows until it is as large as it may be: most boxes are not asked that often. */
static void
make_room(struct query_log *log)
{
	if (log->count < log->room || log->room == QUERY_LOG_MAX)
		return;
	log->next = log->room;
	log->room = log->room == 0 ? RING_FIRST : log->room * 2 < QUERY_LOG_MAX ? log->room * 2 : QUERY_LOG_MAX;
	log->ring = reallocarray(log->ring, log->room, sizeof(*log->ring));
	BUG_IF(!log->ring, "out of memory");
	memset(log->ring + log->next, 0, (log->room - log->next) * sizeof(*log->ring));
}

static void
keep(struct query_log *log, const struct asked *asked)
{
	struct minute *minute = &log->minutes[asked->time / 60 % QUERY_LOG_MINUTES];

	if (minute->minute != asked->time / 60)
		*minute = (struct minute){ .minute = asked->time / 60 };
	count(minute, asked);
	count(&log->total, asked);
	make_room(log);
	free(log->ring[log->next].text);
	log->ring[log->next] = *asked;
	log->next = (log->next + 1) % log->room;
	log->count += log->count < log->room;
}

/* "ZONE TYPE CLIENT@PORT NAME TYPE CLASS", or of a policy "rpz: applied [POLICY] NAME ACTION CLIENT@PORT NAME TYPE CLASS". */
static bool
take_decision(struct query_log *log, struct text line)
{
	const struct text mark = TEXT("rpz: applied [");
	struct text       zone, kind, client, name, type, policy = TEXT_NONE;

	if (text_starts(line, mark)) {
		line = text_after(line, mark.len);
		policy = text_until(&line, ']');
	}
	if (!text_next_word(&line, &zone) || !text_next_word(&line, &kind) || !text_next_word(&line, &client) ||
	    !text_next_word(&line, &name) || !text_next_word(&line, &type) || !memchr(client.ptr, '@', client.len))
		return false;
	struct text       rest = client;
	const struct text address = text_until(&rest, '@');

	snprintf(log->about, sizeof(log->about), "%.*s %.*s %.*s", TEXT_ARGS(address), TEXT_ARGS(name), TEXT_ARGS(type));
	snprintf(log->policy, sizeof(log->policy), "%.*s", TEXT_ARGS(policy));
	log->is_ours = true;
	log->is_drop = text_is(kind, "deny") || text_is(kind, "rpz-drop");
	return true;
}

static unsigned
milliseconds(struct text seconds)
{
	double number;

	return number_read_real(seconds, &number) && number >= 0 && number < 1e6 ? (unsigned)(number * 1000) : 0;
}

static bool
take_answer(struct query_log *log, struct text line)
{
	struct text  words[7];
	scoped_arena arena = arena_new_small(LINE_MAX_BYTES);
	struct asked asked = { .time = time(NULL) };
	const char  *about;

	for (size_t i = 0; i < COUNT(words); i++)
		if (!text_next_word(&line, &words[i]))
			return false;
	about = arena_print(arena, "%.*s %.*s %.*s", TEXT_ARGS(words[0]), TEXT_ARGS(words[1]), TEXT_ARGS(words[2]));
	asked.milliseconds = milliseconds(words[5]);
	asked.source = text_is(words[6], "1") ? SOURCE_CACHE : SOURCE_RECURSION;
	if (log->is_ours && strcmp(about, log->about) == 0) {
		asked.source = log->policy[0] ? SOURCE_LOCAL : SOURCE_DATA;
		asked.is_blocked = log->policy[0] != '\0';
		asked.is_dropped = log->is_drop;
	}
	if (text_ends(words[1], TEXT(".")) && words[1].len > 1)
		words[1].len--;
	const char *policy = asked.is_blocked ? log->policy : "";
	const size_t size = words[0].len + words[1].len + words[2].len + words[4].len + strlen(policy) + 5;

	asked.text = malloc(size);
	BUG_IF(!asked.text, "out of memory");
	snprintf(asked.text, size, "%.*s%c%.*s%c%.*s%c%.*s%c%s", TEXT_ARGS(words[0]), 0, TEXT_ARGS(words[1]), 0,
		 TEXT_ARGS(words[2]), 0, TEXT_ARGS(words[4]), 0, policy);
	keep(log, &asked);
	log->is_ours = false;
	return true;
}

/* "[TIME] unbound[PID:THREAD] LEVEL: TEXT" */
static void
pass_on(const struct query_log *log, struct text line)
{
	static const struct {
		const char *word;
		uint8_t     severity;
	} levels[] = { { "fatal error", 2 }, { "error", 3 }, { "warning", 4 }, { "notice", 5 }, { "debug", 7 } };
	struct text       rest = line;
	struct query_said said = { .severity = 6 };
	int64_t           pid = 0;

	text_until(&rest, '[');
	text_until(&rest, '[');
	(void)number_read(text_until(&rest, ':'), 1, INT32_MAX, &pid);
	text_until(&rest, ']');
	said.pid = (uint32_t)pid;
	said.line = text_trim(rest.len > 0 ? rest : line);
	rest = said.line;
	const struct text level = text_until(&rest, ':');

	for (size_t i = 0; i < COUNT(levels); i++)
		if (text_is(level, levels[i].word))
			said.severity = levels[i].severity;
	if (log->said && said.line.len > 0)
		log->said(log->said_context, &said);
}

void
query_log_take(struct query_log *log, struct text line)
{
	static const struct {
		const char *mark;
		bool      (*take)(struct query_log *, struct text); /* false: it is no such line */
	} marks[] = { { "] reply: ", take_answer }, { "] info: ", take_decision } };
	const char *at = NULL;

	for (size_t i = 0; i < COUNT(marks); i++) {
		at = memmem(line.ptr ? line.ptr : "", line.len, marks[i].mark, strlen(marks[i].mark));
		if (!at)
			continue;
		at += strlen(marks[i].mark);
		pthread_mutex_lock(&log->lock);
		const bool is_taken = marks[i].take(log, text_after(line, (size_t)(at - line.ptr)));

		pthread_mutex_unlock(&log->lock);
		if (is_taken)
			return;
	}
	pass_on(log, line);
}

/* --- Listening -------------------------------------------------------------------------------------------- */

static void
read_lines(struct query_log *log, int fd)
{
	char          bytes[65536];
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t        have = 0;
	ssize_t       n;

	while (!atomic_load(&log->is_ending)) {
		struct text rest, line;

		if (poll(&wait, 1, POLL_MS) <= 0)
			continue;
		n = read(fd, bytes + have, sizeof(bytes) - have);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return;
		if (n < 0)
			continue;
		have += (size_t)n;
		rest = (struct text){ bytes, have };
		while (memchr(rest.ptr ? rest.ptr : "", '\n', rest.len) && text_next(&rest, "\n", &line))
			query_log_take(log, text_first(line, LINE_MAX_BYTES));
		/* A line without an end that fills all of the room is none. */
		have = rest.len == sizeof(bytes) ? 0 : rest.len;
		memmove(bytes, rest.ptr ? rest.ptr : bytes, have);
	}
}

static void *
run(void *context)
{
	struct query_log *log = context;

	read_lines(log, log->fd);
	return NULL;
}

void
query_log_listen(struct query_log *log)
{
	scoped_writer  order;
	scoped_message reply;
	struct reader  in;

	writer_init(&order);
	message_init(&reply);
	if (log->is_running)
		return;
	put_string(&order, "unbound");
	if (courier_ask(log->courier, ORDER_HEAR_SERVICE, &order, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return;
	in = message_reader(&reply);
	log->fd = get_fd(&in);
	log->is_running = log->fd >= 0 && pthread_create(&log->thread, NULL, run, log) == 0;
}

/* --- Life -------------------------------------------------------------------------------------------------- */

static void
forget(struct query_log *log)
{
	for (size_t i = 0; i < log->count; i++)
		free(log->ring[i].text);
	free(log->ring);
	log->ring = NULL;
	memset(log->minutes, 0, sizeof(log->minutes));
	log->total = (struct minute){ 0 };
	log->count = log->next = log->room = 0;
	log->since = time(NULL);
}

void
query_log_reset(struct query_log *log)
{
	pthread_mutex_lock(&log->lock);
	forget(log);
	pthread_mutex_unlock(&log->lock);
}

struct query_log *
query_log_new(struct courier *courier, query_log_said *said, void *context)
{
	struct query_log *log = calloc(1, sizeof(*log));

	BUG_IF(!log, "out of memory");
	log->courier = courier;
	log->said = said;
	log->said_context = context;
	log->fd = -1;
	log->since = time(NULL);
	pthread_mutex_init(&log->lock, NULL);
	return log;
}

void
query_log_free(struct query_log *log)
{
	if (!log)
		return;
	atomic_store(&log->is_ending, true);
	if (log->is_running)
		pthread_join(log->thread, NULL);
	if (log->fd >= 0)
		close(log->fd);
	forget(log);
	pthread_mutex_destroy(&log->lock);
	free(log);
}
