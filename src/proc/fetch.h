/* proc/fetch.h: getting lists from elsewhere, and keeping what was got. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

#define FETCH_BYTES     (64 * 1024 * 1024) /* of one answer */
#define FETCH_SECONDS   60
#define FETCH_REDIRECTS 5

/* Who asks; NULL or "" for what is not said. Nothing of it holds a line break. */
struct fetch {
	const char *url;                /* http or https */
	const char *about;              /* for logs: "alias x" */
	const char *user, *password;    /* by basic authentication */
	const char *header;             /* one more line: "Authorization: Bearer x"; redirects to other servers are not followed then */
	size_t      bytes;              /* 0: FETCH_BYTES */
	long        seconds;            /* 0: FETCH_SECONDS */
	const _Atomic(bool) *stop;      /* once it is true, nothing is waited for any more; NULL: never */
};

/* A URL for logs and messages: without the credentials that it may hold before its host or in its query. */
const char *fetch_shown(struct arena *, const char *url);

/* The whole answer, of status 200, is added; else false, and a line in the log. Waits. */
bool fetch_url(const struct fetch *, struct buffer *body);

/* A folder of the state directory, made when it is not there; -1 when there is none (state_fd -1) or it cannot be had. */
int  fetch_folder(int state_fd, const char *name);
/* All or nothing: a new file that takes the place of the old one. */
void fetch_keep(int folder, const char *name, struct text content);
/* What was kept. False: nothing was. */
bool fetch_kept(int folder, const char *name, struct buffer *out);
/* How many seconds ago it was kept; INT64_MAX: never. */
int64_t fetch_age(int folder, const char *name);
