/* The keeper is asked how its daemons are; what it is told is what clients tell it too: start. */
#include "proc/notify/watchdog.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/steady.h"
#include "proc/ask/ask.h"
#include "proc/service/runner.h"
#include "proc/service/seen.h"
#include "wire/order.h"

/* How often a daemon had ended when we looked last, listed or not: what was before it became so is nobody's news. */
struct known {
	char     name[SERVICE_NAME_MAX + 1];
	unsigned losses;
	time_t   again; /* when to try once more what could not be started, in steady seconds */
};

struct watchdog {
	struct watchdog_setup setup;
	pthread_mutex_t       lock;
	pthread_cond_t        woken;
	pthread_t             thread;
	bool                  is_ending;
	struct known          known[SERVICES_MAX];
	size_t                nknown;
};

static time_t
steady_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void
say(const struct watchdog *watchdog, struct arena *arena, const struct record *watched, const char *text)
{
	log_warning("service watchdog: %s", text);
	if (record_bool(watched, "notify"))
		mailer_tell(watchdog->setup.mailer, arena_print(arena, "service watchdog: %s", text));
}

static enum result
start(const struct watchdog *watchdog, struct arena *arena, const char *service, const char **why)
{
	scoped_writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_string(&order, service);
	put_u32(&order, SERVICE_START);
	const enum result result =
		courier_ask(watchdog->setup.courier, ORDER_SERVICE, &order, ORDER_APPLY_TIMEOUT, &reply);
	struct reader in = message_reader(&reply);

	*why = arena_copy(arena, result == RESULT_DONE ? TEXT_NONE : get_text(&in, ORDER_MESSAGE_MAX));
	return result;
}

/* NULL: there is no room for more. */
static struct known *
known_of(struct watchdog *watchdog, const struct seen_service *seen)
{
	struct known *known = watchdog->known;

	for (size_t i = 0; i < watchdog->nknown; i++, known++)
		if (strcmp(known->name, seen->name) == 0)
			return known;
	if (watchdog->nknown == SERVICES_MAX)
		return NULL;
	watchdog->nknown++;
	*known = (struct known){ .losses = seen->losses };
	memcpy(known->name, seen->name, sizeof(known->name));
	return known;
}

static void
look_at(const struct watchdog *watchdog, struct arena *arena, const struct record *watched, const struct seen_service *seen,
	struct known *known)
{
	const time_t now = steady_seconds();
	const char  *why;

	if (!seen->is_wanted)
		return;
	if (seen->state != DAEMON_STOPPED) {
		if (seen->losses > known->losses)
			say(watchdog, arena, watched, arena_print(arena, "%s had failed and was started again", seen->name));
		return;
	}
	if (now < known->again)
		return;
	if (start(watchdog, arena, seen->name, &why) == RESULT_DONE) {
		say(watchdog, arena, watched, arena_print(arena, "%s had stopped and was started again", seen->name));
		return;
	}
	known->again = now + WATCHDOG_AGAIN;
	say(watchdog, arena, watched, arena_print(arena, "%s has stopped and cannot be started: %s", seen->name, why));
}

static const struct record *
find_watched(const struct collection *list, const struct seen_service *seen)
{
	for (size_t i = 0; i < collection_count(list); i++)
		if (service_stands_for(record_get(collection_at(list, i), "name"), seen->name))
			return collection_at(list, i);
	return NULL;
}

static void
look_at_all(struct watchdog *watchdog, struct arena *arena, const struct collection *list)
{
	struct seen_service *seen = NULL;
	scoped_writer        order;
	scoped_message       reply;
	size_t               n = 0;

	writer_init(&order);
	message_init(&reply);
	if (courier_ask(watchdog->setup.courier, ORDER_SERVICES, &order, ORDER_TIMEOUT, &reply) != RESULT_DONE ||
	    !seen_read(&reply, arena, &seen, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct record *watched = find_watched(list, &seen[i]);
		struct known        *known = known_of(watchdog, &seen[i]);

		if (watched && known)
			look_at(watchdog, arena, watched, &seen[i], known);
		if (known)
			known->losses = seen[i].losses;
	}
}

static void
look(struct watchdog *watchdog)
{
	scoped_arena             arena = arena_new();
	const struct snapshot   *snapshot = store_snapshot(watchdog->setup.store);
	const struct collection *list = snapshot_named(snapshot, "system.watched");

	if (collection_count(list) > 0)
		look_at_all(watchdog, arena, list);
	else
		watchdog->nknown = 0;
	snapshot_release(snapshot);
}

static void *
run(void *context)
{
	struct watchdog *watchdog = context;
	struct timespec  until;

	pthread_mutex_lock(&watchdog->lock);
	while (!watchdog->is_ending) {
		pthread_mutex_unlock(&watchdog->lock);
		look(watchdog);
		pthread_mutex_lock(&watchdog->lock);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += WATCHDOG_SECONDS;
		while (!watchdog->is_ending && pthread_cond_timedwait(&watchdog->woken, &watchdog->lock, &until) == 0)
			;
	}
	pthread_mutex_unlock(&watchdog->lock);
	return NULL;
}

struct watchdog *
watchdog_new(const struct watchdog_setup *setup)
{
	struct watchdog *watchdog = calloc(1, sizeof(*watchdog));

	BUG_IF(!watchdog, "out of memory");
	watchdog->setup = *setup;
	pthread_mutex_init(&watchdog->lock, NULL);
	steady_condition_init(&watchdog->woken);
	BUG_IF(pthread_create(&watchdog->thread, NULL, run, watchdog) != 0, "no thread");
	return watchdog;
}

void
watchdog_free(struct watchdog *watchdog)
{
	if (!watchdog)
		return;
	pthread_mutex_lock(&watchdog->lock);
	watchdog->is_ending = true;
	pthread_cond_signal(&watchdog->woken);
	pthread_mutex_unlock(&watchdog->lock);
	pthread_join(watchdog->thread, NULL);
	pthread_cond_destroy(&watchdog->woken);
	pthread_mutex_destroy(&watchdog->lock);
	free(watchdog);
}
