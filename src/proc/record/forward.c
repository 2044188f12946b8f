/*
 * Whoever writes a line never waits: it is copied into a queue. The thread asks the keeper for a socket when it has something to
 * send and none, and not again for a while when there is nobody at the other end: then the lines are for the journal alone.
 */
#include "proc/record/forward.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "wire/order.h"

#define RETRY_SECONDS 3
#define LINE_MAX      (JOURNAL_TEXT_MAX + 256)

/* Numbers of RFC 5424. */
enum { FACILITY_DAEMON = 3, FACILITY_AUTHPRIV = 10, FACILITY_NTP = 12, FACILITY_LOCAL0 = 16 };

struct waiting {
	struct waiting *next;
	size_t          len;
	char            bytes[]; /* the datagram */
};

struct forward {
	struct courier *courier;
	struct journal *journal;
	pthread_mutex_t lock;
	pthread_cond_t  woken;
	pthread_t       thread;
	bool            is_ending;
	struct waiting *first, **end;
	size_t          count;
	int             fd;    /* -1: none */
	time_t          tried; /* when a socket was asked for last */
};

/* --- Lines in --------------------------------------------------------------------------------------------- */

static unsigned
facility(enum journal_log log)
{
	switch (log) {
	case LOG_FILTER:
		return FACILITY_LOCAL0;
	case LOG_AUDIT:
		return FACILITY_AUTHPRIV;
	case LOG_TIME:
		return FACILITY_NTP;
	default:
		return FACILITY_DAEMON;
	}
}

/* As programs write to /dev/log. */
static struct waiting *
datagram(enum journal_log log, const struct journal_line *line)
{
	const time_t    seconds = (time_t)(line->time / 1000000);
	struct waiting *one;
	struct tm       parts;
	char            when[32], pid[16] = "", whole[LINE_MAX];
	int             len;

	if (!localtime_r(&seconds, &parts) || strftime(when, sizeof(when), "%b %e %H:%M:%S", &parts) == 0)
		return NULL;
	if (line->pid > 0)
		snprintf(pid, sizeof(pid), "[%u]", line->pid);
	len = snprintf(whole, sizeof(whole), "<%u>%s %.*s%s: %.*s", facility(log) * 8 + (line->severity & 7), when,
		       TEXT_ARGS(text_first(line->program, 64)), pid, TEXT_ARGS(line->text));
	if (len <= 0)
		return NULL;
	len = len < (int)sizeof(whole) ? len : (int)sizeof(whole) - 1;
	one = malloc(sizeof(*one) + (size_t)len);
	BUG_IF(!one, "out of memory");
	*one = (struct waiting){ .len = (size_t)len };
	memcpy(one->bytes, whole, (size_t)len);
	return one;
}

static void
take(void *context, enum journal_log log, const struct journal_line *line)
{
	struct forward *forward = context;
	struct waiting *one = datagram(log, line);

	pthread_mutex_lock(&forward->lock);
	if (!one || forward->count == FORWARD_WAITING_MAX) {
		free(one);
	} else {
		*forward->end = one;
		forward->end = &one->next;
		forward->count++;
		pthread_cond_signal(&forward->woken);
	}
	pthread_mutex_unlock(&forward->lock);
}

/* --- And out ---------------------------------------------------------------------------------------------- */

static struct waiting *
next(struct forward *forward)
{
	struct waiting *one;

	pthread_mutex_lock(&forward->lock);
	while (!forward->first && !forward->is_ending)
		pthread_cond_wait(&forward->woken, &forward->lock);
	one = forward->is_ending ? NULL : forward->first;
	if (one) {
		forward->first = one->next;
		if (!forward->first)
			forward->end = &forward->first;
		forward->count--;
	}
	pthread_mutex_unlock(&forward->lock);
	return one;
}

static void
hang_up(struct forward *forward)
{
	if (forward->fd >= 0)
		close(forward->fd);
	forward->fd = -1;
}

static void
call(struct forward *forward)
{
	const time_t   now = time(NULL);

	if (forward->tried != 0 && now - forward->tried < RETRY_SECONDS)
		return;
	forward->tried = now;
	scoped_writer  none;
	scoped_message reply;

	writer_init(&none);
	message_init(&reply);
	if (courier_ask(forward->courier, ORDER_LOG_SOCKET, &none, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return;
	struct reader in = message_reader(&reply);

	forward->fd = get_fd(&in);
}

/* Once more with another socket, when syslog-ng was started anew. */
static void
send_one(struct forward *forward, const struct waiting *one)
{
	for (int i = 0; i < 2; i++) {
		if (forward->fd < 0)
			call(forward);
		if (forward->fd < 0 || send(forward->fd, one->bytes, one->len, MSG_NOSIGNAL) >= 0)
			return;
		if (errno == EAGAIN || errno == EMSGSIZE)
			return;
		hang_up(forward);
		forward->tried = 0;
	}
}

static void *
run(void *context)
{
	struct forward *forward = context;
	struct waiting *one;

	while ((one = next(forward))) {
		send_one(forward, one);
		free(one);
	}
	return NULL;
}

struct forward *
forward_new(struct courier *courier, struct journal *journal)
{
	struct forward *forward = calloc(1, sizeof(*forward));

	BUG_IF(!forward, "out of memory");
	*forward = (struct forward){ .courier = courier, .journal = journal, .fd = -1 };
	forward->end = &forward->first;
	pthread_mutex_init(&forward->lock, NULL);
	pthread_cond_init(&forward->woken, NULL);
	if (pthread_create(&forward->thread, NULL, run, forward) != 0) {
		free(forward);
		return NULL;
	}
	journal_set_tap(journal, take, forward);
	return forward;
}

void
forward_free(struct forward *forward)
{
	if (!forward)
		return;
	journal_set_tap(forward->journal, NULL, NULL);
	pthread_mutex_lock(&forward->lock);
	forward->is_ending = true;
	pthread_cond_signal(&forward->woken);
	pthread_mutex_unlock(&forward->lock);
	pthread_join(forward->thread, NULL);
	while (forward->first) {
		struct waiting *one = forward->first;

		forward->first = one->next;
		free(one);
	}
	hang_up(forward);
	pthread_cond_destroy(&forward->woken);
	pthread_mutex_destroy(&forward->lock);
	free(forward);
}
