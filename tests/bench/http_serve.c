/*
 * Our HTTP layer with next to nothing above it, against http_bare: a reply of 400 bytes written
 * into a buffer for each request, with the headers a dialect adds. usage: http_serve PORT
 * [THREADS]; serves until its standard input ends.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/number.h"
#include "http/server.h"

#define REPLY_BYTES 400

static void
answer(void *context, struct http_exchange *exchange)
{
	static const struct http_header headers[] = {
		{ "Content-Type", "application/json; charset=UTF-8" },
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "X-Frame-Options", "SAMEORIGIN" },
		{ NULL, NULL },
	};
	struct buffer body = BUFFER_NONE;

	if (http_method(exchange) != HTTP_GET || !http_field(exchange, TEXT("Host")).ptr ||
	    http_field(exchange, TEXT("Authorization")).ptr) {
		http_answer_static(exchange, 405, NULL, TEXT(""));
		return;
	}
	buffer_reserve(&body, REPLY_BYTES);
	buffer_add(&body, *(const struct text *)context);
	http_answer(exchange, 200, headers, &body);
}

int
main(int argc, char **argv)
{
	scoped_arena  arena = arena_new();
	scoped_buffer reply = BUFFER_NONE;
	int64_t       port, threads = 2;
	const char   *message = "";
	char          byte;

	if (argc < 2 || !number_read(text_of(argv[1]), 1, 65535, &port) ||
	    (argc > 2 && !number_read(text_of(argv[2]), 1, 64, &threads)))
		return 2;
	buffer_add_string(&reply, "{\"rows\":[\"");
	while (reply.len < REPLY_BYTES - 3)
		buffer_add_byte(&reply, 'x');
	buffer_add_string(&reply, "\"]}");

	struct text               body = buffer_text(&reply);
	const struct http_listen  listen = { arena_print(arena, "127.0.0.1:%d", (int)port) };
	const struct http_setup   setup = { .listens = &listen,
					    .nlistens = 1,
					    .threads = (unsigned)threads,
					    .handler = answer,
					    .context = &body };
	struct http_server *const server = http_server_open(&setup, arena, &message);

	if (!server) {
		fprintf(stderr, "%s\n", message);
		return 1;
	}
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	http_server_close(server, 1000);
	return 0;
}
