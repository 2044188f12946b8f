/* An authority, a certificate it signs, and what is refused. */
#include "test.h"

#include <string.h>

#include "scenario/opnsense_client.h"

static const char *vectors;

TEST(an_authority_signs_a_certificate)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *uuid, *refid;

	const struct value *saved = client_post(&client, "/api/trust/ca/add",
						"{\"ca\":{\"descr\":\"house\",\"commonname\":\"House CA\","
						"\"key_type\":\"prime256v1\",\"country\":\"DE\"}}");

	CHECK_STRING(client_word(&client, saved, "result"), "saved");
	uuid = client_word(&client, saved, "uuid");
	const struct value *ca = client_get(&client, arena_print(arena, "/api/trust/ca/get/%s", uuid));

	CHECK_STRING(client_word(&client, ca, "ca.commonname"), "House CA");
	CHECK_STRING(client_word(&client, ca, "ca.refcount"), "0");
	refid = client_word(&client, ca, "ca.refid");
	CHECK_NUMBER(strlen(refid), 13);

	const char *form = arena_print(arena,
				       "{\"cert\":{\"descr\":\"www\",\"commonname\":\"www.example.net\",\"caref\":\"%s\","
				       "\"key_type\":\"prime256v1\",\"cert_type\":\"server_cert\","
				       "\"altnames_dns\":\"www.example.net\\nexample.net\",\"private_key_location\":\"local\"}}",
				       refid);

	saved = client_post(&client, "/api/trust/cert/add", form);
	CHECK_STRING(client_word(&client, saved, "result"), "saved");
	CHECK(strstr(client_word(&client, saved, "private_key"), "PRIVATE KEY"));
	const struct value *dump = client_get(&client, arena_print(arena, "/api/trust/cert/raw_dump/%s",
								   client_word(&client, saved, "uuid")));

	CHECK(strstr(client_word(&client, dump, "stdout"), "Issuer: CN=House CA"));
	CHECK(strstr(client_word(&client, dump, "stdout"), "DNSname: example.net"));
	CHECK_STRING(client_word(&client, client_post(&client, arena_print(arena, "/api/trust/ca/del/%s", uuid), "{}"),
				 "errorLevel"),
		     "error");
	CHECK_STRING(client_word(&client, client_post(&client, arena_print(arena, "/api/trust/ca/set/%s", uuid),
						      "{\"ca\":{\"descr\":\"home\"}}"),
				 "result"),
		     "saved");
	harness_free(client.harness);
}

TEST(what_is_no_certificate_is_not_kept)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };

	client_post(&client, "/api/trust/cert/add",
		    "{\"cert\":{\"action\":\"import\",\"descr\":\"x\",\"crt_payload\":\"nonsense\"}}");
	CHECK_NUMBER(client.status, 500);
	client_post(&client, "/api/trust/cert/add",
		    "{\"cert\":{\"descr\":\"x\",\"caref\":\"\",\"action\":\"sign_csr\"}}");
	CHECK_NUMBER(client.status, 500);
	const struct value *answer = client_post(&client, "/api/trust/cert/add", "{\"cert\":{\"lifetime\":\"-1\"}}");

	CHECK_STRING(client_word(&client, answer, "result"), "failed");
	CHECK_NUMBER(client_count(&client, "trust.cert"), 0);
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_authority_signs_a_certificate),
		cmocka_unit_test(what_is_no_certificate_is_not_kept),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
