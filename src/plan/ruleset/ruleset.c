/* Sizes and hashes of what a rule set is made of. */
#include "plan/ruleset/ruleset.h"

#include <string.h>

/* clang-format off */
static const enum step_key keys[SET_TYPES] = {
	[SET_IPV4] = KEY_IP_SADDR,    [SET_IPV6] = KEY_IP6_SADDR,  [SET_PORT] = KEY_DPORT,
	[SET_MAC] = KEY_ETHER_SADDR,  [SET_PROTOCOL] = KEY_L4PROTO, [SET_ICMP] = KEY_ICMP_TYPE,
	[SET_ICMP6] = KEY_ICMP6_TYPE, [SET_DEVICE] = KEY_IIFNAME,  [SET_MARK] = KEY_CT_MARK,
};
/* clang-format on */

enum step_key
set_key(enum set_type type)
{
	return keys[type];
}

unsigned
set_key_size(enum set_type type)
{
	return step_key_size(keys[type]);
}

/* The finisher of splitmix64. */
uint64_t
ruleset_mix(uint64_t hash, uint64_t number)
{
	hash ^= number + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
	return hash ^ (hash >> 31);
}

uint64_t
ruleset_mix_bytes(uint64_t hash, struct text bytes)
{
	uint64_t word;

	hash = ruleset_mix(hash, bytes.len);
	for (; bytes.len >= 8; bytes = text_after(bytes, 8)) {
		memcpy(&word, bytes.ptr, 8);
		hash = ruleset_mix(hash, word);
	}
	if (bytes.len == 0)
		return hash;
	word = 0;
	memcpy(&word, bytes.ptr, bytes.len);
	return ruleset_mix(hash, word);
}

uint64_t
ruleset_mix_string(uint64_t hash, const char *string)
{
	return ruleset_mix_bytes(hash, text_of(string));
}
