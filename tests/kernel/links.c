/* What the kernel says of links in a sandbox, and that changes are told. */
#include "backend/links.h"

#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lab.h"
#include "proc/hear/news.h"
#include "proc/wall/sandbox.h"
#include "test.h"

#define TRIES 6000 /* of 10 ms */

static struct arena *arena;

static const struct link *
find(const struct links *links, const char *name)
{
	for (size_t i = 0; i < links->n; i++)
		if (strcmp(links->links[i].name, name) == 0)
			return &links->links[i];
	return NULL;
}

static void
run_ip(const char *a, const char *b, const char *c, const char *d, const char *e)
{
	struct buffer output = BUFFER_NONE;

	if (!LAB(&output, "ip", a, b, c, d, e))
		fail_msg("ip %s %s: %s", a, b, buffer_string(&output));
	buffer_clear(&output);
}

TEST(links_have_names_kinds_hardware_addresses_and_a_carrier)
{
	struct links       links;
	const struct link *lo, *em2;

	/* The kernel notices a little later that a link runs. */
	for (int tries = 0; tries < TRIES; tries++) {
		CHECK_NUMBER(links_read(arena, &links), RESULT_DONE);
		if ((em2 = find(&links, "em2")) && em2->running)
			break;
		usleep(10000);
	}
	CHECK_NUMBER(links.n, 5);
	lo = find(&links, "lo");
	em2 = find(&links, "em2");
	CHECK(lo && lo->up && lo->index == 1);
	CHECK_STRING(lo->kind, "loopback");
	CHECK(em2 && em2->up && em2->running && em2->mtu == 1500 && em2->master == 0);
	CHECK_STRING(em2->kind, "veth");
	CHECK(memcmp(em2->mac, (const uint8_t[]){ 2, 0xdb, 0, 0, 0, 2 }, 6) == 0);
}

TEST(addresses_are_those_of_their_link)
{
	struct links       links;
	const struct link *em1;
	char               address[30];
	size_t             local = 0, ours = 0;

	for (int i = 1; i <= 9; i++) {
		snprintf(address, sizeof(address), "192.0.2.%d/25", i);
		run_ip("address", "add", address, "dev", "em1");
	}
	run_ip("address", "add", "2001:db8::1/60", "dev", "em1");
	CHECK_NUMBER(links_read(arena, &links), RESULT_DONE);
	em1 = find(&links, "em1");
	for (size_t i = 0; i < em1->naddresses; i++) {
		const char *text = prefix_print(arena, &em1->addresses[i].prefix);

		local += em1->addresses[i].local;
		ours += text_starts(text_of(text), TEXT("192.0.2.")) && text_ends(text_of(text), TEXT("/25"));
		ours += strcmp(text, "2001:db8::1/60") == 0;
	}
	CHECK_NUMBER(ours, 10);
	CHECK(em1->naddresses == ours + local && local <= 1);
	CHECK_NUMBER(find(&links, "em3")->naddresses > 1, 0);
}

static struct loop *loop;
static unsigned     told, refused;

static void
end_loop(void *self)
{
	(void)self;
	loop_end(loop);
}

static struct timer last = { .due = end_loop };

/* The first time there is no room. Once told, there is time to tell it again. */
static bool
count_news(void *self, enum event event)
{
	(void)self;
	CHECK(event == EVENT_LINKS);
	if (refused++ == 0)
		return false;
	told++;
	loop_start(loop, &last, NEWS_SETTLE + NEWS_AGAIN + 200);
	return true;
}

/* Until the kernel is done with the news of the links that were just made: IPv6 takes its time. */
static void
wait_for_quiet(void)
{
	scoped_fd     fd = links_watch();
	struct pollfd one = { fd, POLLIN, 0 };

	CHECK(fd >= 0);
	for (int i = 0; i < 50 && poll(&one, 1, 2200) > 0; i++)
		links_changed(fd);
}

TEST(changes_are_told_together_and_not_lost)
{
	struct news news;

	wait_for_quiet();
	loop = loop_new();
	CHECK(news_start(&news, loop, count_news, NULL));
	for (int i = 0; i < 3; i++) {
		run_ip("link", "set", "em0", "mtu", "1400");
		run_ip("link", "set", "em0", "mtu", "1500");
	}
	loop_start(loop, &last, 60000);
	loop_run(loop);
	CHECK_NUMBER(told, 1);
	news_end(&news);
	loop_free(loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_have_names_kinds_hardware_addresses_and_a_carrier),
		cmocka_unit_test(addresses_are_those_of_their_link),
		cmocka_unit_test(changes_are_told_together_and_not_lost),
	};
	struct buffer message = BUFFER_NONE;
	int           outside, status;

	lab_need("ip");
	if (!sandbox_enter(NULL, &outside, &message)) {
		print_message("SKIPPED: %s\n", buffer_string(&message));
		return 77;
	}
	arena = arena_new();
	status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(arena);
	buffer_clear(&message);
	return status;
}
