/* The shaper's backend and a real kernel: the smallest change, nothing of anybody else's, and back when something is refused. */
#include "backend/shaper/shaper.h"

#include <stdio.h>

#include "lab.h"
#include "test.h"

static struct shaper_backend *backend;

static const char *const devices[] = { "em0", "em1" };

#define PIPE(number, bytes) \
	{ .id = (number), .count = 1, .rate = (bytes), .ceil = (bytes), .quantum = 1514, .leaf = { .limit = SHAPER_SLOTS } }
#define INNER(number, bytes) \
	{ .id = (number), .count = 1, .rate = (bytes), .ceil = (bytes), .quantum = 1514, .is_inner = true }
#define QUEUE(number, of, bytes, most) \
	{ .id = (number), .count = 1, .parent = (of), .rate = (bytes), .ceil = (most), .quantum = 1514, .leaf = { .limit = SHAPER_SLOTS } }

static enum result
apply(const struct shaper_class *classes, size_t n, struct buffer *message)
{
	const struct shaper shaper = { .devices = devices, .ndevices = COUNT(devices), .classes = classes, .nclasses = n };
	scoped_buffer       bytes = BUFFER_NONE;

	shaper_encode(&bytes, &shaper);
	return shaper_apply(backend, buffer_text(&bytes), message);
}

/* How many steps it took. */
static size_t
steps(const struct shaper_class *classes, size_t n)
{
	scoped_buffer message = BUFFER_NONE;

	if (apply(classes, n, &message) != RESULT_DONE)
		fail_msg("%s", buffer_string(&message));
	return shaper_steps(backend);
}

#define STEPS(classes) steps(classes, COUNT(classes))

static void
fresh(void)
{
	lab_fresh();
	shaper_backend_free(backend);
	backend = shaper_backend_new();
	CHECK(LAB(NULL, "ip", "link", "add", "em0", "up", "type", "veth", "peer", "name", "far0"));
	CHECK(LAB(NULL, "ip", "link", "add", "em1", "up", "type", "veth", "peer", "name", "far1"));
}

static void
show_classes(struct buffer *out)
{
	LAB(out, "tc", "class", "show", "dev", "shaper0");
	LAB(out, "tc", "filter", "show", "dev", "em0", "egress");
	LAB(out, "tc", "filter", "show", "dev", "em1", "egress");
}

/* Everything that tc shows. */
static void
show(struct buffer *out)
{
	LAB(out, "tc", "qdisc", "show");
	show_classes(out);
}

static bool
shows(const char *words)
{
	scoped_buffer out = BUFFER_NONE;

	show(&out);
	return text_contains(buffer_text(&out), text_of(words));
}

TEST(what_is_there_is_not_touched)
{
	const struct shaper_class first[] = { PIPE(5, 250000), INNER(6, 500000), QUEUE(7, 6, 400000, 500000), QUEUE(8, 6, 100000, 500000) };
	struct shaper_class       other[] = { PIPE(5, 125000), INNER(6, 500000), QUEUE(7, 6, 400000, 500000), QUEUE(8, 6, 100000, 500000) };

	fresh();
	/* A link, its root, four classes; and on two links a place for filters and one of them. */
	CHECK_NUMBER(STEPS(first), 10);
	CHECK_NUMBER(STEPS(first), 0);
	CHECK(shows("class htb 1:5 root"));
	CHECK(shows("rate 2Mbit ceil 2Mbit"));
	CHECK(shows("class htb 1:7 parent 1:6"));
	CHECK_NUMBER(STEPS(other), 1);
	CHECK(shows("rate 1Mbit ceil 1Mbit"));
	other[0].leaf.limit = 20;
	CHECK_NUMBER(STEPS(other), 1);
	CHECK(shows("limit 20p"));
	CHECK_NUMBER(STEPS(other), 0);
	/* Somebody who did not see it made knows it too. */
	shaper_backend_free(backend);
	backend = shaper_backend_new();
	CHECK_NUMBER(STEPS(other), 0);
}

TEST(classes_change_places)
{
	const struct shaper_class plain[] = { PIPE(6, 500000), PIPE(7, 400000) };
	const struct shaper_class below[] = { INNER(6, 500000), QUEUE(7, 6, 400000, 500000) };
	const struct shaper_class group[] = { { .id = 0x8000, .count = SHAPER_GROUP, .rate = 1000, .ceil = 1000, .quantum = 1514,
						.leaf = { .limit = SHAPER_SLOTS } } };

	fresh();
	STEPS(plain);
	CHECK(!shows("class htb 1:7 parent 1:6"));
	STEPS(below);
	CHECK(shows("class htb 1:7 parent 1:6"));
	STEPS(plain);
	CHECK(!shows("class htb 1:7 parent 1:6"));
	CHECK(shows("class htb 1:7 root"));
	STEPS(group);
	CHECK(!shows("class htb 1:7 "));
	CHECK(shows("class htb 1:80ff root"));
	CHECK_NUMBER(STEPS(group), 0);
}

TEST(all_of_it_goes_and_nothing_of_anybody_else)
{
	const struct shaper_class pipe[] = { PIPE(5, 250000) };

	fresh();
	CHECK(LAB(NULL, "tc", "qdisc", "add", "dev", "em1", "clsact"));
	CHECK(LAB(NULL, "tc", "filter", "add", "dev", "em1", "egress", "protocol", "ip", "pref", "7", "bpf", "bytecode", "1,6 0 0 0"));
	CHECK(LAB(NULL, "tc", "qdisc", "add", "dev", "em0", "root", "handle", "9:", "pfifo"));
	STEPS(pipe);
	CHECK(shows("dev shaper0"));
	steps(NULL, 0);
	CHECK(!shows("dev shaper0"));
	CHECK(!shows("clsact ffff: dev em0"));
	CHECK(shows("clsact ffff: dev em1"));
	CHECK(shows("pref 7"));
	CHECK(shows("pfifo 9: dev em0"));
	CHECK_NUMBER(steps(NULL, 0), 0);
}

TEST(what_is_somebody_elses_is_named)
{
	const struct shaper_class pipe[] = { PIPE(5, 250000) };
	scoped_buffer             message = BUFFER_NONE, taken = BUFFER_NONE;

	fresh();
	CHECK(LAB(NULL, "tc", "qdisc", "add", "dev", "em1", "ingress"));
	CHECK_NUMBER(apply(pipe, 1, &message), RESULT_FAILED);
	CHECK(text_contains(buffer_text(&message), TEXT("em1 has a discipline \"ingress\"")));
	CHECK(!shows("dev shaper0"));
	fresh();
	CHECK(LAB(NULL, "ip", "link", "add", "shaper0", "type", "ifb"));
	CHECK_NUMBER(apply(pipe, 1, &taken), RESULT_FAILED);
	CHECK(text_contains(buffer_text(&taken), TEXT("a link shaper0 that is not ours")));
	steps(NULL, 0);
	CHECK(LAB(NULL, "ip", "link", "show", "shaper0"));
}

/* The filter of the second link is refused, when all else is there already. */
TEST(half_a_change_is_undone)
{
	const struct shaper_class first[] = { PIPE(5, 250000) }, second[] = { PIPE(5, 125000), PIPE(6, 125000) };
	scoped_buffer             before = BUFFER_NONE, after = BUFFER_NONE, message = BUFFER_NONE, again = BUFFER_NONE;

	fresh();
	CHECK(LAB(NULL, "tc", "qdisc", "add", "dev", "em1", "clsact"));
	CHECK(LAB(NULL, "tc", "filter", "add", "dev", "em1", "egress", "protocol", "all", "pref", "17474", "bpf", "bytecode", "1,6 0 0 0"));
	CHECK_NUMBER(apply(first, COUNT(first), &message), RESULT_FAILED);
	CHECK(text_contains(buffer_text(&message), TEXT("lead to the shaper (cls_bpf, act_mirred) from em1")));
	CHECK(!shows("dev shaper0"));
	CHECK(!shows("clsact ffff: dev em0"));
	CHECK(LAB(NULL, "tc", "filter", "del", "dev", "em1", "egress", "pref", "17474"));
	STEPS(first);
	show_classes(&before);
	CHECK(LAB(NULL, "tc", "filter", "del", "dev", "em1", "egress", "pref", "17474"));
	CHECK(LAB(NULL, "tc", "filter", "add", "dev", "em1", "egress", "protocol", "all", "pref", "17474", "bpf", "bytecode", "1,6 0 0 0"));
	CHECK_NUMBER(apply(second, COUNT(second), &again), RESULT_FAILED);
	CHECK(shows("rate 2Mbit ceil 2Mbit"));
	CHECK(!shows("class htb 1:6"));
	CHECK(LAB(NULL, "tc", "filter", "del", "dev", "em1", "egress", "pref", "17474"));
	STEPS(first);
	show_classes(&after);
	CHECK_STRING(buffer_string(&after), buffer_string(&before));
}

TEST(what_the_kernel_lacks_is_named_before_anything_changes)
{
	struct shaper_class pipe[] = { PIPE(5, 250000) };
	scoped_buffer       before = BUFFER_NONE, after = BUFFER_NONE;

	for (unsigned i = SHAPER_FIFO + 1; i < SHAPER_DISCIPLINES; i++) {
		static const char *const kinds[] = { "", "codel", "pie", "fq_codel", "fq_pie", "netem" };
		scoped_arena             arena = arena_new();
		scoped_buffer            message = BUFFER_NONE, said = BUFFER_NONE;

		fresh();
		show(&before);
		const bool has = LAB(&said, "tc", "qdisc", "add", "dev", "far0", "root", kinds[i]);

		pipe[0].leaf = (struct shaper_leaf){ .discipline = i, .target = 5000, .interval = 100000, .limit = 1000, .delay = 20000 };
		if (i != SHAPER_DELAY)
			pipe[0].leaf.delay = 0;
		CHECK_NUMBER(apply(pipe, 1, &message), has ? RESULT_DONE : RESULT_UNAVAILABLE);
		if (has) {
			CHECK(shows(arena_print(arena, "qdisc %s", kinds[i])));
			CHECK_NUMBER(STEPS(pipe), 0);
			continue;
		}
		CHECK(text_contains(buffer_text(&message), text_of(arena_print(arena, "sch_%s", kinds[i]))));
		CHECK(!shows("dev shaper0"));
		show(&after);
		CHECK_STRING(buffer_string(&after), buffer_string(&before));
		buffer_cut(&before, 0);
		buffer_cut(&after, 0);
	}
}

TEST(links_that_are_ports_or_not_there_are_left_out)
{
	const struct shaper_class pipe[] = { PIPE(5, 250000) };
	scoped_buffer             message = BUFFER_NONE;

	fresh();
	CHECK(LAB(NULL, "ip", "link", "add", "bridge0", "type", "bridge"));
	CHECK(LAB(NULL, "ip", "link", "set", "em1", "master", "bridge0"));
	CHECK(LAB(NULL, "ip", "link", "del", "em0"));
	CHECK_NUMBER(apply(pipe, 1, &message), RESULT_DONE);
	CHECK_STRING(buffer_string(&message), "not there: em0");
	CHECK(!shows("clsact"));
	/* It comes, and it is one of its own again. */
	CHECK(LAB(NULL, "ip", "link", "set", "em1", "nomaster"));
	CHECK_NUMBER(STEPS(pipe), 2);
	CHECK(shows("clsact ffff: dev em1"));
}

TEST(nonsense_changes_nothing)
{
	scoped_buffer message = BUFFER_NONE;

	fresh();
	CHECK_NUMBER(shaper_apply(backend, TEXT("nonsense"), &message), RESULT_INVALID);
	CHECK_NUMBER(shaper_apply(backend, TEXT_NONE, &message), RESULT_INVALID);
	CHECK(!shows("dev shaper0"));
}

TEST(counts_are_those_of_the_classes)
{
	const struct shaper_class pipes[] = { PIPE(5, 250000), PIPE(0x7fff, 250000) };
	scoped_arena              arena = arena_new();
	struct shaper_counts      counts;

	fresh();
	CHECK_NUMBER(shaper_count(arena, &counts), RESULT_DONE);
	CHECK_NUMBER(counts.n, 0);
	STEPS(pipes);
	CHECK_NUMBER(shaper_count(arena, &counts), RESULT_DONE);
	CHECK_NUMBER(counts.n, 2);
	CHECK_NUMBER(counts.counts[0].class, 5);
	CHECK_NUMBER(counts.counts[1].class, 0x7fff);
	CHECK_NUMBER(counts.counts[1].packets, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_there_is_not_touched),
		cmocka_unit_test(classes_change_places),
		cmocka_unit_test(all_of_it_goes_and_nothing_of_anybody_else),
		cmocka_unit_test(what_is_somebody_elses_is_named),
		cmocka_unit_test(half_a_change_is_undone),
		cmocka_unit_test(what_the_kernel_lacks_is_named_before_anything_changes),
		cmocka_unit_test(links_that_are_ports_or_not_there_are_left_out),
		cmocka_unit_test(nonsense_changes_nothing),
		cmocka_unit_test(counts_are_those_of_the_classes),
	};

	lab_need("tc");
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	shaper_backend_free(backend);
	return failed;
}
