/* Answers whose memory goes back while they are sent: every byte arrives, and what is left of them is freed. */
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "client.h"
#include "test.h"

#define PATTERN_STEP 7919 /* a prime: no two pages are alike */

static unsigned char
byte_at(size_t at)
{
	return (unsigned char)('a' + at / PATTERN_STEP * 31 % 26);
}

/* As many bytes as the path says. */
static void
give(void *context, struct http_exchange *exchange)
{
	struct buffer     body = BUFFER_NONE;
	const struct text path = http_path(exchange);
	int64_t           length = 0;

	(void)context;
	number_read(text_after(path, 1), 0, INT32_MAX, &length);
	while (body.len < (size_t)length) {
		const size_t left = (size_t)length - body.len;
		char         run[PATTERN_STEP];

		memset(run, byte_at(body.len), sizeof(run));
		buffer_add(&body, (struct text){ run, left < sizeof(run) ? left : sizeof(run) });
	}
	http_answer(exchange, 200, NULL, &body);
	CHECK(!body.bytes);
}

static void
check_answer(int fd, size_t length)
{
	scoped_arena  arena = arena_new();
	scoped_buffer out = BUFFER_NONE;

	client_send(fd, text_of(arena_print(arena, "GET /%zu HTTP/1.1\r\nHost: a\r\n\r\n", length)));
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, arena_print(arena, "\r\nContent-Length: %zu\r\n", length)));

	const size_t begin = (size_t)(strstr(out.bytes, "\r\n\r\n") - out.bytes) + 4;

	CHECK_NUMBER(out.len - begin, length);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)out.bytes[begin + i] != byte_at(i))
			fail_msg("%zu: byte %zu is another", length, i);
}

TEST(every_byte_of_a_large_answer_arrives)
{
	static const size_t lengths[] = {
		(1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20, (5 << 20) + 4095, (5 << 20) + 4096, (9 << 20) + 123,
	};
	struct http_server *server = serve(give, NULL, NULL);
	const int           fd = client_connect(server);

	for (size_t i = 0; i < COUNT(lengths); i++)
		check_answer(fd, lengths[i]);
	check_answer(fd, 10);
	close(fd);
	http_server_close(server, 0);
}

TEST(the_head_alone_says_how_long_it_would_be)
{
	struct http_server *server = serve(give, NULL, NULL);
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE;
	bool                closed;

	CLIENT_SEND(fd, "HEAD /5000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	client_read(fd, PATIENCE, &out, &closed);
	CHECK(closed && strstr(out.bytes, "\r\nContent-Length: 5000000\r\n") && text_ends(buffer_text(&out), TEXT("\r\n\r\n")));
	close(fd);
	http_server_close(server, 0);
}

/* Leak checkers see to it that nothing is left. */
TEST(a_client_may_go_in_the_middle)
{
	struct http_server *server = serve(give, NULL, NULL);

	for (int i = 0; i < 4; i++) {
		const int fd = client_connect(server);
		char      room[4096];

		CLIENT_SEND(fd, "GET /8000000 HTTP/1.1\r\nHost: a\r\n\r\n");
		CHECK(read(fd, room, sizeof(room)) > 0);
		close(fd);
	}
	http_server_close(server, 2000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_of_a_large_answer_arrives),
		cmocka_unit_test(the_head_alone_says_how_long_it_would_be),
		cmocka_unit_test(a_client_may_go_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
