/* api/peers.h: telling other boxes like this one. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#define PEER_SECONDS 10 /* for connecting, and for all of it */

/* One PUT to each of the hosts, at the port and with the protocol that this box is reached by. */
struct peer_push {
	const char *hosts; /* names and addresses between blanks */
	const char *path;
	const char *user, *password;
	struct text body;  /* JSON */
	bool        verify;      /* the peers' certificates, by the machine's authorities and these */
	struct text authorities; /* PEM; empty: none */
	/* What is wrong with an answer, in a few words in the arena or static; NULL: it was done. Any thread. */
	const char *(*judge)(struct arena *, long status, struct text answer);
};

struct peers {
	void *context;
	/*
	 * report NULL: soon, on a thread of its own; what fails is logged. What still waits then gives way to what is newer.
	 * Otherwise now, which may take PEER_SECONDS for each host: a line for each goes to the report. Copied either way.
	 */
	void (*push)(void *context, const struct peer_push *, struct buffer *report);
};
