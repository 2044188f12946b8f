/* Base64, RFC 4648. */
#include "base/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool
base64_take(struct text t, char *out, size_t *len)
{
	uint32_t bits = 0;
	size_t   used = 0;

	if (t.len % 4 == 1)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		const int value = digit(t.ptr[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4 == 1)
			out[used++] = (char)(bits >> 4 & 0xff);
		else if (i % 4 == 2)
			out[used++] = (char)(bits >> 2 & 0xff);
		else if (i % 4 == 3)
			out[used++] = (char)(bits & 0xff);
	}
	*len = used;
	return true;
}

const char *
base64_decode(struct arena *arena, struct text t, size_t *len)
{
	char  *out = arena_take(arena, t.len / 4 * 3 + 4);
	size_t used;

	if (t.len % 4 != 0)
		return NULL;
	for (int i = 0; i < 2 && t.len > 0 && t.ptr[t.len - 1] == '='; i++)
		t.len--;
	if (!base64_take(t, out, &used))
		return NULL;
	if (len)
		*len = used;
	return out;
}

size_t
base64_put(struct text t, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < t.len; i += 3) {
		const size_t   left = t.len - i;
		const uint32_t bits = (uint32_t)(unsigned char)t.ptr[i] << 16 |
				      (left > 1 ? (uint32_t)(unsigned char)t.ptr[i + 1] << 8 : 0) |
				      (left > 2 ? (uint32_t)(unsigned char)t.ptr[i + 2] : 0);

		out[used++] = alphabet[bits >> 18 & 63];
		out[used++] = alphabet[bits >> 12 & 63];
		out[used++] = left > 1 ? alphabet[bits >> 6 & 63] : '=';
		out[used++] = left > 2 ? alphabet[bits & 63] : '=';
	}
	return used;
}

const char *
base64_encode(struct arena *arena, struct text t)
{
	char *out = arena_take(arena, (t.len + 2) / 3 * 4 + 1);

	base64_put(t, out);
	return out;
}
