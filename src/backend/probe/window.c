/*
 * A ring of samples, one for each probe of the period. Questions that are asked faster, because one was not answered, are
 * numbered apart and count for silence only: the measured loss stays what the configured interval would have found.
 */
#include "backend/probe/window.h"

#include <math.h>
#include <stdlib.h>

#include "base/bug.h"

#define EXTRA     (1U << 31) /* in the number of a question that is no sample */
#define QUESTIONS 64         /* that are remembered for silence; more than can be open before it is told */

enum outcome { OUTCOME_NONE, OUTCOME_WAITING, OUTCOME_ANSWERED, OUTCOME_LOST };

struct sample {
	int64_t      sent;
	uint32_t     number;
	uint32_t     delay;
	enum outcome outcome;
};

struct question {
	int64_t  sent;
	uint32_t number;
};

struct window {
	struct probe    probe;
	struct sample  *samples;
	size_t          room;
	uint32_t        next, next_extra;
	int64_t         last, due;            /* when the last sample was sent; when something is to be sent */
	struct question questions[QUESTIONS]; /* a ring */
	size_t          asked, judged;        /* how many there ever were, and how many of them cannot be late any more */
	unsigned        unanswered;           /* late ones since the last answer */
	unsigned        answered;             /* in a row, since it was silent */
	bool            is_silent;
};

static int64_t
microseconds(uint32_t milliseconds)
{
	return (int64_t)milliseconds * 1000;
}

static int64_t
interval_of(const struct window *window)
{
	const uint32_t interval = window->probe.interval;

	return microseconds(interval < WINDOW_INTERVAL_MIN ? WINDOW_INTERVAL_MIN : interval);
}

struct window *
window_new(const struct probe *probe)
{
	struct window *window = calloc(1, sizeof(*window));

	BUG_IF(!window, "out of memory");
	window->probe = *probe;
	window->room = (size_t)(microseconds(probe->period) / interval_of(window));
	window->room = window->room < 1 ? 1 : window->room > WINDOW_SAMPLES_MAX ? WINDOW_SAMPLES_MAX : window->room;
	window->samples = calloc(window->room, sizeof(*window->samples));
	BUG_IF(!window->samples, "out of memory");
	return window;
}

void
window_free(struct window *window)
{
	if (!window)
		return;
	free(window->samples);
	free(window);
}

const struct probe *
window_probe(const struct window *window)
{
	return &window->probe;
}

/* --- What is measured ------------------------------------------------------------------------- */

struct sums {
	size_t answered, lost;
	double mean, deviation; /* us */
};

static struct sums
sum_up(const struct window *window)
{
	struct sums sums = { 0 };
	double      squares = 0;

	for (size_t i = 0; i < window->room; i++) {
		const struct sample *sample = &window->samples[i];

		sums.lost += sample->outcome == OUTCOME_LOST;
		if (sample->outcome != OUTCOME_ANSWERED)
			continue;
		sums.answered++;
		sums.mean += sample->delay;
		squares += (double)sample->delay * sample->delay;
	}
	if (sums.answered == 0)
		return sums;
	sums.mean /= (double)sums.answered;
	squares = squares / (double)sums.answered - sums.mean * sums.mean;
	sums.deviation = squares > 0 ? sqrt(squares) : 0;
	return sums;
}

/* How long an answer may take before it is called late. */
static int64_t
patience_of(const struct window *window)
{
	const struct sums sums = sum_up(window);
	const int64_t     most = microseconds(window->probe.loss_interval);
	int64_t           patience = sums.answered ? (int64_t)(sums.mean * 4) : WINDOW_UNKNOWN;

	patience = patience < WINDOW_PATIENCE ? WINDOW_PATIENCE : patience;
	return patience < most ? patience : most;
}

static enum probe_state
state_of(const struct window *window, const struct sums *sums, uint32_t loss)
{
	const struct probe *probe = &window->probe;
	const double        delay = sums->mean / 1000;
	const bool          is_lossy = loss > probe->loss_low * 10, is_delayed = delay > probe->delay_low;

	if (window->is_silent)
		return PROBE_DOWN;
	if (sums->answered + sums->lost == 0)
		return PROBE_PENDING;
	if ((probe->loss_high && loss >= probe->loss_high * 10) || (probe->delay_high && delay > probe->delay_high))
		return PROBE_DOWN;
	return is_lossy && is_delayed ? PROBE_POOR : is_lossy ? PROBE_LOSSY : is_delayed ? PROBE_DELAYED : PROBE_FINE;
}

struct probe_result
window_result(const struct window *window)
{
	const struct sums sums = sum_up(window);
	const size_t      all = sums.answered + sums.lost;
	const uint32_t    loss = all ? (uint32_t)(sums.lost * 1000 / all) : 0;

	return (struct probe_result){
		.number = window->probe.number,
		.state = state_of(window, &sums, loss),
		.is_measured = all > 0,
		.delay = (uint32_t)sums.mean,
		.deviation = (uint32_t)sums.deviation,
		.loss = loss,
	};
}

/* --- Asking ----------------------------------------------------------------------------------- */

/* Is it time to ask faster? Not when it is known to be down, and not when it is asked as fast anyway. */
static bool
is_suspect(const struct window *window)
{
	return window->unanswered > 0 && !window->is_silent && interval_of(window) > WINDOW_FAST;
}

int64_t
window_due(const struct window *window)
{
	return window->due;
}

uint32_t
window_send(struct window *window, int64_t now)
{
	const int64_t  usual = interval_of(window);
	const bool     is_extra = is_suspect(window) && now - window->last < usual;
	const uint32_t number = is_extra ? (window->next_extra++ & ~EXTRA) | EXTRA : window->next++ & ~EXTRA;

	if (!is_extra) {
		window->samples[number % window->room] =
			(struct sample){ .sent = now, .number = number, .outcome = OUTCOME_WAITING };
		window->last = now;
	}
	window->questions[window->asked++ % QUESTIONS] = (struct question){ now, number };
	window->due = now + (is_suspect(window) ? WINDOW_FAST : usual);
	return number;
}

void
window_lose(struct window *window, uint32_t number)
{
	struct sample *sample = &window->samples[number % window->room];

	if (sample->number == number && sample->outcome == OUTCOME_WAITING)
		sample->outcome = OUTCOME_LOST;
}

/* --- Answers ---------------------------------------------------------------------------------- */

/* What was asked before it needs no answer any more. */
static void
hear(struct window *window, size_t question)
{
	window->judged = question + 1 > window->judged ? question + 1 : window->judged;
	window->unanswered = 0;
	if (window->is_silent && ++window->answered >= WINDOW_BACK)
		window->is_silent = false;
}

bool
window_answer(struct window *window, uint32_t number, int64_t now)
{
	struct sample *sample = &window->samples[number % window->room];

	for (size_t i = window->asked; i > 0 && i + QUESTIONS > window->asked; i--) {
		struct question *question = &window->questions[(i - 1) % QUESTIONS];

		if (question->number != number || question->sent == 0)
			continue;
		if (now - question->sent > microseconds(window->probe.loss_interval))
			return false;
		if (!(number & EXTRA) && sample->number == number && sample->outcome == OUTCOME_WAITING) {
			sample->outcome = OUTCOME_ANSWERED;
			sample->delay = now > question->sent ? (uint32_t)(now - question->sent) : 0;
		}
		question->sent = 0;
		hear(window, i - 1);
		return true;
	}
	return false;
}

static void
judge(struct window *window, int64_t now)
{
	const int64_t late = now - patience_of(window);
	const bool    was_suspect = is_suspect(window);

	if (window->judged + QUESTIONS < window->asked)
		window->judged = window->asked - QUESTIONS;
	for (; window->judged < window->asked; window->judged++) {
		if (window->questions[window->judged % QUESTIONS].sent > late)
			break;
		window->unanswered++;
		window->answered = 0;
	}
	if (window->unanswered >= WINDOW_SILENT)
		window->is_silent = true;
	if (!was_suspect && is_suspect(window) && window->due > now)
		window->due = now;
}

void
window_expire(struct window *window, int64_t now)
{
	const int64_t lost = now - microseconds(window->probe.loss_interval);

	judge(window, now);
	for (size_t i = 0; i < window->room; i++)
		if (window->samples[i].outcome == OUTCOME_WAITING && window->samples[i].sent <= lost)
			window->samples[i].outcome = OUTCOME_LOST;
}

int64_t
window_look(const struct window *window)
{
	const struct question *question = &window->questions[window->judged % QUESTIONS];

	return window->judged < window->asked ? question->sent + patience_of(window) : window->due;
}
