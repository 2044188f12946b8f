/*
 * Large answers: the buffer they were made in is sent piece by piece, and the memory of what was sent goes back to the
 * system at once. There is never a second copy, and a client that is slow holds only what it has not taken yet.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bug.h"
#include "http/connection.h"

#define BLOCK     ((size_t)128 * 1024)  /* what libmicrohttpd asks for at a time */
#define GIVE_BACK ((size_t)1024 * 1024) /* what is given back at a time */

struct large {
	struct buffer body;
	size_t        given; /* up to here it was given back */
};

/* Whole pages of what lies in front: where they begin and end belongs to the allocator, too. */
static void
give_back(struct large *large, size_t sent)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), bytes = (uintptr_t)large->body.bytes;
	const uintptr_t begin = (bytes + large->given + page - 1) / page * page, end = (bytes + sent) / page * page;

	if (sent < large->given + GIVE_BACK || end <= begin)
		return;
	madvise((void *)begin, end - begin, MADV_DONTNEED);
	large->given = (size_t)(end - bytes);
}

/* On the worker: fill its buffer. What lies before the position has been taken. */
static ssize_t
pull(void *context, uint64_t position, char *out, size_t max)
{
	struct large *const large = context;
	const size_t        left = large->body.len - (size_t)position, n = left < max ? left : max;

	give_back(large, (size_t)position);
	if (n == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	memcpy(out, large->body.bytes + position, n);
	return (ssize_t)n;
}

static void
large_free(void *context)
{
	struct large *const large = context;

	buffer_clear(&large->body);
	free(large);
}

struct MHD_Response *
large_new(struct buffer *body, const struct http_header *headers)
{
	struct large *const large = calloc(1, sizeof(*large));

	BUG_IF(!large, "out of memory");
	large->body = *body;
	*body = BUFFER_NONE;

	struct MHD_Response *const response =
		MHD_create_response_from_callback(large->body.len, BLOCK, pull, large, large_free);

	BUG_IF(!response, "out of memory");
	answer_add_headers(response, headers);
	return response;
}
