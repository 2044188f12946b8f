/* base/unzip.h: taking apart ZIP files that came from somebody. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"

#define UNZIP_NAME_MAX 200 /* bytes of a file's name */

struct unzip_limits {
	size_t files, bytes; /* bytes: of all that comes out */
};

struct unzip_file {
	const char *name; /* relative, UTF-8, without "." and ".." */
	struct text content;
};

/*
 * Stored and deflated files; folders are left out. DONE, INVALID, or TOO_BIG; on refusal *why says it in a few words. Whatever the
 * file says of itself, no more is made than the limits.
 */
enum result unzip(struct arena *, struct text zip, const struct unzip_limits *, struct unzip_file **out, size_t *count,
		  const char **why);

/* Deflate (RFC 1951): added to *out; false: it is none, or makes more than `most` bytes. */
bool unzip_deflated(struct text, size_t most, struct buffer *out);
