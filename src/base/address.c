/* Addresses as numbers. */
#include "base/address.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/number.h"

#define ADDRESS_TEXT_MAX 64

bool
address_read(struct text t, struct address *out)
{
	char           copy[ADDRESS_TEXT_MAX];
	struct address address = { 0 };

	if (t.len == 0 || t.len >= sizeof(copy) || memchr(t.ptr, '\0', t.len))
		return false;
	memcpy(copy, t.ptr, t.len);
	copy[t.len] = '\0';
	if (inet_pton(AF_INET, copy, address.bytes) == 1)
		address.family = FAMILY_INET;
	else if (inet_pton(AF_INET6, copy, address.bytes) == 1)
		address.family = FAMILY_INET6;
	else
		return false;
	*out = address;
	return true;
}

bool
prefix_read(struct text t, struct prefix *out)
{
	struct text   bits_text = t;
	struct prefix prefix;
	int64_t       bits;

	const struct text address = text_until(&bits_text, '/');

	if (!address_read(address, &prefix.address))
		return false;
	prefix.bits = address_bits(prefix.address.family);
	if (address.len < t.len) {
		if (!number_read(bits_text, 0, prefix.bits, &bits) ||
		    bits_text.ptr[0] == '-' || bits_text.len > 3)
			return false;
		prefix.bits = (unsigned)bits;
	}
	*out = prefix;
	return true;
}

const char *
address_print(struct arena *arena, const struct address *address)
{
	char out[INET6_ADDRSTRLEN];

	inet_ntop(address->family == FAMILY_INET ? AF_INET : AF_INET6, address->bytes, out, sizeof(out));
	return arena_copy(arena, text_of(out));
}

const char *
prefix_print(struct arena *arena, const struct prefix *prefix)
{
	return arena_print(arena, "%s/%u", address_print(arena, &prefix->address), prefix->bits);
}

int
address_compare(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, address_bits(a->family) / 8);
}

/* Set every bit from the given one on. */
static struct address
fill(struct address address, unsigned from, bool ones)
{
	for (unsigned bit = from; bit < address_bits(address.family); bit++) {
		const uint8_t mask = (uint8_t)(0x80 >> (bit % 8));

		if (ones)
			address.bytes[bit / 8] |= mask;
		else
			address.bytes[bit / 8] &= (uint8_t)~mask;
	}
	return address;
}

struct address
prefix_first(const struct prefix *prefix)
{
	return fill(prefix->address, prefix->bits, false);
}

struct address
prefix_last(const struct prefix *prefix)
{
	return fill(prefix->address, prefix->bits, true);
}

bool
address_is_link_local(const struct address *address)
{
	return address->family == FAMILY_INET6 && address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
}

bool
prefix_covers(const struct prefix *prefix, const struct address *address)
{
	if (prefix->address.family != address->family)
		return false;
	const struct address want = prefix_first(prefix);
	const struct address have = fill(*address, prefix->bits, false);

	return address_compare(&want, &have) == 0;
}

bool
address_next(struct address *address)
{
	for (unsigned i = address_bits(address->family) / 8; i-- > 0;)
		if (++address->bytes[i] != 0)
			return true;
	memset(address->bytes, 0xff, address_bits(address->family) / 8);
	return false;
}

const char *
mac_print(struct arena *arena, const uint8_t *mac)
{
	return arena_print(arena, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}
