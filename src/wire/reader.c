/* Reading numbers, texts and descriptors in the order in which they were put; nothing here knows what they mean. */
#include "wire/reader.h"

struct reader
reader_of(struct text body)
{
	return (struct reader){ .left = body };
}

/* The next n bytes, or NULL and the end of all reading. */
static const char *
take(struct reader *in, size_t n)
{
	const char *at = in->left.ptr;

	if (in->failed || n > in->left.len) {
		in->failed = true;
		return NULL;
	}
	in->left = text_after(in->left, n);
	return at;
}

static void
take_into(struct reader *in, void *out, size_t n)
{
	const char *at = take(in, n);

	if (at)
		memcpy(out, at, n);
}

uint8_t
get_u8(struct reader *in)
{
	uint8_t number = 0;

	take_into(in, &number, sizeof(number));
	return number;
}

uint16_t
get_u16(struct reader *in)
{
	uint16_t number = 0;

	take_into(in, &number, sizeof(number));
	return number;
}

uint32_t
get_u32(struct reader *in)
{
	uint32_t number = 0;

	take_into(in, &number, sizeof(number));
	return number;
}

uint64_t
get_u64(struct reader *in)
{
	uint64_t number = 0;

	take_into(in, &number, sizeof(number));
	return number;
}

int64_t
get_i64(struct reader *in)
{
	return (int64_t)get_u64(in);
}

unsigned
get_choice(struct reader *in, unsigned count)
{
	const uint32_t number = get_u32(in);

	if (number < count)
		return number;
	in->failed = true;
	return 0;
}

bool
get_bool(struct reader *in)
{
	const uint8_t number = get_u8(in);

	if (number > 1)
		in->failed = true;
	return number == 1;
}

struct text
get_text(struct reader *in, size_t max)
{
	const uint32_t len = get_u32(in);
	const char    *at = NULL;

	if (len > max)
		in->failed = true;
	else
		at = take(in, len);
	return at ? (struct text){ at, len } : TEXT_NONE;
}

struct text
get_word(struct reader *in, size_t max)
{
	const struct text word = get_text(in, max);
	bool              good = word.len > 0;

	for (size_t i = 0; i < word.len; i++)
		good = good && word.ptr[i] > ' ' && word.ptr[i] <= '~';
	if (good)
		return word;
	in->failed = true;
	return TEXT_NONE;
}

enum result
get_result(struct reader *in)
{
	return (enum result)get_choice(in, RESULT_FAILED + 1);
}

int
get_fd(struct reader *in)
{
	if (in->failed || in->nfds == 0) {
		in->failed = true;
		return -1;
	}

	const int fd = *in->fds;

	*in->fds++ = -1;
	in->nfds--;
	return fd;
}

bool
got_all(const struct reader *in)
{
	return !in->failed && in->left.len == 0 && in->nfds == 0;
}
