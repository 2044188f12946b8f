/* Key pairs for X25519, by GnuTLS. */
#include "api/keys.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "auth/secret.h"
#include "base/bug.h"

#define KEY_BYTES 32

static const char *
encode(struct arena *arena, const gnutls_datum_t *raw)
{
	return base64_encode(arena, (struct text){ (const char *)raw->data, raw->size });
}

bool
curve25519_pair(struct arena *arena, struct key_pair *out)
{
	gnutls_privkey_t   key;
	gnutls_datum_t     x = { NULL, 0 }, k = { NULL, 0 };
	gnutls_ecc_curve_t curve;
	bool               good = false;

	if (gnutls_privkey_init(&key) != 0)
		return false;
	if (gnutls_privkey_generate(key, GNUTLS_PK_ECDH_X25519,
				    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_X25519), 0) == 0 &&
	    gnutls_privkey_export_ecc_raw(key, &curve, &x, NULL, &k) == 0) {
		*out = (struct key_pair){ encode(arena, &k), encode(arena, &x) };
		good = true;
	}
	if (k.data)
		gnutls_memset(k.data, 0, k.size);
	gnutls_free(x.data);
	gnutls_free(k.data);
	gnutls_privkey_deinit(key);
	return good;
}

const char *
shared_key(struct arena *arena)
{
	unsigned char bytes[KEY_BYTES];

	BUG_IF(gnutls_rnd(GNUTLS_RND_KEY, bytes, sizeof(bytes)) != 0, "no random numbers");
	return base64_encode(arena, (struct text){ (const char *)bytes, sizeof(bytes) });
}
