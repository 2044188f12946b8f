/* Signing requests (PKCS #10) and bundles of certificate and key (PKCS #12), by GnuTLS. */
#include <gnutls/abstract.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>

#include "api/trust/certificate.h"
#include "auth/secret.h"
#include "base/address.h"
#include "base/bug.h"
#include "base/buffer.h"

static gnutls_datum_t
datum(const char *string)
{
	const struct text text = text_of(string);

	return (gnutls_datum_t){ (unsigned char *)text.ptr, (unsigned)text.len };
}

static const char *
taken(struct arena *arena, gnutls_datum_t *out)
{
	const char *copy = arena_copy(arena, (struct text){ (const char *)out->data, out->size });

	gnutls_free(out->data);
	return copy;
}

/* --- signing requests ----------------------------------------------------------------------- */

static bool
set_name(gnutls_x509_crq_t csr, const char *oid, struct text value)
{
	return value.len == 0 || gnutls_x509_crq_set_dn_by_oid(csr, oid, 0, value.ptr, (unsigned)value.len) == 0;
}

static bool
set_names(struct arena *arena, gnutls_x509_crq_t csr, const struct value *names)
{
	for (size_t i = 0; i < CERTIFICATE_NAMES; i++)
		if (!set_name(csr, certificate_names[i].oid, text_of(value_as_string(arena, value_get(names, certificate_names[i].name)))))
			return false;
	return true;
}

static bool
add_alternative(struct arena *arena, gnutls_x509_crq_t csr, struct text kind, struct text value)
{
	gnutls_x509_subject_alt_name_t type = GNUTLS_SAN_DNSNAME;
	struct address                 address;

	if (text_is(kind, "ip"))
		return address_read(value, &address) &&
		       gnutls_x509_crq_set_subject_alt_name(csr, GNUTLS_SAN_IPADDRESS, address.bytes,
							    address_bits(address.family) / 8, GNUTLS_FSAN_APPEND) == 0;
	if (text_is(kind, "uri"))
		type = GNUTLS_SAN_URI;
	else if (text_is(kind, "email"))
		type = GNUTLS_SAN_RFC822NAME;
	return gnutls_x509_crq_set_subject_alt_name(csr, type, arena_copy(arena, value), (unsigned)value.len,
						    GNUTLS_FSAN_APPEND) == 0;
}

static bool
set_alternatives(struct arena *arena, gnutls_x509_crq_t csr, const struct value *alternatives)
{
	for (size_t i = 0; i < value_count(alternatives); i++) {
		const struct member *one = &alternatives->members[i].value->members[0];

		if (!add_alternative(arena, csr, one->name, text_of(value_as_string(arena, one->value))))
			return false;
	}
	return true;
}

const char *
certificate_csr(struct arena *arena, const struct certificate_request *request, const char *key_pem)
{
	const gnutls_datum_t    in = datum(key_pem);
	gnutls_digest_algorithm_t digest = gnutls_digest_get_id(request->digest);
	gnutls_x509_crq_t       csr;
	gnutls_x509_privkey_t   key;
	gnutls_datum_t          pem = { NULL, 0 };
	const char             *out = NULL;

	if (digest == GNUTLS_DIG_UNKNOWN)
		digest = GNUTLS_DIG_SHA256;
	gnutls_x509_crq_init(&csr);
	gnutls_x509_privkey_init(&key);
	if (gnutls_x509_privkey_import2(key, &in, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 &&
	    gnutls_x509_crq_set_version(csr, 1) == 0 && gnutls_x509_crq_set_key(csr, key) == 0 &&
	    set_names(arena, csr, request->names) && set_alternatives(arena, csr, request->alternatives) &&
	    gnutls_x509_crq_sign2(csr, key, digest, 0) == 0 &&
	    gnutls_x509_crq_export2(csr, GNUTLS_X509_FMT_PEM, &pem) == 0)
		out = taken(arena, &pem);
	gnutls_x509_privkey_deinit(key);
	gnutls_x509_crq_deinit(csr);
	return out;
}

const char *
csr_public_key(struct arena *arena, struct text pem)
{
	const gnutls_datum_t in = { (unsigned char *)pem.ptr, (unsigned)pem.len };
	gnutls_x509_crq_t    csr;
	unsigned char        id[64];
	size_t               len = sizeof(id);
	scoped_buffer        hex = BUFFER_NONE;

	gnutls_x509_crq_init(&csr);
	if (pem.len && gnutls_x509_crq_import(csr, &in, GNUTLS_X509_FMT_PEM) == 0 &&
	    gnutls_x509_crq_get_key_id(csr, 0, id, &len) == 0)
		for (size_t i = 0; i < len; i++)
			buffer_print(&hex, "%02x", id[i]);
	gnutls_x509_crq_deinit(csr);
	return hex.len ? arena_copy(arena, buffer_text(&hex)) : NULL;
}

const char *
csr_describe(struct arena *arena, struct text pem)
{
	const gnutls_datum_t in = { (unsigned char *)pem.ptr, (unsigned)pem.len };
	gnutls_datum_t       text = { NULL, 0 };
	gnutls_x509_crq_t    csr;
	const char          *out = NULL;

	gnutls_x509_crq_init(&csr);
	if (pem.len && gnutls_x509_crq_import(csr, &in, GNUTLS_X509_FMT_PEM) == 0 &&
	    gnutls_x509_crq_print(csr, GNUTLS_CRT_PRINT_FULL, &text) == 0)
		out = taken(arena, &text);
	gnutls_x509_crq_deinit(csr);
	return out;
}

/* --- bundles -------------------------------------------------------------------------------- */

#define BUNDLE_CIPHER (GNUTLS_PKCS_PBES2_AES_256)

struct packing {
	gnutls_pkcs12_t  file;
	const char      *name, *password;
	gnutls_datum_t   id; /* what says which key a certificate is of */
};

static bool
add_bag(const struct packing *packing, gnutls_pkcs12_bag_t bag, int index, bool is_ours)
{
	return index >= 0 &&
	       (!is_ours || (gnutls_pkcs12_bag_set_friendly_name(bag, index, packing->name) == 0 &&
			     gnutls_pkcs12_bag_set_key_id(bag, index, &packing->id) == 0));
}

static bool
pack_certificate(const struct packing *packing, gnutls_pkcs12_bag_t bag, const char *pem, bool is_ours)
{
	const gnutls_datum_t in = datum(pem);
	gnutls_x509_crt_t    crt;
	bool                 done;

	gnutls_x509_crt_init(&crt);
	done = gnutls_x509_crt_import(crt, &in, GNUTLS_X509_FMT_PEM) == 0 &&
	       add_bag(packing, bag, gnutls_pkcs12_bag_set_crt(bag, crt), is_ours);
	gnutls_x509_crt_deinit(crt);
	return done;
}

static bool
pack_certificates(const struct packing *packing, const struct bundle *bundle)
{
	gnutls_pkcs12_bag_t bag;
	bool                done;

	gnutls_pkcs12_bag_init(&bag);
	done = pack_certificate(packing, bag, bundle->crt, true);
	for (size_t i = 0; done && i < bundle->nchain; i++)
		done = pack_certificate(packing, bag, bundle->chain[i], false);
	done = done && gnutls_pkcs12_bag_encrypt(bag, packing->password, BUNDLE_CIPHER) == 0 &&
	       gnutls_pkcs12_set_bag(packing->file, bag) == 0;
	gnutls_pkcs12_bag_deinit(bag);
	return done;
}

static bool
pack_key(const struct packing *packing, gnutls_x509_privkey_t key)
{
	gnutls_pkcs12_bag_t bag;
	gnutls_datum_t      der = { NULL, 0 };
	bool                done;

	gnutls_pkcs12_bag_init(&bag);
	done = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, packing->password, BUNDLE_CIPHER, &der) == 0 &&
	       add_bag(packing, bag, gnutls_pkcs12_bag_set_data(bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &der), true) &&
	       gnutls_pkcs12_set_bag(packing->file, bag) == 0;
	gnutls_free(der.data);
	gnutls_pkcs12_bag_deinit(bag);
	return done;
}

/* The key must be that of the certificate. */
static bool
read_key(struct arena *arena, const struct bundle *bundle, gnutls_x509_privkey_t key, struct packing *packing)
{
	const gnutls_datum_t in = datum(bundle->prv);
	const char *of_crt = certificate_public_key(arena, text_of(bundle->crt), false);
	const char *of_prv = certificate_public_key(arena, text_of(bundle->prv), true);

	if (!of_crt || !of_prv || strcmp(of_crt, of_prv) != 0)
		return false;
	packing->id = datum(of_crt);
	return gnutls_x509_privkey_import2(key, &in, GNUTLS_X509_FMT_PEM, NULL, 0) == 0;
}

const char *
bundle_make(struct arena *arena, const struct bundle *bundle)
{
	struct packing        packing = { .name = bundle->name, .password = bundle->password };
	gnutls_x509_privkey_t key;
	gnutls_datum_t        der = { NULL, 0 };
	const char           *out = NULL;

	gnutls_pkcs12_init(&packing.file);
	gnutls_x509_privkey_init(&key);
	if (read_key(arena, bundle, key, &packing) && pack_certificates(&packing, bundle) && pack_key(&packing, key) &&
	    gnutls_pkcs12_generate_mac2(packing.file, GNUTLS_MAC_SHA256, bundle->password) == 0 &&
	    gnutls_pkcs12_export2(packing.file, GNUTLS_X509_FMT_DER, &der) == 0) {
		out = base64_encode(arena, (struct text){ (const char *)der.data, der.size });
		gnutls_free(der.data);
	}
	gnutls_x509_privkey_deinit(key);
	gnutls_pkcs12_deinit(packing.file);
	return out;
}
