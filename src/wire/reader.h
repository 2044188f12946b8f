/* wire/reader.h: taking the body of a message apart. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "base/text.h"

/*
 * A reader remembers its first short or malformed read; everything read after that is
 * zero, empty or -1. So a handler reads all it wants and asks once: got_all().
 * Texts point into the message and live as long as it does.
 */
struct reader {
	struct text left;
	int        *fds; /* not taken yet; they belong to the message */
	size_t      nfds;
	bool        failed;
};

struct reader reader_of(struct text body); /* without descriptors */

uint8_t     get_u8(struct reader *);
uint16_t    get_u16(struct reader *);
uint32_t    get_u32(struct reader *);
uint64_t    get_u64(struct reader *);
int64_t     get_i64(struct reader *);
bool        get_bool(struct reader *);                       /* 0 or 1, nothing else */
unsigned    get_choice(struct reader *, unsigned count);     /* below count */
struct text get_text(struct reader *, size_t max);           /* any bytes, at most max */
struct text get_word(struct reader *, size_t max);           /* printable ASCII, 1..max bytes */
enum result get_result(struct reader *);
/* The next descriptor; now the caller's, -1 when there is none. */
int         get_fd(struct reader *);

/* Was everything there, and is nothing left, neither bytes nor descriptors? */
bool got_all(const struct reader *);
