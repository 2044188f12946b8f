/*
 * One thread goes over all connections a few times a second: 5,000 of them cost it some tens of
 * microseconds, and nothing on the way of a request but storing a number. It also keeps the
 * connections that linger.
 */
#include "http/watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/steady.h"

#define TICK_MS 200
#define LINGER_MAX 64
#define LINGER_MS 15000
#define LINGER_SILENCE_MS 2000

struct lingering {
	int      fd;
	uint64_t until;
	uint64_t heard;
};

struct watch {
	pthread_t       thread;
	pthread_mutex_t lock;
	pthread_cond_t  wake;
	struct watched  ring; /* its newer is the oldest */
	size_t          count;
	bool            draining;
	bool            ending;
	void (*tick)(void *);
	void            *context;
	struct lingering lingering[LINGER_MAX];
	size_t           nlingering;
};

uint64_t
watch_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + 1;
}

static void
end_late_ones(struct watch *watch)
{
	const uint64_t now = watch_now();

	for (struct watched *one = watch->ring.newer; one != &watch->ring; one = one->newer) {
		const uint64_t deadline =
			atomic_load_explicit(&one->deadline, memory_order_relaxed);

		if ((deadline != 0 && deadline <= now) ||
		    (watch->draining && atomic_load_explicit(&one->idle, memory_order_relaxed)))
			shutdown(one->fd, SHUT_RDWR);
	}
}

/* Read what is there; false when the connection can be closed. */
static bool
read_on(struct lingering *one, uint64_t now)
{
	char    nowhere[16384];
	ssize_t n;

	for (int i = 0; i < 16; i++) {
		n = recv(one->fd, nowhere, sizeof(nowhere), MSG_DONTWAIT);
		if (n <= 0)
			break;
		one->heard = now;
	}
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return false;
	return now < one->until && now < one->heard + LINGER_SILENCE_MS;
}

static void
read_lingering(struct watch *watch, bool close_all)
{
	const uint64_t now = watch_now();
	size_t         kept = 0;

	for (size_t i = 0; i < watch->nlingering; i++) {
		if (!close_all && read_on(&watch->lingering[i], now))
			watch->lingering[kept++] = watch->lingering[i];
		else
			close(watch->lingering[i].fd);
	}
	watch->nlingering = kept;
}

/* Sleep a tick, or until there is something to do; called and returns with the lock held. */
static void
wait_a_tick(struct watch *watch)
{
	struct pollfd   fds[LINGER_MAX];
	struct timespec until;
	const size_t    n = watch->nlingering;

	if (n > 0) {
		for (size_t i = 0; i < n; i++)
			fds[i] = (struct pollfd){ .fd = watch->lingering[i].fd, .events = POLLIN };
		pthread_mutex_unlock(&watch->lock);
		poll(fds, n, TICK_MS);
		pthread_mutex_lock(&watch->lock);
		return;
	}
	if (watch->count == 0) {
		pthread_cond_wait(&watch->wake, &watch->lock);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)TICK_MS * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&watch->wake, &watch->lock, &until);
}

static void *
run(void *context)
{
	struct watch *watch = context;
	uint64_t      last = 0;

	pthread_mutex_lock(&watch->lock);
	while (!watch->ending) {
		const uint64_t now = watch_now();

		read_lingering(watch, false);
		if (now >= last + TICK_MS || watch->draining) {
			last = now;
			end_late_ones(watch);
			pthread_mutex_unlock(&watch->lock);
			watch->tick(watch->context);
			pthread_mutex_lock(&watch->lock);
		}
		if (!watch->ending)
			wait_a_tick(watch);
	}
	pthread_mutex_unlock(&watch->lock);
	return NULL;
}

struct watch *
watch_new(void (*tick)(void *), void *context)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	BUG_IF(!watch, "out of memory");
	watch->tick = tick;
	watch->context = context;
	watch->ring.older = watch->ring.newer = &watch->ring;
	pthread_mutex_init(&watch->lock, NULL);
	steady_condition_init(&watch->wake);
	if (pthread_create(&watch->thread, NULL, run, watch) == 0)
		return watch;
	pthread_cond_destroy(&watch->wake);
	pthread_mutex_destroy(&watch->lock);
	free(watch);
	return NULL;
}

void
watch_free(struct watch *watch)
{
	if (!watch)
		return;
	pthread_mutex_lock(&watch->lock);
	watch->ending = true;
	pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
	pthread_join(watch->thread, NULL);
	BUG_IF(watch->count > 0, "%zu connections are still watched", watch->count);
	read_lingering(watch, true);
	pthread_cond_destroy(&watch->wake);
	pthread_mutex_destroy(&watch->lock);
	free(watch);
}

void
watch_add(struct watch *watch, struct watched *one)
{
	pthread_mutex_lock(&watch->lock);
	one->older = watch->ring.older;
	one->newer = &watch->ring;
	one->older->newer = one;
	watch->ring.older = one;
	if (watch->count++ == 0)
		pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
}

void
watch_remove(struct watch *watch, struct watched *one)
{
	pthread_mutex_lock(&watch->lock);
	one->older->newer = one->newer;
	one->newer->older = one->older;
	watch->count--;
	pthread_mutex_unlock(&watch->lock);
}

size_t
watch_count(struct watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	const size_t count = watch->count;

	pthread_mutex_unlock(&watch->lock);
	return count;
}

bool
watch_any(struct watch *watch, bool (*holds)(struct watched *))
{
	bool found = false;

	pthread_mutex_lock(&watch->lock);
	for (struct watched *one = watch->ring.newer; !found && one != &watch->ring;
	     one = one->newer)
		found = holds(one);
	pthread_mutex_unlock(&watch->lock);
	return found;
}

void
watch_drain(struct watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	watch->draining = true;
	pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
}

void
watch_linger(struct watch *watch, int fd)
{
	const uint64_t now = watch_now();

	pthread_mutex_lock(&watch->lock);
	if (watch->nlingering < LINGER_MAX) {
		watch->lingering[watch->nlingering++] =
			(struct lingering){ fd, now + LINGER_MS, now };
		fd = -1;
		pthread_cond_signal(&watch->wake);
	}
	pthread_mutex_unlock(&watch->lock);
	if (fd >= 0)
		close(fd);
}
