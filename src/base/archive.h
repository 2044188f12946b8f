/* base/archive.h: several files as one, without compression. */
#pragma once

#include <stdint.h>

#include "base/buffer.h"

#define ARCHIVE_FILES_MAX 512

/* A ZIP file (APPNOTE 6.3): begin zeroed with .out, add files, finish. Times are in seconds since 1970. */
struct zip {
	struct buffer *out;
	struct buffer  directory;
	unsigned       count;
};

/* Nothing happens past ARCHIVE_FILES_MAX. The name must be at most 65535 bytes. */
void zip_add(struct zip *, const char *name, struct text content, int64_t time);
void zip_finish(struct zip *);

/* A POSIX tar file. The name must be at most 99 bytes. */
void tar_add(struct buffer *out, const char *name, struct text content, int64_t time);
void tar_finish(struct buffer *out);
/* The same bytes as a gzip file (RFC 1952) of stored blocks. */
void gzip_wrap(struct buffer *out, struct text content);

uint32_t crc32_of(struct text);
