/* An authority, a certificate it signs, and what is refused. */
#include "test.h"

#include <string.h>

#include "json/write.h"
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

/* An authority with a quick key; gives its refid. */
static const char *
add_authority(struct client *client)
{
	const struct value *saved = client_post(client, "/api/trust/ca/add",
						"{\"ca\":{\"descr\":\"house\",\"commonname\":\"House CA\","
						"\"key_type\":\"prime256v1\"}}");
	const char *uuid = client_word(client, saved, "uuid");

	return client_word(client, client_get(client, arena_print(client->arena, "/api/trust/ca/get/%s", uuid)), "ca.refid");
}

/* A certificate by a form; gives its uuid. */
static const char *
add_certificate(struct client *client, const char *form)
{
	const struct value *saved =
		client_post(client, "/api/trust/cert/add", arena_print(client->arena, "{\"cert\":{%s}}", form));

	CHECK_STRING(client_word(client, saved, "result"), "saved");
	return client_word(client, saved, "uuid");
}

static const char *
cert_word(struct client *client, const char *uuid, const char *field)
{
	return client_word(client, client_get(client, arena_print(client->arena, "/api/trust/cert/get/%s", uuid)),
			   arena_print(client->arena, "cert.%s", field));
}

/* A file of a certificate; NULL: there is none. */
static const char *
cert_file(struct client *client, const char *uuid, const char *type, const char *member)
{
	const struct value *answer =
		client_post(client, arena_print(client->arena, "/api/trust/cert/generate_file/%s/%s", uuid, type),
			    "{\"password\":\"open sesame\"}");

	return strcmp(client_word(client, answer, "status"), "ok") == 0 ? client_word(client, answer, member) : NULL;
}

TEST(a_signing_request_is_made_and_signed)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *caref = add_authority(&client);
	const char   *asked = add_certificate(&client, "\"action\":\"external\",\"descr\":\"asked\",\"commonname\":\"a.example\","
							"\"key_type\":\"prime256v1\",\"altnames_dns\":\"b.example\"");
	const char *csr = cert_file(&client, asked, "csr", "payload");
	struct value *form = value_object(arena), *cert = value_object(arena);
	scoped_buffer body = BUFFER_NONE;

	CHECK(csr);
	CHECK(!cert_file(&client, asked, "crt", "payload"));
	CHECK_STRING(cert_word(&client, asked, "csr_payload"), csr);
	value_set_string(arena, cert, "action", "sign_csr");
	value_set_string(arena, cert, "descr", "signed");
	value_set_string(arena, cert, "caref", caref);
	value_set_string(arena, cert, "csr_payload", csr);
	value_set_string(arena, cert, "cert_type", "server_cert");
	value_set(arena, form, "cert", cert);
	json_value(&(struct json){ .out = &body }, form);
	const struct value *saved = client_post(&client, "/api/trust/cert/add", buffer_string(&body));
	const char         *uuid = client_word(&client, saved, "uuid");
	const struct value *dump = client_get(&client, arena_print(arena, "/api/trust/cert/raw_dump/%s", uuid));

	CHECK(strstr(client_word(&client, dump, "stdout"), "DNSname: b.example"));
	CHECK(strstr(client_word(&client, dump, "stdout"), "Certificate Authority (CA): FALSE"));
	CHECK_STRING(cert_word(&client, uuid, "commonname"), "a.example");
	CHECK_STRING(cert_word(&client, uuid, "rfc3280_purpose"), "id-kp-serverAuth, 1.3.6.1.5.5.8.2.2");
	/* What came back goes to the request; another certificate does not. */
	const char *crt = cert_file(&client, uuid, "crt", "payload");

	cert = value_object(arena);
	value_set_string(arena, cert, "action", "import_csr");
	value_set_string(arena, cert, "crt_payload", crt);
	value_set(arena, form, "cert", cert);
	buffer_cut(&body, 0);
	json_value(&(struct json){ .out = &body }, form);
	client_post(&client, arena_print(arena, "/api/trust/cert/set/%s", uuid), buffer_string(&body));
	CHECK_NUMBER(client.status, 200);
	CHECK_STRING(client_word(&client, client_post(&client, arena_print(arena, "/api/trust/cert/set/%s", asked),
						      buffer_string(&body)),
				 "result"),
		     "saved");
	CHECK_STRING(cert_file(&client, asked, "crt", "payload"), crt);
	CHECK(!cert_file(&client, asked, "csr", "payload"));
	CHECK(cert_file(&client, asked, "pkcs12", "payload_b64"));
	CHECK(!cert_file(&client, uuid, "pkcs12", "payload_b64"));
	CHECK(!cert_file(&client, uuid, "exe", "payload"));
	client_post(&client, arena_print(arena, "/api/trust/cert/set/%s",
					 add_certificate(&client, "\"descr\":\"other\",\"key_type\":\"prime256v1\"")),
		    buffer_string(&body));
	CHECK_NUMBER(client.status, 500);
	harness_free(client.harness);
}

TEST(a_certificate_is_made_again_with_its_key)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *caref = add_authority(&client);
	const char   *uuid = add_certificate(&client, "\"descr\":\"x\",\"commonname\":\"x.example\",\"country\":\"SE\","
						       "\"key_type\":\"prime256v1\",\"lifetime\":\"10\"");
	const char *key = cert_file(&client, uuid, "prv", "payload"), *crt = cert_file(&client, uuid, "crt", "payload");

	const struct value *saved =
		client_post(&client, arena_print(arena, "/api/trust/cert/set/%s", uuid),
			    arena_print(arena, "{\"cert\":{\"action\":\"reissue\",\"lifetime\":\"20\",\"caref\":\"%s\"}}", caref));

	CHECK_STRING(client_word(&client, saved, "result"), "saved");
	CHECK_STRING(cert_file(&client, uuid, "prv", "payload"), key);
	CHECK(strcmp(cert_file(&client, uuid, "crt", "payload"), crt) != 0);
	CHECK_STRING(cert_word(&client, uuid, "commonname"), "x.example");
	CHECK_STRING(cert_word(&client, uuid, "country.SE.selected"), "1");
	const struct value *found = client_post(&client, "/api/trust/cert/search",
						arena_print(arena, "{\"carefs\":[\"%s\"]}", caref));

	CHECK_NUMBER(value_count(value_get(found, "rows")), 1);
	CHECK_STRING(client_word(&client, found, "rows.0.prv"), "");
	CHECK_NUMBER(value_count(value_get(client_post(&client, "/api/trust/cert/search", "{\"carefs\":[\"none\"]}"), "rows")), 0);
	CHECK_NUMBER(value_count(value_get(client_post(&client, "/api/trust/cert/search", "{\"user\":[\"root\"]}"), "rows")), 0);
	harness_free(client.harness);
}

/* The authority's state of a certificate, as the index for its responder has it: 'V', 'R', 'E'. */
static char
state_in_index(struct client *client, const char *caref)
{
	const struct value *index = client_get(client, arena_print(client->arena, "/api/trust/crl/get_ocsp_info_data/%s", caref));

	return client_word(client, index, "payload")[0];
}

TEST(what_was_revoked_is_on_the_list)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *caref = add_authority(&client);
	const char   *uuid = add_certificate(
                &client, arena_print(arena, "\"descr\":\"lost\",\"key_type\":\"prime256v1\",\"caref\":\"%s\"", caref));
	const char *refid = cert_word(&client, uuid, "refid");
	const char *at = arena_print(arena, "/api/trust/crl/set/%s", caref);
	const char *get = arena_print(arena, "/api/trust/crl/get/%s", caref);
	const char *form = arena_print(arena, "{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"lost ones\",\"lifetime\":\"30\","
					      "\"revoked_reason_1\":\"%s\"}}", refid);

	CHECK_STRING(client_word(&client, client_get(&client, get), "crl.crlmethod.internal.selected"), "1");
	CHECK(state_in_index(&client, caref) == 'V');
	CHECK_STRING(client_word(&client, client_post(&client, at, form), "status"), "saved");
	const struct value *list = client_get(&client, get);

	CHECK_STRING(client_word(&client, list, "crl.serial"), "0");
	CHECK_STRING(client_word(&client, list, arena_print(arena, "crl.revoked_reason_1.%s.selected", refid)), "1");
	CHECK_STRING(client_word(&client, list, arena_print(arena, "crl.revoked_reason_2.%s.selected", refid)), "0");
	CHECK(text_starts(text_of(client_word(&client, list, "crl.text")), TEXT("-----BEGIN X509 CRL-----")));
	CHECK(state_in_index(&client, caref) == 'R');
	const struct value *dump = client_get(&client, arena_print(arena, "/api/trust/crl/raw_dump/%s", caref));

	CHECK(strstr(client_word(&client, dump, "stdout"), "Issuer: CN=House CA"));
	CHECK(strstr(client_word(&client, dump, "stdout"), "Revoked certificates (1)"));
	CHECK_STRING(client_word(&client, client_get(&client, "/api/trust/crl/search"), "rows.0.crl_descr"), "lost ones");
	/* It stays so without the certificate, and the number of the list rises. */
	client_post(&client, arena_print(arena, "/api/trust/cert/del/%s", uuid), "{}");
	form = "{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"lost ones\"}}";
	CHECK_STRING(client_word(&client, client_post(&client, at, form), "status"), "saved");
	dump = client_get(&client, arena_print(arena, "/api/trust/crl/raw_dump/%s", caref));
	CHECK(strstr(client_word(&client, dump, "stdout"), "Revoked certificates (1)"));
	CHECK_STRING(client_word(&client, client_get(&client, get), "crl.serial"), "1");
	CHECK_STRING(client_word(&client, client_get(&client, get), "crl.lifetime"), "30");
	/* An authority with a list stays; a list can go. */
	client_post(&client, arena_print(arena, "/api/trust/crl/del/%s", caref), "{}");
	CHECK_NUMBER(client_count(&client, "trust.crl"), 0);
	CHECK_STRING(client_word(&client, client_post(&client, arena_print(arena, "/api/trust/crl/del/%s", caref), "{}"), "status"),
		     "not found");
	harness_free(client.harness);
}

TEST(a_list_that_is_wrong_is_not_kept)
{
	static const char *const forms[] = {
		"{\"crl\":{}}", "{\"crl\":[]}", "{\"crl\":\"x\"}", "{}",
		"{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"\"}}",
		"{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"a\\nb\"}}",
		"{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"x\",\"lifetime\":\"0\"}}",
		"{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"x\",\"lifetime\":\"36501\"}}",
		"{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"x\",\"serial\":\"-1\"}}",
		"{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"x\",\"revoked_reason_0\":\"nobody|\\n1\"}}",
		"{\"crl\":{\"crlmethod\":\"existing\",\"descr\":\"x\",\"text\":\"-----BEGIN X509 CRL-----\"}}",
		"{\"crl\":{\"crlmethod\":\"other\",\"descr\":\"x\"}}",
	};
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *caref = add_authority(&client);

	for (size_t i = 0; i < COUNT(forms); i++) {
		const struct value *answer = client_post(&client, arena_print(arena, "/api/trust/crl/set/%s", caref), forms[i]);

		CHECK_STRING(client_word(&client, answer, "status"), "failed");
	}
	CHECK_STRING(client_word(&client, client_post(&client, "/api/trust/crl/set/none", forms[0]), "status"), "failed");
	CHECK_NUMBER(value_count(client_get(&client, "/api/trust/crl/get/none")), 0);
	CHECK_NUMBER(client_count(&client, "trust.crl"), 0);
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
		cmocka_unit_test(a_signing_request_is_made_and_signed),
		cmocka_unit_test(a_certificate_is_made_again_with_its_key),
		cmocka_unit_test(what_was_revoked_is_on_the_list),
		cmocka_unit_test(a_list_that_is_wrong_is_not_kept),
		cmocka_unit_test(what_is_no_certificate_is_not_kept),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
