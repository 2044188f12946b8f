/* api/trust/der.h: writing ASN.1 in its distinguished encoding (X.690), from the inside out. */
#pragma once

#include <stdint.h>

#include "base/buffer.h"

enum {
	DER_INTEGER = 0x02,
	DER_BITS = 0x03,
	DER_OCTETS = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_UTC_TIME = 0x17,
	DER_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_CONTEXT = 0xa0, /* + n: [n], with something inside */
	DER_IMPLICIT = 0x80, /* + n: [n] in place of a simple type's own tag */
};

void der_put(struct buffer *, unsigned char tag, struct text content);
/* Big-endian bytes as a number that is not negative. None: 0. */
void der_put_unsigned(struct buffer *, struct text bytes);
void der_put_number(struct buffer *, uint64_t);
/* As RFC 5280 has times: two digits of the year up to 2049. Seconds since 1970. */
void der_put_time(struct buffer *, int64_t seconds);
