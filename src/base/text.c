/* Comparing, cutting and decoding text. */
#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <strings.h>

#include "base/arena.h"

bool
text_equal_any_case(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

bool
text_starts(struct text t, struct text prefix)
{
	return text_equal(text_first(t, prefix.len), prefix);
}

bool
text_ends(struct text t, struct text suffix)
{
	return t.len >= suffix.len && text_equal(text_after(t, t.len - suffix.len), suffix);
}

/* memmem() first makes a table: in a short text it is quicker to look at each place that has the first byte. */
#define SHORT 256 /* bytes */

bool
text_contains(struct text t, struct text part)
{
	if (part.len == 0 || part.len > t.len)
		return part.len == 0;
	if (t.len > SHORT)
		return memmem(t.ptr, t.len, part.ptr, part.len);
	const char *const end = t.ptr + (t.len - part.len) + 1;

	for (const char *at = t.ptr; (at = memchr(at, part.ptr[0], (size_t)(end - at))); at++)
		if (memcmp(at, part.ptr, part.len) == 0)
			return true;
	return false;
}

static inline unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static inline unsigned char
upper(char c)
{
	return (unsigned char)(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
}

bool
text_contains_any_case(struct text t, struct text part)
{
	if (part.len == 0)
		return true;
	const unsigned char first = lower(part.ptr[0]);

	for (size_t i = 0; i + part.len <= t.len; i++) {
		size_t same = 1;

		if (lower(t.ptr[i]) != first)
			continue;
		while (same < part.len && lower(t.ptr[i + same]) == lower(part.ptr[same]))
			same++;
		if (same == part.len)
			return true;
	}
	return false;
}

int
text_compare(struct text a, struct text b)
{
	const size_t common = a.len < b.len ? a.len : b.len;
	const int    order = common ? memcmp(a.ptr, b.ptr, common) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

static bool
is_digit(struct text t, size_t at)
{
	return at < t.len && t.ptr[at] >= '0' && t.ptr[at] <= '9';
}

/* Compare two runs of digits by value; both positions move past them. */
static int
compare_digits(struct text a, size_t *i, struct text b, size_t *j)
{
	while (*i < a.len && a.ptr[*i] == '0')
		++*i;
	while (*j < b.len && b.ptr[*j] == '0')
		++*j;
	const size_t from_a = *i, from_b = *j;

	while (is_digit(a, *i))
		++*i;
	while (is_digit(b, *j))
		++*j;
	const size_t len_a = *i - from_a, len_b = *j - from_b;

	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	return len_a ? memcmp(a.ptr + from_a, b.ptr + from_b, len_a) : 0;
}

/* How much both begin with. */
static size_t
count_same(struct text a, struct text b)
{
	const size_t common = a.len < b.len ? a.len : b.len;
	size_t       same = 0;
	uint64_t     x, y;

	for (; same + sizeof(x) <= common; same += sizeof(x)) {
		memcpy(&x, a.ptr + same, sizeof(x));
		memcpy(&y, b.ptr + same, sizeof(y));
		if (x != y)
			break;
	}
	while (same < common && a.ptr[same] == b.ptr[same])
		same++;
	return same;
}

int
text_compare_natural(struct text a, struct text b)
{
	size_t i = count_same(a, b), j;

	/* Numbers are compared from their first digit. */
	while (i > 0 && is_digit(a, i - 1))
		i--;
	j = i;
	while (i < a.len && j < b.len) {
		if (is_digit(a, i) && is_digit(b, j)) {
			const int order = compare_digits(a, &i, b, &j);

			if (order != 0)
				return order;
			continue;
		}
		const unsigned char x = upper(a.ptr[i++]), y = upper(b.ptr[j++]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (i < a.len) - (j < b.len);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct text
text_trim(struct text t)
{
	while (t.len > 0 && is_blank(t.ptr[0]))
		t = text_after(t, 1);
	while (t.len > 0 && is_blank(t.ptr[t.len - 1]))
		t.len--;
	return t;
}

/* Where the first of them is; the length of the text when there is none. Mostly they are one. */
static size_t
find_separator(struct text text, const char *separators)
{
	if (separators[0] && !separators[1]) {
		const char *found = memchr(text.ptr, separators[0], text.len);

		return found ? (size_t)(found - text.ptr) : text.len;
	}
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\0' && strchr(separators, text.ptr[i]))
			return i;
	return text.len;
}

bool
text_next(struct text *rest, const char *separators, struct text *piece)
{
	if (rest->len == 0)
		return false;
	const size_t at = find_separator(*rest, separators);

	*piece = text_first(*rest, at);
	*rest = at < rest->len ? text_after(*rest, at + 1) : TEXT_NONE;
	return true;
}

bool
text_lists(struct text list, struct text entry)
{
	struct text one;

	while (text_next(&list, ",", &one))
		if (text_equal(one, entry))
			return true;
	return false;
}

bool
text_next_word(struct text *rest, struct text *word)
{
	while (text_next(rest, " \t\r", word))
		if (word->len > 0)
			return true;
	return false;
}

struct text
text_until(struct text *rest, char separator)
{
	const char *at = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
	struct text before = *rest;

	if (!at) {
		*rest = TEXT_NONE;
		return before;
	}
	before.len = (size_t)(at - rest->ptr);
	*rest = text_after(*rest, before.len + 1);
	return before;
}

/* How many bytes the sequence at p has, or 0 when it is not well-formed. */
static size_t
sequence_length(const unsigned char *p, size_t left)
{
	const uint32_t lead = p[0];
	const size_t   len = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;

	if (len == 0 || len > left)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((lead == 0xe0 && p[1] < 0xa0) || (lead == 0xed && p[1] > 0x9f) ||
	    (lead == 0xf0 && p[1] < 0x90) || (lead == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

bool
text_is_utf8(struct text t)
{
	for (size_t i = 0, len; i < t.len; i += len) {
		len = sequence_length((const unsigned char *)t.ptr + i, t.len - i);
		if (len == 0)
			return false;
	}
	return true;
}

int
text_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct text
text_decode_form(struct arena *arena, struct text encoded, char nul)
{
	char  *out = arena_take(arena, encoded.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < encoded.len; i++) {
		char c = encoded.ptr[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%' && i + 2 < encoded.len && text_hex(encoded.ptr[i + 1]) >= 0 && text_hex(encoded.ptr[i + 2]) >= 0) {
			c = (char)(text_hex(encoded.ptr[i + 1]) * 16 + text_hex(encoded.ptr[i + 2]));
			i += 2;
		}
		if (c || nul)
			out[len++] = c ? c : nul;
	}
	return (struct text){ out, len };
}
