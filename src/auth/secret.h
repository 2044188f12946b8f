/* auth/secret.h: hashes, keys, digests and tokens. Everything is made in the arena. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/text.h"

/*
 * bcrypt ("$2b$10$...") for passwords, of which the first 72 bytes count, as everywhere; SHA-512 crypt ("$6$...") for API secrets,
 * which have at most 511. Slow: 50 ms and 2 ms.
 */
const char *password_hash(struct arena *, const char *password);
const char *secret_hash(struct arena *, const char *secret);
/* Knows what crypt_r knows ($2*, $6$, $5$, $y$, $1$, DES); the hashes are compared in constant time. */
bool        hash_matches(const char *hash, const char *password);

/* 60 random bytes in base64: 80 characters without ":". */
const char *key_new(struct arena *);
/* n random bytes in lower-case hex. */
const char *random_hex(struct arena *, size_t n);
/* Lower-case hex of a digest: "sha256", "sha384", "sha512", "md5". NULL for another algorithm. */
const char *digest_hex(struct arena *, const char *algorithm, struct text);
bool        text_equal_secret(struct text, struct text); /* constant time for equal lengths */
const char *hex_encode(struct arena *, struct text);

/* JSON web tokens, HS256 only (RFC 7519). */
struct token {
	const char *issuer;  /* iss and aud */
	const char *subject; /* pfSense's claim "data": the user's name */
	int64_t     not_before, expires;
};
const char *token_write(struct arena *, const struct token *, struct text key);
/* Signature, algorithm, nbf and exp are checked, without leeway. An empty key matches nothing. */
bool        token_read(struct arena *, struct text jwt, struct text key, int64_t now, struct token *out);
