/*
 * Byte streams that servers are known to disagree about, sent through a real socket: refused,
 * closed, and what they try to hide is never answered.
 */
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"
#include "unit/http/client.h"

static _Atomic unsigned handled, hidden;

static void
count(void *context, struct http_exchange *exchange)
{
	(void)context;
	atomic_fetch_add(&handled, 1);
	if (text_is(http_path(exchange), "/hidden"))
		atomic_fetch_add(&hidden, 1);
	http_answer_static(exchange, 200, NULL, TEXT("seen"));
}

#define HIDDEN "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"

struct form {
	const char *what;
	struct text bytes;
	unsigned    status; /* of the first answer; 0: none, only closed */
	unsigned    handled;
	/* libmicrohttpd puts the head of its answer in twice, the second as part of the body */
	bool twice;
};

/* clang-format off */
static const struct form forms[] = {
	{ "two lengths", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 33\r\n\r\n" HIDDEN), 400, 0 },
	{ "two lengths, other order", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\nContent-Length: 0\r\n\r\n" HIDDEN), 400, 0 },
	{ "one length twice", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd" HIDDEN), 400, 0 },
	{ "length list", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 4\r\n\r\nabcd" HIDDEN), 400, 0, true },
	{ "length with a sign", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\nabcd" HIDDEN), 400, 0, true },
	{ "negative length", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -4\r\n\r\nabcd" HIDDEN), 400, 0, true },
	{ "length with letters", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4x\r\n\r\nabcd" HIDDEN), 400, 0, true },
	{ "huge length", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n" HIDDEN), 413, 0, true },
	{ "length and chunked", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "chunked and length", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 38\r\n\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "unknown coding", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: cow\r\n\r\n" HIDDEN), 400, 0 },
	{ "coding list", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "two codings", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "coding with a tab", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\x0b" "chunked\r\n\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "coding behind a blank", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "coding in a folded line", TEXT("POST / HTTP/1.1\r\nHost: a\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "old and chunked", TEXT("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "blank before colon", TEXT("GET / HTTP/1.1\r\nHost : a\r\n\r\n" HIDDEN), 400, 0 },
	{ "tab before colon", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX\t: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "no colon", TEXT("GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n" HIDDEN), 400, 0 },
	{ "no name", TEXT("GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "no host", TEXT("GET / HTTP/1.1\r\n\r\n" HIDDEN), 400, 0 },
	{ "two hosts", TEXT("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" HIDDEN), 400, 0 },
	{ "one host twice", TEXT("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "empty host", TEXT("GET / HTTP/1.1\r\nHost:\r\n\r\n" HIDDEN), 400, 0 },
	{ "NUL in a value", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n" HIDDEN), 400, 0 },
	{ "NUL after a value", TEXT("GET / HTTP/1.1\r\nHost: a\0\r\nX: b\r\n\r\n" HIDDEN), 400, 0 },
	{ "NUL in a name", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX\0Y: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "NUL in the target", TEXT("GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "NUL in the query", TEXT("GET /a?b\0c HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "NUL in the method", TEXT("G\0T / HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "NUL in front", TEXT("\0GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400, 0 },
	{ "control character in a value", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: a\001b\r\n\r\n" HIDDEN), 400, 0 },
	{ "control character in the target", TEXT("GET /\001 HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "folded line", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n" HIDDEN), 400, 0 },
	{ "folded with a tab", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\nY: c\r\n\r\n" HIDDEN), 400, 0 },
	{ "folded first line", TEXT("GET / HTTP/1.1\r\n Host: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "folded empty line", TEXT("GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n" HIDDEN), 400, 0 },
	{ "bare CR in a value", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n" HIDDEN), 400, 0 },
	{ "bare CR ends the head", TEXT("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n" HIDDEN), 400, 0 },
	{ "bare CR in the request line", TEXT("GET /\r HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "bad version", TEXT("GET / HTTP/1.1x\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "lower case version", TEXT("GET / http/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "no version", TEXT("GET /\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "version 2", TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505, 0 },
	{ "version 0.9", TEXT("GET / HTTP/0.9\r\nHost: a\r\n\r\n" HIDDEN), 505, 0 },
	{ "two blanks", TEXT("GET  / HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "blank in the target", TEXT("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "blank after the version", TEXT("GET / HTTP/1.1 \r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "blank in front", TEXT(" GET / HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 0, 0 },
	{ "no blank at all", TEXT("GET\r\n\r\n" HIDDEN), 0, 0 },
	{ "target without a slash", TEXT("GET a HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "bad method", TEXT("G@T / HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN), 400, 0 },
	{ "TLS to a plain port", TEXT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n"), 0, 0 },

	/* Chunked bodies: the first request is the only one, and it is not handled. */
	{ "chunk size with a sign", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "chunk size with 0x", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "empty chunk size", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n" HIDDEN), 400, 0 },
	{ "chunk size of 17 digits", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n" HIDDEN), 413, 0 },
	{ "chunk longer than said", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n" HIDDEN), 400, 0 },

	/* And what is fine. */
	{ "plain", TEXT("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 200, 1 },
	{ "empty lines in front", TEXT("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 200, 1 },
	{ "bare LF", TEXT("GET / HTTP/1.1\nHost: a\nConnection: close\n\n"), 200, 1 },
	{ "body, then another", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcdGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 200, 2 },
	{ "chunk extension and trailer", TEXT("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nX: y\r\n\r\n"), 200, 1 },
	{ "star", TEXT("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 200, 1 },
};
/* clang-format on */

TEST(what_servers_disagree_about_is_refused_and_closed)
{
	struct http_server *server = serve(count, NULL, NULL);

	for (size_t i = 0; i < COUNT(forms); i++) {
		const struct form *const form = &forms[i];
		unsigned                 answers;

		handled = 0;
		const unsigned status = client_ask(server, form->bytes, &answers);

		if (status != form->status || handled != form->handled ||
		    answers != (form->handled ? form->handled
					      : (form->status ? 1U : 0U) + form->twice))
			fail_msg("%s: status %u, %u answers, %u handled", form->what, status,
				 answers, handled);
	}
	CHECK_NUMBER(hidden, 0);
	http_server_close(server, 0);
}

/* A request line with a target of n bytes, and fields of m bytes in all. */
static unsigned
ask_with(const struct http_server *server, size_t target, size_t field, unsigned fields)
{
	scoped_buffer out = BUFFER_NONE;
	unsigned      answers;

	buffer_add_string(&out, "GET /");
	for (size_t i = 1; i < target; i++)
		buffer_add_byte(&out, 'a');
	buffer_add_string(&out, " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
	for (unsigned n = 0; n < fields; n++) {
		buffer_print(&out, "X-%u: ", n);
		for (size_t i = 0; i < field; i++)
			buffer_add_byte(&out, 'b');
		buffer_add_string(&out, "\r\n");
	}
	buffer_add_string(&out, "\r\n");
	return client_ask(server, buffer_text(&out), &answers);
}

TEST(long_targets_and_heads_are_refused_past_their_limits)
{
	const struct http_limits limits = { .target = 1000, .head = 4000, .fields = 20 };
	struct http_server      *server = serve(count, NULL, &limits);

	CHECK_NUMBER(ask_with(server, 1000, 1, 1), 200);
	CHECK_NUMBER(ask_with(server, 1001, 1, 1), 414);
	CHECK_NUMBER(ask_with(server, 100000, 1, 1), 414);
	CHECK_NUMBER(ask_with(server, 10, 1, 18), 200);
	CHECK_NUMBER(ask_with(server, 10, 1, 19), 431);
	CHECK_NUMBER(ask_with(server, 10, 3900, 1), 200);
	CHECK_NUMBER(ask_with(server, 10, 4000, 1), 431);
	CHECK_NUMBER(ask_with(server, 10, 100000, 1), 431);
	CHECK_NUMBER(ask_with(server, 10, 1, 5000), 431);
	http_server_close(server, 0);

	server = serve(count, NULL, NULL);
	CHECK_NUMBER(ask_with(server, HTTP_TARGET_MAX, 1, 1), 200);
	CHECK_NUMBER(ask_with(server, HTTP_TARGET_MAX + 1, 1, 1), 414);
	CHECK_NUMBER(ask_with(server, 10, HTTP_HEAD_MAX - 100, 1), 200);
	CHECK_NUMBER(ask_with(server, 10, HTTP_HEAD_MAX, 1), 431);
	CHECK_NUMBER(ask_with(server, 10, 100, HTTP_FIELDS_MAX - 2), 200);
	http_server_close(server, 0);
}

/* A body of n bytes, announced or in chunks of 1000. */
static unsigned
ask_with_body(const struct http_server *server, size_t n, bool chunked)
{
	static const char chunk[] = "3e8\r\n";
	scoped_buffer     out = BUFFER_NONE;
	unsigned          answers;

	buffer_add_string(&out, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
	if (!chunked)
		buffer_print(&out, "Content-Length: %zu\r\n\r\n", n);
	else
		buffer_add_string(&out, "Transfer-Encoding: chunked\r\n\r\n");
	for (size_t i = 0; i < n; i++) {
		if (chunked && i % 1000 == 0)
			buffer_print(&out, "%s%s", i ? "\r\n" : "", chunk);
		buffer_add_byte(&out, 'x');
	}
	if (chunked)
		buffer_add_string(&out, "\r\n0\r\n\r\n");
	const unsigned status = client_ask(server, buffer_text(&out), &answers);

	CHECK_NUMBER(answers, 1);
	return status;
}

TEST(a_body_over_its_limit_gets_413_however_it_comes)
{
	const struct http_limits limits = { .body = 500000 };
	struct http_server      *server = serve(count, NULL, &limits);

	for (int i = 0; i < 5; i++) {
		handled = 0;
		CHECK_NUMBER(ask_with_body(server, 500000, false), 200);
		CHECK_NUMBER(ask_with_body(server, 500000, true), 200);
		CHECK_NUMBER(handled, 2);
		CHECK_NUMBER(ask_with_body(server, 500001, false), 413);
		CHECK_NUMBER(ask_with_body(server, 501000, true), 413);
		CHECK_NUMBER(ask_with_body(server, 3000000, false), 413);
		CHECK_NUMBER(ask_with_body(server, 3000000, true), 413);
		CHECK_NUMBER(handled, 2);
	}
	http_server_close(server, 0);
}

TEST(all_bodies_together_have_a_limit)
{
	const struct http_limits limits = { .body = 500000, .bodies = 600000 };
	struct http_server      *server = serve(count, NULL, &limits);
	const int                fd = client_connect(server);
	scoped_buffer            out = BUFFER_NONE;

	/* One holds most of it, without coming to an end. */
	CLIENT_SEND(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400000\r\n\r\n");
	for (int i = 0; i < 399999; i++)
		buffer_add_byte(&out, 'x');
	client_send(fd, buffer_text(&out));
	pause_for(100);
	CHECK_NUMBER(ask_with_body(server, 150000, false), 200);
	CHECK_NUMBER(ask_with_body(server, 300000, false), 503);
	CHECK_NUMBER(ask_with_body(server, 300000, true), 503);
	CLIENT_SEND(fd, "x");
	buffer_cut(&out, 0);
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, " 200 OK"));
	close(fd);
	CHECK_NUMBER(ask_with_body(server, 300000, true), 200);
	http_server_close(server, 0);
}

static size_t
little(void *context, struct http_exchange *exchange)
{
	(void)context;
	return http_field(exchange, TEXT("Authorization")).ptr ? 1000000 : 10;
}

TEST(a_body_limit_may_depend_on_the_head)
{
	struct http_server *server =
		serve_setup((struct http_setup){ .handler = count, .body_limit = little });
	unsigned answers;

	CHECK_NUMBER(ask_with_body(server, 10, false), 200);
	CHECK_NUMBER(ask_with_body(server, 11, false), 413);
	CHECK_NUMBER(ask_with_body(server, 1000, true), 413);
	CHECK_NUMBER(client_ask(server,
				TEXT("POST / HTTP/1.1\r\nHost: a\r\nConnection: "
				     "close\r\nAuthorization: x\r\n"
				     "Content-Length: 12\r\n\r\nabcdefghijkl"),
				&answers),
		     200);
	http_server_close(server, 0);
}

TEST(a_client_that_waits_for_100_is_told_before_it_sends)
{
	const struct http_limits limits = { .body = 100 };
	struct http_server      *server = serve(count, NULL, &limits);
	scoped_buffer            out = BUFFER_NONE;
	int                      fd = client_connect(server);

	CLIENT_SEND(
		fd,
		"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
	CHECK(client_read_until(fd, "\r\n\r\n", &out));
	CHECK_STRING(buffer_string(&out), "HTTP/1.1 100 Continue\r\n\r\n");
	CLIENT_SEND(fd, "hello");
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "HTTP/1.1 200 "));
	close(fd);

	fd = client_connect(server);
	CLIENT_SEND(fd, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
			"500\r\n\r\n");
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "HTTP/1.1 413 ") == out.bytes);
	close(fd);
	http_server_close(server, 0);
}

RUN(cmocka_unit_test(what_servers_disagree_about_is_refused_and_closed),
    cmocka_unit_test(long_targets_and_heads_are_refused_past_their_limits),
    cmocka_unit_test(a_body_over_its_limit_gets_413_however_it_comes),
    cmocka_unit_test(all_bodies_together_have_a_limit),
    cmocka_unit_test(a_body_limit_may_depend_on_the_head),
    cmocka_unit_test(a_client_that_waits_for_100_is_told_before_it_sends));
