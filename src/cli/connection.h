/* cli/connection.h: asking the daemon through its unix socket. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "base/value.h"

#define CONNECTION_SOCKET "/run/drawbridge/drawbridge.sock"

/* How to reach it: the unix socket, or a URL with an API key. Strings are NULL when not given. */
struct connection {
	const char *socket;
	const char *url, *key, *secret;
	bool        insecure; /* do not verify the certificate */
};

/*
 * One request; body NULL for GET. DONE: *status and the body of the answer are set. UNAVAILABLE: nobody is there, the
 * message says why.
 */
enum result connection_ask(const struct connection *, const char *path, const char *body, long *status,
                           struct buffer *answer, struct buffer *message);
