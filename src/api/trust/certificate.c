/* X.509 by GnuTLS: making certificates, and what stands in them. */
#include "api/trust/certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <time.h>

#include "base/address.h"
#include "base/bug.h"
#include "base/buffer.h"

#define ALTERNATIVES_MAX      256
#define ALTERNATIVE_BYTES_MAX 1024
#define PURPOSES_MAX          16

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

const struct certificate_name certificate_names[CERTIFICATE_NAMES] = {
	{ "countryName", GNUTLS_OID_X520_COUNTRY_NAME },
	{ "stateOrProvinceName", GNUTLS_OID_X520_STATE_OR_PROVINCE_NAME },
	{ "localityName", GNUTLS_OID_X520_LOCALITY_NAME },
	{ "organizationName", GNUTLS_OID_X520_ORGANIZATION_NAME },
	{ "organizationalUnitName", GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME },
	{ "commonName", GNUTLS_OID_X520_COMMON_NAME },
	{ "emailAddress", GNUTLS_OID_PKCS9_EMAIL },
};

static bool
set_names(struct arena *arena, gnutls_x509_crt_t crt, const struct value *names)
{
	for (size_t i = 0; i < CERTIFICATE_NAMES; i++) {
		const struct text value = text_in(arena, value_get(names, certificate_names[i].name));

		if (value.len &&
		    gnutls_x509_crt_set_dn_by_oid(crt, certificate_names[i].oid, 0, value.ptr, (unsigned)value.len) != 0)
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

/* The ones that a kind of certificate gets; IKE's old one is what some clients still look for. */
static bool
set_key_purposes(gnutls_x509_crt_t crt, const struct certificate_request *request)
{
	const struct {
		bool        is_wanted;
		const char *oid;
	} purposes[] = {
		{ request->server, GNUTLS_KP_TLS_WWW_SERVER },
		{ request->server, "1.3.6.1.5.5.8.2.2" },
		{ request->client, GNUTLS_KP_TLS_WWW_CLIENT },
		{ request->ocsp, GNUTLS_KP_OCSP_SIGNING },
	};

	for (size_t i = 0; i < COUNT(purposes); i++)
		if (purposes[i].is_wanted && gnutls_x509_crt_set_key_purpose_oid(crt, purposes[i].oid, 0) != 0)
			return false;
	return true;
}

static bool
set_purpose(gnutls_x509_crt_t crt, const struct certificate_request *request)
{
	const unsigned usage = request->authority ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
						  : GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT;

	return gnutls_x509_crt_set_basic_constraints(crt, request->authority, -1) == 0 &&
	       gnutls_x509_crt_set_key_usage(crt, usage) == 0 && (request->authority || set_key_purposes(crt, request));
}

/* Nothing else of what a signing request asks for: what a certificate is good for is not the asker's business. */
static bool
copy_alternatives(gnutls_x509_crt_t crt, gnutls_x509_crq_t csr)
{
	for (unsigned i = 0; i < ALTERNATIVES_MAX; i++) {
		char      name[ALTERNATIVE_BYTES_MAX];
		size_t    len = sizeof(name);
		unsigned  kind = 0;
		const int found = gnutls_x509_crq_get_subject_alt_name(csr, i, name, &len, &kind, NULL);

		if (found == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return true;
		if (found < 0)
			return false;
		if (gnutls_x509_crt_set_subject_alt_name(crt, kind, name, (unsigned)len, GNUTLS_FSAN_APPEND) != 0)
			return false;
	}
	return false;
}

/* gnutls_x509_crt_set_crq() checks the request's signature by its own key. */
static bool
set_from_csr(gnutls_x509_crt_t crt, const char *pem)
{
	const gnutls_datum_t in = datum(text_of(pem));
	gnutls_x509_crq_t    csr;
	bool                 done;

	gnutls_x509_crq_init(&csr);
	done = gnutls_x509_crq_import(csr, &in, GNUTLS_X509_FMT_PEM) == 0 && gnutls_x509_crt_set_crq(crt, csr) == 0 &&
	       copy_alternatives(crt, csr);
	gnutls_x509_crq_deinit(csr);
	return done;
}

static bool
set_subject(struct arena *arena, gnutls_x509_crt_t crt, gnutls_x509_privkey_t key,
	    const struct certificate_request *request)
{
	if (request->csr)
		return set_from_csr(crt, request->csr);
	return gnutls_x509_crt_set_key(crt, key) == 0 && set_names(arena, crt, request->names);
}

static bool
set_ocsp(gnutls_x509_crt_t crt, const char *uri)
{
	const gnutls_datum_t where = datum(text_of(uri));

	return !uri || uri[0] == '\0' ||
	       gnutls_x509_crt_set_authority_info_access(crt, GNUTLS_IA_OCSP_URI, (gnutls_datum_t *)&where) == 0;
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
	return gnutls_x509_crt_set_version(crt, 3) == 0 && set_subject(arena, crt, key, request) &&
	       gnutls_x509_crt_set_serial(crt, serial, sizeof(serial)) == 0 &&
	       gnutls_x509_crt_set_activation_time(crt, (time_t)request->now) == 0 &&
	       gnutls_x509_crt_set_expiration_time(crt, (time_t)(request->now + request->days * 86400)) == 0 &&
	       set_purpose(crt, request) && set_alternatives(arena, crt, request->alternatives) &&
	       set_ocsp(crt, request->ocsp_uri) && gnutls_x509_crt_get_key_id(crt, 0, id, &id_len) == 0 &&
	       gnutls_x509_crt_set_subject_key_id(crt, id, id_len) == 0;
}

static gnutls_digest_algorithm_t
digest_of(const char *name)
{
	const gnutls_digest_algorithm_t digest = gnutls_digest_get_id(name);

	return digest == GNUTLS_DIG_UNKNOWN ? GNUTLS_DIG_SHA256 : digest;
}

/* An authority made elsewhere may have no key id. */
static bool
name_signer(gnutls_x509_crt_t crt, gnutls_x509_crt_t signer)
{
	unsigned char id[128];
	size_t        len = sizeof(id);

	return gnutls_x509_crt_get_subject_key_id(signer, id, &len, NULL) != 0 ||
	       gnutls_x509_crt_set_authority_key_id(crt, id, len) == 0;
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
	       name_signer(crt, signer) && gnutls_x509_crt_sign2(crt, signer, signer_key, digest_of(request->digest), 0) == 0;
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
	if ((request->csr || gnutls_x509_privkey_import2(key, &in, GNUTLS_X509_FMT_PEM, NULL, 0) == 0) &&
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

/* Without the escapes of RFC 4514: a backslash before a character, or before two hex digits. */
static const char *
unescaped(struct arena *arena, struct text text)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	char             *out = arena_take(arena, text.len + 1);
	size_t            len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '\\' || i + 1 == text.len) {
			out[len++] = text.ptr[i];
			continue;
		}
		const char *high = memchr(digits, text.ptr[i + 1], sizeof(digits) - 1);
		const char *low = i + 2 < text.len ? memchr(digits, text.ptr[i + 2], sizeof(digits) - 1) : NULL;

		if (high && low) {
			out[len++] = (char)((high - digits) % 16 << 4 | (low - digits) % 16);
			i += 2;
		} else {
			out[len++] = text.ptr[++i];
		}
	}
	return out;
}

static const char *
name_part(struct arena *arena, gnutls_x509_crt_t crt, const char *oid)
{
	char   room[512];
	size_t len = sizeof(room);

	if (gnutls_x509_crt_get_dn_by_oid(crt, oid, 0, 0, room, &len) != 0)
		return "";
	return unescaped(arena, (struct text){ room, len });
}

static const char *
whole_name(struct arena *arena, gnutls_x509_crt_t crt)
{
	gnutls_datum_t dn = { NULL, 0 };

	return gnutls_x509_crt_get_dn3(crt, &dn, 0) == 0 ? taken(arena, &dn) : "";
}

static const char *
purposes_of(struct arena *arena, gnutls_x509_crt_t crt)
{
	static const struct {
		const char *oid, *name;
	} known[] = {
		{ GNUTLS_KP_TLS_WWW_SERVER, "id-kp-serverAuth" }, { GNUTLS_KP_TLS_WWW_CLIENT, "id-kp-clientAuth" },
		{ GNUTLS_KP_CODE_SIGNING, "id-kp-codeSigning" }, { GNUTLS_KP_EMAIL_PROTECTION, "id-kp-emailProtection" },
		{ GNUTLS_KP_TIME_STAMPING, "id-kp-timeStamping" }, { GNUTLS_KP_OCSP_SIGNING, "id-kp-OCSPSigning" },
	};
	scoped_buffer out = BUFFER_NONE;

	for (unsigned i = 0; i < PURPOSES_MAX; i++) {
		char        oid[128];
		size_t      len = sizeof(oid);
		const char *name = oid;

		if (gnutls_x509_crt_get_key_purpose_oid(crt, i, oid, &len, NULL) < 0)
			break;
		for (size_t j = 0; j < COUNT(known); j++)
			if (strcmp(known[j].oid, oid) == 0)
				name = known[j].name;
		buffer_print(&out, "%s%s", out.len ? ", " : "", name);
	}
	return arena_copy(arena, buffer_text(&out));
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
			.purposes = purposes_of(arena, crt),
			.text = gnutls_x509_crt_print(crt, GNUTLS_CRT_PRINT_FULL, &text) == 0 ? taken(arena, &text) : "",
		};
	gnutls_x509_crt_deinit(crt);
	return done;
}
