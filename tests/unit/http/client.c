/* A client that sends what it is told, byte for byte. */
#include "unit/http/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "test.h"

struct http_server *
serve_setup(struct http_setup setup)
{
	static const struct http_listen preset = { "127.0.0.1:0" };
	scoped_arena                    arena = arena_new();
	const char                     *message = "";

	if (!setup.listens) {
		setup.listens = &preset;
		setup.nlistens = 1;
	}
	struct http_server *const server = http_server_open(&setup, arena, &message);

	if (!server)
		fail_msg("no server: %s", message);
	return server;
}

struct http_server *
serve(http_handler *handler, void *context, const struct http_limits *limits)
{
	struct http_setup setup = { .threads = 2, .handler = handler, .context = context };

	if (limits)
		setup.limits = *limits;
	return serve_setup(setup);
}

int
client_connect(const struct http_server *server)
{
	const struct sockaddr_in name = { .sin_family = AF_INET,
					  .sin_port = htons(http_server_port(server, 0)),
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0);
	CHECK_NUMBER(connect(fd, (const void *)&name, sizeof(name)), 0);
	return fd;
}

void
client_send(int fd, struct text text)
{
	while (text.len > 0) {
		const ssize_t n = send(fd, text.ptr, text.len, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the server may have had enough */
		text = text_after(text, (size_t)n);
	}
}

uint64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void
pause_for(unsigned ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 },
		  NULL);
}

void
client_read(int fd, int ms, struct buffer *out, bool *closed)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	char          bytes[4096];

	*closed = false;
	while (poll(&one, 1, ms) > 0) {
		const ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

		if (n <= 0) {
			*closed = true;
			return;
		}
		buffer_add(out, (struct text){ bytes, (size_t)n });
	}
}

bool
client_read_until(int fd, const char *wanted, struct buffer *out)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	size_t        looked_at = 0;
	char          bytes[4096];

	while (!strstr(buffer_string(out) + looked_at, wanted)) {
		const ssize_t n = poll(&one, 1, PATIENCE) > 0 ? recv(fd, bytes, sizeof(bytes), 0) : 0;

		if (n <= 0)
			return false;
		/* Its beginning may be there. */
		looked_at = out->len > strlen(wanted) ? out->len - strlen(wanted) : 0;
		buffer_add(out, (struct text){ bytes, (size_t)n });
	}
	return true;
}

bool
client_read_answer(int fd, struct buffer *out)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	const char   *end, *length;
	int64_t       n;
	char          byte;

	buffer_cut(out, 0);
	while (!out->bytes || !strstr(out->bytes, "\r\n\r\n")) {
		if (poll(&one, 1, PATIENCE) <= 0 || recv(fd, &byte, 1, 0) != 1)
			return false;
		buffer_add_byte(out, byte);
	}
	end = strstr(out->bytes, "\r\n\r\n") + 4;
	length = strstr(out->bytes, "Content-Length: ");
	if (!length)
		return end != NULL;
	length += 16;
	CHECK(number_read((struct text){ length, (size_t)(strchr(length, '\r') - length) }, 0,
			  1 << 30, &n));
	while (n > 0) {
		char          room[16384];
		const ssize_t got = poll(&one, 1, PATIENCE) <= 0 ?
					    0 :
					    recv(fd, room, (size_t)n < sizeof(room) ? (size_t)n : sizeof(room), 0);

		if (got <= 0)
			return false;
		buffer_add(out, (struct text){ room, (size_t)got });
		n -= got;
	}
	return true;
}

unsigned
client_ask(const struct http_server *server, struct text text, unsigned *answers)
{
	scoped_buffer out = BUFFER_NONE;
	const int     fd = client_connect(server);
	int64_t       status = 0;
	bool          closed;

	client_send(fd, text);
	shutdown(fd, SHUT_WR);
	client_read(fd, PATIENCE, &out, &closed);
	close(fd);
	*answers = 0;
	for (const char *at = buffer_string(&out); (at = strstr(at, "HTTP/1.1 ")); at += 9)
		if ((*answers)++ == 0)
			CHECK(number_read((struct text){ at + 9, 3 }, 100, 999, &status));
	return (unsigned)status;
}
