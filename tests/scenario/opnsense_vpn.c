/* IPsec: tunnels of the older kind, the daemon's file, what the kernel is asked. OpenVPN: files for clients. */
#include "test.h"

#include <string.h>

#include "auth/secret.h"
#include "scenario/opnsense_client.h"

static const char *vectors;

static struct client
client_new(struct arena *arena)
{
	return (struct client){ opnsense_setup(arena, vectors), arena, 0 };
}

static const char *
post_word(struct client *client, const char *target, const char *path)
{
	return client_word(client, client_post(client, target, "{}"), path);
}

static void
put_tunnels(struct client *client)
{
	harness_put(client->harness, "ipsec.phase1", NULL, "ikeid", "4", "iketype", "ikev2", "interface", "wan", "remote-gateway",
		    "198.51.100.7", "authentication_method", "pre_shared_key", "pre-shared-key", "hello", "descr", "site <1>",
		    "encryption-algorithm.name", "aes", "encryption-algorithm.keylen", "256", "hash-algorithm", "sha256,sha512",
		    "dhgroup", "14", NULL);
	harness_put(client->harness, "ipsec.phase1", NULL, "ikeid", "5", "iketype", "ike", "protocol", "inet6", "disabled", "1",
		    "proposals", "aes128|sha1|2|\nchacha20poly1305||31|sha256", NULL);
	for (int i = 0; i < 2; i++)
		harness_put(client->harness, "ipsec.phase2", NULL, "ikeid", "4", "localid.type", "lan", "remoteid.type", "network",
			    "remoteid.address", "10.1.0.0", "remoteid.netbits", "16", "encryption-algorithm-option", "aes128",
			    "hash-algorithm-option", "hmac_sha256", "pfsgroup", "14", NULL);
	harness_put(client->harness, "ipsec.phase2", NULL, "ikeid", "5", "protocol", "ah", NULL);
}

TEST(tunnels_are_shown_as_rows)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	put_tunnels(&client);
	const struct value *rows = client_get(&client, "/api/ipsec/tunnel/search_phase1");

	CHECK_STRING(client_word(&client, rows, "total"), "2");
	CHECK_STRING(client_word(&client, rows, "rows.0.id"), "4");
	CHECK_STRING(client_word(&client, rows, "rows.0.interface"), "WAN");
	CHECK_STRING(client_word(&client, rows, "rows.0.iketype"), "V2");
	CHECK_STRING(client_word(&client, rows, "rows.0.proposal"), "aes256 + sha256, sha512 + DH Group 14");
	CHECK_STRING(client_word(&client, rows, "rows.1.enabled"), "0");
	CHECK_STRING(client_word(&client, rows, "rows.1.protocol"), "IPv6");
	CHECK_STRING(client_word(&client, rows, "rows.1.proposal"), "aes128 + sha1 + DH Group 2; chacha20poly1305 +  + DH Group 31");
	CHECK(!strstr(client_ask(&client, METHOD_GET, "/api/ipsec/tunnel/search_phase1", NULL).body.ptr, "hello"));
	rows = client_post(&client, "/api/ipsec/tunnel/search_phase2", "{\"ikeid\":4}");
	CHECK_STRING(client_word(&client, rows, "total"), "2");
	CHECK_STRING(client_word(&client, rows, "rows.1.remote_subnet"), "10.1.0.0/16");
	rows = client_post(&client, "/api/ipsec/tunnel/search_phase2", "{\"ikeid\":[]}");
	CHECK_STRING(client_word(&client, rows, "total"), "0");
	harness_free(client.harness);
}

TEST(tunnels_are_switched_and_removed)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	put_tunnels(&client);
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle_phase1/4", "disabled"), "1");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle_phase1/4/1", "disabled"), "");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle_phase1/4/0", "disabled"), "1");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle_phase1/99", "status"), "not_found");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle_phase1/4%20", "status"), "not_found");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle_phase2/2", "disabled"), "1");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle_phase2/3", "status"), "not_found");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle_phase2/-1", "status"), "not_found");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/ipsec/tunnel/toggle_phase2/2"), "status"), "failed");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/del_phase2/9", "status"), "not_found");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/del_phase2/2", "status"), "ok");
	CHECK_NUMBER(client_count(&client, "ipsec.phase2"), 2);
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/del_phase1/77", "phase1count"), "0");
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/del_phase1/4", "phase2count"), "2");
	CHECK_NUMBER(client_count(&client, "ipsec.phase1"), 1);
	CHECK_NUMBER(client_count(&client, "ipsec.phase2"), 0);
	CHECK_STRING(post_word(&client, "/api/ipsec/tunnel/toggle/1", "status"), "ok");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/ipsec/connections/is_enabled"), "enabled"), "1");
	harness_free(client.harness);
}

TEST(applying_says_what_is_missing)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	unsigned      parts;

	CHECK_STRING(post_word(&client, "/api/ipsec/legacy_subsystem/apply_config", "status"), "ok");
	harness_applied(client.harness, &parts);
	CHECK_NUMBER(parts, PART_VPN_IPSEC);
	harness_apply_fails(client.harness, RESULT_UNAVAILABLE, "there is no backend yet for IPsec");
	CHECK_STRING(post_word(&client, "/api/ipsec/legacy_subsystem/apply_config", "message"), "there is no backend yet for IPsec");
	harness_free(client.harness);
}

TEST(the_box_is_asked_for_what_runs)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	CHECK_STRING(client_word(&client, client_get(&client, "/api/ipsec/connections/swanctl"), "status"), "failed");
	client_get(&client, "/api/ipsec/leases/pools");
	CHECK_NUMBER(client.status, 500);
	CHECK_STRING(post_word(&client, "/api/ipsec/sad/delete/0", "result"), "failed");
	harness_box(client.harness, "ipsec.configuration", "{\"content\":\"connections {\\n}\\n\"}");
	harness_box(client.harness, "ipsec.pools", "{\"pools\":{\"a\":{\"name\":\"a\",\"net\":\"10.0.0.0/24\",\"online\":0}}}");
	harness_box(client.harness, "ipsec.forget_policy", "{\"result\":\"ok\",\"status\":\"found\"}");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/ipsec/connections/swanctl"), "content"), "connections {\n}\n");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/ipsec/leases/pools"), "pools.a.net"), "10.0.0.0/24");
	CHECK_STRING(post_word(&client, "/api/ipsec/spd/delete/0", "status"), "found");
	harness_free(client.harness);
}

/* --- OpenVPN ------------------------------------------------------------------------------------------ */

#define SERVER "20000000-0000-4000-8000-000000000001"
#define KEY    "20000000-0000-4000-8000-000000000002"

/* A server with an authority, a certificate and a client's; gives the client's refid. */
static const char *
put_server(struct client *client, const char *mode, const char *key)
{
	const struct value *saved = client_post(client, "/api/trust/ca/add",
						"{\"ca\":{\"descr\":\"house\",\"commonname\":\"House CA\",\"key_type\":\"prime256v1\"}}");
	const char *caref = record_get(collection_at(snapshot_named(harness_snapshot(client->harness), "trust.ca"), 0), "refid");
	const char *names[] = { "vpn \\\"x\\\"", "reader" }, *refids[2];

	CHECK_STRING(client_word(client, saved, "result"), "saved");
	for (size_t i = 0; i < 2; i++) {
		saved = client_post(client, "/api/trust/cert/add",
				    arena_print(client->arena, "{\"cert\":{\"descr\":\"%s\",\"commonname\":\"%s\",\"caref\":\"%s\","
							       "\"key_type\":\"prime256v1\",\"cert_type\":\"server_cert\"}}",
						names[i], names[i], caref));
		refids[i] = record_get(collection_find(snapshot_named(harness_snapshot(client->harness), "trust.cert"),
						       text_of(client_word(client, saved, "uuid"))), "refid");
	}
	harness_put(client->harness, "openvpn.static_key", KEY, "mode", mode, "key", key, "description", "k", NULL);
	harness_put(client->harness, "openvpn.instance", SERVER, "vpnid", "1", "role", "server", "description", "road/../warriors", "cert",
		    refids[0], "tls_key", KEY, "server", "10.8.0.0/24", "authmode", "Local Database", "data-ciphers",
		    "AES-256-GCM,CHACHA20-POLY1305", "proto", "tcp4", NULL);
	return refids[1];
}

/* The file of an export. */
static const char *
exported(struct client *client, const char *refid, const char *presets, size_t *len)
{
	const struct value *answer =
		client_post(client, arena_print(client->arena, "/api/openvpn/export/download/" SERVER "/%s", refid),
			    arena_print(client->arena, "{\"openvpn_export\":{%s}}", presets));

	CHECK_STRING(client_word(client, answer, "result"), "ok");
	return base64_decode(client->arena, text_of(client_word(client, answer, "content")), len);
}

TEST(a_client_gets_everything_in_one_file)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	const char   *refid = put_server(&client, "auth", "-----BEGIN OpenVPN Static key V1-----\nab\n-----END OpenVPN Static key V1-----\n");
	size_t        len;

	CHECK_STRING(client_word(&client, client_get(&client, "/api/openvpn/export/providers"), SERVER ".hostname"), "203.0.113.2");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/openvpn/export/providers"), SERVER ".mode"), "server_tls_user");
	const struct value *accounts = client_get(&client, "/api/openvpn/export/accounts/" SERVER);

	CHECK_NUMBER(value_count(accounts), 2);
	CHECK_STRING(client_word(&client, accounts, arena_print(arena, "%s.users.0", refid)), "reader");
	const char *file = exported(&client, refid, "\"hostname\":\"a.example,2001:db8::1\",\"random_local_port\":\"0\",\"local_port\":\"1195\","
						    "\"plain_config\":\"mute 5\"", &len);

	CHECK(strstr(file, "remote a.example 1194 tcp4-client\nremote 2001:db8::1 1194 tcp4-client\n"));
	CHECK(strstr(file, "data-ciphers AES-256-GCM:CHACHA20-POLY1305\n") && strstr(file, "\nlport 1195\n") && strstr(file, "\nmute 5\n"));
	CHECK(strstr(file, "verify-x509-name \"vpn \\\"x\\\"\" name\nremote-cert-tls server\n"));
	CHECK(strstr(file, "<ca>\n-----BEGIN CERTIFICATE-----") && strstr(file, "<key>\n-----BEGIN PRIVATE KEY-----"));
	CHECK(strstr(file, "</tls-auth>\nkey-direction 1\n"));
	/* What was asked for is stored, and nothing else the next time. */
	CHECK_NUMBER(client_count(&client, "openvpn.export"), 1);
	const uint64_t revision = snapshot_revision(harness_snapshot(client.harness));

	file = exported(&client, "", "", &len);
	CHECK(strstr(file, "remote a.example") && !strstr(file, "<key>"));
	CHECK_NUMBER(snapshot_revision(harness_snapshot(client.harness)), revision);
	harness_free(client.harness);
}

TEST(archives_hold_what_a_client_needs)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	const char   *key = client_word(&client, client_get(&client, "/api/openvpn/instances/gen_key/tls-crypt-v2-server"), "key");
	const char   *refid = put_server(&client, "crypt-v2", key);
	size_t        len;

	CHECK_STRING(client_word(&client, client_get(&client, "/api/openvpn/export/templates"), "ArchiveOpenVPN.name"), "Archive");
	const char *file = exported(&client, refid, "\"template\":\"ArchiveOpenVPN\",\"p12_password\":\"x\"", &len);

	CHECK(text_starts((struct text){ file, len }, TEXT("PK\003\004")));
	CHECK(text_contains((struct text){ file, len }, TEXT("road____warriors_reader/road____warriors_reader.ovpn")));
	CHECK(text_contains((struct text){ file, len }, TEXT("pkcs12 road____warriors_reader.p12\ntls-crypt-v2 road____warriors_reader-tls.key\n")));
	CHECK(text_contains((struct text){ file, len }, TEXT("BEGIN OpenVPN tls-crypt-v2 client key")));
	CHECK(!text_contains((struct text){ file, len }, TEXT("server key")));
	file = exported(&client, refid, "\"template\":\"ViscosityVisz\"", &len);
	CHECK(text_starts((struct text){ file, len }, TEXT("\x1f\x8b\x08")));
	CHECK(text_contains((struct text){ file, len }, TEXT(".visc/key.key")));
	harness_free(client.harness);
}

TEST(presets_that_are_wrong_are_not_stored)
{
	static const char *const forms[] = {
		"{\"openvpn_export\":{\"hostname\":\"\"}}", "{\"openvpn_export\":{\"hostname\":\"a b\\ninject\"}}",
		"{\"openvpn_export\":{\"local_port\":\"0\"}}", "{\"openvpn_export\":{\"local_port\":\"65536\"}}",
		"{\"openvpn_export\":{\"template\":\"../x\"}}", "{\"openvpn_export\":[]}", "{\"openvpn_export\":{\"hostname\":[]}}",
	};
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	put_server(&client, "auth", "x");
	for (size_t i = 0; i < COUNT(forms); i++) {
		static const char *const verbs[] = { "validate_presets", "store_presets", "download" };

		for (size_t v = 0; v < COUNT(verbs); v++)
			CHECK_STRING(client_word(&client, client_post(&client, arena_print(arena, "/api/openvpn/export/%s/" SERVER, verbs[v]), forms[i]), "result"),
				     "failed");
	}
	CHECK_NUMBER(client_count(&client, "openvpn.export"), 0);
	CHECK_STRING(post_word(&client, "/api/openvpn/export/store_presets/none", "result"), "failed");
	CHECK_STRING(post_word(&client, "/api/openvpn/export/store_presets/" SERVER, "changed"), "1");
	CHECK_STRING(post_word(&client, "/api/openvpn/export/validate_presets/" SERVER, "changed"), "");
	CHECK_NUMBER(value_count(client_get(&client, "/api/openvpn/export/accounts/none")), 0);
	client_post(&client, "/api/openvpn/export/download/" SERVER "/0123456789abc", "{}");
	CHECK_NUMBER(client.status, 500);
	/* A key that is no server's cannot be wrapped for. */
	harness_put(client.harness, "openvpn.static_key", KEY, "mode", "crypt-v2", "key", "x", "description", "k", NULL);
	client_post(&client, "/api/openvpn/export/download/" SERVER, "{}");
	CHECK_NUMBER(client.status, 500);
	harness_free(client.harness);
}

TEST(instances_and_sessions_are_turned_by_the_box)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	put_server(&client, "auth", "x");
	CHECK_STRING(post_word(&client, "/api/openvpn/service/start_service/" SERVER, "result"), "ok");
	CHECK_STRING(post_word(&client, "/api/openvpn/service/kill_session", "status"), "invalid");
	CHECK_STRING(client_word(&client, client_post(&client, "/api/openvpn/service/kill_session", "{\"server_id\":\"x\",\"session_id\":\"1\"}"), "status"),
		     "server_not_found");
	const char *form = "{\"server_id\":\"" SERVER "\",\"session_id\":\"1\"}";

	CHECK_STRING(client_word(&client, client_post(&client, "/api/openvpn/service/kill_session", form), "result"), "failed");
	harness_box(client.harness, "openvpn.kill", "{\"status\":\"killed\",\"clients\":1}");
	CHECK_STRING(client_word(&client, client_post(&client, "/api/openvpn/service/kill_session", form), "status"), "killed");
	CHECK(strstr(client_word(&client, client_get(&client, "/api/openvpn/instances/gen_key/auth-token"), "key"), "auth-token server key"));
	CHECK(strstr(client_word(&client, client_get(&client, "/api/openvpn/instances/gen_key"), "key"), "2048 bit OpenVPN static key"));
	CHECK_STRING(client_word(&client, client_get(&client, "/api/openvpn/instances/gen_key/x"), "result"), "failed");
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_gets_everything_in_one_file),
		cmocka_unit_test(archives_hold_what_a_client_needs),
		cmocka_unit_test(presets_that_are_wrong_are_not_stored),
		cmocka_unit_test(instances_and_sessions_are_turned_by_the_box),
		cmocka_unit_test(tunnels_are_shown_as_rows),
		cmocka_unit_test(tunnels_are_switched_and_removed),
		cmocka_unit_test(applying_says_what_is_missing),
		cmocka_unit_test(the_box_is_asked_for_what_runs),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
