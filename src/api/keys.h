/* api/keys.h: making keys that clients ask for. All in base64, in the arena. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

struct key_pair {
	const char *private_key, *public_key;
};

bool        curve25519_pair(struct arena *, struct key_pair *); /* RFC 7748; false: no random numbers */
const char *shared_key(struct arena *); /* 32 random bytes */
/* PEM: RSA of 1024, 2048, 3072, 4096 or 8192 bits, or ECDSA of 256, 384 or 521. Slow. False: no such size. */
bool        pem_pair(struct arena *, bool rsa, unsigned bits, struct key_pair *out);
