/*
 * Answers that go on: a bounded queue between whoever writes and the connection's worker. While the
 * queue is empty the connection is suspended; libmicrohttpd does not look at it then, so we look
 * whether its client has gone.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "http/connection.h"

#define BLOCK 16384

/* Held twice: by its owner, until http_stream_close(), and by the response. */
struct http_stream {
	struct http_stream    *older, *newer; /* in the server's list while attached */
	struct http_server    *server;
	struct http_exchange  *exchange;
	struct MHD_Connection *mhd;
	int                    fd;
	size_t                 max;
	pthread_mutex_t        lock;
	struct buffer          queue;
	size_t                 sent; /* of the queue */
	unsigned               holders;
	bool                   suspended;
	bool                   ended; /* nothing comes after the queue */
	bool                   gone;  /* nobody is there to read */
};

/* With the lock held; gives it back. */
static void
let_go(struct http_stream *stream)
{
	const bool last = --stream->holders == 0;

	pthread_mutex_unlock(&stream->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&stream->lock);
	buffer_clear(&stream->queue);
	free(stream);
}

/* With the lock held. */
static void
wake(struct http_stream *stream)
{
	if (!stream->suspended)
		return;
	stream->suspended = false;
	MHD_resume_connection(stream->mhd);
}

/* With the lock held. The client gets some time to take what is queued. */
static void
end(struct http_stream *stream)
{
	stream->ended = true;
	if (!stream->gone)
		connection_set_deadline(stream->exchange->connection,
					stream->server->limits.answer_seconds);
	wake(stream);
}

/* On the worker: fill its buffer. */
static ssize_t
pull(void *context, uint64_t position, char *out, size_t max)
{
	struct http_stream *const stream = context;
	ssize_t                   result = 0;

	(void)position;
	pthread_mutex_lock(&stream->lock);
	const size_t left = stream->queue.len - stream->sent;
	const size_t n = left < max ? left : max;

	if (stream->gone) {
		result = MHD_CONTENT_READER_END_WITH_ERROR;
	} else if (n > 0) {
		memcpy(out, stream->queue.bytes + stream->sent, n);
		stream->sent += n;
		stream->exchange->sent += n;
		if (n == left)
			buffer_cut(&stream->queue, stream->sent = 0);
		result = (ssize_t)n;
	} else if (stream->ended) {
		result = MHD_CONTENT_READER_END_OF_STREAM;
	} else {
		stream->suspended = true;
		MHD_suspend_connection(stream->mhd);
	}
	pthread_mutex_unlock(&stream->lock);
	return result;
}

/* The response is no more. */
static void
detach(void *context)
{
	struct http_stream *const stream = context;
	struct http_server *const server = stream->server;

	pthread_mutex_lock(&server->streams_lock);
	if (stream->older)
		stream->older->newer = stream->newer;
	if (stream->newer)
		stream->newer->older = stream->older;
	else
		server->streams = stream->older;
	pthread_mutex_unlock(&server->streams_lock);

	pthread_mutex_lock(&stream->lock);
	stream->gone = true;
	let_go(stream);
}

static void
attach(struct http_stream *stream)
{
	struct http_server *const server = stream->server;

	pthread_mutex_lock(&server->streams_lock);
	stream->ended = atomic_load(&server->ending);
	stream->older = server->streams;
	if (server->streams)
		server->streams->newer = stream;
	server->streams = stream;
	pthread_mutex_unlock(&server->streams_lock);
}

struct http_stream *
http_stream_open(struct http_exchange *exchange, unsigned status, const struct http_header *headers)
{
	struct http_stream *const  stream = calloc(1, sizeof(*stream));
	struct MHD_Response *const response =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, pull, stream, detach);

	BUG_IF(!stream || !response, "out of memory");
	stream->server = exchange->connection->server;
	stream->exchange = exchange;
	stream->mhd = exchange->mhd;
	stream->fd = exchange->connection->watched.fd;
	stream->max = stream->server->limits.stream_queue;
	stream->holders = 2;
	pthread_mutex_init(&stream->lock, NULL);
	attach(stream);
	answer_add_headers(response, headers);
	exchange->streaming = true;
	answer_give(exchange, status, response);
	return stream;
}

bool
http_stream_write(struct http_stream *stream, struct text text)
{
	pthread_mutex_lock(&stream->lock);
	const size_t waiting = stream->queue.len - stream->sent;
	const bool   fits = !stream->gone && !stream->ended && waiting <= stream->max &&
			  text.len <= stream->max - waiting;

	if (fits) {
		if (stream->sent > 0) {
			memmove(stream->queue.bytes, stream->queue.bytes + stream->sent, waiting);
			buffer_cut(&stream->queue, waiting);
			stream->sent = 0;
		}
		buffer_add(&stream->queue, text);
		wake(stream);
	}
	pthread_mutex_unlock(&stream->lock);
	return fits;
}

void
http_stream_close(struct http_stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	end(stream);
	let_go(stream);
}

static bool
is_hung_up(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLRDHUP };

	return poll(&one, 1, 0) > 0;
}

void
streams_check(struct http_server *server, bool all)
{
	pthread_mutex_lock(&server->streams_lock);
	for (struct http_stream *stream = server->streams; stream; stream = stream->older) {
		pthread_mutex_lock(&stream->lock);
		if (all) {
			end(stream);
		} else if (stream->suspended && is_hung_up(stream->fd)) {
			stream->gone = true;
			wake(stream);
		}
		pthread_mutex_unlock(&stream->lock);
	}
	pthread_mutex_unlock(&server->streams_lock);
}
