/* The counterpart of reader.c: each put_ has its get_. */
#include "wire/writer.h"

#include <unistd.h>

void
writer_init(struct writer *writer)
{
	writer->len = 0;
	writer->nfds = 0;
	writer->failed = false;
}

void
writer_clear(struct writer *writer)
{
	for (size_t i = 0; i < writer->nfds; i++)
		close(writer->fds[i]);
	writer_init(writer);
}

static void
put(struct writer *out, const void *bytes, size_t n)
{
	if (out->failed || n > sizeof(out->bytes) - out->len) {
		out->failed = true;
		return;
	}
	if (n > 0)
		memcpy(out->bytes + out->len, bytes, n);
	out->len += n;
}

void
put_u8(struct writer *out, uint8_t number)
{
	put(out, &number, sizeof(number));
}

void
put_u16(struct writer *out, uint16_t number)
{
	put(out, &number, sizeof(number));
}

void
put_u32(struct writer *out, uint32_t number)
{
	put(out, &number, sizeof(number));
}

void
put_u64(struct writer *out, uint64_t number)
{
	put(out, &number, sizeof(number));
}

void
put_i64(struct writer *out, int64_t number)
{
	put_u64(out, (uint64_t)number);
}

void
put_bool(struct writer *out, bool yes)
{
	put_u8(out, yes);
}

void
put_text(struct writer *out, struct text text)
{
	if (text.len > sizeof(out->bytes)) {
		out->failed = true;
		return;
	}
	put_u32(out, (uint32_t)text.len);
	put(out, text.ptr, text.len);
}

void
put_string(struct writer *out, const char *string)
{
	put_text(out, text_of(string));
}

void
put_result(struct writer *out, enum result result)
{
	put_u32(out, result);
}

void
put_fd(struct writer *out, int fd)
{
	if (!out->failed && fd >= 0 && out->nfds < WIRE_FDS_MAX) {
		out->fds[out->nfds++] = fd;
		return;
	}
	out->failed = true;
	if (fd >= 0)
		close(fd);
}

bool
put_all(const struct writer *out)
{
	return !out->failed;
}
