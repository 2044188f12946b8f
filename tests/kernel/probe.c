/* Gateways that are probed for real: who answers, who falls silent, and by which way the questions go. */
#include "backend/probe/prober.h"

#include <poll.h>
#include <time.h>

#include "hosts.h"
#include "lab.h"
#include "test.h"

#define SECOND 1000000
#define LIMIT  (60 * (int64_t)SECOND) /* a first question that went out before its link was up is forgiven after ten more */

static struct prober      *prober;
static struct probe_result results[PROBES_MAX];
static size_t              nresults;

static int64_t
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * SECOND + at.tv_nsec / 1000;
}

static struct probe
probe(uint8_t number, const char *target)
{
	struct probe one = { .number = number, .interval = 1000, .loss_interval = 4000, .period = 60000, .delay_low = 200,
			     .delay_high = 500, .loss_low = 10, .loss_high = 20, .size = 1 };

	CHECK(address_read(text_of(target), &one.target));
	return one;
}

static void
set(const struct probe *list, size_t n)
{
	scoped_buffer message = BUFFER_NONE;

	if (prober_set(prober, list, n, &message) != RESULT_DONE)
		fail_msg("%s", buffer_string(&message));
}

/* Turns until that gateway is so: how long it took, LIMIT where it never was. */
static int64_t
turn_until(uint8_t number, enum probe_state state)
{
	const int64_t begin = now();

	for (;;) {
		struct pollfd fds[] = { { prober_fd(prober, FAMILY_INET), POLLIN, 0 }, { prober_fd(prober, FAMILY_INET6), POLLIN, 0 } };
		int64_t       next;

		prober_turn(prober, now(), &next);
		nresults = prober_results(prober, results);
		for (size_t i = 0; i < nresults; i++)
			if (results[i].number == number && results[i].state == state)
				return now() - begin;
		if (now() - begin >= LIMIT)
			return LIMIT;
		poll(fds, 2, next > now() ? (int)((next - now()) / 1000) + 1 : 0);
	}
}

TEST(who_answers_is_fine_and_who_falls_silent_is_down_soon)
{
	struct probe list[] = { probe(1, "192.0.2.10"), probe(2, "10.2.0.10"), probe(3, "fd00:2::10"), probe(4, "192.0.2.77") };

	list[1].size = PROBE_SIZE_MAX;
	prober = prober_new();
	set(list, COUNT(list));
	CHECK(turn_until(1, PROBE_FINE) < LIMIT);
	CHECK(turn_until(2, PROBE_FINE) < LIMIT);
	CHECK(turn_until(3, PROBE_FINE) < LIMIT);
	CHECK(turn_until(4, PROBE_DOWN) < LIMIT); /* nobody is there */
	CHECK_NUMBER(nresults, 4);
	CHECK(results[0].is_measured && results[0].delay > 0 && results[0].loss < 1000);
	HOST_IP(HOST_OPT, "link", "set", "eth0", "down");
	const int64_t took = turn_until(2, PROBE_DOWN);

	print_message("down after %lld ms\n", (long long)took / 1000);
	CHECK(took < LIMIT); /* window.c is exact */
	CHECK_NUMBER(results[0].state, PROBE_FINE);
	HOST_IP(HOST_OPT, "link", "set", "eth0", "up");
	/* What is not asked for any more is forgotten, what stays is kept. */
	set(list, 1);
	nresults = prober_results(prober, results);
	CHECK_NUMBER(nresults, 1);
	CHECK_NUMBER(results[0].state, PROBE_FINE);
	prober_free(prober);
}

TEST(probes_go_by_their_gateway)
{
	struct probe list[] = { probe(1, "198.51.100.7"), probe(2, "198.51.100.8") };

	HOST_IP(HOST_ROUTER, "route", "add", "default", "via", "192.0.2.10");
	HOST_IP(HOST_ROUTER, "route", "add", "default", "via", "10.2.0.10", "table", "102");
	HOST_IP(HOST_ROUTER, "rule", "add", "fwmark", "0x02000000/0xff000000", "lookup", "102");
	HOST_IP(HOST_WAN, "address", "add", "198.51.100.7/32", "dev", "lo");
	HOST_IP(HOST_OPT, "address", "add", "198.51.100.8/32", "dev", "lo");
	list[0].is_routed = list[1].is_routed = true;
	prober = prober_new();
	set(list, COUNT(list));
	CHECK(turn_until(1, PROBE_FINE) < LIMIT);
	CHECK(turn_until(2, PROBE_FINE) < LIMIT);
	/* As the routes say there is nobody. */
	list[1].is_routed = false;
	set(list, COUNT(list));
	CHECK(turn_until(2, PROBE_DOWN) < LIMIT);
	prober_free(prober);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_answers_is_fine_and_who_falls_silent_is_down_soon), cmocka_unit_test(probes_go_by_their_gateway),
	};

	lab_need("ip");
	hosts_up();
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	hosts_down();
	return failed;
}
