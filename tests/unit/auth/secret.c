/* Hashes, encodings and tokens. */
#include "auth/secret.h"

#include <string.h>

#include "test.h"

TEST(hashes_match_their_own_phrase_only)
{
	scoped_arena arena = arena_new();

	CHECK(hash_matches(password_hash(arena, "pfsense"), "pfsense"));
	CHECK(!hash_matches(secret_hash(arena, "one"), "two"));
	CHECK(!hash_matches("", ""));
	CHECK(!hash_matches("*", "x"));
}

/* As long as a client likes: bcrypt looks at 72 bytes. */
TEST(a_long_password_is_as_good_as_its_beginning)
{
	scoped_arena arena = arena_new();
	char        *phrase = arena_take(arena, 2001);

	memset(phrase, 'x', 2000);
	const char *hash = password_hash(arena, phrase);

	CHECK(hash_matches(hash, phrase));
	phrase[72] = '\0';
	CHECK(hash_matches(hash, phrase));
	phrase[71] = 'y';
	CHECK(!hash_matches(hash, phrase));
}

TEST(base64_is_strict)
{
	static const char *const refused[] = { "QQ", "QQ=", "Q===", "QQ==QQ==", "Q Q=", "QQ-_" };
	scoped_arena             arena = arena_new();
	size_t                   len;

	for (size_t i = 0; i < COUNT(refused); i++)
		CHECK(base64_decode(arena, text_of(refused[i]), &len) == NULL);
	CHECK_STRING(base64_decode(arena, TEXT("YWRtaW5rZXk6eA=="), &len), "adminkey:x");
	CHECK_NUMBER(len, 10);
	CHECK_STRING(base64_encode(arena, TEXT("adminkey:x")), "YWRtaW5rZXk6eA==");
}

TEST(a_token_is_good_between_its_times_and_with_its_key_only)
{
	scoped_arena       arena = arena_new();
	const struct token token = { "fw1", "ad\"min", 1000, 2000 };
	const char        *jwt = token_write(arena, &token, TEXT("secret"));
	struct token       out;

	CHECK(token_read(arena, text_of(jwt), TEXT("secret"), 1000, &out));
	CHECK_STRING(out.subject, "ad\"min");
	CHECK(!token_read(arena, text_of(jwt), TEXT("secret"), 999, &out));
	CHECK(!token_read(arena, text_of(jwt), TEXT("secret"), 2000, &out));
	CHECK(!token_read(arena, text_of(jwt), TEXT("Secret"), 1500, &out));
	CHECK(!token_read(arena, text_of(jwt), TEXT_NONE, 1500, &out));
	CHECK(!token_read(arena, text_first(text_of(jwt), strlen(jwt) - 1), TEXT("secret"), 1500, &out));
}

TEST(a_token_without_a_signature_is_refused)
{
	scoped_arena arena = arena_new();
	struct token out;

	/* {"alg":"none"} . {"nbf":0,"exp":9999999999,"data":"root"} . */
	CHECK(!token_read(arena, TEXT("eyJhbGciOiJub25lIn0.eyJuYmYiOjAsImV4cCI6OTk5OTk5OTk5OSwiZGF0YSI6InJvb3QifQ."),
			  TEXT("secret"), 1500, &out));
}

TEST(digests_are_known_by_name)
{
	scoped_arena arena = arena_new();

	CHECK_STRING(digest_hex(arena, "sha256", TEXT("abc")),
		     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CHECK(digest_hex(arena, "crc32", TEXT("abc")) == NULL);
	CHECK_NUMBER(strlen(key_new(arena)), 80);
	CHECK_NUMBER(strlen(random_hex(arena, 16)), 32);
}

RUN(cmocka_unit_test(hashes_match_their_own_phrase_only),
    cmocka_unit_test(a_long_password_is_as_good_as_its_beginning), cmocka_unit_test(base64_is_strict),
    cmocka_unit_test(a_token_is_good_between_its_times_and_with_its_key_only),
    cmocka_unit_test(a_token_without_a_signature_is_refused), cmocka_unit_test(digests_are_known_by_name));
