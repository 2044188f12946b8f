/*
 * libmicrohttpd can accept by itself, but cannot stop to without a race against its own workers,
 * and its limits are per worker. So one thread of ours accepts, for all listening sockets of a
 * server.
 */
#include "http/acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/bug.h"

/* Taken from one socket before the others get their turn. */
#define BATCH 64
/* Without room, or without descriptors, we look again after this. */
#define PAUSE_MS 20

struct acceptor {
	struct acceptor_owner owner;
	pthread_t             thread;
	size_t                nfds;                          /* of those that listen */
	struct pollfd         fds[ACCEPTOR_SOCKETS_MAX + 1]; /* the last one ends us */
};

/* False when it is time for a pause. */
static bool
accept_from(struct acceptor *acceptor, size_t which)
{
	for (int i = 0; i < BATCH; i++) {
		struct sockaddr_storage name;
		socklen_t               len = sizeof(name);

		if (!acceptor->owner.has_room(acceptor->owner.context))
			return false;
		const int fd = accept4(acceptor->fds[which].fd, (struct sockaddr *)&name, &len,
				       SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0)
			acceptor->owner.take(acceptor->owner.context, which, fd,
					     (struct sockaddr *)&name, len);
		else if (errno == EAGAIN)
			return true;
		else if (errno != EINTR && errno != ECONNABORTED && errno != EPROTO)
			return false; /* no descriptors or memory left, mostly */
	}
	return true;
}

static void *
run(void *context)
{
	struct acceptor *const acceptor = context;
	struct pollfd *const   ending = &acceptor->fds[acceptor->nfds];

	for (;;) {
		bool pause = false;

		if (poll(acceptor->fds, acceptor->nfds + 1, -1) < 0)
			continue; /* EINTR */
		if (ending->revents)
			return NULL;
		for (size_t i = 0; i < acceptor->nfds; i++)
			if (acceptor->fds[i].revents && !accept_from(acceptor, i))
				pause = true;
		if (pause)
			poll(ending, 1, PAUSE_MS);
	}
}

struct acceptor *
acceptor_new(const int *fds, size_t nfds, const struct acceptor_owner *owner)
{
	struct acceptor *const acceptor = calloc(1, sizeof(*acceptor));

	BUG_IF(!acceptor, "out of memory");
	BUG_IF(nfds > ACCEPTOR_SOCKETS_MAX, "%zu sockets", nfds);
	acceptor->owner = *owner;
	acceptor->nfds = nfds;
	for (size_t i = 0; i < nfds; i++) {
		acceptor->fds[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
		fcntl(fds[i], F_SETFL, fcntl(fds[i], F_GETFL) | O_NONBLOCK);
	}
	const int ending = eventfd(0, EFD_CLOEXEC);

	acceptor->fds[nfds] = (struct pollfd){ .fd = ending, .events = POLLIN };
	if (ending >= 0 && pthread_create(&acceptor->thread, NULL, run, acceptor) == 0)
		return acceptor;
	if (ending >= 0)
		close(ending);
	free(acceptor);
	return NULL;
}

void
acceptor_free(struct acceptor *acceptor)
{
	if (!acceptor)
		return;
	const int ending = acceptor->fds[acceptor->nfds].fd;

	eventfd_write(ending, 1);
	pthread_join(acceptor->thread, NULL);
	close(ending);
	free(acceptor);
}
