/* A growing run of bytes, doubled when full. */
#include "base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

#define ROOM_FIRST 256

void
buffer_clear(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = BUFFER_NONE;
}

void
buffer_reserve(struct buffer *buffer, size_t n)
{
	size_t room = buffer->room ? buffer->room : ROOM_FIRST;

	BUG_IF(n > SIZE_MAX / 4, "buffer: size overflow");
	if (buffer->room - buffer->len > n)
		return;
	while (room - buffer->len <= n)
		room *= 2;
	buffer->bytes = realloc(buffer->bytes, room);
	BUG_IF(!buffer->bytes, "out of memory: %zu bytes", room);
	buffer->room = room;
	buffer->bytes[buffer->len] = '\0';
}

void
buffer_add(struct buffer *buffer, struct text text)
{
	buffer_reserve(buffer, text.len);
	if (text.len > 0)
		memcpy(buffer->bytes + buffer->len, text.ptr, text.len);
	buffer->len += text.len;
	buffer->bytes[buffer->len] = '\0';
}

void
buffer_add_string(struct buffer *buffer, const char *string)
{
	buffer_add(buffer, text_of(string));
}

void
buffer_add_byte(struct buffer *buffer, char byte)
{
	buffer_add(buffer, (struct text){ &byte, 1 });
}

void
buffer_add_number(struct buffer *buffer, long long number)
{
	char               digits[24];
	size_t             at = sizeof(digits);
	unsigned long long left = number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;

	do
		digits[--at] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		digits[--at] = '-';
	buffer_add(buffer, (struct text){ digits + at, sizeof(digits) - at });
}

void
buffer_print_args(struct buffer *buffer, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	const int len = vsnprintf(NULL, 0, format, args);

	BUG_IF(len < 0, "bad format: %s", format);
	buffer_reserve(buffer, (size_t)len);
	vsnprintf(buffer->bytes + buffer->len, (size_t)len + 1, format, again);
	buffer->len += (size_t)len;
	va_end(again);
}

void
buffer_print(struct buffer *buffer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_print_args(buffer, format, args);
	va_end(args);
}

void
buffer_cut(struct buffer *buffer, size_t len)
{
	BUG_IF(len > buffer->len, "buffer_cut() past the end");
	buffer->len = len;
	if (buffer->bytes)
		buffer->bytes[len] = '\0';
}
