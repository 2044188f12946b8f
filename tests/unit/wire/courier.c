/* Calls and events, against a peer that the test plays itself. */
#include "wire/courier.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

#define SECOND 1000

/* What a test's peer does with an order. */
enum peer { ANSWER, ANSWER_WHEN_TOLD, ANSWER_WITH_WRONG_ID, STAY_SILENT, GO_AWAY, EVENT_FIRST, GIVE_ORDERS, TALK_NONSENSE };

struct play {
	enum peer      peer;
	int            socket;
	pthread_t      thread;
	_Atomic int    events;
	_Atomic int    ends;
	_Atomic int    tells;
	struct courier *courier;
};

static void
answer(struct play *play, struct message *order)
{
	struct writer       body;
	struct message_head head = order->head;

	head.kind = play->peer == GIVE_ORDERS ? MESSAGE_ORDER : MESSAGE_REPLY;
	/* Not the next one either: a late answer must not fit the next call. */
	if (play->peer == ANSWER_WITH_WRONG_ID)
		head.id += 1000;
	writer_init(&body);
	if (play->peer == EVENT_FIRST)
		message_send(play->socket, (struct message_head){ MESSAGE_EVENT, .number = 9 }, &body);
	put_string(&body, "re");
	put_text(&body, order->body);
	if (play->peer == TALK_NONSENSE)
		send(play->socket, "?", 1, MSG_NOSIGNAL);
	else
		message_send(play->socket, head, &body);
	writer_clear(&body);
}

static void *
play_peer(void *self)
{
	struct play         *play = self;
	static struct message order;
	struct pollfd        wait = { play->socket, POLLIN, 0 };

	for (;;) {
		poll(&wait, 1, -1);
		if (message_receive(play->socket, &order) != WIRE_DONE)
			break;
		if (play->peer == GO_AWAY)
			break;
		while (play->peer == ANSWER_WHEN_TOLD && play->tells == 0)
			sched_yield();
		if (play->peer != STAY_SILENT)
			answer(play, &order);
		message_clear(&order);
	}
	close(play->socket);
	return NULL;
}

static void
count_event(void *self, unsigned number, struct reader *body)
{
	struct play *play = self;

	if (number == 9 && got_all(body))
		play->events++;
}

static void
count_end(void *self)
{
	((struct play *)self)->ends++;
}

static void
start(struct play *play, enum peer peer)
{
	int pair[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	*play = (struct play){ .peer = peer, .socket = pair[1] };
	CHECK(pthread_create(&play->thread, NULL, play_peer, play) == 0);
	play->courier = courier_new(pair[0], &(struct courier_hooks){ count_event, count_end, play });
	CHECK(play->courier != NULL);
}

static void
stop(struct play *play)
{
	courier_free(play->courier);
	pthread_join(play->thread, NULL);
}

static enum result
ask(struct play *play, unsigned timeout, bool *understood)
{
	struct writer  body;
	struct message reply;

	writer_init(&body);
	message_init(&reply);
	put_u32(&body, 42);

	const enum result result = courier_ask(play->courier, 5, &body, timeout, &reply);
	struct reader     in = message_reader(&reply);

	*understood = text_is(get_text(&in, 2), "re") && get_u32(&in) == 4 && get_u32(&in) == 42 && got_all(&in);
	message_clear(&reply);
	return result;
}

TEST(a_call_brings_back_the_reply)
{
	struct play play;
	bool        understood;

	start(&play, ANSWER);
	for (int i = 0; i < 3; i++) {
		CHECK_NUMBER(ask(&play, SECOND * 60, &understood), RESULT_DONE);
		CHECK(understood);
	}
	stop(&play);
	CHECK_NUMBER(play.ends, 1);
}

TEST(events_go_to_their_function_and_not_to_callers)
{
	struct play play;
	bool        understood;

	start(&play, EVENT_FIRST);
	CHECK_NUMBER(ask(&play, SECOND * 60, &understood), RESULT_DONE);
	CHECK(understood);
	stop(&play);
	CHECK_NUMBER(play.events, 1);
}

TEST(a_call_without_a_fitting_answer_is_unavailable)
{
	static const enum peer peers[] = {
		ANSWER_WITH_WRONG_ID, STAY_SILENT, GO_AWAY, GIVE_ORDERS, TALK_NONSENSE
	};

	for (size_t i = 0; i < COUNT(peers); i++) {
		struct play play;
		bool        understood;

		start(&play, peers[i]);
		CHECK_NUMBER(ask(&play, 50, &understood), RESULT_UNAVAILABLE);
		CHECK_NUMBER(ask(&play, 50, &understood), RESULT_UNAVAILABLE);
		CHECK(!understood);
		stop(&play);
	}
}

TEST(an_order_that_does_not_fit_is_not_sent)
{
	struct play          play;
	static struct writer body;
	struct message       reply;

	start(&play, ANSWER);
	message_init(&reply);
	writer_init(&body);
	put_text(&body, (struct text){ body.bytes, WRITER_MAX });
	CHECK_NUMBER(courier_ask(play.courier, 5, &body, SECOND, &reply), RESULT_TOO_BIG);
	stop(&play);
}

static void *
ask_often(void *self)
{
	bool      understood;
	uintptr_t bad = 0;

	for (int i = 0; i < 50; i++)
		bad += ask(self, SECOND * 60, &understood) != RESULT_DONE || !understood;
	return (void *)bad;
}

static void
tell(void *self)
{
	((struct play *)self)->tells++;
}

static enum result
give(struct play *play, size_t size)
{
	struct writer  body;
	struct message reply;

	writer_init(&body);
	message_init(&reply);
	for (size_t i = 0; i < size; i++)
		put_u32(&body, 42);
	const enum result result =
		courier_give(play->courier, &(struct courier_order){ 5, &body, SECOND * 20, &reply, tell, play });

	message_clear(&reply);
	writer_clear(&body);
	return result;
}

TEST(something_is_done_between_an_order_and_its_answer)
{
	struct play play;

	start(&play, ANSWER_WHEN_TOLD);
	CHECK_NUMBER(give(&play, 1), RESULT_DONE);
	CHECK_NUMBER(play.tells, 1);
	CHECK_NUMBER(give(&play, 1024 * 1024), RESULT_TOO_BIG);
	CHECK_NUMBER(play.tells, 1);
	courier_end(play.courier);
	while (play.ends == 0)
		sched_yield();
	CHECK_NUMBER(give(&play, 1), RESULT_UNAVAILABLE);
	CHECK_NUMBER(play.tells, 1);
	stop(&play);
}

TEST(couriers_on_several_threads_get_their_own_answers)
{
	struct play play;
	pthread_t   threads[4];

	start(&play, ANSWER);
	for (size_t i = 0; i < COUNT(threads); i++)
		CHECK(pthread_create(&threads[i], NULL, ask_often, &play) == 0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		void *bad;

		pthread_join(threads[i], &bad);
		CHECK(bad == NULL);
	}
	stop(&play);
}

RUN(cmocka_unit_test(a_call_brings_back_the_reply),
    cmocka_unit_test(events_go_to_their_function_and_not_to_callers),
    cmocka_unit_test(a_call_without_a_fitting_answer_is_unavailable),
    cmocka_unit_test(an_order_that_does_not_fit_is_not_sent),
    cmocka_unit_test(something_is_done_between_an_order_and_its_answer),
    cmocka_unit_test(couriers_on_several_threads_get_their_own_answers));
