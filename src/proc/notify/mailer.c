/* What happens waits in a list; a thread makes one mail of all that is there, and not more than one a minute. */
#include "proc/notify/mailer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/steady.h"
#include "proc/notify/mail.h"

struct notice {
	int64_t time; /* seconds since 1970 */
	char    text[MAILER_TEXT_MAX + 1];
};

struct mailer {
	struct store   *store;
	pthread_mutex_t lock;
	pthread_cond_t  changed;
	pthread_t       thread;
	_Atomic(bool)   is_ending;
	struct notice   waiting[MAILER_WAITING_MAX];
	size_t          n, lost;
};

/* --- One mail --------------------------------------------------------------------------------------------- */

static void
add_notices(struct buffer *text, const struct notice *notices, size_t n, size_t lost)
{
	for (size_t i = 0; i < n; i++) {
		const time_t time = (time_t)notices[i].time;
		char         when[32];
		struct tm    at;

		localtime_r(&time, &at);
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &at);
		buffer_print(text, "%s %s\n", when, notices[i].text);
	}
	if (lost > 0)
		buffer_print(text, "and %zu more.\n", lost);
}

static struct mail
mail_of(struct arena *arena, const struct snapshot *snapshot)
{
	const struct record *settings = snapshot_single(snapshot, "system.mail");
	const struct record *box = snapshot_single(snapshot, "system.general");
	const char          *host =
		arena_print(arena, "%s.%s", record_get(box, "hostname"), record_get(box, "domain"));

	return (struct mail){
		.server = arena_copy(arena, record_text(settings, "server")),
		.port = (uint16_t)record_number(settings, "port", 0),
		.seconds = (long)record_number(settings, "timeout", 0),
		.tls = record_bool(settings, "tls"),
		.verify = !text_is(record_text(settings, "verify"), "disabled"),
		.mechanism = arena_copy(arena, record_text(settings, "mechanism")),
		.user = arena_copy(arena, record_text(settings, "username")),
		.password = arena_copy(arena, record_text(settings, "password")),
		.from = arena_copy(arena, record_text(settings, "sender")),
		.to = arena_copy(arena, record_text(settings, "recipient")),
		.host = host,
		.subject = arena_print(arena, "%s - Notification", host),
		.time = time(NULL),
	};
}

enum outcome { MAIL_IS_OFF, MAIL_SENT, MAIL_FAILED };

static enum outcome
send_notices(const struct mailer *mailer, const struct notice *notices, size_t n, size_t lost)
{
	scoped_arena           arena = arena_new();
	const struct snapshot *snapshot = store_snapshot(mailer->store);
	struct mail            mail = mail_of(arena, snapshot);
	const bool is_off = record_bool(snapshot_single(snapshot, "system.mail"), "disabled") || !*mail.server;
	scoped_buffer          text = BUFFER_NONE;

	snapshot_release(snapshot);
	if (is_off)
		return MAIL_IS_OFF;
	add_notices(&text, notices, n, lost);
	mail.text = buffer_text(&text);
	mail.stop = &mailer->is_ending;
	const char *wrong = mail_send(arena, &mail);

	if (!wrong)
		log_info("mail about what happened was sent");
	else if (!atomic_load(&mailer->is_ending))
		log_warning("mail cannot be sent: %s", wrong);
	return wrong ? MAIL_FAILED : MAIL_SENT;
}

/* --- The thread ----------------------------------------------------------------------------------------------- */

/* The first of the list, which were told of, are not waiting any more. */
static void
forget(struct mailer *mailer, size_t n, size_t lost)
{
	mailer->n -= n;
	mailer->lost -= lost;
	memmove(mailer->waiting, mailer->waiting + n, mailer->n * sizeof(*mailer->waiting));
}

static void
pause_between(struct mailer *mailer)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += MAILER_BETWEEN;
	while (!atomic_load(&mailer->is_ending) &&
	       pthread_cond_timedwait(&mailer->changed, &mailer->lock, &until) == 0)
		;
}

static void *
run(void *context)
{
	struct mailer *mailer = context;
	struct notice *sending = calloc(MAILER_WAITING_MAX, sizeof(*sending));
	unsigned       tries = 0;

	BUG_IF(!sending, "out of memory");
	pthread_mutex_lock(&mailer->lock);
	while (!atomic_load(&mailer->is_ending)) {
		const size_t n = mailer->n, lost = mailer->lost;

		if (n == 0) {
			pthread_cond_wait(&mailer->changed, &mailer->lock);
			continue;
		}
		memcpy(sending, mailer->waiting, n * sizeof(*sending));
		pthread_mutex_unlock(&mailer->lock);
		const enum outcome outcome = send_notices(mailer, sending, n, lost);

		pthread_mutex_lock(&mailer->lock);
		if (outcome != MAIL_FAILED || ++tries == MAILER_TRIES) {
			forget(mailer, n, lost);
			tries = 0;
		}
		if (outcome != MAIL_IS_OFF)
			pause_between(mailer);
	}
	pthread_mutex_unlock(&mailer->lock);
	free(sending);
	return NULL;
}

void
mailer_tell(struct mailer *mailer, const char *text)
{
	if (!mailer)
		return;
	pthread_mutex_lock(&mailer->lock);
	if (mailer->n < MAILER_WAITING_MAX) {
		struct notice *notice = &mailer->waiting[mailer->n++];
		const size_t   len = strnlen(text, MAILER_TEXT_MAX);

		notice->time = time(NULL);
		memcpy(notice->text, text, len);
		notice->text[len] = '\0';
	} else {
		mailer->lost++;
	}
	pthread_cond_signal(&mailer->changed);
	pthread_mutex_unlock(&mailer->lock);
}

struct mailer *
mailer_new(struct store *store)
{
	struct mailer *mailer = calloc(1, sizeof(*mailer));

	BUG_IF(!mailer, "out of memory");
	mailer->store = store;
	pthread_mutex_init(&mailer->lock, NULL);
	steady_condition_init(&mailer->changed);
	BUG_IF(pthread_create(&mailer->thread, NULL, run, mailer) != 0, "no thread");
	return mailer;
}

void
mailer_free(struct mailer *mailer)
{
	if (!mailer)
		return;
	pthread_mutex_lock(&mailer->lock);
	atomic_store(&mailer->is_ending, true);
	pthread_cond_signal(&mailer->changed);
	pthread_mutex_unlock(&mailer->lock);
	pthread_join(mailer->thread, NULL);
	pthread_cond_destroy(&mailer->changed);
	pthread_mutex_destroy(&mailer->lock);
	free(mailer);
}
