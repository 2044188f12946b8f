/* Certificates through GnuTLS. */
#include "http/certificate.h"

#include <string.h>
#include <time.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "base/address.h"
#include "base/bug.h"

#define DAYS_PRESET 397
#define SERIAL_BYTES 16
#define KEY_ID_BYTES 64

static int
add_name(gnutls_x509_crt_t certificate, const char *name)
{
	struct address address;

	if (!address_read(text_of(name), &address))
		return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
							    (unsigned)strlen(name),
							    GNUTLS_FSAN_APPEND);
	return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS,
						    address.bytes, address_bits(address.family) / 8,
						    GNUTLS_FSAN_APPEND);
}

/* Letters, digits, dots, dashes, a star in front; or an address. */
static bool
is_name(const char *name)
{
	struct address address;

	if (address_read(text_of(name), &address))
		return true;
	for (const char *at = name; *at; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
		      (*at >= '0' && *at <= '9') || *at == '-' || *at == '.' || *at == '_' ||
		      (*at == '*' && at == name)))
			return false;
	return *name && strlen(name) <= 253;
}

static int
describe(gnutls_x509_crt_t certificate, const struct certificate_wish *wish)
{
	static const char organisation[] = "Drawbridge";
	const unsigned    days = wish->days ? wish->days : DAYS_PRESET;
	const time_t      now = time(NULL);
	unsigned char     serial[SERIAL_BYTES];
	int               error = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

	/* Positive, and of full length. */
	serial[0] = (unsigned char)((serial[0] & 0x7f) | 0x40);
	if (error >= 0)
		error = gnutls_x509_crt_set_version(certificate, 3);
	if (error >= 0)
		error = gnutls_x509_crt_set_serial(certificate, serial, sizeof(serial));
	if (error >= 0)
		error = gnutls_x509_crt_set_activation_time(certificate, now - 3600);
	if (error >= 0)
		error = gnutls_x509_crt_set_expiration_time(certificate,
							    now + (time_t)days * 86400);
	if (error >= 0)
		error = gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
						      wish->name, (unsigned)strlen(wish->name));
	if (error >= 0)
		error = gnutls_x509_crt_set_dn_by_oid(certificate,
						      GNUTLS_OID_X520_ORGANIZATION_NAME, 0,
						      organisation, sizeof(organisation) - 1);
	for (size_t i = 0; error >= 0 && i < wish->nnames; i++)
		error = add_name(certificate, wish->names[i]);
	if (error >= 0)
		error = gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);
	if (error >= 0)
		error = gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
	if (error >= 0)
		error = gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER,
							    0);
	return error;
}

static int
sign(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
	unsigned char id[KEY_ID_BYTES];
	size_t        len = sizeof(id);
	int           error = gnutls_x509_crt_set_key(certificate, key);

	if (error >= 0)
		error = gnutls_x509_crt_get_key_id(certificate, 0, id, &len);
	if (error >= 0)
		error = gnutls_x509_crt_set_subject_key_id(certificate, id, len);
	if (error >= 0)
		error = gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
	return error;
}

static const char *
take_text(struct arena *arena, gnutls_datum_t *out)
{
	const char *const text =
		arena_copy(arena, (struct text){ (const char *)out->data, out->size });

	gnutls_memset(out->data, 0, out->size);
	gnutls_free(out->data);
	return text;
}

enum result
certificate_make(struct arena *arena, const struct certificate_wish *wish, const char **certificate,
		 const char **key, const char **message)
{
	gnutls_x509_privkey_t new_key;
	gnutls_x509_crt_t     new_certificate;
	gnutls_datum_t        key_pem = { NULL, 0 }, certificate_pem = { NULL, 0 };

	for (size_t i = 0; i < wish->nnames; i++)
		if (!is_name(wish->names[i])) {
			*message = arena_print(arena, "not a host name or address: %s",
					       wish->names[i]);
			return RESULT_INVALID;
		}
	BUG_IF(gnutls_x509_privkey_init(&new_key) < 0 || gnutls_x509_crt_init(&new_certificate) < 0,
	       "out of memory");
	int error = gnutls_x509_privkey_generate(
		new_key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);

	if (error >= 0)
		error = describe(new_certificate, wish);
	if (error >= 0)
		error = sign(new_certificate, new_key);
	if (error >= 0)
		error = gnutls_x509_crt_export2(new_certificate, GNUTLS_X509_FMT_PEM,
						&certificate_pem);
	if (error >= 0)
		error = gnutls_x509_privkey_export2_pkcs8(new_key, GNUTLS_X509_FMT_PEM, NULL,
							  GNUTLS_PKCS_PLAIN, &key_pem);
	if (error >= 0) {
		*certificate = take_text(arena, &certificate_pem);
		*key = take_text(arena, &key_pem);
	} else {
		gnutls_free(certificate_pem.data);
		*message = arena_print(arena, "certificate: %s", gnutls_strerror(error));
	}
	gnutls_x509_crt_deinit(new_certificate);
	gnutls_x509_privkey_deinit(new_key);
	return error >= 0 ? RESULT_DONE : RESULT_FAILED;
}

/* Do both have the same public part? */
static bool
is_pair(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
	unsigned char a[KEY_ID_BYTES], b[KEY_ID_BYTES];
	size_t        alen = sizeof(a), blen = sizeof(b);

	return gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, a, &alen) >= 0 &&
	       gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, b, &blen) >= 0 &&
	       alen == blen && memcmp(a, b, alen) == 0;
}

enum result
certificate_check(const char *certificate, const char *key, struct arena *arena,
		  const char **message)
{
	const gnutls_datum_t  certificate_pem = { (void *)certificate,
						  (unsigned)strlen(certificate) };
	const gnutls_datum_t  key_pem = { (void *)key, key ? (unsigned)strlen(key) : 0 };
	gnutls_x509_crt_t     chain[CERTIFICATE_CHAIN_MAX];
	unsigned              nchain = CERTIFICATE_CHAIN_MAX;
	gnutls_x509_privkey_t private_key;
	enum result           result = RESULT_INVALID;
	int                   error;

	error = gnutls_x509_crt_list_import(chain, &nchain, &certificate_pem, GNUTLS_X509_FMT_PEM,
					    GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
	if (error <= 0) {
		*message = arena_print(arena, "certificate: %s",
				       error < 0 ? gnutls_strerror(error) : "none there");
		return RESULT_INVALID;
	}
	BUG_IF(gnutls_x509_privkey_init(&private_key) < 0, "out of memory");
	error = gnutls_x509_privkey_import2(private_key, &key_pem, GNUTLS_X509_FMT_PEM, NULL,
					    GNUTLS_PKCS_PLAIN);
	if (error < 0)
		*message = arena_print(arena, "key: %s", gnutls_strerror(error));
	else if (!is_pair(chain[0], private_key))
		*message = "the key does not belong to the certificate";
	else
		result = RESULT_DONE;
	gnutls_x509_privkey_deinit(private_key);
	for (unsigned i = 0; i < nchain; i++)
		gnutls_x509_crt_deinit(chain[i]);
	return result;
}
