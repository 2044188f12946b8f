/*
 * IPsec between the box and a peer: both are strongSwan, and packets go through. What the kernel lacks the daemon does by itself;
 * script/vm runs the test under Debian's, which has it.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "box.h"
#include "json/read.h"
#include "test.h"

#define IP       "/usr/sbin/ip"
#define PING     "/usr/bin/ping"
#define CHARON   "/usr/lib/ipsec/charon"
#define SWANCTL  "/usr/sbin/swanctl"
#define ENV      "/usr/bin/env"
#define CAT      "/usr/bin/cat"
#define GREP     "/usr/bin/grep"
#define STAT     "/usr/bin/stat"
#define PATIENCE 180000 /* ms: in a virtual machine on a busy one */

/* In the sandbox and at the peer. */
#define OURS   "203.0.113.1"
#define THEIRS "203.0.113.2"
#define FOLDER "/run/peer"

/* A key in common that means something in many grammars; JSON and the peer's file write it alike. */
#define SHARED "s\\\"e}c#r\\\\e$(t) 0x!"

static struct box *box;
static pid_t       peer;
static bool        has_esp; /* in the kernel */

#define SAY(...) arena_print(box->arena, __VA_ARGS__)
#define OUT(...) CHECK(BOX_RUN(box, OUTSIDE, NULL, IP, __VA_ARGS__) == 0)

/* --- words ------------------------------------------------------------------------------------------------ */

static const char *
run(enum where where, const char *const *argv)
{
	scoped_buffer out = BUFFER_NONE;

	box_run(box, where, &out, argv);
	return arena_copy(box->arena, buffer_text(&out));
}
#define INSIDE_OF(...) run(INSIDE, (const char *const[]){ __VA_ARGS__, NULL })

static const struct value *
say(const char *path, const char *body)
{
	return must_post(box->client, box->arena, path, body);
}

/* Add a record of the API; its uuid. */
static const char *
add(const char *path, const char *body)
{
	const struct value *answer = say(path, body);

	if (strcmp(at(box->arena, answer, "result"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
	return at(box->arena, answer, "uuid");
}

static const struct value *
phase1(const char *name)
{
	const struct value *rows = value_get(say("/api/ipsec/sessions/search_phase1", "{}"), "rows");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, value_at(rows, i), "name"), name) == 0)
			return value_at(rows, i);
	fail_msg("no row for %s: %s", name, box->client->body.bytes);
	return NULL;
}

static const struct value *
phase2(const char *name)
{
	return value_get(say("/api/ipsec/sessions/search_phase2", SAY("{\"id\":\"%s\"}", name)), "rows");
}

static void
connected_becomes(const char *name, const char *wanted)
{
	const int64_t begin = milliseconds();

	while (strcmp(at(box->arena, phase1(name), "connected"), wanted) != 0) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("not %s: %s\n%s", wanted, box->client->body.bytes,
				 run(OUTSIDE, (const char *const[]){ CAT, FOLDER "/log", NULL }));
		wait_a_little(200);
	}
}

static bool
pings(enum where where, const char *from, const char *to)
{
	return BOX_RUN(box, where, NULL, PING, "-n", "-c", "3", "-i", "0.2", "-W", "5", "-I", from, to) == 0;
}

static void
turn(const char *verb, const char *id, const char *wanted)
{
	const struct value *answer = say(SAY("/api/ipsec/sessions/%s/%s", verb, id), "{}");

	if (strcmp(at(box->arena, answer, "result"), wanted) != 0)
		fail_msg("%s: %s", verb, box->client->body.bytes);
}

/* --- the peer --------------------------------------------------------------------------------------------------- */

static void
write_file(const char *path, const char *text)
{
	scoped_fd fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

static void
tell_peer(const char *connections)
{
	scoped_buffer out = BUFFER_NONE;

	write_file(FOLDER "/swanctl.conf", connections);
	if (BOX_RUN(box, OUTSIDE, &out, ENV, "STRONGSWAN_CONF=" FOLDER "/strongswan.conf", "SWANCTL_DIR=" FOLDER, SWANCTL, "--load-all",
		    "--noprompt") != 0)
		fail_msg("the peer: %s", buffer_string(&out));
}

static bool
kernel_has_esp(void)
{
	return BOX_RUN(box, OUTSIDE, NULL, IP, "xfrm", "state", "add", "src", OURS, "dst", OURS, "proto", "esp", "spi", "0x12", "mode",
		       "tunnel", "enc", "cipher_null", "") == 0 &&
	       BOX_RUN(box, OUTSIDE, NULL, IP, "xfrm", "state", "flush") == 0;
}

static void
start_peer(void)
{
	static const char *const folders[] = { "", "/x509", "/x509ca", "/private" };
	const int64_t            begin = milliseconds();

	for (size_t i = 0; i < COUNT(folders); i++)
		CHECK(mkdir(SAY(FOLDER "%s", folders[i]), 0700) == 0);
	write_file(FOLDER "/strongswan.conf",
		   SAY("charon {\nfilelog {\nstderr {\ndefault = 1\n}\n}\nload = random nonce openssl kdf x509 constraints pubkey pkcs1 pkcs8 pem "
		       "%s kernel-netlink socket-default vici eap-identity eap-mschapv2\n}\n", has_esp ? "" : "kernel-libipsec"));
	peer = box_start_to(box, OUTSIDE, FOLDER "/log",
			    (const char *const[]){ ENV, "STRONGSWAN_CONF=" FOLDER "/strongswan.conf", CHARON, NULL });
	while (access("/run/charon.vici", F_OK) != 0) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("the peer does not start");
		wait_a_little(100);
	}
}

/* --- tests --------------------------------------------------------------------------------------------------------- */

static const char *office;

#define PEER_OFFICE \
	"office {\nversion = 2\nlocal_addrs = " THEIRS "\nremote_addrs = " OURS "\n" \
	"local {\nauth = psk\nid = peer@office.example\n}\nremote {\nauth = psk\nid = box@office.example\n}\n" \
	"children {\nnet {\nlocal_ts = 10.2.0.0/24\nremote_ts = 192.168.1.0/24\n}\n}\n}\n"
#define PEER_SECRET "ike-1 {\nid-0 = box@office.example\nid-1 = peer@office.example\nsecret = \"" SHARED "\"\n}\n"

TEST(a_tunnel_with_a_key_in_common_carries_packets)
{
	tell_peer("connections {\n" PEER_OFFICE "}\nsecrets {\n" PEER_SECRET "}\n");
	office = add("/api/ipsec/connections/add_connection",
		     "{\"connection\":{\"description\":\"office\",\"version\":\"2\",\"local_addrs\":\"" OURS "\",\"remote_addrs\":\"" THEIRS
		     "\"}}");
	add("/api/ipsec/connections/add_local",
	    SAY("{\"local\":{\"connection\":\"%s\",\"auth\":\"psk\",\"id\":\"box@office.example\"}}", office));
	add("/api/ipsec/connections/add_remote",
	    SAY("{\"remote\":{\"connection\":\"%s\",\"auth\":\"psk\",\"id\":\"peer@office.example\"}}", office));
	add("/api/ipsec/connections/add_child",
	    SAY("{\"child\":{\"connection\":\"%s\",\"description\":\"lan\",\"local_ts\":\"192.168.1.0/24\",\"remote_ts\":\"10.2.0.0/24\"}}",
		office));
	add("/api/ipsec/pre_shared_keys/add_item",
	    "{\"preSharedKey\":{\"ident\":\"box@office.example\",\"remote_ident\":\"peer@office.example\",\"Key\":\"" SHARED "\"}}");
	say("/api/ipsec/connections/toggle/1", "{}");
	box_reconfigure(box, "ipsec");
	connected_becomes(office, "1");
	CHECK(pings(INSIDE, "192.168.1.1", "10.2.0.1"));
}

/* Asked of the kernel, not of the daemon. */
TEST(the_kernel_wraps_packets_where_it_can)
{
	CHECK((strstr(INSIDE_OF(IP, "xfrm", "state", "list", "nokeys"), "proto esp") != NULL) == has_esp);
	CHECK((strstr(INSIDE_OF(IP, "link"), "ipsec0") != NULL) == !has_esp);
}

TEST(what_it_carried_is_counted)
{
	const struct value *row = phase1(office), *child;

	CHECK_STRING(at(box->arena, row, "phase1desc"), "office");
	CHECK_STRING(at(box->arena, row, "local-id"), "box@office.example");
	CHECK_STRING(at(box->arena, row, "remote-id"), "peer@office.example");
	CHECK_STRING(at(box->arena, row, "local-class"), "pre-shared key");
	CHECK_STRING(at(box->arena, row, "remote-addrs"), THEIRS);
	CHECK_STRING(at(box->arena, row, "packets-in"), "3");
	CHECK_STRING(at(box->arena, row, "packets-out"), "3");
	CHECK_STRING(at(box->arena, row, "bytes-in"), "252");
	CHECK_NUMBER(value_count(phase2(office)), 1);
	child = value_at(phase2(office), 0);
	CHECK_STRING(at(box->arena, child, "state"), "INSTALLED");
	CHECK_STRING(at(box->arena, child, "phase2desc"), "lan");
	CHECK_STRING(at(box->arena, child, "local-ts"), "192.168.1.0/24");
	CHECK_STRING(at(box->arena, child, "remote-ts"), "10.2.0.0/24");
	CHECK_STRING(at(box->arena, child, "remote-host"), THEIRS);
	CHECK_STRING(at(box->arena, child, "packets-out"), "3");
	CHECK_NUMBER(value_count(phase2("somebody")), 0);
}

TEST(it_goes_down_and_up_when_asked)
{
	turn("disconnect", office, "ok");
	connected_becomes(office, "");
	CHECK(!pings(INSIDE, "192.168.1.1", "10.2.0.1"));
	turn("connect", office, "ok");
	connected_becomes(office, "1");
	CHECK(pings(INSIDE, "192.168.1.1", "10.2.0.1"));
	turn("connect", "nobody", "failed");
	turn("disconnect", "-x", "failed");
}

/* --- with certificates ------------------------------------------------------------------------------------------------- */

static const char *branch, *branch_child;

#define PEER_BRANCH \
	"branch {\nversion = 2\nlocal_addrs = " THEIRS "\nremote_addrs = " OURS "\n" \
	"local {\nauth = pubkey\nid = peer.branch.example\ncerts = peer.crt\n}\n" \
	"remote {\nauth = pubkey\nid = box.branch.example\ncacerts = ca.crt\n}\n" \
	"children {\nnet {\nlocal_ts = 10.3.0.0/24\nremote_ts = 192.168.1.0/24\n}\n}\n}\n"

static const char *
refid_of(const char *kind, const char *uuid)
{
	return at(box->arena, must_get(box->client, box->arena, SAY("/api/trust/%s/get/%s", kind, uuid)), SAY("%s.refid", kind));
}

static const char *
add_certificate(const char *name, const char *authority)
{
	return add("/api/trust/cert/add",
		   SAY("{\"cert\":{\"action\":\"internal\",\"descr\":\"%s\",\"commonname\":\"%s\",\"altnames_dns\":\"%s\","
		       "\"key_type\":\"prime256v1\",\"cert_type\":\"combined_server_client\",\"caref\":\"%s\"}}",
		       name, name, name, authority));
}

/* What the API gives of a certificate goes to the peer. */
static void
hand_over(const char *kind, const char *uuid, const char *type, const char *path)
{
	const struct value *answer = say(SAY("/api/trust/%s/generate_file/%s/%s", kind, uuid, type), "{}");
	const char         *pem = at(box->arena, answer, "payload");

	if (!*pem)
		fail_msg("%s: %s", path, box->client->body.bytes);
	write_file(path, pem);
}

TEST(a_tunnel_with_certificates_carries_packets)
{
	const char *ca = add("/api/trust/ca/add", "{\"ca\":{\"descr\":\"tunnels\",\"commonname\":\"Tunnels\",\"key_type\":\"prime256v1\"}}");
	const char *authority = refid_of("ca", ca);
	const char *ours = add_certificate("box.branch.example", authority), *theirs = add_certificate("peer.branch.example", authority);

	hand_over("ca", ca, "crt", FOLDER "/x509ca/ca.crt");
	hand_over("cert", theirs, "crt", FOLDER "/x509/peer.crt");
	hand_over("cert", theirs, "prv", FOLDER "/private/peer.key");
	tell_peer("connections {\n" PEER_OFFICE PEER_BRANCH "}\nsecrets {\n" PEER_SECRET "}\n");
	branch = add("/api/ipsec/connections/add_connection",
		     "{\"connection\":{\"description\":\"branch\",\"version\":\"2\",\"remote_addrs\":\"" THEIRS "\"}}");
	add("/api/ipsec/connections/add_local", SAY("{\"local\":{\"connection\":\"%s\",\"auth\":\"pubkey\",\"id\":"
						    "\"box.branch.example\",\"certs\":\"%s\"}}", branch, refid_of("cert", ours)));
	add("/api/ipsec/connections/add_remote", SAY("{\"remote\":{\"connection\":\"%s\",\"auth\":\"pubkey\",\"id\":"
						     "\"peer.branch.example\",\"cacerts\":\"%s\"}}", branch, authority));
	branch_child = add("/api/ipsec/connections/add_child",
			   SAY("{\"child\":{\"connection\":\"%s\",\"start_action\":\"none\",\"local_ts\":\"192.168.1.0/24\","
			       "\"remote_ts\":\"10.3.0.0/24\"}}", branch));
	box_reconfigure(box, "ipsec");
	CHECK_STRING(at(box->arena, phase1(branch), "connected"), "");
	turn("connect", branch, "ok");
	connected_becomes(branch, "1");
	CHECK(pings(INSIDE, "192.168.1.1", "10.3.0.1"));
	CHECK_STRING(at(box->arena, phase1(branch), "local-class"), "public key");
	CHECK_STRING(at(box->arena, phase1(branch), "packets-out"), "3");
}

/* --- what a change leaves alone ---------------------------------------------------------------------------------------- */

static const char *
spi_of(const char *name)
{
	return SAY("%s", at(box->arena, value_at(phase2(name), 0), "spi-in"));
}

TEST(a_change_of_one_connection_leaves_the_other_as_it_is)
{
	const pid_t before = box_daemon(box, CHARON);
	const char *spi = spi_of(office);

	CHECK(before > 0 && *spi);
	say(SAY("/api/ipsec/connections/set_child/%s", branch_child), "{\"child\":{\"rekey_time\":\"1800\"}}");
	box_reconfigure(box, "ipsec");
	CHECK_STRING(spi_of(office), spi);
	CHECK(pings(INSIDE, "192.168.1.1", "10.2.0.1"));
	say(SAY("/api/ipsec/connections/toggle_connection/%s/0", branch), "{}");
	box_reconfigure(box, "ipsec");
	CHECK_STRING(spi_of(office), spi);
	CHECK_NUMBER(value_count(value_get(say("/api/ipsec/sessions/search_phase1", "{}"), "rows")), 1);
	say(SAY("/api/ipsec/connections/toggle_connection/%s/1", branch), "{}");
	box_reconfigure(box, "ipsec");
	turn("connect", branch, "ok");
	connected_becomes(branch, "1");
	CHECK_STRING(spi_of(office), spi);
	CHECK_NUMBER(box_daemon(box, CHARON), before);
}

static void
start_no_more(void)
{
	say(SAY("/api/ipsec/connections/set_child/%s", branch_child), "{\"child\":{\"start_action\":\"none\"}}");
	box_reconfigure(box, "ipsec");
}

/* A trap waits for the first packet; where the kernel does not tell of it, there is none. */
TEST(a_tunnel_may_wait_for_a_packet)
{
	const struct value *rows;
	size_t              traps = 0;
	const char         *id = "";

	turn("disconnect", branch, "ok");
	say(SAY("/api/ipsec/connections/set_child/%s", branch_child), "{\"child\":{\"start_action\":\"trap\"}}");
	box_reconfigure(box, "ipsec");
	if (!has_esp) {
		connected_becomes(branch, "1");
		start_no_more();
		return;
	}
	CHECK_STRING(at(box->arena, phase1(branch), "routed"), "1");
	CHECK_STRING(at(box->arena, phase1(branch), "connected"), "");
	rows = value_get(say("/api/ipsec/spd/search", "{}"), "rows");
	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, value_at(rows, i), "scope"), "trap") == 0 && traps++ == 0)
			id = SAY("%s", at(box->arena, value_at(rows, i), "id"));
	CHECK(traps >= 2);
	(void)pings(INSIDE, "192.168.1.1", "10.3.0.1");
	connected_becomes(branch, "1");
	CHECK(pings(INSIDE, "192.168.1.1", "10.3.0.1"));
	CHECK_STRING(at(box->arena, say(SAY("/api/ipsec/spd/delete/%s", id), "{}"), "status"), "found");
	CHECK_STRING(at(box->arena, phase1(branch), "routed"), "");
	start_no_more();
}

TEST(a_daemon_that_fails_comes_back_with_all_it_knew)
{
	const pid_t   before = box_daemon(box, CHARON);
	const int64_t begin = milliseconds();

	CHECK(before > 0 && kill(before, SIGKILL) == 0);
	while (box_daemon(box, CHARON) == before || box_daemon(box, CHARON) == 0) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("it stays away");
		wait_a_little(100);
	}
	while (!post(box->client, box->arena, "/api/ipsec/sessions/search_phase1", "{}").json ||
	       !strstr(box->client->body.bytes, office)) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("it knows nothing: %s", box->client->body.bytes);
		wait_a_little(200);
	}
	/* Its first child starts by itself. */
	connected_becomes(office, "1");
	CHECK(pings(INSIDE, "192.168.1.1", "10.2.0.1"));
}

/* --- what nobody sees ---------------------------------------------------------------------------------------------------- */

TEST(only_root_reads_the_secrets_and_no_answer_has_them)
{
	static const char *const paths[] = { "/api/ipsec/connections/swanctl", "/api/ipsec/sessions/search_phase1",
					     "/api/ipsec/sad/search", "/api/ipsec/spd/search" };

	CHECK_STRING(INSIDE_OF(STAT, "-c", "%a %U", "/etc/strongswan.d/drawbridge/swanctl.conf"), "600 root\n");
	CHECK_STRING(INSIDE_OF(STAT, "-c", "%a", "/etc/strongswan.d/drawbridge/private"), "755\n");
	for (size_t i = 0; i < COUNT(paths); i++) {
		must_get(box->client, box->arena, paths[i]);
		CHECK(!strstr(box->client->body.bytes, "$(t)") && !strstr(box->client->body.bytes, "PRIVATE KEY") &&
		      !strstr(box->client->body.bytes, "73225c657d"));
	}
	CHECK(!instance_said(box->instance, "$(t)") && !instance_said(box->instance, "PRIVATE KEY"));
}

/* --- the kernel's tables --------------------------------------------------------------------------------------------------- */

TEST(associations_and_policies_are_listed_and_can_be_forgotten)
{
	const struct value *rows = value_get(say("/api/ipsec/sad/search", "{}"), "rows"), *row;
	const char         *id, *spi = spi_of(office);

	CHECK(value_count(rows) >= 2);
	row = value_at(rows, 0);
	CHECK_STRING(at(box->arena, row, "satype"), "esp");
	CHECK_STRING(at(box->arena, row, "mode"), "tunnel");
	CHECK_STRING(at(box->arena, row, "state"), "mature");
	CHECK(strcmp(at(box->arena, row, "src"), OURS) == 0 || strcmp(at(box->arena, row, "dst"), OURS) == 0);
	id = SAY("%s", at(box->arena, row, "id"));
	rows = value_get(say("/api/ipsec/spd/search", "{}"), "rows");
	CHECK(value_count(rows) >= 2);
	CHECK_STRING(at(box->arena, value_at(rows, 0), "dir"), "in");
	CHECK_STRING(at(box->arena, value_at(rows, 0), "dst_range"), "192.168.1.0/24");
	CHECK_STRING(at(box->arena, say("/api/ipsec/sad/delete/0123", "{}"), "status"), "not_found");
	CHECK_STRING(at(box->arena, say(SAY("/api/ipsec/sad/delete/%s", id), "{}"), "status"), "found");
	CHECK_STRING(at(box->arena, say(SAY("/api/ipsec/sad/delete/%s", id), "{}"), "status"), "not_found");
	turn("connect", office, "ok");
	CHECK(strcmp(spi_of(office), spi) != 0);
}

/* --- somebody on the road ---------------------------------------------------------------------------------------------------- */

static const char *warriors, *pool;

#define PEER_ROAD \
	"road {\nversion = 2\nlocal_addrs = " THEIRS "\nremote_addrs = " OURS "\nvips = 0.0.0.0\n" \
	"local {\nauth = eap-mschapv2\neap_id = road-1:a@branch.example\nid = road@branch.example\n}\n" \
	"remote {\nauth = pubkey\nid = box.branch.example\ncacerts = ca.crt\n}\n" \
	"children {\nroad {\nremote_ts = 192.168.1.0/24\n}\n}\n}\n"
#define ROAD_SECRET "eap-1 {\nid = road-1:a@branch.example\nsecret = \"" SHARED "\"\n}\n"

static int
peer_initiates(const char *child, const char *seconds)
{
	return BOX_RUN(box, OUTSIDE, NULL, SWANCTL, "--initiate", "--timeout", seconds, "--child", child);
}

static void
add_rule(const char *rule)
{
	add("/api/firewall/filter/add_rule", SAY("{\"rule\":{\"action\":\"pass\",\"direction\":\"in\",%s}}", rule));
	if (strcmp(text_trim(text_of(at(box->arena, say("/api/firewall/filter/apply", "{}"), "status"))).ptr, "OK") < 0)
		fail_msg("%s", box->client->body.bytes);
}

static const char *
certificate_of_branch(void)
{
	const struct value *rows = value_get(say("/api/ipsec/connections/search_local", "{}"), "rows");

	for (size_t i = 0; i < value_count(rows); i++) {
		const char         *uuid = at(box->arena, value_at(rows, i), "uuid");
		const struct value *certs = value_path(must_get(box->client, box->arena, SAY("/api/ipsec/connections/get_local/%s", uuid)),
						       "local.certs");

		for (size_t j = 0; j < value_count(certs); j++)
			if (strcmp(at(box->arena, certs->members[j].value, "selected"), "1") == 0)
				return SAY("%.*s", TEXT_ARGS(certs->members[j].name));
	}
	fail_msg("no certificate: %s", box->client->body.bytes);
	return "";
}

TEST(who_comes_from_outside_is_let_in_by_rules_and_gets_an_address)
{
	tell_peer("connections {\n" PEER_OFFICE PEER_ROAD "}\nsecrets {\n" PEER_SECRET ROAD_SECRET "}\n");
	pool = add("/api/ipsec/pools/add", "{\"pool\":{\"name\":\"road\",\"addrs\":\"10.9.0.0/29\"}}");
	warriors = add("/api/ipsec/connections/add_connection",
		       SAY("{\"connection\":{\"description\":\"warriors\",\"version\":\"2\",\"pools\":\"%s\"}}", pool));
	add("/api/ipsec/connections/add_local", SAY("{\"local\":{\"connection\":\"%s\",\"auth\":\"pubkey\",\"id\":"
						    "\"box.branch.example\",\"certs\":\"%s\"}}", warriors, certificate_of_branch()));
	add("/api/ipsec/connections/add_remote",
	    SAY("{\"remote\":{\"connection\":\"%s\",\"auth\":\"eap-mschapv2\",\"eap_id\":\"%%any\"}}", warriors));
	add("/api/ipsec/connections/add_child",
	    SAY("{\"child\":{\"connection\":\"%s\",\"start_action\":\"none\",\"local_ts\":\"192.168.1.0/24\"}}", warriors));
	add("/api/ipsec/pre_shared_keys/add_item",
	    "{\"preSharedKey\":{\"ident\":\"road-1:a@branch.example\",\"keyType\":\"EAP\",\"Key\":\"" SHARED "\"}}");
	box_reconfigure(box, "ipsec");
	/* What was begun from inside lets in what belongs to it. */
	turn("disconnect", office, "ok");
	say("/api/diagnostics/firewall/flush_states", "{}");
	CHECK(peer_initiates("road", "5") != 0);
	add_rule("\"interface\":\"wan\",\"protocol\":\"UDP\",\"destination_port\":\"500\"");
	add_rule("\"interface\":\"wan\",\"protocol\":\"UDP\",\"destination_port\":\"4500\"");
	add_rule("\"interface\":\"wan\",\"protocol\":\"ESP\"");
	CHECK_NUMBER(peer_initiates("road", "60"), 0);
	connected_becomes(warriors, "1");
	CHECK(!pings(OUTSIDE, "10.9.0.1", "192.168.1.1"));
	add_rule("\"interface\":\"enc0\",\"protocol\":\"ICMP\",\"source_net\":\"10.9.0.0/29\"");
	CHECK(pings(OUTSIDE, "10.9.0.1", "192.168.1.1"));
}

TEST(leases_of_a_pool_are_listed)
{
	const struct value *rows = value_get(say("/api/ipsec/leases/search", "{}"), "rows");
	const struct value *said = must_get(box->client, box->arena, "/api/ipsec/leases/pools");

	CHECK_STRING(at(box->arena, said, "pools.road.net"), "10.9.0.0/29");
	CHECK_STRING(at(box->arena, said, "pools.road.online"), "1");
	CHECK_STRING(at(box->arena, said, "pools.road.size"), "6");
	CHECK_NUMBER(value_count(rows), 1);
	CHECK_STRING(at(box->arena, value_at(rows, 0), "address"), "10.9.0.1");
	CHECK_STRING(at(box->arena, value_at(rows, 0), "online"), "1");
	CHECK_STRING(at(box->arena, value_at(rows, 0), "user"), "road-1:a@branch.example");
	CHECK_NUMBER(value_count(value_get(say("/api/ipsec/leases/search", "{\"pool\":[\"road\"]}"), "rows")), 1);
	CHECK_NUMBER(value_count(value_get(say("/api/ipsec/leases/search", "{\"pool\":[\"other\"]}"), "rows")), 0);
}

/* What the daemon itself refuses changes nothing, and it says why: a pool that somebody has an address of stays. */
TEST(what_the_daemon_refuses_leaves_all_as_it_is)
{
	const char *spi = spi_of(warriors);
	const pid_t before = box_daemon(box, CHARON);

	say(SAY("/api/ipsec/pools/set/%s", pool), "{\"pool\":{\"addrs\":\"10.8.0.0/29\"}}");
	CHECK_NUMBER(post(box->client, box->arena, "/api/ipsec/service/reconfigure", "{}").status, 500);
	CHECK(strstr(box->client->body.bytes, "loading pool 'road' failed"));
	CHECK_STRING(spi_of(warriors), spi);
	CHECK_NUMBER(box_daemon(box, CHARON), before);
	say(SAY("/api/ipsec/pools/set/%s", pool), "{\"pool\":{\"addrs\":\"10.9.0.0/29\"}}");
	box_reconfigure(box, "ipsec");
}

/* --- the older kind, in the other dialect ------------------------------------------------------------------------------------ */

#define PEER_OLD \
	"old {\nversion = 2\nlocal_addrs = " THEIRS "\nremote_addrs = " OURS "\n" \
	"local {\nauth = psk\nid = peer.old.example\n}\nremote {\nauth = psk\nid = box.old.example\n}\n" \
	"children {\nold {\nlocal_ts = 10.4.0.0/24\nremote_ts = 192.168.1.0/24\nesp_proposals = aes256-sha256-modp2048\n}\n}\n}\n"
#define OLD_SECRET "ike-2 {\nid-0 = box.old.example\nid-1 = peer.old.example\nsecret = \"" SHARED "\"\n}\n"

TEST(a_tunnel_of_the_other_dialect_carries_packets)
{
	const struct value *answer;
	const char         *ikeid;

	tell_peer("connections {\n" PEER_OLD "}\nsecrets {\n" OLD_SECRET "}\n");
	answer = must(box->client, box->arena, "POST", "/api/v1/services/ipsec/phase1",
		      "{\"iketype\":\"ikev2\",\"protocol\":\"inet\",\"interface\":\"wan\",\"remote-gateway\":\"" THEIRS "\",\"descr\":\"older\","
		      "\"authentication_method\":\"pre_shared_key\",\"pre-shared-key\":\"" SHARED "\",\"myid_type\":\"fqdn\","
		      "\"myid_data\":\"box.old.example\",\"peerid_type\":\"fqdn\",\"peerid_data\":\"peer.old.example\",\"encryption\":[{"
		      "\"encryption-algorithm\":{\"name\":\"aes\",\"keylen\":256},\"hash-algorithm\":\"sha256\",\"dhgroup\":14}]}");
	ikeid = SAY("%s", at(box->arena, answer, "data.ikeid"));
	must(box->client, box->arena, "POST", "/api/v1/services/ipsec/phase2",
	     SAY("{\"ikeid\":%s,\"mode\":\"tunnel\",\"protocol\":\"esp\",\"descr\":\"old nets\",\"localid\":{\"type\":\"lan\"},\"remoteid\":{\"type\":\"network\","
		 "\"address\":\"10.4.0.0\",\"netbits\":24},\"encryption-algorithm-option\":[{\"name\":\"aes\",\"keylen\":256}],"
		 "\"hash-algorithm-option\":[\"hmac_sha256\"],\"pfsgroup\":14}", ikeid));
	must(box->client, box->arena, "POST", "/api/v1/services/ipsec/apply", "{\"initiate\":true}");
	connected_becomes(SAY("con%s", ikeid), "1");
	CHECK(pings(INSIDE, "192.168.1.1", "10.4.0.1"));
	CHECK_STRING(at(box->arena, phase1(SAY("con%s", ikeid)), "phase1desc"), "older");
	CHECK_STRING(at(box->arena, value_at(phase2(SAY("con%s", ikeid)), 0), "phase2desc"), "old nets");
	answer = must(box->client, box->arena, "GET", "/api/v1/status/ipsec", NULL);
	CHECK(strstr(box->client->body.bytes, SAY("\"con-id\":\"con%s\"", ikeid)) && strstr(box->client->body.bytes, "\"ESTABLISHED\""));
	CHECK(!strstr(box->client->body.bytes, "$(t)"));
}

/* --- with an interface of its own --------------------------------------------------------------------------------------------- */

#define PEER_ROUTED \
	"routed {\nversion = 2\nlocal_addrs = " THEIRS "\nremote_addrs = " OURS "\n" \
	"local {\nauth = psk\nid = peer@routed.example\n}\nremote {\nauth = psk\nid = box@routed.example\n}\n" \
	"children {\nall {\nlocal_ts = 0.0.0.0/0\nremote_ts = 0.0.0.0/0\nif_id_in = 9\nif_id_out = 9\n}\n}\n}\n"
#define ROUTED_SECRET "ike-3 {\nid-0 = box@routed.example\nid-1 = peer@routed.example\nsecret = \"" SHARED "\"\n}\n"

static void
add_routed(const char *connection)
{
	add("/api/ipsec/connections/add_local",
	    SAY("{\"local\":{\"connection\":\"%s\",\"auth\":\"psk\",\"id\":\"box@routed.example\"}}", connection));
	add("/api/ipsec/connections/add_remote",
	    SAY("{\"remote\":{\"connection\":\"%s\",\"auth\":\"psk\",\"id\":\"peer@routed.example\"}}", connection));
	add("/api/ipsec/connections/add_child",
	    SAY("{\"child\":{\"connection\":\"%s\",\"reqid\":\"7\",\"policies\":\"0\",\"local_ts\":\"0.0.0.0/0\",\"remote_ts\":"
		"\"0.0.0.0/0\"}}", connection));
	add("/api/ipsec/pre_shared_keys/add_item",
	    "{\"preSharedKey\":{\"ident\":\"box@routed.example\",\"remote_ident\":\"peer@routed.example\",\"Key\":\"" SHARED "\"}}");
}

TEST(a_tunnel_with_an_interface_carries_what_is_sent_there)
{
	const char *vti = add("/api/ipsec/vti/add", "{\"vti\":{\"reqid\":\"7\",\"local\":\"" OURS "\",\"remote\":\"" THEIRS
						    "\",\"tunnel_local\":\"10.6.0.1\",\"tunnel_remote\":\"10.6.0.2\"}}");
	const char *connection;

	if (!has_esp) {
		CHECK_NUMBER(post(box->client, box->arena, "/api/ipsec/service/reconfigure", "{}").status, 500);
		CHECK(strstr(box->client->body.bytes, "xfrm_interface") || strstr(box->client->body.bytes, "CONFIG_INET_ESP"));
		say(SAY("/api/ipsec/vti/del/%s", vti), "{}");
		box_reconfigure(box, "ipsec");
		return;
	}
	OUT("link", "add", "routed", "type", "xfrm", "if_id", "9");
	OUT("address", "add", "10.6.0.2", "peer", "10.6.0.1", "dev", "routed");
	OUT("link", "set", "routed", "up");
	tell_peer("connections {\n" PEER_ROUTED "}\nsecrets {\n" ROUTED_SECRET "}\n");
	connection = add("/api/ipsec/connections/add_connection",
			 "{\"connection\":{\"description\":\"routed\",\"version\":\"2\",\"remote_addrs\":\"" THEIRS "\"}}");
	add_routed(connection);
	box_reconfigure(box, "ipsec");
	connected_becomes(connection, "1");
	CHECK(strstr(INSIDE_OF(IP, "address", "show", "dev", "ipsec7"), "10.6.0.1 peer 10.6.0.2/32"));
	CHECK(pings(INSIDE, "10.6.0.1", "10.6.0.2"));
	say(SAY("/api/ipsec/vti/toggle/%s/0", vti), "{}");
	box_reconfigure(box, "ipsec");
	CHECK(!strstr(INSIDE_OF(IP, "link"), "ipsec7"));
}

/* --- the service ----------------------------------------------------------------------------------------------------------- */

static const char *
status(void)
{
	return at(box->arena, must_get(box->client, box->arena, "/api/ipsec/service/status"), "status");
}

TEST(the_service_stops_and_starts_and_its_log_is_kept)
{
	CHECK_STRING(status(), "running");
	CHECK_STRING(at(box->arena, say("/api/ipsec/service/stop", "{}"), "response"), "OK");
	CHECK_STRING(status(), "stopped");
	CHECK_NUMBER(box_daemon(box, CHARON), 0);
	CHECK_STRING(at(box->arena, say("/api/ipsec/service/start", "{}"), "response"), "OK");
	CHECK_STRING(status(), "running");
	CHECK_STRING(at(box->arena, phase1(branch), "phase1desc"), "branch");
	CHECK(value_count(value_get(say("/api/diagnostics/log/core/ipsec", "{\"searchPhrase\":\"established\"}"), "rows")) > 0);
	CHECK(!strstr(box->client->body.bytes, "$(t)"));
}

TEST(what_is_switched_off_is_gone)
{
	say("/api/ipsec/connections/toggle/0", "{}");
	say("/api/ipsec/service/reconfigure", "{}");
	CHECK_NUMBER(box_daemon(box, CHARON), 0);
	CHECK_NUMBER(value_count(value_get(say("/api/ipsec/sessions/search_phase1", "{}"), "rows")), 0);
	CHECK(strstr(INSIDE_OF(STAT, "/etc/strongswan.d/drawbridge"), "No such file"));
	CHECK(!strstr(INSIDE_OF(IP, "link"), "ipsec0"));
}

/* What the box begins with is still being made true: the client of DHCP may not be ready to be changed. */
static void
configure_wan(const char *body)
{
	const int64_t begin = milliseconds();

	while (post(box->client, box->arena, "/api/core/initial_setup/configure", body).status != 200) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("%s", box->client->body.bytes);
		wait_a_little(500);
	}
}

static int
set_up(void **state)
{
	(void)state;
	CHECK(unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount("peer", "/run", "tmpfs", 0, "mode=755") == 0);
	box = box_new();
	configure_wan(
	    "{\"wizard\":{\"interfaces\":{\"wan\":{\"ipv4_type\":\"static\",\"blockbogons\":\"0\",\"ipaddr\":\"" OURS "/24\"}}}}");
	OUT("address", "add", THEIRS "/24", "dev", "em1");
	OUT("address", "add", "10.2.0.1/32", "dev", "lo");
	OUT("address", "add", "10.3.0.1/32", "dev", "lo");
	OUT("address", "add", "10.4.0.1/32", "dev", "lo");
	has_esp = kernel_has_esp();
	start_peer();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	box_end(peer);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tunnel_with_a_key_in_common_carries_packets), cmocka_unit_test(the_kernel_wraps_packets_where_it_can),
		cmocka_unit_test(what_it_carried_is_counted),
		cmocka_unit_test(it_goes_down_and_up_when_asked), cmocka_unit_test(a_tunnel_with_certificates_carries_packets),
		cmocka_unit_test(a_change_of_one_connection_leaves_the_other_as_it_is),
		cmocka_unit_test(a_tunnel_may_wait_for_a_packet), cmocka_unit_test(a_daemon_that_fails_comes_back_with_all_it_knew),
		cmocka_unit_test(only_root_reads_the_secrets_and_no_answer_has_them),
		cmocka_unit_test(associations_and_policies_are_listed_and_can_be_forgotten),
		cmocka_unit_test(who_comes_from_outside_is_let_in_by_rules_and_gets_an_address),
		cmocka_unit_test(leases_of_a_pool_are_listed), cmocka_unit_test(what_the_daemon_refuses_leaves_all_as_it_is),
		cmocka_unit_test(a_tunnel_of_the_other_dialect_carries_packets),
		cmocka_unit_test(a_tunnel_with_an_interface_carries_what_is_sent_there),
		cmocka_unit_test(the_service_stops_and_starts_and_its_log_is_kept), cmocka_unit_test(what_is_switched_off_is_gone),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, CHARON, SWANCTL, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
