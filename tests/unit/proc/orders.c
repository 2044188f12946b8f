/* What the keeper does with orders, good and bad, without a socket. */
#include "proc/orders.h"

#include <unistd.h>

#include "backend/recording.h"
#include "test.h"
#include "wire/links.h"
#include "wire/sealed.h"

static struct recording    recording;
static struct answer       answer;
static struct announcement announced;
static unsigned            announcements;

static void
count_announcement(void *self, const struct announcement *said)
{
	(void)self;
	announced = *said;
	announcements++;
}

static struct post
new_post(bool greeted)
{
	recording_clear(&recording);
	recording = (struct recording){ 0 };
	announcements = 0;
	return (struct post){
		.apply = APPLY_NONE, .build = TEXT("build"), .greeted = greeted,
		.backends = recording_backends(&recording), .announce = count_announcement,
	};
}

static bool
obey(struct post *post, unsigned number, struct text body, int *fds, size_t nfds)
{
	struct reader in = { .left = body, .fds = fds, .nfds = nfds };

	answer.result = RESULT_DONE;
	writer_init(&answer.body);
	return order_obey(post, number, &in, &answer);
}

/* A body for each order that has one. */
static const struct writer *
good_body(unsigned number)
{
	static struct writer body;

	writer_init(&body);
	switch (number) {
	case ORDER_HELLO:
		put_string(&body, "build");
		break;
	case ORDER_READY:
		put_string(&body, "https://127.0.0.1:1/");
		for (int i = 0; i < 4; i++)
			put_string(&body, "credential");
		break;
	case ORDER_LOG_LEVEL:
		put_u32(&body, LOG_LEVEL_INFO);
		break;
	default:
		break;
	}
	return &body;
}

static const unsigned without_fds[] = { ORDER_HELLO, ORDER_READY, ORDER_LOG_LEVEL, ORDER_STATUS, ORDER_LINKS };

TEST(good_orders_are_obeyed)
{
	for (size_t i = 0; i < COUNT(without_fds); i++) {
		struct post post = new_post(without_fds[i] != ORDER_HELLO);

		CHECK(obey(&post, without_fds[i], writer_text(good_body(without_fds[i])), NULL, 0));
		CHECK_NUMBER(answer.result, RESULT_DONE);
		writer_clear(&answer.body);
	}
}

TEST(a_truncated_order_is_refused_at_every_length)
{
	for (size_t i = 0; i < COUNT(without_fds); i++) {
		const struct text whole = writer_text(good_body(without_fds[i]));

		for (size_t n = 0; n < whole.len; n++) {
			struct post post = new_post(without_fds[i] != ORDER_HELLO);

			CHECK(!obey(&post, without_fds[i], text_first(whole, n), NULL, 0));
			CHECK(announcements == 0);
		}
	}
}

TEST(an_order_with_something_left_over_is_refused)
{
	for (size_t i = 0; i < COUNT(without_fds); i++) {
		struct post   post = new_post(without_fds[i] != ORDER_HELLO);
		struct writer body = *good_body(without_fds[i]);
		int           fds[] = { -1 };

		CHECK(!obey(&post, without_fds[i], writer_text(&body), fds, 1));
		put_u8(&body, 0);
		CHECK(!obey(&post, without_fds[i], writer_text(&body), NULL, 0));
	}
}

TEST(unknown_orders_are_refused)
{
	struct post post = new_post(true);

	CHECK(!obey(&post, ORDER_NONE, TEXT_NONE, NULL, 0));
	CHECK(!obey(&post, ORDER_COUNT, TEXT_NONE, NULL, 0));
	CHECK(!obey(&post, UINT32_MAX, TEXT_NONE, NULL, 0));
}

TEST(nothing_is_obeyed_before_hello_and_hello_is_said_once)
{
	struct post post = new_post(false);

	CHECK(!obey(&post, ORDER_STATUS, TEXT_NONE, NULL, 0));
	CHECK(obey(&post, ORDER_HELLO, writer_text(good_body(ORDER_HELLO)), NULL, 0));
	CHECK(obey(&post, ORDER_STATUS, TEXT_NONE, NULL, 0));
	CHECK(!obey(&post, ORDER_HELLO, writer_text(good_body(ORDER_HELLO)), NULL, 0));
}

TEST(another_build_is_not_greeted)
{
	struct post post = new_post(false);

	post.build = TEXT("other");
	CHECK(obey(&post, ORDER_HELLO, writer_text(good_body(ORDER_HELLO)), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_CONFLICT);
	CHECK(!post.greeted);
}

TEST(readiness_is_announced_as_it_was_said)
{
	struct post post = new_post(true);

	CHECK(obey(&post, ORDER_READY, writer_text(good_body(ORDER_READY)), NULL, 0));
	CHECK_NUMBER(announcements, 1);
	CHECK(text_is(announced.url, "https://127.0.0.1:1/") && text_is(announced.secret, "credential"));
}

TEST(rules_reach_the_backend)
{
	struct post post = new_post(true);
	int         fds[] = { sealed_new("rules", TEXT("the rules")) };

	CHECK(obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(answer.result, RESULT_DONE);
	CHECK_NUMBER(recording.rules_loaded, 1);
	CHECK(text_is(buffer_text(&recording.rules), "the rules"));
	CHECK_NUMBER(fds[0], -1);
	recording_clear(&recording);
}

TEST(a_refusal_of_the_backend_comes_back_with_its_reason)
{
	struct post post = new_post(true);
	int         fds[] = { sealed_new("rules", TEXT("x")) };

	recording.answer = RESULT_FAILED;
	CHECK(obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(answer.result, RESULT_FAILED);

	struct reader in = reader_of(writer_text(&answer.body));

	CHECK(text_is(get_text(&in, ORDER_MESSAGE_MAX), "told to refuse") && got_all(&in));
}

TEST(rules_in_memory_that_can_change_are_refused)
{
	struct post post = new_post(true);
	int         fds[] = { dup(STDIN_FILENO) };

	CHECK(!obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(recording.rules_loaded, 0);
}

TEST(links_come_as_sealed_memory)
{
	struct post   post = new_post(true);
	scoped_arena  arena = arena_new();
	scoped_sealed bytes = TEXT_NONE;
	struct links  links;

	CHECK(obey(&post, ORDER_LINKS, TEXT_NONE, NULL, 0));
	CHECK(answer.body.nfds == 1 && sealed_map(answer.body.fds[0], LINKS_BYTES_MAX, &bytes));
	CHECK(links_decode(arena, bytes, &links));
	CHECK(links.n == 4);
	CHECK_STRING(links.links[3].name, "em3");
	writer_clear(&answer.body);
}

TEST(a_missing_backend_is_said_honestly)
{
	struct post post = new_post(true);
	int         fds[] = { sealed_new("rules", TEXT("x")) };

	post.backends.load_rules = NULL;
	CHECK(obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(answer.result, RESULT_UNAVAILABLE);
}

RUN(cmocka_unit_test(good_orders_are_obeyed),
    cmocka_unit_test(a_truncated_order_is_refused_at_every_length),
    cmocka_unit_test(an_order_with_something_left_over_is_refused),
    cmocka_unit_test(unknown_orders_are_refused),
    cmocka_unit_test(nothing_is_obeyed_before_hello_and_hello_is_said_once),
    cmocka_unit_test(another_build_is_not_greeted),
    cmocka_unit_test(readiness_is_announced_as_it_was_said),
    cmocka_unit_test(rules_reach_the_backend),
    cmocka_unit_test(a_refusal_of_the_backend_comes_back_with_its_reason),
    cmocka_unit_test(rules_in_memory_that_can_change_are_refused),
    cmocka_unit_test(links_come_as_sealed_memory),
    cmocka_unit_test(a_missing_backend_is_said_honestly));
