/* One request a connection; the answer ends with "errno=" and an empty line. */
#include "backend/wireguard/socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/number.h"

#define FOLDER  "/var/run/wireguard"
#define SECONDS 20

static int
connect_to(const char *name)
{
	struct sockaddr_un   address = { .sun_family = AF_UNIX };
	const struct timeval limit = { .tv_sec = SECONDS };
	const int            fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), FOLDER "/%s.sock", name);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0 &&
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
send_all(int fd, struct text request)
{
	while (request.len > 0) {
		const ssize_t n = send(fd, request.ptr, request.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		request = text_after(request, (size_t)n);
	}
	return true;
}

static bool
hear_all(int fd, struct buffer *answer)
{
	char bytes[16384];

	while (answer->len < WIREGUARD_BYTES_MAX) {
		const ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		buffer_add(answer, (struct text){ bytes, (size_t)n });
		if (text_ends(buffer_text(answer), TEXT("\n\n")))
			return true;
		if (n == 0)
			return false;
	}
	return false;
}

/* What it says of the errand: an errno, 0 when all is well, -1 when it says nothing. */
static int
verdict(struct text answer)
{
	struct text line;
	int64_t     number = -1;

	while (text_next(&answer, "\n", &line))
		if (text_starts(line, TEXT("errno=")) && !number_read(text_after(line, 6), -4096, 4096, &number))
			number = -1;
	return (int)(number < -1 ? -number : number);
}

static enum result
talk(const char *name, struct text request, struct buffer *answer, struct buffer *message)
{
	scoped_fd fd = connect_to(name);

	if (fd < 0)
		return RESULT_MISSING;
	if (!send_all(fd, request) || !hear_all(fd, answer)) {
		buffer_print(message, "wireguard-go does not answer for %s", name);
		return RESULT_FAILED;
	}
	const int error = verdict(buffer_text(answer));

	if (error != 0)
		buffer_print(message, "wireguard-go does not take what %s is told: %s", name, error > 0 ? strerror(error) : "it says nothing");
	return error == 0 ? RESULT_DONE : RESULT_FAILED;
}

enum result
wireguard_socket_get(struct arena *arena, const char *name, struct wireguard *out)
{
	scoped_buffer     answer = BUFFER_NONE, message = BUFFER_NONE;
	const enum result result = talk(name, TEXT("get=1\n\n"), &answer, &message);

	if (result != RESULT_DONE)
		return result;
	return wireguard_read(arena, buffer_text(&answer), out) ? RESULT_DONE : RESULT_FAILED;
}

enum result
wireguard_socket_set(const char *name, const struct wireguard_change *change, struct buffer *message)
{
	scoped_buffer request = BUFFER_NONE, answer = BUFFER_NONE;

	wireguard_change_print(&request, change);
	return talk(name, buffer_text(&request), &answer, message);
}
