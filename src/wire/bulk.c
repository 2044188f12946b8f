/* Numbers in the machine's order, as writer.c puts them; addresses as a byte for the family and its bytes. */
#include "wire/bulk.h"

static void
add(struct buffer *out, const void *bytes, size_t n)
{
	buffer_add(out, (struct text){ bytes, n });
}

void
bulk_u8(struct buffer *out, uint8_t number)
{
	buffer_add_byte(out, (char)number);
}

void
bulk_u16(struct buffer *out, uint16_t number)
{
	add(out, &number, sizeof(number));
}

void
bulk_u32(struct buffer *out, uint32_t number)
{
	add(out, &number, sizeof(number));
}

void
bulk_u64(struct buffer *out, uint64_t number)
{
	add(out, &number, sizeof(number));
}

void
bulk_text(struct buffer *out, struct text text)
{
	bulk_u32(out, (uint32_t)text.len);
	buffer_add(out, text);
}

static size_t
size_of(enum family family)
{
	return family == FAMILY_NONE ? 0 : address_bits(family) / 8;
}

void
bulk_address(struct buffer *out, const struct address *address)
{
	bulk_u8(out, (uint8_t)address->family);
	add(out, address->bytes, size_of(address->family));
}

void
bulk_prefix(struct buffer *out, const struct prefix *prefix)
{
	bulk_address(out, &prefix->address);
	bulk_u8(out, (uint8_t)prefix->bits);
}

void
put_address(struct writer *out, const struct address *address)
{
	put_u8(out, (uint8_t)address->family);
	for (size_t i = 0; i < size_of(address->family); i++)
		put_u8(out, address->bytes[i]);
}

void
put_prefix(struct writer *out, const struct prefix *prefix)
{
	put_address(out, &prefix->address);
	put_u8(out, (uint8_t)prefix->bits);
}

struct address
get_address(struct reader *in)
{
	const uint8_t  family = get_u8(in);
	struct address address = { .family = (enum family)family };

	if (family != FAMILY_NONE && family != FAMILY_INET && family != FAMILY_INET6) {
		in->failed = true;
		return (struct address){ 0 };
	}
	for (size_t i = 0; i < size_of(address.family); i++)
		address.bytes[i] = get_u8(in);
	return address;
}

struct prefix
get_prefix(struct reader *in)
{
	struct prefix prefix = { .address = get_address(in) };

	prefix.bits = get_u8(in);
	if (prefix.bits <= (prefix.address.family ? address_bits(prefix.address.family) : 0))
		return prefix;
	in->failed = true;
	return (struct prefix){ 0 };
}
