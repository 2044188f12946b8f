/* Clients that take their time: each phase of a request has its own end, whatever trickles in. */
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"
#include "unit/http/client.h"

static void
answer(void *context, struct http_exchange *exchange)
{
	(void)context;
	http_answer_static(exchange, 200, NULL, TEXT("in time"));
}

static const struct http_limits limits = {
	.head_seconds = 1, .body_seconds = 1, .idle_seconds = 1, .answer_seconds = 1
};

/* A byte each 50 ms, until the server hangs up, which it does not do at once. */
static void
drip(const struct http_server *server, struct text start, char byte)
{
	const uint64_t begin = milliseconds();
	const int      fd = client_connect(server);
	scoped_buffer  out = BUFFER_NONE;
	bool           closed = false;

	client_send(fd, start);
	while (!closed && milliseconds() < begin + PATIENCE) {
		client_send(fd, (struct text){ &byte, 1 });
		client_read(fd, 50, &out, &closed);
	}
	close(fd);
	CHECK(closed && !out.len);
	CHECK(milliseconds() - begin >= 900);
}

TEST(a_dripping_head_is_cut)
{
	struct http_server *server = serve(answer, NULL, &limits);

	drip(server, TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: "), 'x');
	drip(server, TEXT("GET /"), 'x');
	drip(server, TEXT(""), '\n');
	http_server_close(server, 0);
}

TEST(a_dripping_body_is_cut)
{
	struct http_server *server = serve(answer, NULL, &limits);

	drip(server, TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"), 'x');
	drip(server, TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n"), 'x');
	/* Behind the last chunk. */
	drip(server, TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "), 'x');
	http_server_close(server, 0);
}

TEST(an_idle_connection_is_closed)
{
	const struct http_limits longer = { .idle_seconds = 3 };
	struct http_server      *server = serve(answer, NULL, &longer);
	const int                fd = client_connect(server);
	scoped_buffer            out = BUFFER_NONE;
	bool                     closed;

	/* Busy for longer than it may be idle. */
	for (int i = 0; i < 8; i++) {
		CLIENT_SEND(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		CHECK(client_read_answer(fd, &out));
		pause_for(500);
	}
	buffer_cut(&out, 0);
	client_read(fd, PATIENCE, &out, &closed);
	CHECK(closed && out.len == 0);
	close(fd);
	http_server_close(server, 0);
}

static void
answer_much(void *context, struct http_exchange *exchange)
{
	struct buffer out = BUFFER_NONE;

	(void)context;
	buffer_reserve(&out, 64 * 1024 * 1024);
	memset(out.bytes, 'x', 64 * 1024 * 1024);
	out.len = 64 * 1024 * 1024;
	http_answer(exchange, 200, NULL, &out);
}

TEST(a_client_that_does_not_read_is_cut)
{
	struct http_server *server = serve(answer_much, NULL, &limits);
	const int           fd = client_connect(server);
	const uint64_t      begin = milliseconds();

	CLIENT_SEND(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	while (http_server_connections(server) == 0)
		pause_for(10);
	while (http_server_connections(server) > 0 && milliseconds() < begin + PATIENCE)
		pause_for(10);
	CHECK_NUMBER(http_server_connections(server), 0);
	CHECK(milliseconds() - begin >= 900);
	close(fd);
	http_server_close(server, 0);
}

static _Atomic(struct http_exchange *) kept;

static void
keep(void *context, struct http_exchange *exchange)
{
	(void)context;
	http_defer(exchange);
	kept = exchange;
}

TEST(an_answer_in_the_making_has_no_deadline)
{
	struct http_server *server = serve(keep, NULL, &limits);
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE;

	CLIENT_SEND(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	while (!kept)
		pause_for(10);
	pause_for(2500);
	http_answer_static(kept, 200, NULL, TEXT("at last"));
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "at last"));
	close(fd);
	http_server_close(server, 0);
}

RUN(cmocka_unit_test(a_dripping_head_is_cut), cmocka_unit_test(a_dripping_body_is_cut),
    cmocka_unit_test(an_idle_connection_is_closed),
    cmocka_unit_test(a_client_that_does_not_read_is_cut),
    cmocka_unit_test(an_answer_in_the_making_has_no_deadline));
