/*
 * The way of a request from libmicrohttpd to the handler: the request line, the head and its
 * checks, the body and its limits, the end. Everything here runs on the connection's worker thread.
 */
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "http/connection.h"

/* A body of known length up to this is given room at once; larger ones earn it. */
#define RESERVE_MAX ((size_t)1024 * 1024)

static uint64_t
now_nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void
connection_set_deadline(struct connection *connection, unsigned seconds)
{
	atomic_store_explicit(&connection->watched.deadline,
			      seconds ? watch_now() + (uint64_t)seconds * 1000 : 0,
			      memory_order_relaxed);
}

static enum http_method
method_of(const char *text)
{
	static const char *const words[] = {
		[HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
		[HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
		[HTTP_OPTIONS] = "OPTIONS",
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(text, words[i]) == 0)
			return (enum http_method)i;
	return HTTP_OTHER;
}

/*
 * libmicrohttpd is about to take the target apart in place. We keep a copy, and spare it the work
 * of decoding the query by ending it where it begins.
 */
void *
request_line(void *context, const char *target, struct MHD_Connection *mhd)
{
	struct connection *const connection =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	struct http_server *const   server = connection->server;
	struct http_exchange *const exchange = &connection->exchange;
	struct arena *const         arena = server_take_arena(server);
	const struct text           text = text_of(target);

	(void)context;
	*exchange = (struct http_exchange){
		.connection = connection,
		.mhd = mhd,
		.arena = arena,
		.id = atomic_fetch_add_explicit(&server->ids, 1, memory_order_relaxed) + 1,
		.started = server->setup.finished ? now_nanoseconds() : 0,
		.method_text = "",
		.method = HTTP_OTHER,
		.target_place = target,
		.target = { arena_copy(arena, text), text.len },
		.path = TEXT(""),
		.query = TEXT(""),
	};
	char *const query = text.len ? memchr((char *)target, '?', text.len) : NULL;

	if (query)
		query[1] = '\0';
	atomic_store(&connection->stage, STAGE_HEAD);
	atomic_store_explicit(&connection->watched.idle, false, memory_order_relaxed);
	connection_set_deadline(connection, server->limits.head_seconds);
	return exchange;
}

static void
split_target(struct http_exchange *exchange)
{
	struct text       query = exchange->target;
	const struct text path = head_path(text_until(&query, '?'));

	exchange->path = path;
	if (path.len < exchange->target.len) {
		exchange->path.ptr = arena_copy(exchange->arena, path);
		exchange->query = (struct text){ query.ptr ? query.ptr : "", query.len };
	}
}

static enum MHD_Result
see_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
	  const char *value, size_t value_len)
{
	(void)kind;
	head_field(context, (struct text){ name, name_len }, (struct text){ value, value_len });
	return MHD_YES;
}

/* 0, or the status to refuse the request with. */
static unsigned
check_head(struct http_exchange *exchange, const char *method, const char *version)
{
	const struct http_limits *const limits = &exchange->connection->server->limits;
	struct head *const              head = &exchange->head;
	const size_t                    size =
		MHD_get_connection_info(exchange->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
			->header_size;

	head_begin(head, method, exchange->target_place, exchange->target, version);
	MHD_get_connection_values_n(exchange->mhd, MHD_HEADER_KIND, see_field, head);
	if (head_finish(head, method + size) != 0)
		return head->status;
	if (exchange->target.len > limits->target)
		return 414;
	if (size > limits->head || head->fields > limits->fields)
		return 431;
	return 0;
}

/* Answer before the handler sees it. libmicrohttpd closes the connection: the head was all it read.
 */
static enum MHD_Result
refuse(struct http_exchange *exchange, unsigned status)
{
	static const struct http_header headers[] = { { "Content-Type", "application/json" },
						      { NULL, NULL } };
	const struct text               words = answer_words(status);

	exchange->linger = true;
	exchange->status = status;
	exchange->sent = words.len;
	exchange->response = answer_new(words, MHD_RESPMEM_PERSISTENT, headers);
	MHD_add_response_header(exchange->response, "Connection", "close");
	return answer_send(exchange);
}

static enum MHD_Result
begin(struct http_exchange *exchange, const char *method, const char *version)
{
	struct http_server *const server = exchange->connection->server;

	exchange->method_text = method;
	exchange->method = method_of(method);
	const unsigned status = check_head(exchange, method, version);

	if (status != 0)
		return refuse(exchange, status);
	split_target(exchange);
	exchange->connection->stage = STAGE_BODY;
	if (exchange->head.length == 0 && !exchange->head.chunked)
		return MHD_YES;

	exchange->body_max = server->limits.body;
	if (server->setup.body_limit) {
		const size_t max = server->setup.body_limit(server->setup.context, exchange);

		exchange->body_max = max < exchange->body_max ? max : exchange->body_max;
	}
	if (exchange->head.length > exchange->body_max)
		return refuse(exchange, 413);
	if (exchange->head.length > 0 && exchange->head.length <= RESERVE_MAX)
		buffer_reserve(&exchange->body, (size_t)exchange->head.length);
	connection_set_deadline(exchange->connection, server->limits.body_seconds);
	return MHD_YES;
}

/*
 * In the middle of a body libmicrohttpd takes no answer. We are on its thread and it is not
 * writing, so we write one ourselves and have the connection closed.
 */
static enum MHD_Result
cut(struct http_exchange *exchange, unsigned status)
{
	const struct text                     words = answer_words(status);
	const union MHD_ConnectionInfo *const tls =
		MHD_get_connection_info(exchange->mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	const char *const out =
		arena_print(exchange->arena,
			    "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: "
			    "application/json\r\nContent-Length: %zu\r\n\r\n%s",
			    status, MHD_get_reason_phrase_for(status), words.len, words.ptr);

	if (tls)
		gnutls_record_send(tls->tls_session, out, strlen(out));
	else
		send(exchange->connection->watched.fd, out, strlen(out),
		     MSG_NOSIGNAL | MSG_DONTWAIT);
	exchange->status = status;
	exchange->sent = words.len;
	exchange->linger = true;
	exchange->connection->stage = STAGE_REFUSED;
	return MHD_NO;
}

static enum MHD_Result
take_body(struct http_exchange *exchange, const char *bytes, size_t *len)
{
	struct http_server *const server = exchange->connection->server;

	if (*len > exchange->body_max - exchange->body.len)
		return cut(exchange, 413);
	if (atomic_fetch_add_explicit(&server->bodies, *len, memory_order_relaxed) + *len >
	    server->limits.bodies) {
		atomic_fetch_sub_explicit(&server->bodies, *len, memory_order_relaxed);
		return cut(exchange, 503);
	}
	buffer_add(&exchange->body, (struct text){ bytes, *len });
	*len = 0;
	return MHD_YES;
}

static enum MHD_Result
handle(struct http_exchange *exchange)
{
	struct http_server *const server = exchange->connection->server;

	connection_set_deadline(exchange->connection, 0);
	/* In one order with http_server_close(), which says that it ends and then looks who is
	 * here. */
	atomic_store(&exchange->connection->stage, STAGE_HANDLING);
	if (atomic_load(&server->ending))
		return refuse(exchange, 503);
	server->setup.handler(server->setup.context, exchange);

	const int stage = atomic_load_explicit(&exchange->connection->stage, memory_order_acquire);

	BUG_IF(stage == STAGE_HANDLING, "a handler neither answered nor deferred");
	return stage == STAGE_ANSWERED ? answer_send(exchange) : MHD_YES;
}

enum MHD_Result
request_access(void *context, struct MHD_Connection *mhd, const char *url, const char *method,
	       const char *version, const char *upload, size_t *upload_size,
	       void **context_exchange)
{
	struct http_exchange *const exchange = *context_exchange;

	(void)context, (void)mhd, (void)url;
	switch (atomic_load_explicit(&exchange->connection->stage, memory_order_acquire)) {
	case STAGE_HEAD:
		return begin(exchange, method, version);
	case STAGE_BODY:
		return *upload_size > 0 ? take_body(exchange, upload, upload_size)
					: handle(exchange);
	case STAGE_RESUMED:
		return answer_send(exchange);
	default:
		return MHD_NO;
	}
}

static struct http_outcome
outcome_of(struct http_exchange *exchange, enum MHD_RequestTerminationCode code)
{
	struct http_outcome outcome = {
		.status = exchange->status,
		.bytes = exchange->sent,
		.microseconds = (now_nanoseconds() - exchange->started) / 1000,
		.complete = code == MHD_REQUEST_TERMINATED_COMPLETED_OK ||
			    exchange->connection->stage == STAGE_REFUSED,
	};
	const union MHD_ConnectionInfo *own;

	/* What libmicrohttpd refused by itself. */
	if (exchange->status == 0 &&
	    (own = MHD_get_connection_info(exchange->mhd, MHD_CONNECTION_INFO_HTTP_STATUS))) {
		outcome.status = own->http_status;
		outcome.complete = true;
	}
	return outcome;
}

void
request_done(void *context, struct MHD_Connection *mhd, void **context_exchange,
	     enum MHD_RequestTerminationCode code)
{
	struct http_exchange *const exchange = *context_exchange;

	(void)context, (void)mhd;
	if (!exchange)
		return;
	struct connection *const  connection = exchange->connection;
	struct http_server *const server = connection->server;

	if (server->setup.finished) {
		const struct http_outcome outcome = outcome_of(exchange, code);

		server->setup.finished(server->setup.context, exchange, &outcome);
	}
	/* Answered while it was suspended, but the connection broke before the worker could be
	 * told. */
	if (exchange->response && !exchange->canned)
		MHD_destroy_response(exchange->response);
	exchange->response = NULL;
	http_canned_release(exchange->canned);
	exchange->canned = NULL;
	/* The library refused it; there may be more of it on the way. */
	if (code == MHD_REQUEST_TERMINATED_WITH_ERROR)
		exchange->linger = true;
	if (exchange->body.len > 0)
		atomic_fetch_sub_explicit(&server->bodies, exchange->body.len,
					  memory_order_relaxed);
	buffer_clear(&exchange->body);
	server_give_arena(server, exchange->arena);
	exchange->arena = NULL;
	exchange->connection->stage = STAGE_NONE;
	connection_set_deadline(connection, server->limits.idle_seconds);
	atomic_store_explicit(&connection->watched.idle, true, memory_order_relaxed);
}
