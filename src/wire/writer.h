/* wire/writer.h: putting the body of a message together. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "base/text.h"
#include "wire/wire.h"

#define WRITER_MAX (WIRE_MESSAGE_MAX - 16) /* a body: what the header leaves */

/*
 * A writer remembers that something did not fit; nothing is put after that. Whoever
 * sends it asks once: put_all(). Descriptors put into it are its own: writer_clear()
 * closes them, sending does not.
 */
struct writer {
	size_t len;
	size_t nfds;
	bool   failed;
	int    fds[WIRE_FDS_MAX];
	char   bytes[WRITER_MAX]; /* the first len count; the rest is not set */
};

void writer_init(struct writer *);
void writer_clear(struct writer *); /* ready for the next use */

void put_u8(struct writer *, uint8_t);
void put_u16(struct writer *, uint16_t);
void put_u32(struct writer *, uint32_t);
void put_u64(struct writer *, uint64_t);
void put_i64(struct writer *, int64_t);
void put_bool(struct writer *, bool);
void put_text(struct writer *, struct text);
void put_string(struct writer *, const char *); /* NULL as "" */
void put_result(struct writer *, enum result);
void put_fd(struct writer *, int fd); /* takes it, even when it fails */

bool put_all(const struct writer *);

static inline struct text
writer_text(const struct writer *writer)
{
	return (struct text){ writer->bytes, writer->len };
}

#define scoped_writer __attribute__((cleanup(writer_clear))) struct writer
