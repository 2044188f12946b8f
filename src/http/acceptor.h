/* http/acceptor.h: a thread that takes connections from listening sockets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define ACCEPTOR_SOCKETS_MAX 16

struct acceptor;

/*
 * Where connections go. has_room is asked before each; while it says no they wait in the kernel.
 * take gets the descriptor: non-blocking, closed over exec. Both are called on the acceptor's
 * thread.
 */
struct acceptor_owner {
	bool (*has_room)(void *context);
	void (*take)(void *context, size_t which, int fd, const struct sockaddr *, socklen_t);
	void *context;
};

/* The listening descriptors stay the caller's, and open as long. NULL when there is no thread to be
 * had. */
struct acceptor *acceptor_new(const int *fds, size_t nfds, const struct acceptor_owner *);
/* Nothing is taken any more when this returns. NULL is fine. */
void acceptor_free(struct acceptor *);
