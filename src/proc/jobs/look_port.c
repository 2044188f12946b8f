/* Does somebody listen there, and what does he say first? */
#include "proc/jobs/looks.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/jobs/jobs.h"
#include "wire/order.h"

#define CONNECT_MS  10000
#define TEXT_MS     3000
#define PAYLOAD_MAX 4096

static int
connect_to(int fd, const struct sockaddr_storage *to, unsigned size)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	int           error = 0;
	socklen_t     len = sizeof(error);

	if (connect(fd, (const struct sockaddr *)to, size) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	if (poll(&wait, 1, CONNECT_MS) <= 0)
		return ETIMEDOUT;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

/* As text: what cannot be printed is a dot. */
static const char *
read_text(struct arena *arena, int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char          bytes[PAYLOAD_MAX];
	ssize_t       got;

	if (poll(&wait, 1, TEXT_MS) <= 0 || (got = recv(fd, bytes, sizeof(bytes), 0)) <= 0)
		return "";
	for (ssize_t i = 0; i < got; i++)
		if (((unsigned char)bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\t') ||
		    (unsigned char)bytes[i] >= 0x7f)
			bytes[i] = '.';
	return arena_copy(arena, (struct text){ bytes, (size_t)got });
}

struct value *
look_port(struct arena *arena, struct courier *courier, const struct look_wish *wish)
{
	struct value           *out = value_object(arena);
	scoped_buffer           message = BUFFER_NONE;
	struct sockaddr_storage to;
	unsigned                size;
	const char             *payload = "", *said;

	if (!jobs_resolve(wish->host, wish->inet6, &to, &size)) {
		said = arena_print(arena, "%s is not known", wish->host);
	} else {
		scoped_fd fd = jobs_socket(courier, PROBE_SOCKET_TCP, wish->inet6, wish->source, wish->source_port, &message);

		if (wish->inet6)
			((struct sockaddr_in6 *)&to)->sin6_port = htons((uint16_t)wish->port);
		else
			((struct sockaddr_in *)&to)->sin_port = htons((uint16_t)wish->port);
		const int error = fd < 0 ? 0 : connect_to(fd, &to, size);

		if (fd >= 0 && error == 0 && wish->shows_text)
			payload = read_text(arena, fd);
		if (fd < 0)
			said = arena_copy(arena, buffer_text(&message));
		else if (error == 0)
			said = arena_print(arena, "Connection to %s %u port [tcp/*] succeeded!", wish->host, wish->port);
		else
			said = arena_print(arena, "connect to %s port %u (tcp) failed: %s", wish->host, wish->port, strerror(error));
	}
	value_set_string(arena, out, "message", said);
	value_set_string(arena, out, "payload", payload);
	return out;
}
