/* Lists of revoked certificates: the lines they are kept as, and what is signed. */
#include "test.h"

#include "api/trust/certificate.h"
#include "api/trust/der.h"
#include "api/trust/revocation.h"

static const char *
der_hex(struct arena *arena, const struct buffer *der)
{
	scoped_buffer hex = BUFFER_NONE;

	for (size_t i = 0; i < der->len; i++)
		buffer_print(&hex, "%02x", (unsigned char)der->bytes[i]);
	return arena_copy(arena, buffer_text(&hex));
}

TEST(lengths_and_numbers_are_distinguished)
{
	scoped_arena  arena = arena_new();
	scoped_buffer out = BUFFER_NONE, large = BUFFER_NONE;

	der_put_number(&out, 0);
	der_put_number(&out, 127);
	der_put_number(&out, 128);
	der_put_unsigned(&out, (struct text){ "\0\0\x01\xff", 4 });
	CHECK_STRING(der_hex(arena, &out), "02010002017f0202008002" "0201ff");
	buffer_cut(&out, 0);
	der_put_time(&out, 2524607999); /* the last second of 2049 */
	der_put_time(&out, 2524608000);
	CHECK(buffer_text(&out).ptr[0] == DER_UTC_TIME && buffer_text(&out).ptr[15] == DER_TIME);
	for (size_t i = 0; i < 300; i++)
		buffer_add_byte(&large, 'x');
	buffer_cut(&out, 0);
	der_put(&out, DER_OCTETS, buffer_text(&large));
	der_put(&out, DER_OCTETS, text_first(buffer_text(&large), 128));
	CHECK(memcmp(out.bytes, "\x04\x82\x01\x2c", 4) == 0);
	CHECK(memcmp(out.bytes + 304, "\x04\x81\x80", 3) == 0);
}

TEST(lines_that_are_none_are_passed_over)
{
	struct text    rest = TEXT("a|0G|1|2\n|\nb|01|7|2\nc|01|-1|2\nd|1f|6|99\ne||1|2\nf|01|1|x");
	struct revoked one;

	CHECK(revoked_next(&rest, &one));
	CHECK(text_is(one.refid, "d"));
	CHECK(text_is(one.serial, "1f"));
	CHECK_NUMBER(one.reason, 6);
	CHECK_NUMBER(one.time, 99);
	CHECK(!revoked_next(&rest, &one));
}

static struct certificate_request
authority(struct arena *arena, bool is_rsa)
{
	struct value *names = value_object(arena);

	value_set_string(arena, names, "commonName", "a\tb/ö");
	return (struct certificate_request){ .authority = true, .elliptic = !is_rsa, .bits = 2048, .curve = "secp384r1",
					     .digest = "sha256", .days = 100, .serial = 77, .now = 1764000000, .names = names };
}

TEST(a_list_is_signed_by_keys_of_either_kind)
{
	scoped_arena arena = arena_new();

	for (int rsa = 0; rsa < 2; rsa++) {
		const struct certificate_request request = authority(arena, rsa);
		const char                      *key = certificate_new_key(arena, &request);
		const char                      *other = certificate_new_key(arena, &request);
		const char                      *crt = certificate_create(arena, &request, key);
		struct revocation_request        list = { .authority = crt, .authority_key = key, .number = 128,
							  .now = 1764000000, .days = 30,
							  .revoked = TEXT("x|1|0|1764000000\ny|0AFF|1|1763000000") };
		const char                      *pem = revocation_make(arena, &list);

		CHECK(pem);
		const char *text = revocation_describe(arena, text_of(pem));

		CHECK(strstr(text, "Revoked certificates (2)") && strstr(text, "Serial Number (hex): 0aff"));
		CHECK(strstr(text, "CRL Number (hex): 80") || strstr(text, "CRL Number: 128") || strstr(text, "0080"));
		list.authority_key = other;
		CHECK(!revocation_make(arena, &list));
		list.authority_key = "";
		CHECK(!revocation_make(arena, &list));
	}
	CHECK(!revocation_describe(arena, TEXT_NONE) && !revocation_describe(arena, TEXT("-----BEGIN X509 CRL-----")));
}

TEST(the_index_keeps_to_one_line_a_certificate)
{
	scoped_arena                     arena = arena_new();
	scoped_buffer                    lines = BUFFER_NONE;
	const struct certificate_request request = authority(arena, false);
	const char                      *crt = certificate_create(arena, &request, certificate_new_key(arena, &request));
	const struct revoked             why = { .reason = 4, .time = 1764000001 };

	CHECK_STRING(certificate_serial(arena, text_of(crt)), "4D");
	CHECK(revocation_index(&lines, text_of(crt), NULL, 1764000000));
	CHECK_STRING(buffer_string(&lines), "V\t260304160000Z\t\t4D\tunknown\t/CN=a\\x09b/\\xC3\\xB6\n");
	buffer_cut(&lines, 0);
	CHECK(revocation_index(&lines, text_of(crt), NULL, 1964000000));
	CHECK_NUMBER(lines.bytes[0], 'E');
	buffer_cut(&lines, 0);
	CHECK(revocation_index(&lines, text_of(crt), &why, 1764000000));
	CHECK(text_starts(buffer_text(&lines), TEXT("R\t260304160000Z\t251124160001Z,superseded\t")));
	CHECK(!revocation_index(&lines, TEXT("nonsense"), NULL, 0) && !certificate_serial(arena, TEXT("nonsense")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_and_numbers_are_distinguished),
		cmocka_unit_test(lines_that_are_none_are_passed_over),
		cmocka_unit_test(a_list_is_signed_by_keys_of_either_kind),
		cmocka_unit_test(the_index_keeps_to_one_line_a_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
