/* IPsec: tunnels of the older kind, the daemon's file, what the kernel is asked. */
#include "test.h"

#include <string.h>

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

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
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
