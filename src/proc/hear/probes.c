/* Answers and times wake the prober; when a state has changed the gate is told, and asks for all of them. */
#include "proc/hear/probes.h"

#include <stdlib.h>
#include <time.h>

#include "base/bug.h"

#define AGAIN 200 /* ms, when there was no room to tell */

struct probes {
	struct loop   *loop;
	struct prober *prober;
	struct watch   sockets[2]; /* fd -1: not watched */
	struct timer   turn;
	bool           is_due;     /* the gate does not know yet */
	bool         (*tell)(void *self, enum event);
	void          *self;
};

static int64_t
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static void
turn(void *self)
{
	struct probes *probes = self;
	const int64_t  at = now();
	int64_t        next;

	probes->is_due |= prober_turn(probes->prober, at, &next);
	if (probes->is_due)
		probes->is_due = !probes->tell(probes->self, EVENT_GATEWAYS);
	loop_cancel(probes->loop, &probes->turn);
	if (probes->is_due)
		loop_start(probes->loop, &probes->turn, AGAIN);
	else if (next != INT64_MAX)
		loop_start(probes->loop, &probes->turn, next > at ? (next - at + 999) / 1000 : 0);
}

enum result
probes_set(struct probes *probes, const struct probe *list, size_t n, struct buffer *message)
{
	static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };
	const enum result        result = prober_set(probes->prober, list, n, message);

	for (size_t i = 0; i < COUNT(families); i++) {
		if (probes->sockets[i].fd >= 0 || prober_fd(probes->prober, families[i]) < 0)
			continue;
		probes->sockets[i].fd = prober_fd(probes->prober, families[i]);
		loop_watch(probes->loop, &probes->sockets[i]);
	}
	turn(probes);
	return result;
}

size_t
probes_results(const struct probes *probes, struct probe_result *out)
{
	return prober_results(probes->prober, out);
}

struct probes *
probes_new(struct loop *loop, bool (*tell)(void *self, enum event), void *self)
{
	struct probes *probes = calloc(1, sizeof(*probes));

	BUG_IF(!probes, "out of memory");
	*probes = (struct probes){ .loop = loop, .prober = prober_new(), .turn = { .due = turn, .self = probes },
		                   .tell = tell, .self = self };
	for (size_t i = 0; i < COUNT(probes->sockets); i++)
		probes->sockets[i] = (struct watch){ -1, turn, probes };
	return probes;
}

void
probes_free(struct probes *probes)
{
	if (!probes)
		return;
	loop_cancel(probes->loop, &probes->turn);
	for (size_t i = 0; i < COUNT(probes->sockets); i++)
		if (probes->sockets[i].fd >= 0)
			loop_unwatch(probes->loop, &probes->sockets[i]);
	prober_free(probes->prober);
	free(probes);
}
