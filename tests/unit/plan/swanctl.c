/* The file for strongSwan: what is in it, and that nobody's text becomes part of its grammar. */
#include "plan/ipsec/swanctl.h"

#include <string.h>

#include "conf_grammar.h"
#include "planned.h"
#include "test.h"

#define CONNECTION "10000000-0000-4000-8000-000000000001"
#define CHILD      "10000000-0000-4000-8000-000000000002"
#define LOCAL      "10000000-0000-4000-8000-000000000003"
#define REMOTE     "10000000-0000-4000-8000-000000000004"
#define POOL       "10000000-0000-4000-8000-000000000005"
#define KEY        "10000000-0000-4000-8000-000000000006"

static struct planned *
new_box(void)
{
	struct planned *planned = planned_new();

	planned_put(planned, "ipsec.settings", NULL, "general.enabled", "1", NULL);
	planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "em1", "ipaddr", "192.168.1.1/24", NULL);
	planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "em0", "ipaddr", "203.0.113.2/24", NULL);
	return planned;
}

static const char *
written(struct planned *planned, bool with_secrets)
{
	scoped_buffer out = BUFFER_NONE;

	buffer_clear(&planned->missing);
	swanctl_write(&out, planned->snapshot, (struct swanctl_wish){ with_secrets, true }, &planned->missing);
	return arena_copy(planned->arena, buffer_text(&out));
}

/* --- connections ---------------------------------------------------------------------------------------- */

TEST(nothing_is_written_while_ipsec_is_off)
{
	struct planned *planned = planned_new();

	planned_put(planned, "ipsec.connection", CONNECTION, "description", "x", NULL);
	CHECK(!strchr(written(planned, true), '{'));
	planned_free(planned);
}

TEST(a_connection_has_its_ends_children_and_pools)
{
	struct planned *planned = new_box();

	planned_put(planned, "ipsec.pool", POOL, "name", "road:warriors", "addrs", "10.9.0.0/24", "dns", "10.9.0.1,10.9.0.2", NULL);
	planned_put(planned, "ipsec.connection", CONNECTION, "description", "site", "remote_addrs", "198.51.100.7,peer.example",
		    "pools", "dhcp," POOL, "rekey_time", "600", NULL);
	planned_put(planned, "ipsec.local", LOCAL, "connection", CONNECTION, "auth", "pubkey", "id", "C=DE, O=a \"b\"", "certs", "0123456789abc", NULL);
	planned_put(planned, "ipsec.remote", REMOTE, "connection", CONNECTION, "cacerts", "0123456789abd", "auth", "pubkey", NULL);
	planned_put(planned, "ipsec.child", CHILD, "connection", CONNECTION, "local_ts", "192.168.1.0/24", "remote_ts",
		    "10.0.0.0/8,2001:db8::/32", "start_action", "trap|start", NULL);
	planned_put(planned, "ipsec.child", NULL, "connection", CONNECTION, "enabled", "0", NULL);
	planned_put(planned, "ipsec.pre_shared_key", KEY, "ident", "a@b", "remote_ident", "c", "Key", "s\"\n}", NULL);
	const char *file = written(planned, true);

	CHECK(conf_is_well_formed(file));
	CHECK_STRING(strchr(file, '\n') + 1,
		     "connections {\n"
		     "    " CONNECTION " {\n"
		     "        proposals = default\n"
		     "        remote_addrs = 198.51.100.7,peer.example\n"
		     "        unique = no\n"
		     "        version = 0\n"
		     "        aggressive = no\n"
		     "        mobike = yes\n"
		     "        encap = no\n"
		     "        send_certreq = yes\n"
		     "        rekey_time = 600s\n"
		     "        pools = dhcp,roadwarriors\n"
		     "        local-" LOCAL " {\n"
		     "            round = 0\n"
		     "            auth = pubkey\n"
		     "            id = \"C=DE, O=a \\\"b\\\"\"\n"
		     "            certs = 0123456789abc.crt\n"
		     "        }\n"
		     "        remote-" REMOTE " {\n"
		     "            round = 0\n"
		     "            auth = pubkey\n"
		     "            cacerts = 0123456789abd.crt\n"
		     "        }\n"
		     "        children {\n"
		     "            " CHILD " {\n"
		     "                esp_proposals = default\n"
		     "                start_action = trap|start\n"
		     "                close_action = none\n"
		     "                dpd_action = clear\n"
		     "                mode = tunnel\n"
		     "                policies = yes\n"
		     "                local_ts = 192.168.1.0/24\n"
		     "                remote_ts = 10.0.0.0/8,2001:db8::/32\n"
		     "                rekey_time = 3600s\n"
		     "            }\n"
		     "        }\n"
		     "    }\n"
		     "}\n"
		     "pools {\n"
		     "    roadwarriors {\n"
		     "        addrs = 10.9.0.0/24\n"
		     "        dns = 10.9.0.1,10.9.0.2\n"
		     "    }\n"
		     "}\n"
		     "secrets {\n"
		     "    ike-" KEY " {\n"
		     "        id-0 = a@b\n"
		     "        id-1 = c\n"
		     "        secret = 0x73220a7d\n"
		     "    }\n"
		     "}\n");
	file = written(planned, false);
	CHECK(strstr(file, "secret = \"(not shown)\"") && !strstr(file, "73220a7d"));
	planned_free(planned);
}

/* --- tunnels of the older kind -------------------------------------------------------------------------- */

TEST(a_tunnel_of_the_older_kind_is_a_connection)
{
	struct planned *planned = new_box();

	planned_put(planned, "ipsec.phase1", NULL, "ikeid", "3", "iketype", "ikev2", "interface", "wan", "remote-gateway",
		    "198.51.100.7", "authentication_method", "pre_shared_key", "myid_type", "myaddress", "peerid_type", "fqdn",
		    "peerid_data", "peer.example", "pre-shared-key", "hello", "lifetime", "1000", "dpd_delay", "10", "dpd_maxfail", "4",
		    "encryption-algorithm.name", "aes", "encryption-algorithm.keylen", "256", "hash-algorithm", "sha256,sha512",
		    "dhgroup", "14", NULL);
	planned_put(planned, "ipsec.phase2", NULL, "ikeid", "3", "localid.type", "lan", "remoteid.type", "network",
		    "remoteid.address", "10.1.2.3", "remoteid.netbits", "16", "encryption-algorithm-option", "aes128gcm16,aes",
		    "hash-algorithm-option", "hmac_sha256", "pfsgroup", "19", "lifetime", "100", NULL);
	planned_put(planned, "ipsec.phase2", NULL, "ikeid", "3", "disabled", "1", NULL);
	const char *file = written(planned, true);

	CHECK(conf_is_well_formed(file));
	CHECK(strstr(file, "    con3 {\n        version = 2\n"
			   "        proposals = aes256-sha256-modp2048,aes256-sha512-modp2048\n"
			   "        local_addrs = 203.0.113.2\n        remote_addrs = 198.51.100.7\n"));
	CHECK(strstr(file, "dpd_delay = 10s\n        dpd_timeout = 50s\n        rekey_time = 900s\n        over_time = 100s\n"));
	CHECK(strstr(file, "local-0 {\n            auth = psk\n            id = 203.0.113.2\n"));
	CHECK(strstr(file, "con3-0 {\n                esp_proposals = aes128gcm16-ecp256,aes256-sha256-ecp256\n"
			   "                mode = tunnel\n                local_ts = 192.168.1.0/24\n"
			   "                remote_ts = 10.1.0.0/16\n                rekey_time = 90s\n                life_time = 100s\n"));
	CHECK(!strstr(file, "con3-1"));
	CHECK(strstr(file, "ike-con3 {\n        id-0 = 203.0.113.2\n        id-1 = peer.example\n        secret = 0x68656c6c6f\n"));
	planned_free(planned);
}

TEST(what_only_pfsense_has_counts_too)
{
	struct planned *planned = new_box();

	planned_put(planned, "ipsec.phase1", NULL, "ikeid", "3", "authentication_method", "pre_shared_key", "lifetime", "1000", "pfsense",
		    "{\"rekey_time\":\"700\",\"rand_time\":\"60\",\"reauth_time\":\"800\",\"ikeport\":\"5000\",\"startaction\":\"start\","
		    "\"closeaction\":\"start } x {\"}", NULL);
	planned_put(planned, "ipsec.phase2", NULL, "ikeid", "3", "lifetime", "100", "pfsense", "{\"rekey_time\":\"70\",\"natlocalid\":{\"type\":"
		    "\"lan\"}}", "pinghost", "10.0.0.1", NULL);
	planned_put(planned, "ipsec.phase2", NULL, "ikeid", "3", "mode", "vti", NULL);
	const char *file = written(planned, true);

	CHECK(conf_is_well_formed(file));
	CHECK(strstr(file, "        rekey_time = 700s\n        over_time = 300s\n        reauth_time = 800s\n        rand_time = 60s\n"
			   "        remote_port = 5000\n"));
	CHECK(strstr(file, "                rekey_time = 70s\n                life_time = 100s\n                start_action = start\n"
			   "                close_action = none\n"));
	CHECK(!strstr(file, "con3-1"));
	CHECK(strstr(buffer_string(&planned->missing), "IPsec tunnel 3: its networks cannot be translated"));
	CHECK(strstr(buffer_string(&planned->missing), "IPsec tunnel 3: there is no backend yet for pings"));
	CHECK(strstr(buffer_string(&planned->missing), "IPsec tunnel 3: there is no backend yet for its mode vti"));
	planned_free(planned);
}

TEST(what_strongswan_has_not_is_said)
{
	struct planned *planned = new_box();

	planned_put(planned, "ipsec.phase1", NULL, "ikeid", "1", "authentication_method", "hybrid_rsa_server", NULL);
	planned_put(planned, "ipsec.phase1", NULL, "ikeid", "2", "authentication_method", "cert", "proposals",
		    "aes256gcm16|sha256|14|sha384\nno such|sha1|14|\naes128|sha1|99|\n3des|md5|2|", NULL);
	const char *file = written(planned, true);

	CHECK(!strstr(file, "con1 {"));
	CHECK(strstr(buffer_string(&planned->missing), "IPsec tunnel 1: there is no way hybrid_rsa_server"));
	CHECK(strstr(file, "proposals = aes256gcm16-prfsha384-modp2048,3des-md5-modp1024\n"));
	planned_free(planned);
}

/* --- whatever is in it ---------------------------------------------------------------------------------- */

/* Records that are written, each with one hostile field. */
static const struct {
	const char *resource;
	const char *base[2][2];
	const char *fields[24];
} written_resources[] = {
	{ "ipsec.pool", { { "enabled", "1" }, { "enabled", "1" } }, { "name", "addrs", "dns" } },
	{ "ipsec.connection", { { "enabled", "1" }, { "enabled", "1" } },
	  { "proposals", "local_addrs", "remote_addrs", "unique", "version", "local_port", "rekey_time", "pools", "send_cert",
	    "keyingtries", "dpd_delay" } },
	{ "ipsec.local", { { "enabled", "1" }, { "connection", CONNECTION } }, { "round", "auth", "id", "eap_id", "certs", "pubkeys" } },
	{ "ipsec.remote", { { "enabled", "1" }, { "connection", CONNECTION } },
	  { "round", "auth", "id", "eap_id", "certs", "cacerts", "groups" } },
	{ "ipsec.child", { { "enabled", "1" }, { "connection", CONNECTION } },
	  { "reqid", "esp_proposals", "start_action", "mode", "local_ts", "remote_ts", "rekey_time" } },
	{ "ipsec.pre_shared_key", { { "keyType", "PSK" }, { "keyType", "PSK" } }, { "ident", "remote_ident", "Key", "keyType" } },
	{ "ipsec.phase1", { { "ikeid", "1" }, { "authentication_method", "pre_shared_key" } },
	  { "ikeid", "iketype", "interface", "protocol", "mode", "remote-gateway", "myid_type", "myid_data", "peerid_type",
	    "peerid_data", "pre-shared-key", "certref", "caref", "encryption-algorithm.name", "encryption-algorithm.keylen",
	    "hash-algorithm", "dhgroup", "proposals", "lifetime", "mobike", "pfsense" } },
	{ "ipsec.phase2", { { "ikeid", "1" }, { "ikeid", "1" } },
	  { "reqid", "mode", "protocol", "localid.type", "localid.address", "localid.netbits", "pfsgroup", "remoteid.type",
	    "remoteid.address", "encryption-algorithm-option", "hash-algorithm-option", "lifetime" } },
};

TEST(no_text_is_more_than_a_value)
{
	for (size_t h = 0; hostile_texts[h]; h++) {
		struct planned *planned = new_box();

		planned_put(planned, "ipsec.connection", CONNECTION, "description", "x", NULL);
		planned_put(planned, "ipsec.phase1", NULL, "ikeid", "1", "authentication_method", "pre_shared_key", NULL);
		for (size_t i = 0; i < COUNT(written_resources); i++)
			for (size_t f = 0; written_resources[i].fields[f]; f++)
				planned_put(planned, written_resources[i].resource, NULL, written_resources[i].base[0][0],
					    written_resources[i].base[0][1], written_resources[i].base[1][0],
					    written_resources[i].base[1][1], written_resources[i].fields[f], hostile_texts[h], NULL);
		if (!conf_is_well_formed(written(planned, true)))
			fail_msg("%s: %s", hostile_texts[h], written(planned, true));
		planned_free(planned);
	}
}

RUN(cmocka_unit_test(nothing_is_written_while_ipsec_is_off), cmocka_unit_test(a_connection_has_its_ends_children_and_pools),
    cmocka_unit_test(a_tunnel_of_the_older_kind_is_a_connection), cmocka_unit_test(what_only_pfsense_has_counts_too),
    cmocka_unit_test(what_strongswan_has_not_is_said),
    cmocka_unit_test(no_text_is_more_than_a_value));
