/* One epoll set and a sorted list of timers; one event at a time, so that whoever is called may remove anything. */
#include "proc/child/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"

struct loop {
	int           epoll;
	struct timer *timers; /* the next one first */
	bool          ending;
};

int64_t
loop_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct loop *
loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	BUG_IF(!loop, "out of memory");
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	BUG_IF(loop->epoll < 0, "no epoll: error %d", errno);
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (!loop)
		return;
	close(loop->epoll);
	free(loop);
}

void
loop_watch(struct loop *loop, struct watch *watch)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = watch };
	const int          added = epoll_ctl(loop->epoll, EPOLL_CTL_ADD, watch->fd, &event);

	BUG_IF(added < 0, "descriptor %d cannot be watched: error %d", watch->fd, errno);
}

void
loop_unwatch(struct loop *loop, struct watch *watch)
{
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
}

void
loop_cancel(struct loop *loop, struct timer *timer)
{
	struct timer **at = &loop->timers;

	if (!timer->running)
		return;
	while (*at != timer)
		at = &(*at)->next;
	*at = timer->next;
	timer->running = false;
}

void
loop_start(struct loop *loop, struct timer *timer, int64_t in_ms)
{
	struct timer **at = &loop->timers;

	loop_cancel(loop, timer);
	timer->at = loop_clock() + in_ms;
	while (*at && (*at)->at <= timer->at)
		at = &(*at)->next;
	timer->next = *at;
	timer->running = true;
	*at = timer;
}

/* Call those whose time has come; one that starts itself again waits for the next round. */
static void
call_due(struct loop *loop)
{
	const int64_t now = loop_clock();

	while (loop->timers && loop->timers->at <= now && !loop->ending) {
		struct timer *timer = loop->timers;

		loop_cancel(loop, timer);
		timer->due(timer->self);
	}
}

static int
time_left(const struct loop *loop)
{
	if (!loop->timers)
		return -1;

	const int64_t left = loop->timers->at - loop_clock();

	return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

void
loop_run(struct loop *loop)
{
	loop->ending = false;
	while (!loop->ending) {
		struct epoll_event event;

		if (epoll_wait(loop->epoll, &event, 1, time_left(loop)) == 1) {
			const struct watch *watch = event.data.ptr;

			watch->ready(watch->self);
		}
		if (!loop->ending)
			call_due(loop);
	}
}

void
loop_end(struct loop *loop)
{
	loop->ending = true;
}
