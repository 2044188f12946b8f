/*
 * CRLs. GnuTLS makes lists without reasons only, so the list is written here and GnuTLS signs it; what came
 * out is read back and checked by it.
 */
#include "api/trust/revocation.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <time.h>

#include "api/trust/der.h"
#include "base/bug.h"
#include "base/number.h"

#define NAME_PARTS_MAX 64
#define WRONG_SIGNER   (GNUTLS_CERT_SIGNATURE_FAILURE | GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA)

static const char *const reasons[REVOCATION_REASONS] = {
	"unspecified", "keyCompromise", "CACompromise", "affiliationChanged", "superseded", "cessationOfOperation",
	"certificateHold",
};

/* --- lines ---------------------------------------------------------------------------------- */

static bool
is_hex(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("0123456789ABCDEFabcdef", text.ptr[i], 22))
			return false;
	return text.len > 0 && text.len <= 2 * SERIAL_BYTES_MAX;
}

bool
revoked_next(struct text *rest, struct revoked *out)
{
	struct text line;

	while (text_next(rest, "\n", &line)) {
		struct revoked one = { .refid = text_until(&line, '|'), .serial = text_until(&line, '|') };
		int64_t        reason;

		if (!is_hex(one.serial) ||
		    !number_read(text_until(&line, '|'), 0, REVOCATION_REASONS - 1, &reason) ||
		    !number_read(line, 0, INT32_MAX * 4LL, &one.time))
			continue;
		one.reason = (unsigned)reason;
		*out = one;
		return true;
	}
	return false;
}

void
revoked_add(struct buffer *out, const struct revoked *one)
{
	if (out->len)
		buffer_add_byte(out, '\n');
	buffer_print(out, "%.*s|%.*s|%u|%lld", TEXT_ARGS(one->refid), TEXT_ARGS(one->serial), one->reason,
		     (long long)one->time);
}

/* --- writing -------------------------------------------------------------------------------- */

#define OID_CRL_NUMBER    "\x55\x1d\x14"
#define OID_REASON        "\x55\x1d\x15"
#define OID_AUTHORITY_KEY "\x55\x1d\x23"

static void
wrap(struct buffer *out, unsigned char tag, struct buffer *inside)
{
	der_put(out, tag, buffer_text(inside));
	buffer_cut(inside, 0);
}

static unsigned
digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c & 0xf) + 9;
}

static struct text
bytes_of(struct text hex, char room[SERIAL_BYTES_MAX])
{
	const size_t odd = hex.len % 2;

	memset(room, 0, SERIAL_BYTES_MAX);
	for (size_t i = 0; i < hex.len; i++)
		room[(i + odd) / 2] = (char)((unsigned char)room[(i + odd) / 2] << 4 | digit(hex.ptr[i]));
	return (struct text){ room, (hex.len + odd) / 2 };
}

static void
put_extension(struct buffer *list, struct text oid, struct text content)
{
	scoped_buffer inside = BUFFER_NONE;

	der_put(&inside, DER_OID, oid);
	der_put(&inside, DER_OCTETS, content);
	der_put(list, DER_SEQUENCE, buffer_text(&inside));
}

static void
put_revoked(struct buffer *list, const struct revoked *one)
{
	scoped_buffer entry = BUFFER_NONE, content = BUFFER_NONE, extensions = BUFFER_NONE;
	char          serial[SERIAL_BYTES_MAX];
	const char    reason = (char)one->reason;

	der_put_unsigned(&entry, bytes_of(one->serial, serial));
	der_put_time(&entry, one->time);
	/* RFC 5280, 5.3.1: no reason is told by telling none. */
	if (one->reason != 0) {
		der_put(&content, DER_ENUMERATED, (struct text){ &reason, 1 });
		put_extension(&extensions, TEXT(OID_REASON), buffer_text(&content));
		wrap(&entry, DER_SEQUENCE, &extensions);
	}
	der_put(list, DER_SEQUENCE, buffer_text(&entry));
}

static void
put_extensions(struct buffer *out, gnutls_x509_crt_t authority, uint64_t number)
{
	scoped_buffer list = BUFFER_NONE, content = BUFFER_NONE, inside = BUFFER_NONE;
	char          id[128];
	size_t        len = sizeof(id);

	if (gnutls_x509_crt_get_subject_key_id(authority, id, &len, NULL) == 0) {
		der_put(&inside, DER_IMPLICIT, (struct text){ id, len });
		wrap(&content, DER_SEQUENCE, &inside);
		put_extension(&list, TEXT(OID_AUTHORITY_KEY), buffer_text(&content));
		buffer_cut(&content, 0);
	}
	der_put_number(&content, number);
	put_extension(&list, TEXT(OID_CRL_NUMBER), buffer_text(&content));
	wrap(&inside, DER_SEQUENCE, &list);
	wrap(out, DER_CONTEXT, &inside);
}

static const struct signature {
	int                     key;
	gnutls_sign_algorithm_t algorithm;
	struct text             oid;
	bool                    has_null; /* as parameters: RFC 3279 wants it for RSA alone */
} signatures[] = {
	{ GNUTLS_PK_RSA, GNUTLS_SIGN_RSA_SHA256, { "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", 9 }, true },
	{ GNUTLS_PK_ECDSA, GNUTLS_SIGN_ECDSA_SHA256, { "\x2a\x86\x48\xce\x3d\x04\x03\x02", 8 }, false },
	{ GNUTLS_PK_EDDSA_ED25519, GNUTLS_SIGN_EDDSA_ED25519, { "\x2b\x65\x70", 3 }, false },
};

static const struct signature *
signature_for(gnutls_privkey_t key)
{
	const int kind = gnutls_privkey_get_pk_algorithm(key, NULL);

	for (size_t i = 0; i < COUNT(signatures); i++)
		if (signatures[i].key == kind)
			return &signatures[i];
	return NULL;
}

static void
put_algorithm(struct buffer *out, const struct signature *signature)
{
	scoped_buffer inside = BUFFER_NONE;

	der_put(&inside, DER_OID, signature->oid);
	if (signature->has_null)
		der_put(&inside, DER_NULL, TEXT_NONE);
	der_put(out, DER_SEQUENCE, buffer_text(&inside));
}

/* RFC 5280, 5.1.2 */
static void
put_list(struct buffer *out, const struct revocation_request *request, const struct signature *signature,
	 gnutls_x509_crt_t authority, struct text name)
{
	scoped_buffer  inside = BUFFER_NONE, entries = BUFFER_NONE;
	struct text    rest = request->revoked;
	struct revoked one;

	der_put_number(&inside, 1);
	put_algorithm(&inside, signature);
	buffer_add(&inside, name);
	der_put_time(&inside, request->now);
	der_put_time(&inside, request->now + request->days * 86400);
	while (revoked_next(&rest, &one))
		put_revoked(&entries, &one);
	if (entries.len)
		wrap(&inside, DER_SEQUENCE, &entries);
	put_extensions(&inside, authority, request->number);
	der_put(out, DER_SEQUENCE, buffer_text(&inside));
}

/* --- signing -------------------------------------------------------------------------------- */

static gnutls_datum_t
datum(struct text text)
{
	return (gnutls_datum_t){ (unsigned char *)text.ptr, (unsigned)text.len };
}

static bool
sign(struct buffer *out, const struct revocation_request *request, gnutls_x509_crt_t authority, gnutls_privkey_t key)
{
	const struct signature *signature = signature_for(key);
	scoped_buffer           list = BUFFER_NONE, whole = BUFFER_NONE, bits = BUFFER_NONE;
	gnutls_datum_t          name = { NULL, 0 }, signed_list = { NULL, 0 };

	if (!signature || gnutls_x509_crt_get_raw_dn(authority, &name) != 0)
		return false;
	put_list(&list, request, signature, authority, (struct text){ (const char *)name.data, name.size });
	gnutls_free(name.data);
	const gnutls_datum_t in = datum(buffer_text(&list));

	if (gnutls_privkey_sign_data2(key, signature->algorithm, 0, &in, &signed_list) != 0)
		return false;
	buffer_add(&whole, buffer_text(&list));
	put_algorithm(&whole, signature);
	buffer_add_byte(&bits, 0); /* of the last byte, that many bits do not count */
	buffer_add(&bits, (struct text){ (const char *)signed_list.data, signed_list.size });
	gnutls_free(signed_list.data);
	der_put(&whole, DER_BITS, buffer_text(&bits));
	der_put(out, DER_SEQUENCE, buffer_text(&whole));
	return true;
}

/* Reads back what was written: false when the key is not the authority's. */
static const char *
checked_pem(struct arena *arena, struct text der, gnutls_x509_crt_t authority)
{
	const gnutls_datum_t in = datum(der);
	gnutls_datum_t       pem = { NULL, 0 };
	gnutls_x509_crl_t    list;
	unsigned             status = 0;
	const char          *out = NULL;

	gnutls_x509_crl_init(&list);
	if (gnutls_x509_crl_import(list, &in, GNUTLS_X509_FMT_DER) == 0 &&
	    gnutls_x509_crl_verify(list, &authority, 1, GNUTLS_VERIFY_ALLOW_BROKEN, &status) == 0 &&
	    !(status & WRONG_SIGNER) && gnutls_x509_crl_export2(list, GNUTLS_X509_FMT_PEM, &pem) == 0) {
		out = arena_copy(arena, (struct text){ (const char *)pem.data, pem.size });
		gnutls_free(pem.data);
	}
	gnutls_x509_crl_deinit(list);
	return out;
}

const char *
revocation_make(struct arena *arena, const struct revocation_request *request)
{
	const gnutls_datum_t crt = datum(text_of(request->authority)), prv = datum(text_of(request->authority_key));
	scoped_buffer        der = BUFFER_NONE;
	gnutls_x509_crt_t    authority;
	gnutls_privkey_t     key;
	const char          *pem = NULL;

	gnutls_x509_crt_init(&authority);
	gnutls_privkey_init(&key);
	if (gnutls_x509_crt_import(authority, &crt, GNUTLS_X509_FMT_PEM) == 0 &&
	    gnutls_privkey_import_x509_raw(key, &prv, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 &&
	    sign(&der, request, authority, key))
		pem = checked_pem(arena, buffer_text(&der), authority);
	gnutls_privkey_deinit(key);
	gnutls_x509_crt_deinit(authority);
	return pem;
}

/* --- reading -------------------------------------------------------------------------------- */

const char *
revocation_describe(struct arena *arena, struct text pem)
{
	const gnutls_datum_t in = datum(pem);
	gnutls_datum_t       text = { NULL, 0 };
	gnutls_x509_crl_t    list;
	const char          *out = NULL;

	if (pem.len == 0)
		return NULL;
	gnutls_x509_crl_init(&list);
	if (gnutls_x509_crl_import(list, &in, GNUTLS_X509_FMT_PEM) == 0 &&
	    gnutls_x509_crl_print(list, GNUTLS_CRT_PRINT_FULL, &text) == 0) {
		out = arena_copy(arena, (struct text){ (const char *)text.data, text.size });
		gnutls_free(text.data);
	}
	gnutls_x509_crl_deinit(list);
	return out;
}

/* Without the zeros in front that some numbers come with. */
static void
put_hex(struct buffer *out, const unsigned char *bytes, size_t len)
{
	size_t first = 0;

	while (first + 1 < len && bytes[first] == 0)
		first++;
	for (size_t i = first; i < len; i++)
		buffer_print(out, "%02X", bytes[i]);
}

const char *
certificate_serial(struct arena *arena, struct text pem)
{
	const gnutls_datum_t in = datum(pem);
	scoped_buffer        hex = BUFFER_NONE;
	gnutls_x509_crt_t    crt;
	unsigned char        serial[SERIAL_BYTES_MAX];
	size_t               len = sizeof(serial);

	if (pem.len == 0)
		return NULL;
	gnutls_x509_crt_init(&crt);
	if (gnutls_x509_crt_import(crt, &in, GNUTLS_X509_FMT_PEM) == 0 &&
	    gnutls_x509_crt_get_serial(crt, serial, &len) == 0)
		put_hex(&hex, serial, len);
	gnutls_x509_crt_deinit(crt);
	return hex.len ? arena_copy(arena, buffer_text(&hex)) : NULL;
}

static void
put_time(struct buffer *out, int64_t seconds)
{
	const time_t at = (time_t)seconds;
	struct tm    utc;
	char         room[32];

	gmtime_r(&at, &utc);
	strftime(room, sizeof(room), utc.tm_year + 1900 > 2049 ? "%Y%m%d%H%M%SZ" : "%y%m%d%H%M%SZ", &utc);
	buffer_add_string(out, room);
}

/* "/C=NL/CN=name": bytes that would break the line come in hex. */
static void
put_name(struct buffer *out, gnutls_x509_crt_t crt)
{
	gnutls_x509_dn_t   name;
	gnutls_x509_ava_st part;

	if (gnutls_x509_crt_get_subject(crt, &name) != 0)
		return;
	for (int i = 0; i < NAME_PARTS_MAX && gnutls_x509_dn_get_rdn_ava(name, i, 0, &part) == 0; i++) {
		scoped_buffer oid = BUFFER_NONE;

		buffer_add(&oid, (struct text){ (const char *)part.oid.data, part.oid.size });
		buffer_print(out, "/%s=", gnutls_x509_dn_oid_name(buffer_string(&oid), GNUTLS_X509_DN_OID_RETURN_OID));
		for (unsigned j = 0; j < part.value.size; j++) {
			const unsigned char c = part.value.data[j];

			if (c < 0x20 || c > 0x7e)
				buffer_print(out, "\\x%02X", c);
			else
				buffer_add_byte(out, (char)c);
		}
	}
}

bool
revocation_index(struct buffer *out, struct text pem, const struct revoked *why, int64_t now)
{
	const gnutls_datum_t in = datum(pem);
	gnutls_x509_crt_t    crt;
	unsigned char        serial[SERIAL_BYTES_MAX];
	size_t               len = sizeof(serial);
	bool                 is_one;

	gnutls_x509_crt_init(&crt);
	is_one = pem.len && gnutls_x509_crt_import(crt, &in, GNUTLS_X509_FMT_PEM) == 0 &&
		 gnutls_x509_crt_get_serial(crt, serial, &len) == 0;
	if (is_one) {
		const int64_t ends = gnutls_x509_crt_get_expiration_time(crt);

		buffer_print(out, "%c\t", why ? 'R' : ends < now ? 'E' : 'V');
		put_time(out, ends);
		buffer_add_byte(out, '\t');
		if (why) {
			put_time(out, why->time);
			buffer_print(out, ",%s", reasons[why->reason]);
		}
		buffer_add_byte(out, '\t');
		put_hex(out, serial, len);
		buffer_add_string(out, "\tunknown\t");
		put_name(out, crt);
		buffer_add_byte(out, '\n');
	}
	gnutls_x509_crt_deinit(crt);
	return is_one;
}
