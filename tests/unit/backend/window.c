/* What the prober makes of answers that come, are late, or never come. The clock is ours. */
#include "backend/probe/window.h"

#include <string.h>

#include "test.h"

#define SECOND 1000000

static struct window *window;
static int64_t        clock_now;

/* Answers that are on their way. */
static struct {
	uint32_t number;
	int64_t  at; /* 0: none */
} coming[64];

/* As OPNsense presets it: every second, 60 of them, lost after 4; down from 20 % or 500 ms on. */
static struct probe
usual(void)
{
	return (struct probe){ .number = 7, .target = { FAMILY_INET, { 192, 0, 2, 1 } }, .interval = 1000, .loss_interval = 4000,
			       .period = 60000, .delay_low = 200, .delay_high = 500, .loss_low = 10, .loss_high = 20 };
}

static void
begin(const struct probe *probe)
{
	window_free(window);
	window = window_new(probe);
	clock_now = 1000 * (int64_t)SECOND;
	memset(coming, 0, sizeof(coming));
}

static int64_t
deliver(void)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < COUNT(coming); i++) {
		if (coming[i].at && coming[i].at <= clock_now) {
			window_answer(window, coming[i].number, clock_now);
			coming[i].at = 0;
		}
		next = coming[i].at && coming[i].at < next ? coming[i].at : next;
	}
	return next;
}

static void
answer_at(uint32_t number, int64_t at)
{
	for (size_t i = 0; i < COUNT(coming); i++)
		if (!coming[i].at) {
			coming[i].number = number;
			coming[i].at = at;
			return;
		}
}

/* Lets `us` go by; each question is answered after `delay`, 0: never. Gives how many were asked. */
static unsigned
run(int64_t us, int64_t delay)
{
	const int64_t until = clock_now + us;
	unsigned      asked = 0;

	for (int64_t next; clock_now < until; clock_now = next < until ? next : until) {
		deliver();
		window_expire(window, clock_now);
		if (window_due(window) <= clock_now) {
			const uint32_t number = window_send(window, clock_now);

			if (delay)
				answer_at(number, clock_now + delay);
			asked++;
		}
		next = window_due(window) < window_look(window) ? window_due(window) : window_look(window);
		next = deliver() < next ? deliver() : next;
		next = next <= clock_now ? clock_now + 1 : next;
	}
	return asked;
}

static enum probe_state
now_is(void)
{
	return window_result(window).state;
}

TEST(answers_make_a_gateway_fine_and_are_measured)
{
	const struct probe probe = usual();

	begin(&probe);
	CHECK_NUMBER(now_is(), PROBE_PENDING);
	CHECK(!window_result(window).is_measured);
	CHECK_NUMBER(run(100 * (int64_t)SECOND, 10000), 100);
	CHECK_NUMBER(now_is(), PROBE_FINE);
	CHECK(window_result(window).is_measured);
	CHECK_NUMBER(window_result(window).number, 7);
	CHECK_NUMBER(window_result(window).delay, 10000);
	CHECK_NUMBER(window_result(window).deviation, 0);
	CHECK_NUMBER(window_result(window).loss, 0);
}

TEST(a_gateway_that_falls_silent_is_down_within_three_seconds)
{
	const struct probe probe = usual();
	int64_t            silent = 0;

	/* Whenever it happens between two probes. */
	for (int64_t at = 0; at < SECOND; at += 50000) {
		begin(&probe);
		run(20 * (int64_t)SECOND + at, 5000);
		for (silent = 0; now_is() != PROBE_DOWN && silent < 10 * (int64_t)SECOND; silent += 10000)
			run(10000, 0);
		CHECK(silent < 3 * (int64_t)SECOND);
		CHECK(silent > 1 * (int64_t)SECOND);
	}
	/* It is asked as often as usual then, and the loss that is measured is that of usual probes. */
	CHECK_NUMBER(run(10 * (int64_t)SECOND, 0), 10);
	CHECK(window_result(window).loss <= 450);
}

TEST(one_that_never_answered_is_down_soon_too)
{
	const struct probe probe = usual();

	begin(&probe);
	run(4 * (int64_t)SECOND, 0);
	CHECK_NUMBER(now_is(), PROBE_DOWN);
}

TEST(it_is_back_after_some_answers_when_the_window_agrees)
{
	const struct probe probe = usual();

	begin(&probe);
	run(60 * (int64_t)SECOND, 5000);
	run(4 * (int64_t)SECOND, 0);
	CHECK_NUMBER(now_is(), PROBE_DOWN);
	run(1 * (int64_t)SECOND, 5000);
	CHECK_NUMBER(now_is(), PROBE_DOWN);
	run(8 * (int64_t)SECOND, 5000);
	CHECK_NUMBER(now_is(), PROBE_FINE);
	/* After a long silence most of the window is lost. */
	run(40 * (int64_t)SECOND, 0);
	run(10 * (int64_t)SECOND, 5000);
	CHECK_NUMBER(now_is(), PROBE_DOWN);
	run(60 * (int64_t)SECOND, 5000);
	CHECK_NUMBER(now_is(), PROBE_FINE);
}

TEST(a_lost_probe_now_and_then_is_loss_and_no_silence)
{
	struct probe probe = usual();

	probe.loss_high = 50;
	begin(&probe);
	for (int i = 0; i < 30; i++) {
		run(4 * (int64_t)SECOND, 5000);
		run(SECOND, 0);
		CHECK(now_is() != PROBE_DOWN);
	}
	run(8 * (int64_t)SECOND, 5000);
	CHECK(window_result(window).loss > 100 && window_result(window).loss < 250);
	CHECK_NUMBER(now_is(), PROBE_LOSSY);
}

TEST(slow_answers_are_delay_and_very_slow_ones_are_down)
{
	const struct probe probe = usual();

	begin(&probe);
	run(100 * (int64_t)SECOND, 300000);
	CHECK_NUMBER(now_is(), PROBE_DELAYED);
	CHECK_NUMBER(window_result(window).delay, 300000);
	run(100 * (int64_t)SECOND, 700000);
	CHECK_NUMBER(now_is(), PROBE_DOWN);
	CHECK_NUMBER(window_result(window).loss, 0);
}

TEST(an_answer_counts_once_and_in_time)
{
	const struct probe probe = usual();
	uint32_t           number;

	begin(&probe);
	number = window_send(window, clock_now);
	CHECK(!window_answer(window, number + 1, clock_now + 1));
	CHECK(window_answer(window, number, clock_now + 1000));
	CHECK(!window_answer(window, number, clock_now + 2000));
	number = window_send(window, clock_now + SECOND);
	CHECK(!window_answer(window, number, clock_now + 6 * (int64_t)SECOND));
	window_expire(window, clock_now + 6 * (int64_t)SECOND);
	CHECK_NUMBER(window_result(window).loss, 500);
	number = window_send(window, clock_now + 7 * (int64_t)SECOND);
	window_lose(window, number);
	CHECK_NUMBER(window_result(window).loss, 666);
}

TEST(extremes_are_within_bounds)
{
	struct probe probe = usual();

	probe.interval = 1;
	probe.period = PROBE_TIME_MAX;
	begin(&probe);
	CHECK_NUMBER(run(60 * (int64_t)SECOND, 1000), 600);
	CHECK_NUMBER(now_is(), PROBE_FINE);
	probe.interval = PROBE_TIME_MAX;
	probe.period = 1;
	begin(&probe);
	CHECK_NUMBER(run(2 * (int64_t)PROBE_TIME_MAX * 1000, 1000), 2);
	CHECK_NUMBER(now_is(), PROBE_FINE);
	window_free(window);
	window = NULL;
}

RUN(cmocka_unit_test(answers_make_a_gateway_fine_and_are_measured),
    cmocka_unit_test(a_gateway_that_falls_silent_is_down_within_three_seconds),
    cmocka_unit_test(one_that_never_answered_is_down_soon_too),
    cmocka_unit_test(it_is_back_after_some_answers_when_the_window_agrees),
    cmocka_unit_test(a_lost_probe_now_and_then_is_loss_and_no_silence),
    cmocka_unit_test(slow_answers_are_delay_and_very_slow_ones_are_down), cmocka_unit_test(an_answer_counts_once_and_in_time),
    cmocka_unit_test(extremes_are_within_bounds));
