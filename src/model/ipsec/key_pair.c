/* KeyPair records of the IPsec.IPsec model. */
#include "model/checks.h"
#include "model/types.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#define KEY_ID_BYTES 64

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED },
	{ "keyType", &type_option, .flags = REQUIRED, .preset = "rsa",
	  .choices = CHOICES({ "rsa", "RSA" }, { "ecdsa", "ECDSA" }) },
	{ "publicKey", &type_text, .flags = REQUIRED },
	{ "privateKey", &type_text },
	{ "keySize", &type_integer },
	{ "keyFingerprint", &type_text },
};
/* clang-format on */

/* What both PEM texts turn out to be. */
struct keys {
	gnutls_pubkey_t       public;
	gnutls_x509_privkey_t private;
	bool                  has_public, has_private;
};

static gnutls_datum_t
datum_of(const struct record *pair, const char *field)
{
	const struct text text = record_text(pair, field);

	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)text.ptr, (unsigned)text.len };
}

static void
keys_open(struct keys *keys, const struct record *pair)
{
	const gnutls_datum_t public = datum_of(pair, "publicKey"), private = datum_of(pair, "privateKey");

	*keys = (struct keys){ 0 };
	BUG_IF(gnutls_pubkey_init(&keys->public) != 0 || gnutls_x509_privkey_init(&keys->private) != 0, "out of memory");
	keys->has_public = gnutls_pubkey_import(keys->public, &public, GNUTLS_X509_FMT_PEM) == 0;
	keys->has_private =
		private.size > 0 && gnutls_x509_privkey_import2(keys->private, &private, GNUTLS_X509_FMT_PEM, NULL, 0) == 0;
}

static void
keys_close(struct keys *keys)
{
	gnutls_pubkey_deinit(keys->public);
	gnutls_x509_privkey_deinit(keys->private);
}

static bool
keys_match(const struct keys *keys)
{
	unsigned char one[KEY_ID_BYTES], other[KEY_ID_BYTES];
	size_t        len_one = sizeof(one), len_other = sizeof(other);

	return gnutls_pubkey_get_key_id(keys->public, GNUTLS_KEYID_USE_SHA256, one, &len_one) == 0 &&
	       gnutls_x509_privkey_get_key_id(keys->private, GNUTLS_KEYID_USE_SHA256, other, &len_other) == 0 &&
	       len_one == len_other && memcmp(one, other, len_one) == 0;
}

static bool
is_of_type(int algorithm, const char *type)
{
	return strcmp(type, "rsa") == 0 ? algorithm == GNUTLS_PK_RSA : algorithm == GNUTLS_PK_ECDSA;
}

/* Size and fingerprint are read off the public key. */
static void
complete(struct record *pair, const struct record *before, const struct view *view)
{
	unsigned char id[KEY_ID_BYTES];
	char         *text = arena_take(view->arena, 3 * KEY_ID_BYTES + 1);
	size_t        len = sizeof(id);
	unsigned      bits = 0;
	struct keys   keys;

	(void)before;
	keys_open(&keys, pair);
	record_set(pair, "keySize", "");
	record_set(pair, "keyFingerprint", "");
	if (keys.has_public && gnutls_pubkey_get_pk_algorithm(keys.public, &bits) >= 0 &&
	    gnutls_pubkey_get_key_id(keys.public, GNUTLS_KEYID_USE_SHA256, id, &len) == 0) {
		for (size_t i = 0; i < len; i++)
			snprintf(text + 3 * i, 4, "%02x%s", id[i], i + 1 < len ? ":" : "");
		record_set(pair, "keySize", arena_print(view->arena, "%u", bits));
		record_set(pair, "keyFingerprint", text);
	}
	keys_close(&keys);
}

static void
check(const struct record *pair, const struct view *view, struct faults *faults)
{
	const char *type = record_get(pair, "keyType");
	struct keys keys;

	(void)view;
	keys_open(&keys, pair);
	if (is_set(pair, "publicKey") && !keys.has_public)
		faults_add(faults, "publicKey", FAULT_FORMAT, "This is not a public key in PEM form.");
	else if (keys.has_public && !is_of_type(gnutls_pubkey_get_pk_algorithm(keys.public, NULL), type))
		faults_add(faults, "publicKey", FAULT_CONFLICT, "This key is of another type.");
	if (is_set(pair, "privateKey") && !keys.has_private)
		faults_add(faults, "privateKey", FAULT_FORMAT, "This is not a private key in PEM form.");
	else if (keys.has_private && !is_of_type(gnutls_x509_privkey_get_pk_algorithm(keys.private), type))
		faults_add(faults, "privateKey", FAULT_CONFLICT, "This key is of another type.");
	else if (keys.has_private && keys.has_public && !keys_match(&keys))
		faults_add(faults, "privateKey", FAULT_CONFLICT, "The keys do not belong together.");
	keys_close(&keys);
}

const struct resource ipsec_key_pair_resource = {
	.name = "ipsec.key_pair",
	.summary = "KeyPair records of the IPsec.IPsec model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "IPsec.IPsec",
	.path = "keyPairs.keyPair",
	.check = check,
	.complete = complete,
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/key_pairs", "_item", "keyPair", CRUD }) },
};
