/*
 * A few threads go over a list by time: who is due is asked for more and what comes is queued at the server, which
 * never waits for a client. Who does not read fast enough is let go.
 */
#include "proc/lane/streams.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/bug.h"
#include "base/steady.h"
#include "proc/child/loop.h"

struct listener {
	struct http_stream *stream;
	struct follow      *follow;
	int64_t             due; /* ms */
	struct listener    *next;
};

struct streams {
	const struct service *service;
	pthread_mutex_t       lock;
	pthread_cond_t        wake;
	pthread_t             threads[STREAMS_THREADS];
	struct listener      *first; /* by time */
	size_t                count; /* with those that are being asked, and room that is kept */
	bool                  is_ending;
};

/* With the lock held. */
static void
insert(struct streams *streams, struct listener *listener)
{
	struct listener **at = &streams->first;

	while (*at && (*at)->due <= listener->due)
		at = &(*at)->next;
	listener->next = *at;
	*at = listener;
	if (at == &streams->first)
		pthread_cond_signal(&streams->wake);
}

static void
let_go(struct listener *listener)
{
	http_stream_close(listener->stream);
	follow_free(listener->follow);
	free(listener);
}

/* Who is due next, when it is; the lock is held. NULL: the end. */
static struct listener *
wait_for_one(struct streams *streams)
{
	while (!streams->is_ending) {
		struct listener *listener = streams->first;
		const int64_t    now = loop_clock();

		if (!listener) {
			pthread_cond_wait(&streams->wake, &streams->lock);
			continue;
		}
		if (listener->due <= now) {
			streams->first = listener->next;
			return listener;
		}
		const struct timespec until = { listener->due / 1000, listener->due % 1000 * 1000000 };

		pthread_cond_timedwait(&streams->wake, &streams->lock, &until);
	}
	return NULL;
}

/* False: it is over. */
static bool
go_on(struct streams *streams, struct listener *listener)
{
	struct follow *follow = listener->follow;
	scoped_buffer  out = BUFFER_NONE;
	const bool     more = follow->more(follow, streams->service, &out);
	const bool     taken = out.len == 0 || http_stream_write(listener->stream, buffer_text(&out));

	/* Not `due + every`: who was late does not hurry afterwards. */
	listener->due = loop_clock() + follow->every;
	return more && taken;
}

static void *
run(void *context)
{
	struct streams  *streams = context;
	struct listener *listener;

	pthread_mutex_lock(&streams->lock);
	while ((listener = wait_for_one(streams))) {
		pthread_mutex_unlock(&streams->lock);
		const bool more = go_on(streams, listener);

		if (!more)
			let_go(listener);
		pthread_mutex_lock(&streams->lock);
		if (more)
			insert(streams, listener);
		else
			streams->count--;
	}
	pthread_mutex_unlock(&streams->lock);
	return NULL;
}

struct streams *
streams_new(const struct service *service)
{
	struct streams *streams = calloc(1, sizeof(*streams));

	BUG_IF(!streams, "out of memory");
	streams->service = service;
	pthread_mutex_init(&streams->lock, NULL);
	steady_condition_init(&streams->wake);
	for (size_t i = 0; i < STREAMS_THREADS; i++)
		BUG_IF(pthread_create(&streams->threads[i], NULL, run, streams) != 0, "no thread");
	return streams;
}

void
streams_free(struct streams *streams)
{
	if (!streams)
		return;
	pthread_mutex_lock(&streams->lock);
	streams->is_ending = true;
	pthread_cond_broadcast(&streams->wake);
	pthread_mutex_unlock(&streams->lock);
	for (size_t i = 0; i < STREAMS_THREADS; i++)
		pthread_join(streams->threads[i], NULL);
	for (struct listener *next; streams->first; streams->first = next) {
		next = streams->first->next;
		let_go(streams->first);
	}
	pthread_cond_destroy(&streams->wake);
	pthread_mutex_destroy(&streams->lock);
	free(streams);
}

bool
streams_reserve(struct streams *streams)
{
	pthread_mutex_lock(&streams->lock);
	const bool has_room = !streams->is_ending && streams->count < STREAMS_MAX;

	streams->count += has_room;
	pthread_mutex_unlock(&streams->lock);
	return has_room;
}

void
streams_add(struct streams *streams, struct http_stream *stream, struct follow *follow)
{
	struct listener *listener = calloc(1, sizeof(*listener));

	BUG_IF(!listener, "out of memory");
	*listener = (struct listener){ .stream = stream, .follow = follow, .due = loop_clock() };
	pthread_mutex_lock(&streams->lock);
	insert(streams, listener);
	pthread_mutex_unlock(&streams->lock);
}
