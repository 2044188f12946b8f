/* Answers that go on: events that arrive, clients that leave, clients that do not read. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"
#include "unit/http/client.h"

static const struct http_header events[] = { { "Content-Type", "text/event-stream" },
					     { NULL, NULL } };

static _Atomic(struct http_stream *) opened;
static _Atomic unsigned              finished;

static void
open_stream(void *context, struct http_exchange *exchange)
{
	(void)context;
	atomic_store(&opened, http_stream_open(exchange, 200, events));
}

static void
count(void *context, struct http_exchange *exchange, const struct http_outcome *outcome)
{
	(void)context, (void)exchange, (void)outcome;
	atomic_fetch_add(&finished, 1);
}

static struct http_stream *
wait_for_stream(void)
{
	struct http_stream *stream;

	while (!(stream = atomic_load(&opened)))
		pause_for(1);
	return stream;
}

static struct http_stream *
ask_for_stream(const struct http_server *server, int *fd, struct text request)
{
	atomic_store(&opened, NULL);
	*fd = client_connect(server);
	client_send(*fd, request);
	return wait_for_stream();
}

static struct http_server *
serve_streams(size_t queue)
{
	atomic_store(&finished, 0);
	return serve_setup((struct http_setup){ .threads = 2,
						.handler = open_stream,
						.finished = count,
						.limits = { .stream_queue = queue } });
}

#define ASK TEXT("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")

TEST(events_arrive_as_they_are_written)
{
	struct http_server *server = serve_streams(0);
	int                 fd;
	struct http_stream *stream = ask_for_stream(server, &fd, ASK);
	scoped_buffer       out = BUFFER_NONE;

	CHECK(http_stream_write(stream, TEXT("data: one\n\n")));
	CHECK(client_read_until(fd, "B\r\ndata: one\n\n\r\n", &out));
	CHECK(strstr(out.bytes, "Content-Type: text/event-stream\r\n"));
	CHECK(http_stream_write(stream, TEXT("data: two\n\n")));
	CHECK(http_stream_write(stream, TEXT("data: three\n\n")));
	http_stream_close(stream);
	/* The connection goes on to serve. */
	CHECK(client_read_until(fd, "data: three\n\n\r\n0\r\n\r\n", &out));
	atomic_store(&opened, NULL);
	client_send(fd, ASK);
	http_stream_close(wait_for_stream());
	close(fd);
	http_server_close(server, 0);
	CHECK_NUMBER(finished, 2);
}

TEST(an_old_client_gets_a_stream_that_ends_with_the_connection)
{
	struct http_server *server = serve_streams(0);
	int                 fd;
	struct http_stream *stream = ask_for_stream(server, &fd, TEXT("GET / HTTP/1.0\r\n\r\n"));
	scoped_buffer       out = BUFFER_NONE;
	bool                closed;

	CHECK(http_stream_write(stream, TEXT("data: one\n\n")));
	CHECK(client_read_until(fd, "\r\n\r\ndata: one\n\n", &out));
	http_stream_close(stream);
	client_read(fd, PATIENCE, &out, &closed);
	CHECK(closed);
	close(fd);
	http_server_close(server, 0);
}

TEST(a_client_that_leaves_is_noticed_without_a_write)
{
	struct http_server *server = serve_streams(0);
	int                 fd;
	struct http_stream *stream = ask_for_stream(server, &fd, ASK);
	scoped_buffer       out = BUFFER_NONE;

	CHECK(client_read_until(fd, "\r\n\r\n", &out));
	close(fd);
	for (int i = 0; i < PATIENCE / 10 && finished == 0; i++)
		pause_for(10);
	CHECK_NUMBER(finished, 1);
	CHECK(!http_stream_write(stream, TEXT("data: nobody\n\n")));
	http_stream_close(stream);
	http_server_close(server, 0);
}

TEST(a_client_that_does_not_read_fills_its_queue)
{
	struct http_server *server = serve_streams(100000);
	int                 fd;
	struct http_stream *stream = ask_for_stream(server, &fd, ASK);
	char                event[1000];
	size_t              written = 0;

	memset(event, 'x', sizeof(event));
	/* First the kernel's buffers, then ours; until there has been no room for a second. */
	for (int quiet = 0; quiet < 100;) {
		if (http_stream_write(stream, (struct text){ event, sizeof(event) })) {
			written += sizeof(event);
			quiet = 0;
		} else {
			pause_for(10);
			quiet++;
		}
		CHECK(written < 100 * 1000 * 1000);
	}
	/* What was taken arrives. */
	http_stream_close(stream);
	scoped_buffer out = BUFFER_NONE;

	CHECK(client_read_until(fd, "\r\n0\r\n\r\n", &out));
	CHECK(out.len > written);
	close(fd);
	http_server_close(server, 0);
}

TEST(one_text_larger_than_the_queue_is_refused)
{
	struct http_server *server = serve_streams(100);
	int                 fd;
	struct http_stream *stream = ask_for_stream(server, &fd, ASK);
	char                event[101] = { 0 };

	CHECK(!http_stream_write(stream, (struct text){ event, 101 }));
	CHECK(http_stream_write(stream, (struct text){ event, 100 }));
	http_stream_close(stream);
	close(fd);
	http_server_close(server, 0);
}

TEST(a_server_that_closes_ends_its_streams)
{
	struct http_server *server = serve_streams(0);
	int                 fds[3];
	struct http_stream *streams[3];
	scoped_buffer       out = BUFFER_NONE;
	bool                closed;

	for (size_t i = 0; i < 3; i++) {
		streams[i] = ask_for_stream(server, &fds[i], ASK);
		CHECK(http_stream_write(streams[i], TEXT("data: one\n\n")));
	}
	pause_for(50);
	http_server_close(server, 0);
	for (size_t i = 0; i < 3; i++) {
		client_read(fds[i], PATIENCE, &out, &closed);
		CHECK(closed);
		CHECK(!http_stream_write(streams[i], TEXT("data: too late\n\n")));
		http_stream_close(streams[i]);
		close(fds[i]);
	}
}

/* Several writers, one stream: nothing is lost, nothing torn. */
static void *
write_many(void *context)
{
	struct http_stream *const stream = context;

	for (int i = 0; i < 2000; i++)
		while (!http_stream_write(stream, TEXT("<0123456789>")))
			pause_for(1);
	return NULL;
}

TEST(many_may_write_to_one_stream)
{
	struct http_server *server = serve_streams(2000);
	int                 fd;
	struct http_stream *stream = ask_for_stream(server, &fd, TEXT("GET / HTTP/1.0\r\n\r\n"));
	scoped_buffer       out = BUFFER_NONE;
	pthread_t           threads[3];
	bool                closed;

	for (size_t i = 0; i < COUNT(threads); i++)
		pthread_create(&threads[i], NULL, write_many, stream);
	/* What is not read could fill its queue. */
	for (const uint64_t begin = milliseconds(); out.len < COUNT(threads) * 2000 * 12 && milliseconds() < begin + PATIENCE;)
		client_read(fd, 50, &out, &closed);
	for (size_t i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	http_stream_close(stream);
	client_read(fd, PATIENCE, &out, &closed);
	CHECK(closed);
	const char *at = strstr(out.bytes, "\r\n\r\n") + 4;

	CHECK_NUMBER(strlen(at), COUNT(threads) * 2000 * 12);
	for (; *at; at += 12)
		CHECK(strncmp(at, "<0123456789>", 12) == 0);
	close(fd);
	http_server_close(server, 0);
}

RUN(cmocka_unit_test(events_arrive_as_they_are_written),
    cmocka_unit_test(an_old_client_gets_a_stream_that_ends_with_the_connection),
    cmocka_unit_test(a_client_that_leaves_is_noticed_without_a_write),
    cmocka_unit_test(a_client_that_does_not_read_fills_its_queue),
    cmocka_unit_test(one_text_larger_than_the_queue_is_refused),
    cmocka_unit_test(a_server_that_closes_ends_its_streams),
    cmocka_unit_test(many_may_write_to_one_stream));
