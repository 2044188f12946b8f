/* One window for each probe; their numbers say to which an answer belongs. */
#include "backend/probe/prober.h"

#include <stdlib.h>
#include <string.h>

#include "backend/probe/echo.h"
#include "backend/probe/window.h"
#include "base/bug.h"

#define ANSWERS_MAX 256 /* taken at one time */

struct prober {
	struct echo     *echo; /* NULL: not opened yet */
	struct window   *windows[PROBES_MAX + 1]; /* by number; NULL: not probed */
	enum probe_state states[PROBES_MAX + 1];  /* as they were told */
};

struct prober *
prober_new(void)
{
	struct prober *prober = calloc(1, sizeof(*prober));

	BUG_IF(!prober, "out of memory");
	return prober;
}

static void
forget(struct prober *prober, unsigned number)
{
	window_free(prober->windows[number]);
	prober->windows[number] = NULL;
	prober->states[number] = PROBE_PENDING;
}

void
prober_free(struct prober *prober)
{
	if (!prober)
		return;
	for (unsigned i = 1; i <= PROBES_MAX; i++)
		forget(prober, i);
	echo_close(prober->echo);
	free(prober);
}

static bool
same_probe(const struct probe *a, const struct probe *b)
{
	return a->number == b->number && a->is_routed == b->is_routed && a->target.family == b->target.family &&
	       address_compare(&a->target, &b->target) == 0 && strcmp(a->device, b->device) == 0 &&
	       a->interval == b->interval && a->loss_interval == b->loss_interval && a->period == b->period &&
	       a->delay_low == b->delay_low && a->delay_high == b->delay_high && a->loss_low == b->loss_low &&
	       a->loss_high == b->loss_high && a->size == b->size;
}

static const struct probe *
find(const struct probe *list, size_t n, unsigned number)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].number == number)
			return &list[i];
	return NULL;
}

enum result
prober_set(struct prober *prober, const struct probe *list, size_t n, struct buffer *message)
{
	const bool        opens = n > 0 && !prober->echo;
	const enum result result = opens ? echo_open(&prober->echo, message) : RESULT_DONE;

	for (unsigned i = 1; i <= PROBES_MAX; i++) {
		const struct probe *want = result == RESULT_DONE ? find(list, n, i) : NULL;

		if (prober->windows[i] && (!want || !same_probe(want, window_probe(prober->windows[i]))))
			forget(prober, i);
		if (want && !prober->windows[i])
			prober->windows[i] = window_new(want);
	}
	return result;
}

int
prober_fd(const struct prober *prober, enum family family)
{
	return prober->echo ? echo_fd(prober->echo, family) : -1;
}

static void
take_answers(struct prober *prober, int64_t now)
{
	static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };
	struct echo_answer       answer;

	for (size_t i = 0; prober->echo && i < COUNT(families); i++)
		for (int k = 0; k < ANSWERS_MAX && echo_receive(prober->echo, families[i], &answer); k++)
			if (prober->windows[answer.gateway])
				window_answer(prober->windows[answer.gateway], answer.number, now - answer.waited);
}

static void
ask(struct prober *prober, struct window *window, int64_t now)
{
	const uint32_t number = window_send(window, now);

	if (!echo_send(prober->echo, window_probe(window), number))
		window_lose(window, number);
}

bool
prober_turn(struct prober *prober, int64_t now, int64_t *next)
{
	bool is_new = false;

	*next = INT64_MAX;
	take_answers(prober, now);
	for (unsigned i = 1; i <= PROBES_MAX; i++) {
		struct window *window = prober->windows[i];

		if (!window)
			continue;
		window_expire(window, now);
		if (window_due(window) <= now)
			ask(prober, window, now);
		const enum probe_state state = window_result(window).state;
		const int64_t          look = window_look(window), due = window_due(window);

		is_new |= state != prober->states[i];
		prober->states[i] = state;
		*next = look < *next ? look : *next;
		*next = due < *next ? due : *next;
	}
	return is_new;
}

size_t
prober_results(const struct prober *prober, struct probe_result *out)
{
	size_t n = 0;

	for (unsigned i = 1; i <= PROBES_MAX; i++)
		if (prober->windows[i])
			out[n++] = window_result(prober->windows[i]);
	return n;
}
