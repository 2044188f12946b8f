/* Keys as OpenVPN 2.6 writes and reads them (doc/tls-crypt-v2.txt of its source). */
#include "api/trust/openvpn.h"

#include <gnutls/crypto.h>
#include <stdint.h>
#include <time.h>

#include "auth/secret.h"
#include "base/buffer.h"
#include "base/bug.h"

#define HALF_BYTES   64  /* of a key: for the cipher, for the digest; 32 of each are used */
#define SERVER_BYTES (2 * HALF_BYTES)
#define CLIENT_BYTES (2 * SERVER_BYTES)
#define TAG_BYTES    32
#define BLOCK_BYTES  16
#define LINE_CHARS   64
#define META_TIME    1 /* what follows is the time, eight bytes */

const char *
openvpn_static_key(struct arena *arena)
{
	scoped_buffer key = BUFFER_NONE;

	buffer_add_string(&key, "#\n# 2048 bit OpenVPN static key\n#\n-----BEGIN OpenVPN Static key V1-----\n");
	for (int i = 0; i < 16; i++)
		buffer_print(&key, "%s\n", random_hex(arena, 16));
	buffer_add_string(&key, "-----END OpenVPN Static key V1-----\n");
	return arena_copy(arena, buffer_text(&key));
}

static const char *
pem(struct arena *arena, const char *kind, struct text bytes)
{
	struct text   rest = text_of(base64_encode(arena, bytes));
	scoped_buffer out = BUFFER_NONE;

	buffer_print(&out, "-----BEGIN OpenVPN %s key-----\n", kind);
	for (; rest.len > 0; rest = text_after(rest, LINE_CHARS)) {
		buffer_add(&out, text_first(rest, LINE_CHARS));
		buffer_add_byte(&out, '\n');
	}
	buffer_print(&out, "-----END OpenVPN %s key-----\n", kind);
	return arena_copy(arena, buffer_text(&out));
}

static void
fill_random(unsigned char *bytes, size_t len)
{
	BUG_IF(gnutls_rnd(GNUTLS_RND_KEY, bytes, len) != 0, "no random numbers");
}

const char *
openvpn_server_key(struct arena *arena, const char *kind)
{
	unsigned char bytes[SERVER_BYTES];

	fill_random(bytes, sizeof(bytes));
	const char *key = pem(arena, kind, (struct text){ (const char *)bytes, sizeof(bytes) });

	gnutls_memset(bytes, 0, sizeof(bytes));
	return key;
}

/* The bytes between the lines of a PEM text; false: it is none of that kind and size. */
static bool
read_pem(struct arena *arena, struct text text, const char *kind, unsigned char *out, size_t size)
{
	const char   *begin = arena_print(arena, "-----BEGIN OpenVPN %s key-----", kind);
	scoped_buffer joined = BUFFER_NONE;
	struct text   line;
	bool          is_inside = false;
	size_t        len = 0;

	while (text_next(&text, "\r\n", &line)) {
		line = text_trim(line);
		if (text_is(line, begin))
			is_inside = true;
		else if (is_inside && text_starts(line, TEXT("-----")))
			break;
		else if (is_inside)
			buffer_add(&joined, line);
	}
	const char *bytes = base64_decode(arena, buffer_text(&joined), &len);

	if (!bytes || len != size)
		return false;
	memcpy(out, bytes, size);
	return true;
}

/* AES-256 in counter mode, which the library has not by itself: a block of CBC after zeros is the cipher alone. */
static bool
encrypt(const unsigned char *key, const unsigned char *start, unsigned char *bytes, size_t len)
{
	const gnutls_datum_t   secret = { (unsigned char *)(uintptr_t)key, 32 };
	unsigned char          zeros[BLOCK_BYTES] = { 0 }, counter[BLOCK_BYTES], stream[BLOCK_BYTES];
	const gnutls_datum_t   nothing = { zeros, sizeof(zeros) };
	gnutls_cipher_hd_t     cipher;
	bool                   is_done = true;

	memcpy(counter, start, sizeof(counter));
	for (size_t i = 0; i < len && is_done; i += BLOCK_BYTES) {
		if (gnutls_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_CBC, &secret, &nothing) != 0)
			return false;
		is_done = gnutls_cipher_encrypt2(cipher, counter, BLOCK_BYTES, stream, BLOCK_BYTES) == 0;
		gnutls_cipher_deinit(cipher);
		for (size_t j = 0; j < BLOCK_BYTES && i + j < len; j++)
			bytes[i + j] ^= stream[j];
		for (size_t j = BLOCK_BYTES; j-- > 0 && ++counter[j] == 0;)
			;
	}
	return is_done;
}

/*
 * The client's key as the server alone can read it: tag, then key and time encrypted, then the length of all of it. The
 * tag is a digest of length, key and time, and where the cipher starts.
 */
static bool
wrap(const unsigned char *server, const unsigned char *client, struct buffer *out)
{
	const uint64_t now = (uint64_t)time(NULL);
	unsigned char  secret[2 + CLIENT_BYTES + 9], tag[TAG_BYTES];
	const size_t   length = TAG_BYTES + sizeof(secret);

	secret[0] = (unsigned char)(length >> 8);
	secret[1] = (unsigned char)length;
	memcpy(secret + 2, client, CLIENT_BYTES);
	secret[2 + CLIENT_BYTES] = META_TIME;
	for (size_t i = 0; i < 8; i++)
		secret[2 + CLIENT_BYTES + 1 + i] = (unsigned char)(now >> (56 - 8 * i));
	if (gnutls_hmac_fast(GNUTLS_MAC_SHA256, server + HALF_BYTES, 32, secret, sizeof(secret), tag) != 0 ||
	    !encrypt(server, tag, secret + 2, sizeof(secret) - 2))
		return false;
	buffer_add(out, (struct text){ (const char *)tag, sizeof(tag) });
	buffer_add(out, (struct text){ (const char *)secret + 2, sizeof(secret) - 2 });
	buffer_add(out, (struct text){ (const char *)secret, 2 });
	return true;
}

const char *
openvpn_client_key(struct arena *arena, struct text server_key)
{
	unsigned char server[SERVER_BYTES], client[CLIENT_BYTES];
	scoped_buffer out = BUFFER_NONE;

	if (!read_pem(arena, server_key, "tls-crypt-v2 server", server, sizeof(server)))
		return NULL;
	fill_random(client, sizeof(client));
	buffer_add(&out, (struct text){ (const char *)client, sizeof(client) });
	const bool is_wrapped = wrap(server, client, &out);

	gnutls_memset(server, 0, sizeof(server));
	gnutls_memset(client, 0, sizeof(client));
	return is_wrapped ? pem(arena, "tls-crypt-v2 client", buffer_text(&out)) : NULL;
}
