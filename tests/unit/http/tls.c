/* Certificates, and requests over TLS. */
#include <time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "http/certificate.h"
#include "test.h"
#include "unit/http/client.h"

struct pair {
	const char *certificate, *key;
};

static struct pair
make(struct arena *arena, const char *name)
{
	static const char *const      names[] = { "firewall.example", "*.lan.example", "192.0.2.1",
						  "2001:db8::1" };
	const struct certificate_wish wish = { name, names, COUNT(names), 0 };
	const char                   *message = "";
	struct pair                   pair;

	if (certificate_make(arena, &wish, &pair.certificate, &pair.key, &message) != RESULT_DONE)
		fail_msg("%s", message);
	return pair;
}

TEST(a_new_certificate_is_for_its_names)
{
	scoped_arena         arena = arena_new();
	const struct pair    pair = make(arena, "firewall.example");
	const gnutls_datum_t pem = { (void *)pair.certificate, (unsigned)strlen(pair.certificate) };
	gnutls_x509_crt_t    certificate;
	unsigned             bits, usage, ca;
	char                 name[128];
	size_t               len = sizeof(name);

	CHECK_NUMBER(gnutls_x509_crt_init(&certificate), 0);
	CHECK_NUMBER(gnutls_x509_crt_import(certificate, &pem, GNUTLS_X509_FMT_PEM), 0);
	CHECK(gnutls_x509_crt_check_hostname(certificate, "firewall.example"));
	CHECK(gnutls_x509_crt_check_hostname(certificate, "a.lan.example"));
	CHECK(gnutls_x509_crt_check_hostname(certificate, "192.0.2.1"));
	CHECK(gnutls_x509_crt_check_hostname(certificate, "2001:db8::1"));
	CHECK(!gnutls_x509_crt_check_hostname(certificate, "other.example"));
	CHECK_NUMBER(gnutls_x509_crt_get_pk_algorithm(certificate, &bits), GNUTLS_PK_ECDSA);
	CHECK_NUMBER(bits, 256);
	CHECK_NUMBER(gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0,
						   name, &len),
		     0);
	CHECK_STRING(name, "firewall.example");
	CHECK(gnutls_x509_crt_check_issuer(certificate, certificate));
	CHECK(gnutls_x509_crt_get_activation_time(certificate) < time(NULL));
	CHECK(gnutls_x509_crt_get_expiration_time(certificate) > time(NULL) + 396 * 86400L);
	CHECK(gnutls_x509_crt_get_ca_status(certificate, &ca) == 0);
	CHECK_NUMBER(gnutls_x509_crt_get_key_usage(certificate, &usage, NULL), 0);
	CHECK_NUMBER(usage, GNUTLS_KEY_DIGITAL_SIGNATURE);
	gnutls_x509_crt_deinit(certificate);
}

TEST(a_name_that_is_none_is_refused)
{
	static const char *const wrong[] = { "", "a b", "a\nb", "-", "a/b", "\xc3\xa9" };
	scoped_arena             arena = arena_new();

	for (size_t i = 0; i < COUNT(wrong); i++) {
		const struct certificate_wish wish = { "x", &wrong[i], 1, 0 };
		const char                   *certificate, *key, *message = NULL;

		if (strcmp(wrong[i], "-") != 0)
			CHECK_NUMBER(certificate_make(arena, &wish, &certificate, &key, &message),
				     RESULT_INVALID);
	}
}

TEST(only_a_key_and_its_certificate_are_a_pair)
{
	scoped_arena      arena = arena_new();
	const struct pair a = make(arena, "a"), b = make(arena, "b");
	const char *const chain = arena_print(arena, "%s%s", a.certificate, b.certificate);
	const char       *message = NULL;

	CHECK_NUMBER(certificate_check(a.certificate, a.key, arena, &message), RESULT_DONE);
	CHECK_NUMBER(certificate_check(chain, a.key, arena, &message), RESULT_DONE);
	CHECK_NUMBER(certificate_check(chain, b.key, arena, &message), RESULT_INVALID);
	CHECK_STRING(message, "the key does not belong to the certificate");
	CHECK_NUMBER(certificate_check(a.certificate, a.certificate, arena, &message),
		     RESULT_INVALID);
	CHECK_NUMBER(certificate_check(a.key, a.key, arena, &message), RESULT_INVALID);
	CHECK_NUMBER(certificate_check("", "", arena, &message), RESULT_INVALID);
	CHECK_NUMBER(certificate_check(a.certificate, NULL, arena, &message), RESULT_INVALID);
	CHECK_NUMBER(
		certificate_check("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
				  a.key, arena, &message),
		RESULT_INVALID);
}

static const struct http_listen tls_listen[] = { { "127.0.0.1:0", .tls = true } };

struct client {
	int                              fd;
	gnutls_session_t                 session;
	gnutls_certificate_credentials_t credentials;
	char                             name[128]; /* of the server's certificate */
};

static int
open_client(const struct http_server *server, const char *priorities, struct client *client)
{
	unsigned          n;
	size_t            len = sizeof(client->name);
	gnutls_x509_crt_t certificate;

	client->fd = client_connect(server);
	gnutls_certificate_allocate_credentials(&client->credentials);
	gnutls_init(&client->session, GNUTLS_CLIENT);
	CHECK_NUMBER(gnutls_priority_set_direct(client->session, priorities, NULL), 0);
	gnutls_credentials_set(client->session, GNUTLS_CRD_CERTIFICATE, client->credentials);
	gnutls_transport_set_int(client->session, client->fd);
	gnutls_handshake_set_timeout(client->session, PATIENCE);
	const int error = gnutls_handshake(client->session);

	if (error < 0)
		return error;
	const gnutls_datum_t *const chain = gnutls_certificate_get_peers(client->session, &n);

	gnutls_x509_crt_init(&certificate);
	gnutls_x509_crt_import(certificate, chain, GNUTLS_X509_FMT_DER);
	gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, client->name,
				      &len);
	gnutls_x509_crt_deinit(certificate);
	return 0;
}

static void
close_client(struct client *client)
{
	gnutls_deinit(client->session);
	gnutls_certificate_free_credentials(client->credentials);
	close(client->fd);
}

/* Send, then read until a text is there or the connection ends. */
static bool
talk(struct client *client, const char *request, const char *wanted)
{
	scoped_buffer out = BUFFER_NONE;
	char          bytes[4096];
	ssize_t       n;

	gnutls_record_send(client->session, request, strlen(request));
	while (!strstr(buffer_string(&out), wanted)) {
		do
			n = gnutls_record_recv(client->session, bytes, sizeof(bytes));
		while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
		if (n <= 0)
			return false;
		buffer_add(&out, (struct text){ bytes, (size_t)n });
	}
	return true;
}

static void
describe(void *context, struct http_exchange *exchange)
{
	struct buffer out = BUFFER_NONE;

	(void)context;
	buffer_print(&out, "tls=%d %s %s", http_is_tls(exchange), http_path(exchange).ptr,
		     http_body(exchange).ptr);
	http_answer(exchange, 200, NULL, &out);
}

TEST(requests_come_over_tls_13_and_12_only)
{
	scoped_arena        arena = arena_new();
	const struct pair   pair = make(arena, "one");
	struct http_server *server =
		serve_setup((struct http_setup){ .listens = tls_listen,
						 .nlistens = 1,
						 .handler = describe,
						 .certificate = pair.certificate,
						 .key = pair.key });
	static const char *const good[] = { "NORMAL:-VERS-ALL:+VERS-TLS1.3",
					    "NORMAL:-VERS-ALL:+VERS-TLS1.2" };
	static const char *const bad[] = { "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0" };
	struct client            client;

	for (size_t i = 0; i < COUNT(good); i++) {
		CHECK_NUMBER(open_client(server, good[i], &client), 0);
		CHECK_STRING(client.name, "one");
		for (int n = 0; n < 3; n++)
			CHECK(talk(&client,
				   "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
				   "tls=1 /x hi"));
		close_client(&client);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK(open_client(server, bad[i], &client) < 0);
		close_client(&client);
	}
	http_server_close(server, 0);
}

TEST(a_certificate_can_be_exchanged_while_serving)
{
	scoped_arena        arena = arena_new();
	const struct pair   one = make(arena, "one"), two = make(arena, "two");
	struct http_server *server =
		serve_setup((struct http_setup){ .listens = tls_listen,
						 .nlistens = 1,
						 .handler = describe,
						 .certificate = one.certificate,
						 .key = one.key });
	struct client first, second;
	const char   *message = "";

	CHECK_NUMBER(open_client(server, "NORMAL", &first), 0);
	CHECK_NUMBER(http_server_certify(server, one.certificate, two.key, arena, &message),
		     RESULT_INVALID);
	CHECK_NUMBER(http_server_certify(server, two.certificate, two.key, arena, &message),
		     RESULT_DONE);
	CHECK_NUMBER(open_client(server, "NORMAL", &second), 0);
	CHECK_STRING(first.name, "one");
	CHECK_STRING(second.name, "two");
	CHECK(talk(&first, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n", "tls=1 /1"));
	CHECK(talk(&second, "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n", "tls=1 /2"));
	close_client(&first);
	close_client(&second);
	http_server_close(server, 0);
}

TEST(strictness_and_limits_hold_over_tls)
{
	scoped_arena        arena = arena_new();
	const struct pair   pair = make(arena, "one");
	struct http_server *server =
		serve_setup((struct http_setup){ .listens = tls_listen,
						 .nlistens = 1,
						 .handler = describe,
						 .certificate = pair.certificate,
						 .key = pair.key,
						 .limits = { .body = 10 } });
	struct client client;

	CHECK_NUMBER(open_client(server, "NORMAL", &client), 0);
	CHECK(talk(&client, "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "HTTP/1.1 400 "));
	close_client(&client);
	CHECK_NUMBER(open_client(server, "NORMAL", &client), 0);
	CHECK(talk(&client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n",
		   "HTTP/1.1 413 "));
	close_client(&client);
	CHECK_NUMBER(open_client(server, "NORMAL", &client), 0);
	CHECK(talk(&client,
		   "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
		   "chunked\r\n\r\nf\r\n0123456789abcde\r\n",
		   "HTTP/1.1 413 "));
	close_client(&client);
	http_server_close(server, 0);
}

TEST(a_handshake_that_does_not_come_is_ended)
{
	scoped_arena        arena = arena_new();
	const struct pair   pair = make(arena, "one");
	struct http_server *server = serve_setup((struct http_setup){ .listens = tls_listen,
								      .nlistens = 1,
								      .handler = describe,
								      .certificate = pair.certificate,
								      .key = pair.key,
								      .limits = { .head_seconds = 1 } });
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE;
	bool                closed;

	client_read(fd, PATIENCE, &out, &closed);
	CHECK(closed);
	close(fd);
	http_server_close(server, 0);
}

TEST(tls_needs_a_certificate)
{
	scoped_arena            arena = arena_new();
	const struct http_setup setup = { .listens = tls_listen,
					  .nlistens = 1,
					  .handler = describe };
	const char             *message = "";

	CHECK(!http_server_open(&setup, arena, &message));
	CHECK_STRING(message, "TLS without a certificate");
}

RUN(cmocka_unit_test(a_new_certificate_is_for_its_names),
    cmocka_unit_test(a_name_that_is_none_is_refused),
    cmocka_unit_test(only_a_key_and_its_certificate_are_a_pair),
    cmocka_unit_test(requests_come_over_tls_13_and_12_only),
    cmocka_unit_test(a_certificate_can_be_exchanged_while_serving),
    cmocka_unit_test(strictness_and_limits_hold_over_tls),
    cmocka_unit_test(a_handshake_that_does_not_come_is_ended),
    cmocka_unit_test(tls_needs_a_certificate));
