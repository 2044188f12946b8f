/* base/buffer.h: text that grows at its end. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/text.h"

/*
 * buffer_init() allocates nothing; buffer_clear() gives back what was. Adding does
 * not fail (out of memory ends the process). The bytes always end in a NUL that
 * does not count.
 */
struct buffer {
	char  *bytes; /* NULL until something was added */
	size_t len;
	size_t room;
};

#define BUFFER_NONE ((struct buffer){ NULL, 0, 0 })

void buffer_clear(struct buffer *);
/* Make sure that n more bytes fit. */
void buffer_reserve(struct buffer *, size_t n);

void buffer_add(struct buffer *, struct text);
void buffer_add_string(struct buffer *, const char *);
void buffer_add_byte(struct buffer *, char);
void buffer_add_number(struct buffer *, long long);
void buffer_print(struct buffer *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_print_args(struct buffer *, const char *format, va_list);
void buffer_cut(struct buffer *, size_t len); /* keep the first len bytes */

static inline struct text
buffer_text(const struct buffer *buffer)
{
	return (struct text){ buffer->bytes, buffer->len };
}

/* "" when nothing was added. */
static inline const char *
buffer_string(const struct buffer *buffer)
{
	return buffer->bytes ? buffer->bytes : "";
}

/* A buffer that is cleared at the end of the block. */
#define scoped_buffer __attribute__((cleanup(buffer_clear))) struct buffer
