/*
 * api/request.h: one request on its way through the gate, in no dialect.
 *
 * A dialect is one function, serve(). It is called on a worker thread first and may ask to be
 * called again on another lane, so that nothing slow ever runs on a worker:
 *
 *   LANE_WORKER  reads: routing, remembered credentials, answers from request->snapshot
 *   LANE_SLOW    password hashes, name look-ups, downloads, files, questions to the box
 *   LANE_COMMIT  writes: request->change is set and request->snapshot is its draft. Requests are
 *                served here one after the other, each seeing what those before it kept; a
 *                batch of them shares one durable write. Must not wait for anything.
 *   LANE_APPLY   the box is brought to the plan, one apply at a time; requests that wait together share it
 *   LANE_LONG    what waits for seconds: for hosts on the network, or to see how much comes in some time
 *
 * serve() keeps what it learned in request->route, ->caller and ->state, and goes on from there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/service.h"
#include "auth/auth.h"
#include "base/buffer.h"
#include "base/value.h"
#include "schema/snapshot.h"
#include "store/change.h"

enum method {
	METHOD_GET,
	METHOD_POST,
	METHOD_PUT,
	METHOD_DELETE,
	METHOD_HEAD,
	METHOD_OPTIONS,
	METHOD_PATCH,
	METHOD_OTHER,
};

enum lane {
	LANE_WORKER,
	LANE_SLOW,
	LANE_COMMIT,
	LANE_APPLY,
	LANE_LONG,
	LANES,
};

enum step {
	STEP_ANSWER, /* request->reply is what the client gets */
	STEP_MOVE,   /* call serve() again on request->lane */
};

#define REPLY_HEADERS_MAX 32

struct follow;

struct reply {
	unsigned      status; /* HTTP */
	const char   *content_type;
	struct buffer body; /* taken over by whoever sends it */
	struct {
		const char *name, *value; /* in the request's arena, or static */
	} headers[REPLY_HEADERS_MAX];
	size_t nheaders;
	struct follow *follow; /* NULL: the body is all */
};

/*
 * What an answer goes on with for as long as its client listens (Server-Sent Events); the body comes first. Whoever
 * sends the answer takes it over.
 */
struct follow {
	struct arena *arena; /* its own: it and all it needs lie there */
	unsigned      every; /* ms between calls of more() */
	/* Put what is new into the buffer. False: that was all. On a thread of its own, never twice at once; may ask the box. */
	bool (*more)(struct follow *, const struct service *, struct buffer *);
	void *self;
};

struct request {
	struct arena         *arena; /* of this request; freed when it is answered */
	const struct service *service;
	uint64_t              id;

	enum method    method;
	struct text    method_text;
	struct text    target; /* as sent: path and query, not decoded */
	struct text    path;   /* of the target, with the leading "/" */
	struct text    query;  /* behind the "?", without it; empty when there is none */
	struct text    body;   /* whole; ends in a NUL that does not count */
	struct address peer;
	struct address local;  /* the address of ours that was reached */
	bool           secure; /* TLS */
	bool           socket; /* through the unix socket: the administrator of this machine */
	/* A header by name, any case; an empty text without ptr when absent. */
	struct text (*header)(const struct request *, const char *name);
	void *exchange; /* for header() */
	/*
	 * For a read whose answer follows from target and snapshot alone: is it there already? Asked by the dialect on
	 * LANE_WORKER when it is settled that the caller may see it. True: it is answered; false: what is answered with
	 * status 200 now is kept for the next. NULL: nobody keeps answers.
	 */
	bool (*recall)(struct request *);

	enum lane              lane;     /* where serve() runs; set by serve() before STEP_MOVE */
	const struct snapshot *snapshot; /* newest durable one when the lane was entered; in LANE_COMMIT the draft */
	struct change         *change;   /* in LANE_COMMIT only */
	bool                   keep;     /* serve() sets it in LANE_COMMIT: the change is to be committed */
	bool                   always;   /* ... even when nothing differs: it makes a revision all the same */
	uint64_t               revision; /* of the kept change, once it is durable */
	/* Where serve() is called once more after a kept change is durable: LANE_APPLY or LANE_SLOW. LANE_WORKER: nowhere. */
	enum lane              then;
	struct caller         *caller; /* NULL until known */
	size_t                 notes;  /* on what was applied: a client that looks is told so in a header */
	const void            *route;  /* the dialect's */
	void                  *state;  /* the dialect's */
	const struct value    *input;  /* the parsed body or query; NULL until then */

	struct reply reply;
};

struct dialect_server {
	const char *name;
	const char *prefix; /* of the path: "/api/v1" is tried before "/api" */
	enum step (*serve)(struct request *);
	/* The store could not keep the change, or the daemon is going down: fill request->reply with an error. */
	void (*failed)(struct request *, enum result, const char *message);
	/* What the contract calls the endpoint that is asked; NULL before it is known. In the request's arena, or static. */
	const char *(*endpoint)(const struct request *);
};

void reply_header(struct request *, const char *name, const char *value); /* neither is copied */
/* Forget what was written so far. */
void reply_reset(struct request *);
/* The reply goes on. */
struct follow *reply_follow(struct request *, unsigned every,
			    bool (*more)(struct follow *, const struct service *, struct buffer *));
void           follow_free(struct follow *); /* NULL is fine */

/* "Move me there." */
static inline enum step
move_to(struct request *request, enum lane lane)
{
	request->lane = lane;
	return STEP_MOVE;
}
/* A view for checking and showing: of the request's snapshot, arena and facts. */
struct view request_view(const struct request *, const struct record *);
/* For revision notes: "admin@192.0.2.1". */
const char *request_who(const struct request *);
