/* Both ends of a plan's way. */
#include "plan/coding.h"

#include <string.h>

#include "base/bug.h"

void
coding_put_number(struct buffer *out, size_t number)
{
	const uint32_t narrow = (uint32_t)number;

	BUG_IF(number > UINT32_MAX, "%zu in a plan", number);
	buffer_add(out, (struct text){ (const char *)&narrow, sizeof(narrow) });
}

void
coding_put_bool(struct buffer *out, bool value)
{
	buffer_add_byte(out, value);
}

void
coding_put_text(struct buffer *out, struct text text)
{
	coding_put_number(out, text.len);
	buffer_add(out, text);
}

static struct text
take(struct coding *in, size_t n)
{
	const struct text taken = text_first(in->rest, n);

	in->failed |= taken.len < n;
	in->rest = text_after(in->rest, n);
	return in->failed ? TEXT_NONE : taken;
}

size_t
coding_number(struct coding *in, size_t most)
{
	const struct text bytes = take(in, sizeof(uint32_t));
	uint32_t          number = 0;

	if (!in->failed)
		memcpy(&number, bytes.ptr, sizeof(number));
	in->failed |= number > most;
	return in->failed ? 0 : number;
}

bool
coding_bool(struct coding *in)
{
	const struct text byte = take(in, 1);

	in->failed |= !in->failed && (unsigned char)byte.ptr[0] > 1;
	return !in->failed && byte.ptr[0];
}

struct text
coding_text(struct coding *in, size_t max)
{
	return take(in, coding_number(in, max));
}

const char *
coding_string(struct coding *in, size_t max, bool (*is_valid)(struct text))
{
	const struct text text = coding_text(in, max);

	in->failed |= (text.len > 0 && memchr(text.ptr, '\0', text.len)) || (is_valid && !is_valid(text));
	return in->failed ? "" : arena_copy(in->arena, text);
}

bool
coding_is_whole(const struct coding *in)
{
	return !in->failed && in->rest.len == 0;
}
