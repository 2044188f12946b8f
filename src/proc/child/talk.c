/* Connect, write once, read to the end or until it is enough; none of it waits. */
#include "proc/child/talk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/bug.h"

struct talk {
	struct loop      *loop;
	struct talk_order order;
	struct watch      socket;
	struct timer      late;
	struct buffer     answer;
};

static void
finish(struct talk *talk, bool is_whole)
{
	loop_unwatch(talk->loop, &talk->socket);
	close(talk->socket.fd);
	loop_cancel(talk->loop, &talk->late);
	talk->order.done(talk->order.self, is_whole, buffer_text(&talk->answer));
	buffer_clear(&talk->answer);
	free(talk);
}

static void
hear(void *self)
{
	struct talk *talk = self;
	char         bytes[16384];
	ssize_t      n;

	while ((n = recv(talk->socket.fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		buffer_add(&talk->answer, (struct text){ bytes, (size_t)n });
		if (talk->answer.len > talk->order.max) {
			finish(talk, false);
			return;
		}
	}
	if (talk->order.is_whole && talk->order.is_whole(buffer_text(&talk->answer)))
		finish(talk, true);
	else if (n == 0)
		finish(talk, !talk->order.is_whole);
	else if (errno != EAGAIN && errno != EINTR)
		finish(talk, false);
}

static void
is_late(void *self)
{
	finish(self, false);
}

/* A stream of this family connects at once or not at all, and its buffer has room for one request. */
static int
ask(const struct talk_order *order)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const size_t       len = strlen(order->path);
	int                fd;

	if (len >= sizeof(name.sun_path))
		return -1;
	memcpy(name.sun_path, order->path, len);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&name, sizeof(name)) == 0 &&
	    send(fd, order->request.ptr, order->request.len, MSG_NOSIGNAL) == (ssize_t)order->request.len)
		return fd;
	close(fd);
	return -1;
}

void
talk_start(struct loop *loop, const struct talk_order *order)
{
	struct talk *talk;
	const int    fd = order->request.len <= TALK_REQUEST_MAX ? ask(order) : -1;

	if (fd < 0) {
		order->done(order->self, false, TEXT_NONE);
		return;
	}
	talk = calloc(1, sizeof(*talk));
	BUG_IF(!talk, "out of memory");
	*talk = (struct talk){ .loop = loop, .order = *order };
	talk->order.request = TEXT_NONE;
	talk->socket = (struct watch){ fd, hear, talk };
	talk->late = (struct timer){ .due = is_late, .self = talk };
	loop_watch(loop, &talk->socket);
	loop_start(loop, &talk->late, order->limit);
}
