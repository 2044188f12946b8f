/*
 * proc/lane/lanes.h: the threads that requests move between (api/request.h): slow work, the
 * committer, the applier. The workers themselves belong to the HTTP server.
 */
#pragma once

#include "api/request.h"
#include "http/server.h"

#define LANE_BATCH_MAX    256  /* changes that share one durable write */
#define LANE_WAITING_MAX  4096 /* requests in all lanes; one more is told to come back later */
#define LANE_SLOW_THREADS 2
#define LANE_LONG_THREADS 8

struct lanes;
struct streams;

struct lanes_setup {
	const struct service        *service;
	const struct dialect_server *const *dialects; /* tried in this order by prefix; NULL-terminated */
	/* Told before an apply runs, with the number of the newest request that it may answer for. May be NULL. */
	void (*applying)(void *context, uint64_t ticket, uint64_t newest);
	void *context;
	struct streams *streams; /* gets answers that go on */
	/* Told of each change that was kept, on the committing thread. May be NULL. */
	void (*kept)(void *kept_context, const struct request *);
	void *kept_context;
};

struct lanes *lanes_new(const struct lanes_setup *);
/* Answer what waits with an error, end the threads. The HTTP server must not call any more. */
void          lanes_free(struct lanes *);

/* Ask a dialect something in the name of the administrator; nobody reads the answer. Any thread. */
void lanes_post(struct lanes *, const char *target);

/* An http_handler; the context is the lanes. */
void lanes_serve(void *lanes, struct http_exchange *);
