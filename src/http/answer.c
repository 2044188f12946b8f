/* Answers: from the handler at once, or later from any thread; and the few we give by ourselves. */
#include <string.h>

#include "base/bug.h"
#include "http/connection.h"

#define LINES_BYTES 2000
#define LINES_MAX 24

struct text
answer_words(unsigned status)
{
	switch (status) {
	case 413:
		return TEXT("{\"status\":413,\"message\":\"Content Too Large\"}");
	case 414:
		return TEXT("{\"status\":414,\"message\":\"URI Too Long\"}");
	case 431:
		return TEXT("{\"status\":431,\"message\":\"Request Header Fields Too Large\"}");
	case 503:
		return TEXT("{\"status\":503,\"message\":\"Service Unavailable\"}");
	default:
		return TEXT("{\"status\":400,\"message\":\"Bad Request\"}");
	}
}

/* The length of what may stand in a header's line; 0 when it may not. */
static size_t
line_len(const char *string)
{
	size_t len = 0;

	for (; string[len]; len++)
		if ((unsigned char)string[len] < 0x20 || string[len] == 0x7f)
			return 0;
	return len;
}

static enum MHD_Result
see_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind, (void)name;
	*(const char **)context = value;
	return MHD_YES;
}

/*
 * libmicrohttpd allocates three times for each header, and searches, and compares: for the handful
 * that every answer has, that is half of what an answer costs us. So it gets one long header, and
 * the ends of lines, which it would refuse, are put into its copy afterwards. A test holds it to
 * printing that as it is.
 */
struct lines {
	const char *name; /* of the first */
	size_t      len, nends;
	size_t      ends[LINES_MAX];    /* where CR LF belong */
	char        bytes[LINES_BYTES]; /* the first one's value, "  name: value" of the others */
};

static void
lines_put(struct lines *lines, const char *bytes, size_t len)
{
	memcpy(lines->bytes + lines->len, bytes, len);
	lines->len += len;
}

static void
lines_add(struct lines *lines, const struct http_header *header, size_t name_len, size_t value_len)
{
	if (!lines->name) {
		lines->name = header->name;
	} else {
		lines->ends[lines->nends++] = lines->len;
		lines_put(lines, "  ", 2);
		lines_put(lines, header->name, name_len);
		lines_put(lines, ": ", 2);
	}
	lines_put(lines, header->value, value_len);
}

static void
lines_flush(struct lines *lines, struct MHD_Response *response)
{
	const char *copy = NULL;

	if (!lines->name)
		return;
	lines->bytes[lines->len] = '\0';
	if (MHD_add_response_header(response, lines->name, lines->bytes) == MHD_YES)
		MHD_get_response_headers(response, see_header, &copy);
	for (size_t i = 0; copy && i < lines->nends; i++)
		memcpy((char *)copy + lines->ends[i], "\r\n", 2);
	lines->name = NULL;
	lines->len = lines->nends = 0;
}

void
answer_add_headers(struct MHD_Response *response, const struct http_header *headers)
{
	struct lines lines;

	lines.name = NULL;
	lines.len = lines.nends = 0;
	for (; headers && headers->name; headers++) {
		const size_t name_len = line_len(headers->name),
			     value_len = line_len(headers->value);

		if (name_len == 0 || value_len == 0)
			continue;
		if (name_len + value_len + 4 >= LINES_BYTES - lines.len || lines.nends == LINES_MAX)
			lines_flush(&lines, response);
		if (name_len + value_len + 4 < LINES_BYTES)
			lines_add(&lines, headers, name_len, value_len);
		else
			MHD_add_response_header(response, headers->name, headers->value);
	}
	lines_flush(&lines, response);
}

struct MHD_Response *
answer_new(struct text body, enum MHD_ResponseMemoryMode mode, const struct http_header *headers)
{
	struct MHD_Response *const response =
		MHD_create_response_from_buffer(body.len, (void *)body.ptr, mode);

	BUG_IF(!response, "out of memory");
	answer_add_headers(response, headers);
	return response;
}

void
answer_give(struct http_exchange *exchange, unsigned status, struct MHD_Response *response)
{
	struct MHD_Connection *const mhd = exchange->mhd;
	const int stage = atomic_load_explicit(&exchange->connection->stage, memory_order_relaxed);

	BUG_IF(stage != STAGE_HANDLING && stage != STAGE_DEFERRED,
	       "a second answer to one request");
	BUG_IF(status < 200 || status > 599, "no status: %u", status);
	exchange->status = status;
	exchange->response = response;
	if (stage == STAGE_HANDLING) {
		atomic_store_explicit(&exchange->connection->stage, STAGE_ANSWERED,
				      memory_order_relaxed);
		return;
	}
	/* The worker stays away until the connection is resumed; from then on the exchange is its.
	 */
	atomic_store_explicit(&exchange->connection->stage, STAGE_RESUMED, memory_order_release);
	MHD_resume_connection(mhd);
}

enum MHD_Result
answer_send(struct http_exchange *exchange)
{
	struct connection *const   connection = exchange->connection;
	struct http_server *const  server = connection->server;
	struct MHD_Response *const response = exchange->response;
	const int  stage = atomic_load_explicit(&exchange->connection->stage, memory_order_relaxed);
	const bool refused = stage != STAGE_ANSWERED && stage != STAGE_RESUMED;

	if (!exchange->streaming)
		connection_set_deadline(connection, server->limits.answer_seconds);
	if (!refused && !exchange->canned &&
	    atomic_load_explicit(&server->draining, memory_order_relaxed))
		MHD_add_response_header(response, "Connection", "close");
	atomic_store_explicit(&exchange->connection->stage, refused ? STAGE_REFUSED : STAGE_SENDING,
			      memory_order_relaxed);
	exchange->response = NULL;

	const enum MHD_Result result =
		MHD_queue_response(exchange->mhd, exchange->status, response);

	if (!exchange->canned)
		MHD_destroy_response(response);
	return result;
}

void
http_defer(struct http_exchange *exchange)
{
	BUG_IF(atomic_load_explicit(&exchange->connection->stage, memory_order_relaxed) !=
		       STAGE_HANDLING,
	       "deferred outside of the handler");
	atomic_store_explicit(&exchange->connection->stage, STAGE_DEFERRED, memory_order_release);
	MHD_suspend_connection(exchange->mhd);
}

void
http_answer(struct http_exchange *exchange, unsigned status, const struct http_header *headers,
	    struct buffer *body)
{
	const struct text bytes = body ? buffer_text(body) : TEXT_NONE;

	if (bytes.len >= ANSWER_LARGE) {
		exchange->sent = bytes.len;
		answer_give(exchange, status, large_new(body, headers));
		return;
	}
	if (body)
		*body = BUFFER_NONE;
	exchange->sent = bytes.len;
	answer_give(exchange, status, answer_new(bytes, MHD_RESPMEM_MUST_FREE, headers));
}

void
http_answer_static(struct http_exchange *exchange, unsigned status,
		   const struct http_header *headers, struct text body)
{
	exchange->sent = body.len;
	answer_give(exchange, status, answer_new(body, MHD_RESPMEM_PERSISTENT, headers));
}
