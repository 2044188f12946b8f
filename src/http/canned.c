/* Answers that are made once and given many times, by any number of threads at once. */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "http/connection.h"

struct http_canned {
	_Atomic size_t       holds;
	unsigned             status;
	struct buffer        body;
	struct MHD_Response *response; /* of the body, which it does not own */
	struct http_header  *headers;  /* and their texts, in one piece */
};

static struct http_header *
copy_headers(const struct http_header *headers)
{
	size_t count = 0, bytes = 0;

	for (; headers && headers[count].name; count++)
		bytes += strlen(headers[count].name) + strlen(headers[count].value) + 2;
	struct http_header *const copies = calloc(1, (count + 1) * sizeof(*copies) + bytes);

	BUG_IF(!copies, "out of memory");
	char *at = (char *)(copies + count + 1);

	for (size_t i = 0; i < count; i++) {
		copies[i].name = at;
		at = stpcpy(at, headers[i].name) + 1;
		copies[i].value = at;
		at = stpcpy(at, headers[i].value) + 1;
	}
	return copies;
}

struct http_canned *
http_canned_new(unsigned status, const struct http_header *headers, struct buffer *body)
{
	struct http_canned *const canned = calloc(1, sizeof(*canned));

	BUG_IF(!canned, "out of memory");
	atomic_init(&canned->holds, 1);
	canned->status = status;
	canned->headers = copy_headers(headers);
	canned->body = *body;
	*body = BUFFER_NONE;
	canned->response = answer_new(buffer_text(&canned->body), MHD_RESPMEM_PERSISTENT, canned->headers);
	return canned;
}

struct http_canned *
http_canned_hold(struct http_canned *canned)
{
	atomic_fetch_add_explicit(&canned->holds, 1, memory_order_relaxed);
	return canned;
}

void
http_canned_release(struct http_canned *canned)
{
	if (!canned || atomic_fetch_sub_explicit(&canned->holds, 1, memory_order_acq_rel) != 1)
		return;
	MHD_destroy_response(canned->response);
	buffer_clear(&canned->body);
	free(canned->headers);
	free(canned);
}

size_t
http_canned_size(const struct http_canned *canned)
{
	return canned->body.room;
}

/*
 * libmicrohttpd holds a response that is on its way, but not the bytes in it: the exchange holds
 * those until it is done. What is to say "close" cannot be shared.
 */
void
http_answer_canned(struct http_exchange *exchange, struct http_canned *canned)
{
	exchange->sent = canned->body.len;
	if (atomic_load_explicit(&exchange->connection->server->draining, memory_order_relaxed)) {
		answer_give(exchange, canned->status,
			    answer_new(buffer_text(&canned->body), MHD_RESPMEM_MUST_COPY, canned->headers));
		return;
	}
	exchange->canned = http_canned_hold(canned);
	answer_give(exchange, canned->status, canned->response);
}
