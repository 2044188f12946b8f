/* A socket, and looking for blank lines; chunks are small enough not to cut an event in its lines. */
#include "listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/number.h"
#include "json/read.h"
#include "test.h"

/* "k1:s1" in base64 */
#define AUTHORIZATION "Basic azE6czE="
#define ANSWER_LIMIT  60000 /* ms */

static bool
read_more(struct listening *listening, int wait_ms)
{
	struct pollfd wait = { listening->fd, POLLIN, 0 };
	char          bytes[65536];

	if (poll(&wait, 1, wait_ms) <= 0)
		return false;
	const ssize_t n = recv(listening->fd, bytes, sizeof(bytes), 0);

	if (n <= 0)
		return false;
	buffer_add(&listening->heard, (struct text){ bytes, (size_t)n });
	return true;
}

void
listen_begin(struct listening *listening, const struct instance *instance, const char *path)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char               request[1024];
	int64_t            port = 0;

	number_read(text_of(strrchr(instance->url, ':') + 1), 1, 65535, &port);
	to.sin_port = htons((uint16_t)port);
	*listening = (struct listening){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	CHECK(connect(listening->fd, (const struct sockaddr *)&to, sizeof(to)) == 0);
	const int len = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: " AUTHORIZATION "\r\n\r\n",
				 path);

	CHECK(send(listening->fd, request, (size_t)len, 0) == len);
	for (const char *end; !(end = strstr(buffer_string(&listening->heard), "\r\n\r\n"));)
		if (!read_more(listening, ANSWER_LIMIT))
			fail_msg("no answer to %s", path);
	listening->at = (size_t)(strstr(listening->heard.bytes, "\r\n\r\n") - listening->heard.bytes) + 4;
}

void
listen_end(struct listening *listening)
{
	close(listening->fd);
	buffer_clear(&listening->heard);
}

unsigned
listen_status(const struct listening *listening)
{
	int64_t status = 0;

	number_read(text_first(text_after(buffer_text(&listening->heard), 9), 3), 100, 599, &status);
	return (unsigned)status;
}

/* One that is there as a whole. False: it is not yet. */
static bool
take_event(struct listening *listening, struct text *out)
{
	const char *begin = buffer_string(&listening->heard) + listening->at;
	const char *event = strstr(begin, "event: "), *end = event ? strstr(event, "\n\n") : NULL;

	if (!end)
		return false;
	*out = (struct text){ event + 7, (size_t)(end - event) - 7 };
	listening->at += (size_t)(end - begin) + 2;
	return true;
}

/* Chunked coding puts lengths between; data is one line. */
static struct value *
read_data(struct arena *arena, struct text event)
{
	const char   *copy = arena_copy(arena, event), *data = strstr(copy, "data: ");
	struct value *value = NULL;

	if (!data)
		return value_object(arena);
	if (json_read(arena, text_of(data + 6), NULL, &value, NULL) != RESULT_DONE)
		fail_msg("no JSON: %s", data);
	return value;
}

struct value *
listen_next(struct listening *listening, struct arena *arena, const char *name, int wait)
{
	const int64_t end = milliseconds() + wait;
	struct text   event;

	for (;;) {
		while (take_event(listening, &event)) {
			struct text rest = event;

			if (text_is(text_until(&rest, '\n'), name))
				return read_data(arena, event);
		}
		const int64_t left = end - milliseconds();

		if (left <= 0 || !read_more(listening, (int)left))
			return NULL;
	}
}
