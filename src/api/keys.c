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

static bool
is_size(bool rsa, unsigned bits)
{
	static const unsigned sizes[] = { 1024, 2048, 3072, 4096, 8192 }, curves[] = { 256, 384, 521 };

	for (size_t i = 0; i < (rsa ? COUNT(sizes) : COUNT(curves)); i++)
		if ((rsa ? sizes[i] : curves[i]) == bits)
			return true;
	return false;
}

static const char *
take_pem(struct arena *arena, gnutls_datum_t *pem)
{
	const char *copy = arena_copy(arena, (struct text){ (const char *)pem->data, pem->size });

	gnutls_memset(pem->data, 0, pem->size);
	gnutls_free(pem->data);
	return copy;
}

bool
pem_pair(struct arena *arena, bool rsa, unsigned bits, struct key_pair *out)
{
	gnutls_x509_privkey_t key;
	gnutls_pubkey_t       public_key;
	gnutls_privkey_t      private_key;
	gnutls_datum_t        pem;
	bool                  good = false;

	if (!is_size(rsa, bits) || gnutls_x509_privkey_init(&key) != 0)
		return false;
	gnutls_pubkey_init(&public_key);
	gnutls_privkey_init(&private_key);
	if (gnutls_x509_privkey_generate(key, rsa ? GNUTLS_PK_RSA : GNUTLS_PK_ECDSA, bits, 0) == 0 &&
	    gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem) == 0) {
		out->private_key = take_pem(arena, &pem);
		good = gnutls_privkey_import_x509(private_key, key, 0) == 0 &&
		       gnutls_pubkey_import_privkey(public_key, private_key, 0, 0) == 0 &&
		       gnutls_pubkey_export2(public_key, GNUTLS_X509_FMT_PEM, &pem) == 0;
		if (good)
			out->public_key = take_pem(arena, &pem);
	}
	gnutls_privkey_deinit(private_key);
	gnutls_pubkey_deinit(public_key);
	gnutls_x509_privkey_deinit(key);
	return good;
}
