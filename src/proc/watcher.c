/* A thread that asks when there is something to ask for; the courier's own thread must not. */
#include "proc/watcher.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "wire/order.h"
#include "wire/sealed.h"

struct watcher {
	struct courier *courier;
	struct machine *machine;
	void          (*changed)(void *);
	void           *context;
	pthread_mutex_t lock;
	pthread_cond_t  woken;
	pthread_t       thread;
	bool            is_due, is_ending;
};

static bool
ask(struct watcher *watcher)
{
	scoped_arena   arena = arena_new();
	scoped_sealed  bytes = TEXT_NONE;
	scoped_writer  order;
	scoped_message reply;
	struct links   links;

	writer_init(&order);
	message_init(&reply);
	if (courier_ask(watcher->courier, ORDER_LINKS, &order, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return false;
	struct reader in = message_reader(&reply);
	scoped_fd     fd = get_fd(&in);

	if (!got_all(&in) || !sealed_map(fd, LINKS_BYTES_MAX, &bytes) || !links_decode(arena, bytes, &links))
		return false;
	machine_take_links(watcher->machine, &links);
	return true;
}

static void *
run(void *context)
{
	struct watcher *watcher = context;

	pthread_mutex_lock(&watcher->lock);
	while (!watcher->is_ending) {
		while (!watcher->is_due && !watcher->is_ending)
			pthread_cond_wait(&watcher->woken, &watcher->lock);
		if (watcher->is_ending)
			break;
		watcher->is_due = false;
		pthread_mutex_unlock(&watcher->lock);
		if (ask(watcher))
			watcher->changed(watcher->context);
		else
			log_warning("the keeper does not say which links there are");
		pthread_mutex_lock(&watcher->lock);
	}
	pthread_mutex_unlock(&watcher->lock);
	return NULL;
}

struct watcher *
watcher_new(struct courier *courier, struct machine *machine, void (*changed)(void *), void *context)
{
	struct watcher *watcher = calloc(1, sizeof(*watcher));

	BUG_IF(!watcher, "out of memory");
	*watcher = (struct watcher){ .courier = courier, .machine = machine, .changed = changed, .context = context };
	pthread_mutex_init(&watcher->lock, NULL);
	pthread_cond_init(&watcher->woken, NULL);
	ask(watcher);
	BUG_IF(pthread_create(&watcher->thread, NULL, run, watcher) != 0, "no thread");
	return watcher;
}

void
watcher_free(struct watcher *watcher)
{
	if (!watcher)
		return;
	pthread_mutex_lock(&watcher->lock);
	watcher->is_ending = true;
	pthread_cond_signal(&watcher->woken);
	pthread_mutex_unlock(&watcher->lock);
	pthread_join(watcher->thread, NULL);
	pthread_cond_destroy(&watcher->woken);
	pthread_mutex_destroy(&watcher->lock);
	free(watcher);
}

void
watcher_wake(struct watcher *watcher)
{
	if (!watcher)
		return;
	pthread_mutex_lock(&watcher->lock);
	watcher->is_due = true;
	pthread_cond_signal(&watcher->woken);
	pthread_mutex_unlock(&watcher->lock);
}
