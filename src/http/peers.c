/* Counting connections per address without a list of addresses. */
#include "http/peers.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/bug.h"

#define SLOTS 16384

struct peers_slot {
	_Atomic unsigned count;
};

struct peers {
	uint64_t          key[2];
	struct peers_slot slots[SLOTS];
};

struct peers *
peers_new(void)
{
	struct peers *peers = calloc(1, sizeof(*peers));

	BUG_IF(!peers, "out of memory");
	BUG_IF(getrandom(peers->key, sizeof(peers->key), 0) != sizeof(peers->key),
	       "no random bytes");
	return peers;
}

void
peers_free(struct peers *peers)
{
	free(peers);
}

static bool
is_loopback(const struct address *address)
{
	static const uint8_t loopback6[16] = { [15] = 1 };

	if (address->family == FAMILY_INET)
		return address->bytes[0] == 127;
	return memcmp(address->bytes, loopback6, sizeof(loopback6)) == 0;
}

/* Two rounds of multiply and fold under a secret key: enough against chosen collisions in a counter
 * table. */
static uint64_t
mix(uint64_t value, uint64_t key)
{
	const __uint128_t product = (__uint128_t)(value ^ key) * 0x9e3779b97f4a7c15ULL;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

struct peers_slot *
peers_find(struct peers *peers, const struct address *address)
{
	uint64_t network = 0;

	if (address->family == FAMILY_NONE || is_loopback(address))
		return NULL;
	memcpy(&network, address->bytes, address->family == FAMILY_INET ? 4 : 8);
	return &peers->slots[mix(mix(network, peers->key[0]), peers->key[1]) % SLOTS];
}

bool
peers_full(const struct peers_slot *slot, unsigned max)
{
	return slot && atomic_load_explicit(&slot->count, memory_order_relaxed) >= max;
}

void
peers_come(struct peers_slot *slot)
{
	if (slot)
		atomic_fetch_add_explicit(&slot->count, 1, memory_order_relaxed);
}

void
peers_go(struct peers_slot *slot)
{
	if (slot)
		atomic_fetch_sub_explicit(&slot->count, 1, memory_order_relaxed);
}
