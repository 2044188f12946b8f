/* base/address.h: IPv4 and IPv6 addresses and prefixes as numbers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum family {
	FAMILY_NONE = 0,
	FAMILY_INET = 4,
	FAMILY_INET6 = 6,
};

struct address {
	enum family family;
	uint8_t     bytes[16]; /* network order; IPv4 uses the first four */
};

/* An address with how many of its leading bits count (32 or 128 for a single one). */
struct prefix {
	struct address address;
	unsigned       bits;
};

/* Dotted quad (four decimal octets, no leading zeros) or RFC 4291 text, no zone. */
bool address_read(struct text, struct address *out);
/* As address_read, with an optional "/bits"; without one, all bits. */
bool prefix_read(struct text, struct prefix *out);
/* Canonical text (RFC 5952), made in the arena. */
const char *address_print(struct arena *, const struct address *);
const char *prefix_print(struct arena *, const struct prefix *);
/* Six bytes as "00:11:22:aa:bb:cc". */
const char *mac_print(struct arena *, const uint8_t *mac);

static inline unsigned
address_bits(enum family family)
{
	return family == FAMILY_INET ? 32 : 128;
}
int            address_compare(const struct address *, const struct address *); /* IPv4 first, then by number */
bool           address_is_link_local(const struct address *); /* of IPv6: fe80::/10 */
bool           prefix_covers(const struct prefix *, const struct address *);
struct address prefix_first(const struct prefix *); /* host bits 0 */
struct address prefix_last(const struct prefix *);  /* host bits 1 */
bool           address_next(struct address *);       /* false at the last one of the family */
