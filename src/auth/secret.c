/*
 * Hashes through libcrypt, everything else through GnuTLS. Tokens are read by hand:
 * three base64url parts, of which only the signature decides.
 */
#include "auth/secret.h"

#include <crypt.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <jansson.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"

#define PASSWORD_COST   10
#define API_KEY_BYTES   60
#define PASSWORD_MAX    511 /* bytes that crypt takes */
#define BCRYPT_BYTES    72  /* of which bcrypt looks at so many: a longer one is as good as its beginning */
#define DIGEST_MAX      64
#define TOKEN_BYTES_MAX 8192

static const char *
make_hash(struct arena *arena, const char *method, unsigned long cost, const char *phrase)
{
	struct crypt_data *data = arena_take(arena, sizeof(*data));
	char               salt[CRYPT_GENSALT_OUTPUT_SIZE];

	BUG_IF(!crypt_gensalt_rn(method, cost, NULL, 0, salt, sizeof(salt)), "no salt for %s", method);
	const char *hash = crypt_r(phrase, salt, data);

	BUG_IF(!hash || hash[0] == '*', "crypt failed");
	const char *copy = arena_copy(arena, text_of(hash));

	gnutls_memset(data, 0, sizeof(*data));
	return copy;
}

const char *
password_hash(struct arena *arena, const char *password)
{
	return make_hash(arena, "$2b$", PASSWORD_COST, arena_copy(arena, text_first(text_of(password), BCRYPT_BYTES)));
}

const char *
secret_hash(struct arena *arena, const char *secret)
{
	return make_hash(arena, "$6$", 0, secret);
}

bool
hash_matches(const char *hash, const char *password)
{
	scoped_arena       arena = arena_new();
	struct crypt_data *data = arena_take(arena, sizeof(*data));

	if (hash[0] == '$' && hash[1] == '2')
		password = arena_copy(arena, text_first(text_of(password), BCRYPT_BYTES));
	if (hash[0] == '\0' || strlen(password) > PASSWORD_MAX)
		return false;
	const char *made = crypt_r(password, hash, data);
	const bool  same = made && made[0] != '*' && text_equal_secret(text_of(made), text_of(hash));

	gnutls_memset(data, 0, sizeof(*data));
	return same;
}

static void
random_bytes(void *bytes, size_t n)
{
	BUG_IF(gnutls_rnd(GNUTLS_RND_KEY, bytes, n) != 0, "no random numbers");
}

const char *
key_new(struct arena *arena)
{
	char bytes[API_KEY_BYTES];

	random_bytes(bytes, sizeof(bytes));
	return base64_encode(arena, (struct text){ bytes, sizeof(bytes) });
}

const char *
hex_encode(struct arena *arena, struct text t)
{
	static const char digits[] = "0123456789abcdef";
	char             *out = arena_take(arena, t.len * 2 + 1);

	for (size_t i = 0; i < t.len; i++) {
		out[i * 2] = digits[(unsigned char)t.ptr[i] >> 4];
		out[i * 2 + 1] = digits[(unsigned char)t.ptr[i] & 15];
	}
	return out;
}

const char *
random_hex(struct arena *arena, size_t n)
{
	char *bytes = arena_take(arena, n);

	random_bytes(bytes, n);
	return hex_encode(arena, (struct text){ bytes, n });
}

const char *
digest_hex(struct arena *arena, const char *algorithm, struct text t)
{
	static const struct {
		const char               *name;
		gnutls_digest_algorithm_t id;
	} algorithms[] = { { "sha256", GNUTLS_DIG_SHA256 },
			   { "sha384", GNUTLS_DIG_SHA384 },
			   { "sha512", GNUTLS_DIG_SHA512 },
			   { "md5", GNUTLS_DIG_MD5 } };
	char digest[DIGEST_MAX];

	for (size_t i = 0; i < COUNT(algorithms); i++) {
		if (strcmp(algorithms[i].name, algorithm) != 0)
			continue;
		if (gnutls_hash_fast(algorithms[i].id, t.ptr, t.len, digest) != 0)
			return NULL;
		return hex_encode(arena, (struct text){ digest, gnutls_hash_get_len(algorithms[i].id) });
	}
	return NULL;
}

bool
text_equal_secret(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || gnutls_memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* --- tokens: base64url without padding ---------------------------------------------------------- */

static struct text
url_encode(struct arena *arena, struct text t)
{
	char  *out = arena_take(arena, (t.len + 2) / 3 * 4 + 1);
	size_t len = base64_put(t, out);

	while (len > 0 && out[len - 1] == '=')
		out[--len] = '\0';
	for (size_t i = 0; i < len; i++)
		out[i] = out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i];
	return (struct text){ out, len };
}

static bool
url_decode(struct arena *arena, struct text t, struct text *out)
{
	char  *plain = arena_copy(arena, t), *bytes = arena_take(arena, t.len + 4);
	size_t len;

	for (size_t i = 0; i < t.len; i++) {
		if (plain[i] == '+' || plain[i] == '/')
			return false;
		plain[i] = plain[i] == '-' ? '+' : plain[i] == '_' ? '/' : plain[i];
	}
	if (!base64_take((struct text){ plain, t.len }, bytes, &len))
		return false;
	*out = (struct text){ bytes, len };
	return true;
}

static struct text
sign(struct arena *arena, struct text payload, struct text key)
{
	char digest[32];

	BUG_IF(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.ptr, key.len, payload.ptr, payload.len, digest) != 0,
	       "HMAC failed");
	return url_encode(arena, (struct text){ digest, sizeof(digest) });
}

const char *
token_write(struct arena *arena, const struct token *token, struct text key)
{
	json_t *claims = json_pack("{s:s, s:s, s:I, s:I, s:s}", "iss", token->issuer, "aud", token->issuer, "nbf",
				   (json_int_t)token->not_before, "exp", (json_int_t)token->expires, "data",
				   token->subject);

	BUG_IF(!claims, "a claim is not UTF-8");
	scoped_free char *plain = json_dumps(claims, JSON_COMPACT);

	json_decref(claims);
	const struct text header = url_encode(arena, TEXT("{\"typ\":\"JWT\",\"alg\":\"HS256\"}"));
	const struct text body = url_encode(arena, text_of(plain));
	const char       *payload = arena_print(arena, "%.*s.%.*s", TEXT_ARGS(header), TEXT_ARGS(body));
	const struct text signature = sign(arena, text_of(payload), key);

	return arena_print(arena, "%s.%.*s", payload, TEXT_ARGS(signature));
}

static json_t *
read_part(struct arena *arena, struct text part)
{
	struct text plain;

	if (!url_decode(arena, part, &plain))
		return NULL;
	json_t *json = json_loadb(plain.ptr, plain.len, JSON_REJECT_DUPLICATES, NULL);

	if (json)
		arena_defer(arena, (void (*)(void *))json_decref, json);
	return json_is_object(json) ? json : NULL;
}

bool
token_read(struct arena *arena, struct text jwt, struct text key, int64_t now, struct token *out)
{
	struct text rest = jwt;

	if (key.len == 0 || jwt.len > TOKEN_BYTES_MAX)
		return false;
	const struct text header_part = text_until(&rest, '.');
	const struct text body_part = text_until(&rest, '.');
	const struct text payload = text_first(jwt, header_part.len + 1 + body_part.len);

	if (!text_equal_secret(rest, sign(arena, payload, key)))
		return false;
	json_t     *header = read_part(arena, header_part), *claims = read_part(arena, body_part);
	const char *algorithm = json_string_value(json_object_get(header, "alg"));
	const char *subject = json_string_value(json_object_get(claims, "data"));
	json_t     *from = json_object_get(claims, "nbf"), *until = json_object_get(claims, "exp");

	if (!algorithm || strcmp(algorithm, "HS256") != 0 || !subject || !json_is_integer(from) ||
	    !json_is_integer(until) || json_integer_value(from) > now || json_integer_value(until) <= now)
		return false;
	*out = (struct token){ json_string_value(json_object_get(claims, "iss")), subject,
			       json_integer_value(from), json_integer_value(until) };
	return true;
}
