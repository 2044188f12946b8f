/* proc/lane/queue.h: requests on their way between threads; for the lanes only. */
#pragma once

#include <pthread.h>

#include "api/request.h"
#include "http/server.h"
#include "proc/lane/replies.h"

struct lanes;

/* Whoever holds it is the only one to touch it. */
struct job {
	struct request        request; /* first: recall() */
	struct http_exchange *exchange;
	const struct dialect_server *dialect;
	bool                  is_deferred;
	bool                  is_kept; /* its change was accepted in the batch under way */
	unsigned              touched; /* the parts that it changes */
	uint64_t              ticket;
	struct job           *next;
	struct lanes         *lanes;
	struct http_canned   *canned;   /* the answer, held; NULL: it is in the reply */
	bool                  is_asked; /* the reply is worth keeping, as what follows from this */
	struct replies_origin origin;
	bool                  wants_tag;
	uint64_t              tagged; /* the revision that the answer shows; 0: none */
};

/* First come, first served. */
struct queue {
	pthread_mutex_t lock;
	pthread_cond_t  filled;
	struct job     *first, **last;
	size_t          count;
	uint64_t        tickets;
	bool            is_closed;
};

void queue_init(struct queue *);
void queue_clear(struct queue *);
/* False: closed or full. */
bool queue_push(struct queue *, struct job *);
/* Up to `most` jobs, waiting for the first; NULL when the queue is closed and empty. */
struct job *queue_pop(struct queue *, size_t most, uint64_t *newest);
/* Nothing gets in any more. */
void queue_close(struct queue *);
