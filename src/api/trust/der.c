/* Tag, length, content. Nothing here reads: what others made is read by the TLS library. */
#include "api/trust/der.h"

#include <time.h>

#define LAST_UTC_YEAR 2049

void
der_put(struct buffer *out, unsigned char tag, struct text content)
{
	size_t   rest = content.len;
	unsigned octets = 0;

	buffer_add_byte(out, (char)tag);
	if (content.len < 0x80) {
		buffer_add_byte(out, (char)content.len);
	} else {
		for (; rest; rest >>= 8)
			octets++;
		buffer_add_byte(out, (char)(0x80 | octets));
		while (octets-- > 0)
			buffer_add_byte(out, (char)(content.len >> (8 * octets)));
	}
	buffer_add(out, content);
}

void
der_put_unsigned(struct buffer *out, struct text bytes)
{
	scoped_buffer content = BUFFER_NONE;

	while (bytes.len > 1 && bytes.ptr[0] == 0)
		bytes = text_after(bytes, 1);
	if (bytes.len == 0 || (bytes.ptr[0] & 0x80))
		buffer_add_byte(&content, 0);
	buffer_add(&content, bytes);
	der_put(out, DER_INTEGER, buffer_text(&content));
}

void
der_put_number(struct buffer *out, uint64_t number)
{
	char bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(number >> (56 - 8 * i));
	der_put_unsigned(out, (struct text){ bytes, sizeof(bytes) });
}

void
der_put_time(struct buffer *out, int64_t seconds)
{
	const time_t at = (time_t)seconds;
	struct tm    utc;
	char         room[32];

	gmtime_r(&at, &utc);
	const bool   is_long = utc.tm_year + 1900 > LAST_UTC_YEAR;
	const size_t len = strftime(room, sizeof(room), is_long ? "%Y%m%d%H%M%SZ" : "%y%m%d%H%M%SZ", &utc);

	der_put(out, is_long ? DER_TIME : DER_UTC_TIME, (struct text){ room, len });
}
