/* X.509 by GnuTLS: making certificates, and what stands in them. */
#include "api/certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <time.h>

#include "base/address.h"
#include "base/bug.h"

static gnutls_datum_t
datum(struct text text)
{
	return (gnutls_datum_t){ (unsigned char *)text.ptr, (unsigned)text.len };
}

static struct text
text_in(struct arena *arena, const struct value *value)
{
	return text_of(value_as_string(arena, value));
}

static const char *
taken(struct arena *arena, gnutls_datum_t *out)
{
	const char *copy = arena_copy(arena, (struct text){ (const char *)out->data, out->size });

	gnutls_free(out->data);
	return copy;
}

static unsigned
curve_bits(const char *name)
{
	static const struct {
		const char        *name;
		gnutls_ecc_curve_t curve;
	} curves[] = {
		{ "prime256v1", GNUTLS_ECC_CURVE_SECP256R1 },
		{ "secp384r1", GNUTLS_ECC_CURVE_SECP384R1 },
		{ "secp521r1", GNUTLS_ECC_CURVE_SECP521R1 },
	};

	for (size_t i = 0; i < COUNT(curves); i++)
		if (strcmp(curves[i].name, name) == 0)
			return GNUTLS_CURVE_TO_BITS(curves[i].curve);
	return 0;
}

static bool
make_key(gnutls_x509_privkey_t key, const struct certificate_request *request)
{
	if (request->elliptic) {
		const unsigned bits = curve_bits(request->curve);

		return bits && gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0) == 0;
	}
	return gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, request->bits, 0) == 0;
}

static bool
set_names(struct arena *arena, gnutls_x509_crt_t crt, const struct value *names)
{
	static const struct {
		const char *name, *oid;
	} oids[] = {
		{ "countryName", GNUTLS_OID_X520_COUNTRY_NAME },
		{ "stateOrProvinceName", GNUTLS_OID_X520_STATE_OR_PROVINCE_NAME },
		{ "localityName", GNUTLS_OID_X520_LOCALITY_NAME },
		{ "organizationName", GNUTLS_OID_X520_ORGANIZATION_NAME },
		{ "organizationalUnitName", GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME },
		{ "commonName", GNUTLS_OID_X520_COMMON_NAME },
	};

	for (size_t i = 0; i < COUNT(oids); i++) {
		const struct text value = text_in(arena, value_get(names, oids[i].name));

		if (value.len &&
		    gnutls_x509_crt_set_dn_by_oid(crt, oids[i].oid, 0, value.ptr, (unsigned)value.len) != 0)
			return false;
	}
	return true;
}

static bool
add_alternative(struct arena *arena, gnutls_x509_crt_t crt, struct text kind, struct text value)
{
	gnutls_x509_subject_alt_name_t type = GNUTLS_SAN_DNSNAME;
	struct address                 address;

	if (text_equal_any_case(kind, TEXT("ip"))) {
		if (!address_read(value, &address))
			return false;
		return gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, address.bytes,
							    address_bits(address.family) / 8,
							    GNUTLS_FSAN_APPEND) == 0;
	}
	if (text_equal_any_case(kind, TEXT("uri")))
		type = GNUTLS_SAN_URI;
	else if (text_equal_any_case(kind, TEXT("email")))
		type = GNUTLS_SAN_RFC822NAME;
	return gnutls_x509_crt_set_subject_alt_name(crt, type, arena_copy(arena, value), (unsigned)value.len,
						    GNUTLS_FSAN_APPEND) == 0;
}

static bool
set_alternatives(struct arena *arena, gnutls_x509_crt_t crt, const struct value *alternatives)
{
	for (size_t i = 0; i < value_count(alternatives); i++) {
		const struct value *one = alternatives->members[i].value;

		for (size_t j = 0; j < value_count(one); j++)
			if (!add_alternative(arena, crt, one->members[j].name,
					     text_in(arena, one->members[j].value)))
				return false;
	}
	return true;
}

static bool
set_purpose(gnutls_x509_crt_t crt, const struct certificate_request *request)
{
	if (gnutls_x509_crt_set_basic_constraints(crt, request->authority, -1) != 0)
		return false;
	if (request->authority)
		return gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN) == 0;
	if (gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT))
		return false;
	if (request->server && gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0) != 0)
		return false;
	return gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_CLIENT, 0) == 0;
}

static bool
fill(struct arena *arena, gnutls_x509_crt_t crt, gnutls_x509_privkey_t key,
     const struct certificate_request *request)
{
	unsigned char serial[8];
	unsigned char id[64];
	size_t        id_len = sizeof(id);

	for (size_t i = 0; i < sizeof(serial); i++)
		serial[i] = (unsigned char)((uint64_t)request->serial >> (56 - 8 * i));
	serial[0] &= 0x7f;
	return gnutls_x509_crt_set_version(crt, 3) == 0 && gnutls_x509_crt_set_key(crt, key) == 0 &&
	       gnutls_x509_crt_set_serial(crt, serial, sizeof(serial)) == 0 &&
	       gnutls_x509_crt_set_activation_time(crt, (time_t)request->now) == 0 &&
	       gnutls_x509_crt_set_expiration_time(crt, (time_t)(request->now + request->days * 86400)) == 0 &&
	       set_names(arena, crt, request->names) && set_purpose(crt, request) &&
	       set_alternatives(arena, crt, request->alternatives) &&
	       gnutls_x509_crt_get_key_id(crt, 0, id, &id_len) == 0 &&
	       gnutls_x509_crt_set_subject_key_id(crt, id, id_len) == 0;
}

static gnutls_digest_algorithm_t
digest_of(const char *name)
{
	const gnutls_digest_algorithm_t digest = gnutls_digest_get_id(name);

	return digest == GNUTLS_DIG_UNKNOWN ? GNUTLS_DIG_SHA256 : digest;
}

static bool
sign(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const struct certificate_request *request)
{
	gnutls_x509_crt_t     signer;
	gnutls_x509_privkey_t signer_key;
	bool                  done = false;

	if (!request->signer)
		return gnutls_x509_crt_sign2(crt, crt, key, digest_of(request->digest), 0) == 0;
	const gnutls_datum_t pem = datum(text_of(request->signer));
	const gnutls_datum_t key_pem = datum(text_of(request->signer_key));

	gnutls_x509_crt_init(&signer);
	gnutls_x509_privkey_init(&signer_key);
	done = gnutls_x509_crt_import(signer, &pem, GNUTLS_X509_FMT_PEM) == 0 &&
	       gnutls_x509_privkey_import2(signer_key, &key_pem, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 &&
	       gnutls_x509_crt_sign2(crt, signer, signer_key, digest_of(request->digest), 0) == 0;
	gnutls_x509_privkey_deinit(signer_key);
	gnutls_x509_crt_deinit(signer);
	return done;
}

const char *
certificate_new_key(struct arena *arena, const struct certificate_request *request)
{
	gnutls_x509_privkey_t key;
	gnutls_datum_t        pem = { NULL, 0 };
	const char           *out = NULL;

	gnutls_x509_privkey_init(&key);
	if (make_key(key, request) &&
	    gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem) == 0)
		out = taken(arena, &pem);
	gnutls_x509_privkey_deinit(key);
	return out;
}

const char *
certificate_create(struct arena *arena, const struct certificate_request *request, const char *key_pem)
{
	gnutls_x509_crt_t     crt;
	gnutls_x509_privkey_t key;
	gnutls_datum_t        pem = { NULL, 0 };
	const gnutls_datum_t  in = datum(text_of(key_pem));
	const char           *out = NULL;

	gnutls_x509_crt_init(&crt);
	gnutls_x509_privkey_init(&key);
	if (gnutls_x509_privkey_import2(key, &in, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 &&
	    fill(arena, crt, key, request) && sign(crt, key, request) &&
	    gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem) == 0)
		out = taken(arena, &pem);
	gnutls_x509_privkey_deinit(key);
	gnutls_x509_crt_deinit(crt);
	return out;
}

static const char *
in_hex(struct arena *arena, const unsigned char *bytes, size_t len)
{
	char *out = arena_take(arena, len * 2 + 1);

	for (size_t i = 0; i < len; i++)
		for (size_t j = 0; j < 2; j++)
			out[i * 2 + j] = "0123456789abcdef"[(bytes[i] >> (j ? 0 : 4)) & 15];
	return out;
}

const char *
certificate_public_key(struct arena *arena, struct text pem, bool is_key)
{
	const gnutls_datum_t in = datum(pem);
	unsigned char        id[64];
	size_t               len = sizeof(id);
	bool                 done;

	if (pem.len == 0)
		return NULL;
	if (is_key) {
		gnutls_x509_privkey_t key;

		gnutls_x509_privkey_init(&key);
		done = gnutls_x509_privkey_import2(key, &in, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 &&
		       gnutls_x509_privkey_get_key_id(key, 0, id, &len) == 0;
		gnutls_x509_privkey_deinit(key);
	} else {
		gnutls_x509_crt_t crt;

		gnutls_x509_crt_init(&crt);
		done = gnutls_x509_crt_import(crt, &in, GNUTLS_X509_FMT_PEM) == 0 &&
		       gnutls_x509_crt_get_key_id(crt, 0, id, &len) == 0;
		gnutls_x509_crt_deinit(crt);
	}
	return done ? in_hex(arena, id, len) : NULL;
}

bool
certificate_is_authority(struct text pem)
{
	const gnutls_datum_t in = datum(pem);
	gnutls_x509_crt_t    crt;
	unsigned             critical;
	bool                 is;

	if (pem.len == 0)
		return false;
	gnutls_x509_crt_init(&crt);
	is = gnutls_x509_crt_import(crt, &in, GNUTLS_X509_FMT_PEM) == 0 &&
	     gnutls_x509_crt_get_ca_status(crt, &critical) > 0;
	gnutls_x509_crt_deinit(crt);
	return is;
}

static const char *
name_part(struct arena *arena, gnutls_x509_crt_t crt, const char *oid)
{
	char   room[512];
	size_t len = sizeof(room);

	if (gnutls_x509_crt_get_dn_by_oid(crt, oid, 0, 0, room, &len) != 0)
		return "";
	return arena_copy(arena, (struct text){ room, len });
}

static const char *
whole_name(struct arena *arena, gnutls_x509_crt_t crt)
{
	gnutls_datum_t dn = { NULL, 0 };

	return gnutls_x509_crt_get_dn3(crt, &dn, 0) == 0 ? taken(arena, &dn) : "";
}

bool
certificate_describe(struct arena *arena, struct text pem, struct certificate_facts *out)
{
	const gnutls_datum_t in = datum(pem);
	gnutls_x509_crt_t    crt;
	gnutls_datum_t       text = { NULL, 0 };
	bool                 done;

	gnutls_x509_crt_init(&crt);
	done = gnutls_x509_crt_import(crt, &in, GNUTLS_X509_FMT_PEM) == 0;
	if (done)
		*out = (struct certificate_facts){
			.name = whole_name(arena, crt),
			.valid_from = gnutls_x509_crt_get_activation_time(crt),
			.valid_to = gnutls_x509_crt_get_expiration_time(crt),
			.country = name_part(arena, crt, GNUTLS_OID_X520_COUNTRY_NAME),
			.state = name_part(arena, crt, GNUTLS_OID_X520_STATE_OR_PROVINCE_NAME),
			.city = name_part(arena, crt, GNUTLS_OID_X520_LOCALITY_NAME),
			.organization = name_part(arena, crt, GNUTLS_OID_X520_ORGANIZATION_NAME),
			.unit = name_part(arena, crt, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME),
			.common_name = name_part(arena, crt, GNUTLS_OID_X520_COMMON_NAME),
			.email = name_part(arena, crt, GNUTLS_OID_PKCS9_EMAIL),
			.text = gnutls_x509_crt_print(crt, GNUTLS_CRT_PRINT_FULL, &text) == 0 ? taken(arena, &text) : "",
		};
	gnutls_x509_crt_deinit(crt);
	return done;
}
