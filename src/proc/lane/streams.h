/* proc/lane/streams.h: answers that go on: who listens, and asking for what comes next. */
#pragma once

#include "api/request.h"
#include "http/server.h"

#define STREAMS_MAX     128
#define STREAMS_THREADS 2

struct streams;

struct streams *streams_new(const struct service *);
/* Ends all of them. The HTTP server must still be there. NULL is fine. */
void            streams_free(struct streams *);

/* Room for one more? It is kept for who asked, until streams_add(). */
bool streams_reserve(struct streams *);
/* Takes both. */
void streams_add(struct streams *, struct http_stream *, struct follow *);
