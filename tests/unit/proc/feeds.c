/* The keeper's queues: bounded, numbered, and told of once. */
#include "proc/hear/feeds.h"

#include <stdlib.h>

#include "base/log.h"
#include "test.h"

static unsigned told;

static bool
tell(void *self, enum event event)
{
	CHECK_NUMBER(event, EVENT_FEEDS);
	told++;
	loop_end(self);
	return true;
}

static void
end_loop(void *self)
{
	loop_end(self);
}

/* Until somebody is told, or for a while. */
static void
run(struct loop *loop)
{
	struct timer late = { .due = end_loop, .self = loop };

	loop_start(loop, &late, 4 * FEEDS_SETTLE);
	loop_run(loop);
	loop_cancel(loop, &late);
}

static void
put(struct feeds *feeds, const char *bytes, size_t len)
{
	scoped_buffer entry = BUFFER_NONE;

	buffer_add(&entry, (struct text){ bytes, len });
	feeds_put(feeds, FEED_LINES, 5, &entry);
}

static struct feed_entries
take(struct feeds *feeds, struct arena *arena, uint64_t after, uint64_t *newest)
{
	struct feed_entries entries;
	uint64_t            lost;

	feeds_take(feeds, arena, FEED_LINES, after, &entries, newest, &lost);
	CHECK_NUMBER(lost, 0);
	return entries;
}

TEST(the_gate_is_told_once_until_it_asks)
{
	scoped_arena   arena = arena_new();
	struct loop   *loop = loop_new();
	struct feeds  *feeds = feeds_new(loop, tell, loop);
	uint64_t       newest;

	told = 0;
	put(feeds, "a", 1);
	put(feeds, "b", 1);
	run(loop);
	put(feeds, "c", 1);
	run(loop);
	CHECK_NUMBER(told, 1);
	const struct feed_entries entries = take(feeds, arena, 1, &newest);

	CHECK(entries.n == 2 && newest == 3 && entries.entries[0].number == 2);
	CHECK(text_is(entries.entries[1].bytes, "c") && entries.entries[1].time == 5);
	put(feeds, "d", 1);
	run(loop);
	CHECK_NUMBER(told, 2);
	feeds_free(feeds);
	loop_free(loop);
}

TEST(the_oldest_go_when_there_is_no_room)
{
	scoped_arena   arena = arena_new();
	struct loop   *loop = loop_new();
	struct feeds  *feeds = feeds_new(loop, tell, loop);
	static char    big[FEED_ENTRY_MAX + 1];
	const size_t   many = FEED_KEPT_MAX / FEED_ENTRY_MAX + 100;
	uint64_t       newest;

	for (size_t i = 0; i < many; i++)
		put(feeds, big, FEED_ENTRY_MAX);
	put(feeds, big, FEED_ENTRY_MAX + 1);
	const struct feed_entries entries = take(feeds, arena, 0, &newest);

	CHECK_NUMBER(newest, many);
	CHECK(entries.n > 0 && entries.n < many - 99);
	CHECK_NUMBER(entries.entries[entries.n - 1].number, many);
	CHECK_NUMBER(take(feeds, arena, many, &newest).n, 0);
	feeds_free(feeds);
	loop_free(loop);
}

TEST(what_the_keeper_logs_is_a_line)
{
	scoped_arena     arena = arena_new();
	struct loop     *loop = loop_new();
	struct feeds    *feeds = feeds_new(loop, tell, loop);
	uint64_t         newest;
	struct feed_line line;

	log_warning("one\ntwo");
	const struct feed_entries entries = take(feeds, arena, 0, &newest);

	CHECK(entries.n == 1 && feed_line_decode(entries.entries[0].bytes, &line));
	CHECK(line.severity == 4 && text_is(line.text, "one\\x0atwo") && text_is(line.program, "drawbridge-keeper"));
	feeds_free(feeds);
	loop_free(loop);
}

RUN(
	cmocka_unit_test(the_gate_is_told_once_until_it_asks),
	cmocka_unit_test(the_oldest_go_when_there_is_no_room),
	cmocka_unit_test(what_the_keeper_logs_is_a_line),
);
