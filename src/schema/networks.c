/*
 * Which networks have part of another. Of two networks one is in the other or they have nothing in common: so, in the order of
 * their first addresses, larger ones first, what is in a network comes right behind it, and what it is in comes before it.
 */
#include "schema/networks.h"

#include <string.h>

#define MAPPED_BITS 96 /* ::ffff:0:0/96 */
#define HALF        64

static struct rank
mapped(const struct address *address)
{
	uint8_t     bytes[16] = { [10] = 0xff, [11] = 0xff };
	struct rank rank = { .bits = 128 };

	if (address->family == FAMILY_INET6)
		memcpy(bytes, address->bytes, sizeof(bytes));
	else
		memcpy(bytes + 12, address->bytes, 4);
	for (size_t i = 0; i < 8; i++) {
		rank.high = rank.high << 8 | bytes[i];
		rank.low = rank.low << 8 | bytes[i + 8];
	}
	return rank;
}

struct rank
rank_of_network(const struct prefix *network)
{
	const struct address first = prefix_first(network);
	struct rank          rank = mapped(&first);

	rank.bits = network->bits + (network->address.family == FAMILY_INET ? MAPPED_BITS : 0);
	return rank;
}

/* With as many leading bits as two have in common, at most those of the first. */
static struct rank
common(const struct rank *a, const struct rank *b)
{
	const uint64_t high = a->high ^ b->high, low = a->low ^ b->low;
	unsigned       bits = high ? (unsigned)__builtin_clzll(high) : low ? HALF + (unsigned)__builtin_clzll(low) : 2 * HALF;
	struct rank    rank = *a;

	bits = bits < a->bits ? bits : a->bits;
	rank.bits = bits;
	if (bits < HALF)
		rank.high = bits ? a->high >> (HALF - bits) << (HALF - bits) : 0;
	if (bits <= HALF)
		rank.low = 0;
	else if (bits < 2 * HALF)
		rank.low = a->low >> (2 * HALF - bits) << (2 * HALF - bits);
	return rank;
}

/* Is the second in the first? */
static bool
covers(const struct rank *a, const struct rank *b)
{
	return a->bits <= b->bits && common(a, b).bits == a->bits;
}

const struct record *
networks_overlapping(const struct collection *networks, const struct index *by, const struct prefix *network, const char *without)
{
	const struct rank    own = rank_of_network(network);
	struct rank          around = own, found;
	const struct record *record = collection_from(networks, by, &own, without, &found);

	if (record && covers(&own, &found))
		return record;
	/*
	 * What is before is around it, or beside it; in that case whatever is around it is around both, and larger than what they
	 * have in common: each turn has fewer bits.
	 */
	while ((record = collection_to(networks, by, &around, without, &found)) && !covers(&found, &own))
		around = common(&own, &found);
	return record;
}
