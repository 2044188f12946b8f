/* proc/jobs/zip.h: several files in one, not compressed. */
#pragma once

#include <stdint.h>

#include "base/buffer.h"

#define ZIP_FILES_MAX 64
#define ZIP_NAME_MAX  255

struct zip {
	struct buffer *out;
	struct {
		char     name[ZIP_NAME_MAX + 1];
		uint32_t check, size, place;
	} files[ZIP_FILES_MAX];
	size_t   n;
	uint32_t date; /* of all files, as MS-DOS has it */
};

/* Time in seconds since 1970. The buffer is empty. */
void zip_begin(struct zip *, struct buffer *, int64_t time);
/* A name is taken as it is. Files beyond ZIP_FILES_MAX are left out. */
void zip_add(struct zip *, const char *name, struct text content);
void zip_end(struct zip *);
