/*
 * Tunnels of WireGuard, configured as a client would, to two peers at the other ends of the links: by the kernel's own devices where
 * it has them (script/vm runs this under one), else by wireguard-go on both sides.
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
#include "base/number.h"
#include "box.h"
#include "test.h"

#define IP       "/usr/sbin/ip"
#define PING     "/usr/bin/ping"
#define WG       "/usr/bin/wg"
#define GO       "/usr/bin/wireguard-go"
#define CAT      "/usr/bin/cat"
#define STAT     "/usr/bin/stat"
#define LS       "/usr/bin/ls"
#define FILES    "/run/drawbridge-wireguard-wg0/device"
#define PATIENCE 60000 /* ms */
#define SHORT    3000  /* what does not come by then does not come */

struct peer {
	const char *link;   /* at the other end */
	const char *inside; /* of the tunnel: ours there, with the length of the prefix */
	const char *private_key, *public_key, *uuid;
	pid_t       daemon; /* 0: the kernel has it */
};

static struct box *box;
static struct peer a = { .link = "wga", .inside = "10.7.0.2/24" }, b = { .link = "wgb", .inside = "10.8.0.2/24" };
static const char *server, *server_key, *server_private, *shared;

#define SAY(...) arena_print(box->arena, __VA_ARGS__)
#define OUT(...) CHECK(BOX_RUN(box, OUTSIDE, NULL, __VA_ARGS__) == 0)
#define PINGS(where, ...) (BOX_RUN(box, where, NULL, PING, "-n", "-c", "1", "-W", "1", __VA_ARGS__) == 0)

/* --- words -------------------------------------------------------------------------------------------- */

static const char *
said(enum where where, const char *const *argv)
{
	scoped_buffer out = BUFFER_NONE;

	box_run(box, where, &out, argv);
	return arena_copy(box->arena, buffer_text(&out));
}
#define INSIDE_OF(...) said(INSIDE, (const char *const[]){ __VA_ARGS__, NULL })

static bool
becomes(bool wanted, const char *part, const char *const *argv)
{
	const int64_t begin = milliseconds();

	while ((strstr(said(INSIDE, argv), part) != NULL) != wanted) {
		if (milliseconds() - begin > PATIENCE)
			return false;
		wait_a_little(200);
	}
	return true;
}
#define SHOWS(part, ...) becomes(true, part, (const char *const[]){ __VA_ARGS__, NULL })
#define GONE(part, ...)  becomes(false, part, (const char *const[]){ __VA_ARGS__, NULL })

/* Sooner or later, or not within a short while. */
static bool
answers(enum where where, const char *from, const char *to, int limit)
{
	const int64_t begin = milliseconds();

	do
		if (PINGS(where, "-I", from, to))
			return true;
	while (milliseconds() - begin < limit);
	return false;
}

static const char *
keep(const char *path, const char *body)
{
	const struct value *answer = must_post(box->client, box->arena, SAY("/api/%s", path), body);

	if (strcmp(at(box->arena, answer, "result"), "saved") != 0)
		fail_msg("%s: %s", body, box->client->body.bytes);
	return at(box->arena, answer, "uuid");
}

static void
reconfigure(void)
{
	const struct value *answer = must_post(box->client, box->arena, "/api/wireguard/service/reconfigure", "{}");

	if (strcmp(at(box->arena, answer, "result"), "ok") != 0)
		fail_msg("%s", box->client->body.bytes);
}

static const char *
status(void)
{
	return at(box->arena, must_get(box->client, box->arena, "/api/wireguard/service/status"), "status");
}

/* Of a row of `show`, by what it is about; "" when there is none. */
static const char *
shown(const char *key, const char *what)
{
	const struct value *rows =
		value_get(must_post(box->client, box->arena, "/api/wireguard/service/show", "{}"), "rows");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, value_at(rows, i), "public-key"), key) == 0)
			return value_as_string(box->arena, value_get(value_at(rows, i), what));
	return "";
}

static int64_t
number(const char *text)
{
	int64_t out = -1;

	CHECK(number_read(text_of(text), 0, INT64_MAX, &out));
	return out;
}

/* Is it in the last answer, where every "/" is "\\/"? */
static bool
is_said(const char *key)
{
	scoped_buffer out = BUFFER_NONE;

	for (; *key; key++)
		buffer_print(&out, "%s%c", *key == '/' ? "\\" : "", *key);
	return strstr(box->client->body.bytes, buffer_string(&out));
}

/* It had no handshake since that one, but for the one that it makes after two minutes. */
static bool
is_same_session(int64_t handshake)
{
	const int64_t now = number(shown(a.public_key, "latest-handshake"));

	return now == handshake || now - handshake > 110;
}

static void
write_file(const char *path, const char *text)
{
	scoped_fd fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

/* --- peers ---------------------------------------------------------------------------------------------- */

static void
make_keys(const char **private_key, const char **public_key)
{
	const struct value *pair = must_get(box->client, box->arena, "/api/wireguard/server/key_pair");

	*private_key = at(box->arena, pair, "privkey");
	*public_key = at(box->arena, pair, "pubkey");
}

static void
make_link(struct peer *peer)
{
	if (BOX_RUN(box, OUTSIDE, NULL, IP, "link", "add", peer->link, "type", "wireguard") == 0)
		return;
	box_need(GO, NULL);
	peer->daemon = box_start(box, OUTSIDE, (const char *const[]){ GO, "-f", peer->link, NULL });
	const int64_t begin = milliseconds();

	while (BOX_RUN(box, OUTSIDE, NULL, WG, "show", peer->link) != 0) {
		CHECK(milliseconds() - begin < PATIENCE);
		wait_a_little(50);
	}
}

static void
make_peer(struct peer *peer, const char *allowed)
{
	const char *file = SAY("/run/%s.key", peer->link), *psk = SAY("/run/%s.psk", peer->link);

	make_link(peer);
	make_keys(&peer->private_key, &peer->public_key);
	write_file(file, peer->private_key);
	write_file(psk, shared);
	OUT(WG, "set", peer->link, "private-key", file, "peer", server_key, "preshared-key", psk, "endpoint", "192.168.1.1:51821", "allowed-ips",
	    allowed);
	OUT(IP, "address", "add", peer->inside, "dev", peer->link);
	OUT(IP, "link", "set", peer->link, "up");
}

static const char *
client_body(const struct peer *peer, const char *name, const char *allowed, const char *more)
{
	return SAY("{\"client\":{\"name\":\"%s\",\"pubkey\":\"%s\",\"psk\":\"%s\",\"tunneladdress\":\"%s\",\"servers\":\"%s\"%s}}", name,
		   peer->public_key, shared, allowed, server, more);
}

/* --- tests ---------------------------------------------------------------------------------------------- */

TEST(a_device_comes_with_its_addresses_routes_and_mtu)
{
	CHECK(strcmp(status(), "running") == 0);
	CHECK(SHOWS("inet 10.7.0.1/24", IP, "-4", "address", "show", "dev", "wg0"));
	CHECK(SHOWS("inet 10.8.0.1/24", IP, "-4", "address", "show", "dev", "wg0"));
	CHECK(SHOWS("inet6 fd07::1/64", IP, "-6", "address", "show", "dev", "wg0"));
	CHECK(SHOWS("mtu 1380", IP, "link", "show", "up", "dev", "wg0"));
	CHECK(SHOWS("10.77.0.0/24 proto 190 scope link", IP, "-4", "route", "show", "dev", "wg0"));
	/* Nobody asked for other interfaces so far. */
	CHECK(!strstr(INSIDE_OF(IP, "-4", "address", "show", "dev", "em0"), "inet"));
	must_post(box->client, box->arena, "/api/interfaces/assignment/reconfigure", "{}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	CHECK(SHOWS("inet 192.168.1.1/24", IP, "-4", "address", "show", "dev", "em0"));
	CHECK(SHOWS("inet 10.7.0.1/24", IP, "-4", "address", "show", "dev", "wg0"));
}

TEST(packets_pass_both_ways)
{
	CHECK(answers(INSIDE, "10.7.0.1", "10.7.0.2", PATIENCE));
	CHECK(answers(INSIDE, "10.8.0.1", "10.8.0.2", PATIENCE));
	CHECK(answers(INSIDE, "fd07::1", "fd07::2", PATIENCE));
	/* What begins over there has no rule yet. */
	CHECK(!answers(OUTSIDE, a.link, "10.7.0.1", SHORT));
}

TEST(rules_of_the_group_and_of_the_interface_are_about_its_packets)
{
	const char *group = keep("firewall/filter/add_rule",
				 "{\"rule\":{\"interface\":\"wireguard\",\"action\":\"pass\",\"protocol\":\"any\",\"description\":\"group\"}}");
	const char *block;

	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	CHECK(answers(OUTSIDE, a.link, "10.7.0.1", PATIENCE));
	must_post(box->client, box->arena, SAY("/api/firewall/filter/del_rule/%s", group), "{}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	CHECK(!answers(OUTSIDE, a.link, "10.7.0.1", SHORT));
	keep("interfaces/assignment/add_item", "{\"interface\":{\"if\":\"wg0\",\"descr\":\"tunnel\",\"enable\":\"1\",\"type4\":\"none\",\"type6\":\"none\"}}");
	must_post(box->client, box->arena, "/api/interfaces/assignment/reconfigure", "{}");
	keep("firewall/filter/add_rule", "{\"rule\":{\"interface\":\"opt1\",\"action\":\"pass\",\"protocol\":\"any\",\"sequence\":\"20\"}}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	CHECK(answers(OUTSIDE, a.link, "10.7.0.1", PATIENCE));
	block = keep("firewall/filter/add_rule", "{\"rule\":{\"interface\":\"opt1\",\"action\":\"block\",\"protocol\":\"any\",\"source_net\":\"10.7.0.2\","
						 "\"sequence\":\"10\"}}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	CHECK(!answers(OUTSIDE, a.link, "10.7.0.1", SHORT));
	CHECK(answers(OUTSIDE, b.link, "10.8.0.1", PATIENCE));
	must_post(box->client, box->arena, SAY("/api/firewall/filter/del_rule/%s", block), "{}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	CHECK(answers(OUTSIDE, a.link, "10.7.0.1", PATIENCE));
	/* Addresses are those of the server still. */
	CHECK(strstr(INSIDE_OF(IP, "-4", "address", "show", "dev", "wg0"), "inet 10.7.0.1/24"));
}

TEST(it_says_what_it_has_done_and_keeps_its_secrets)
{
	CHECK_STRING(shown(server_key, "type"), "interface");
	CHECK_STRING(shown(server_key, "listen-port"), "51821");
	CHECK_STRING(shown(server_key, "status"), "up");
	CHECK_STRING(shown(server_key, "ifname"), "office");
	CHECK_STRING(shown(a.public_key, "name"), "first");
	CHECK_STRING(shown(a.public_key, "peer-status"), "online");
	CHECK(strstr(shown(a.public_key, "allowed-ips"), "10.7.0.2/32,10.77.0.0/24") && strstr(shown(a.public_key, "allowed-ips"), "fd07::2/128"));
	CHECK(strstr(shown(a.public_key, "endpoint"), "192.168.1.10:"));
	CHECK(number(shown(a.public_key, "latest-handshake")) > 1700000000);
	CHECK(number(shown(a.public_key, "transfer-rx")) > 0 && number(shown(a.public_key, "transfer-tx")) > 0);
	CHECK_STRING(shown(b.public_key, "persistent-keepalive"), "20");
	CHECK(is_said(a.public_key) && !is_said(shared) && !is_said(server_private));
	CHECK_STRING(INSIDE_OF(STAT, "-c", "%a %U", FILES), "600 root\n");
	must_post(box->client, box->arena, "/api/wireguard/service/show", "{\"type\":[\"interface\"]}");
	CHECK(is_said(server_key) && !is_said(a.public_key));
}

TEST(a_changed_peer_leaves_the_others_as_they_are)
{
	const int64_t handshake = number(shown(a.public_key, "latest-handshake"));
	const int64_t received = number(shown(a.public_key, "transfer-rx"));
	const char   *link = INSIDE_OF(IP, "-o", "link", "show", "dev", "wg0");

	keep(SAY("wireguard/client/set_client/%s", b.uuid), client_body(&b, "second", "10.8.0.2/32,10.88.0.0/24", ",\"keepalive\":\"25\""));
	reconfigure();
	CHECK_STRING(shown(b.public_key, "persistent-keepalive"), "25");
	CHECK_STRING(shown(b.public_key, "allowed-ips"), "10.8.0.2/32,10.88.0.0/24");
	CHECK(SHOWS("10.88.0.0/24 proto 190", IP, "-4", "route", "show", "dev", "wg0"));
	/* A session that has ended shows only with the next packet. */
	CHECK(answers(INSIDE, "10.7.0.1", "10.7.0.2", PATIENCE) && answers(OUTSIDE, a.link, "10.7.0.1", PATIENCE));
	CHECK(is_same_session(handshake));
	CHECK(number(shown(a.public_key, "transfer-rx")) >= received);
	CHECK_STRING(INSIDE_OF(IP, "-o", "link", "show", "dev", "wg0"), link);
	CHECK(answers(INSIDE, "10.8.0.1", "10.8.0.2", PATIENCE));
}

TEST(a_gate_that_starts_again_leaves_all_as_it_is)
{
	const int64_t handshake = number(shown(a.public_key, "latest-handshake"));
	const char   *link = INSIDE_OF(IP, "-o", "link", "show", "dev", "wg0"), *routes = INSIDE_OF(IP, "-4", "route");
	const pid_t   before = instance_gate(box->instance);
	const int64_t begin = milliseconds();

	CHECK(before > 0 && kill(before, SIGKILL) == 0);
	while (get(box->client, box->arena, "/api/wireguard/service/status").status != 200 || instance_gate(box->instance) == before) {
		CHECK(milliseconds() - begin < PATIENCE);
		wait_a_little(100);
	}
	reconfigure();
	CHECK(answers(OUTSIDE, a.link, "10.7.0.1", PATIENCE));
	CHECK(is_same_session(handshake));
	CHECK_STRING(INSIDE_OF(IP, "-o", "link", "show", "dev", "wg0"), link);
	CHECK_STRING(INSIDE_OF(IP, "-4", "route"), routes);
}

/* Which is told inside: what a name means. */
static void
name_peer(void *address)
{
	scoped_fd fd = open("/etc/hosts", O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0644);

	CHECK(fd >= 0 && write(fd, address, strlen(address)) == (ssize_t)strlen(address));
}

static void
comes_to_be_at(const struct peer *peer, const char *endpoint)
{
	const int64_t begin = milliseconds();

	while (strcmp(shown(peer->public_key, "endpoint"), endpoint) != 0) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("%s: %s", endpoint, box->client->body.bytes);
		wait_a_little(200);
	}
}

TEST(a_name_that_nobody_knows_keeps_nothing_from_working)
{
	struct peer c = { .public_key = "" };
	const char *unused;

	make_keys(&unused, &c.public_key);
	c.uuid = keep("wireguard/client/add_client", client_body(&c, "third", "10.9.0.2/32",
								 ",\"serveraddress\":\"far.invalid\",\"serverport\":\"4444\""));
	reconfigure();
	CHECK_STRING(shown(c.public_key, "endpoint"), "(none)");
	CHECK(answers(INSIDE, "10.7.0.1", "10.7.0.2", PATIENCE));
	CHECK_NUMBER(box_call(box, INSIDE, name_peer, (void *)(uintptr_t)"192.168.1.44 near.example\n"), 0);
	keep(SAY("wireguard/client/set_client/%s", c.uuid), "{\"client\":{\"serveraddress\":\"near.example\"}}");
	reconfigure();
	comes_to_be_at(&c, "192.168.1.44:4444");
	/* It comes to mean something else, which nobody has to say. */
	must(box->client, box->arena, "PUT", "/api/v1/firewall/alias/advanced", "{\"aliasesresolveinterval\":1}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	CHECK_NUMBER(box_call(box, INSIDE, name_peer, (void *)(uintptr_t)"192.168.1.45 near.example\n"), 0);
	comes_to_be_at(&c, "192.168.1.45:4444");
	must_post(box->client, box->arena, SAY("/api/wireguard/client/del_client/%s", c.uuid), "{}");
	reconfigure();
	CHECK_STRING(shown(c.public_key, "endpoint"), "");
}

TEST(a_peer_that_is_removed_is_cut_off)
{
	must_post(box->client, box->arena, SAY("/api/wireguard/client/toggle_client/%s/0", b.uuid), "{}");
	reconfigure();
	CHECK_STRING(shown(b.public_key, "type"), "");
	CHECK(!answers(OUTSIDE, b.link, "10.8.0.1", SHORT));
	CHECK(GONE("10.88.0.0/24", IP, "-4", "route"));
	CHECK(answers(OUTSIDE, a.link, "10.7.0.1", PATIENCE));
}

TEST(it_is_stopped_and_started_by_hand)
{
	must_post(box->client, box->arena, "/api/wireguard/service/stop", "{}");
	CHECK_STRING(status(), "stopped");
	CHECK(GONE("wg0", IP, "link"));
	must_post(box->client, box->arena, "/api/wireguard/service/start", "{}");
	CHECK_STRING(status(), "running");
	CHECK(SHOWS("inet 10.7.0.1/24", IP, "-4", "address", "show", "dev", "wg0"));
	CHECK(SHOWS("10.77.0.0/24 dev wg0 proto 190", IP, "-4", "route"));
	must_post(box->client, box->arena, "/api/wireguard/service/restart", "{}");
	CHECK(answers(OUTSIDE, a.link, "10.7.0.1", PATIENCE));
}

TEST(routes_are_left_out_when_the_server_says_so)
{
	keep(SAY("wireguard/server/set_server/%s", server), "{\"server\":{\"disableroutes\":\"1\",\"gateway\":\"10.7.0.9\",\"mtu\":\"1300\"}}");
	reconfigure();
	CHECK(GONE("10.77.0.0/24", IP, "-4", "route"));
	CHECK(SHOWS("10.7.0.9 dev wg0 proto 190", IP, "-4", "route"));
	CHECK(SHOWS("mtu 1300", IP, "link", "show", "dev", "wg0"));
}

TEST(it_is_up_where_the_virtual_address_is_that_it_depends_on)
{
	const char *vip = keep("interfaces/vip_settings/add_item", "{\"vip\":{\"mode\":\"carp\",\"interface\":\"lan\",\"subnet\":\"192.0.2.77\","
								   "\"subnet_bits\":\"32\",\"vhid\":\"9\",\"password\":\"x\"}}");

	keep(SAY("wireguard/server/set_server/%s", server), SAY("{\"server\":{\"carp_depend_on\":\"%s\",\"disableroutes\":\"0\",\"gateway\":\"\"}}", vip));
	reconfigure();
	CHECK_STRING(shown(server_key, "status"), "down");
	CHECK(!answers(OUTSIDE, a.link, "10.7.0.1", SHORT));
	CHECK(BOX_RUN(box, INSIDE, NULL, IP, "address", "add", "192.0.2.77/32", "dev", "lo") == 0);
	CHECK(answers(OUTSIDE, a.link, "10.7.0.1", PATIENCE));
	CHECK(SHOWS("10.77.0.0/24 dev wg0 proto 190", IP, "-4", "route"));
	CHECK(BOX_RUN(box, INSIDE, NULL, IP, "address", "del", "192.0.2.77/32", "dev", "lo") == 0);
	CHECK(SHOWS("state DOWN", IP, "link", "show", "dev", "wg0"));
}

TEST(what_is_switched_off_is_gone)
{
	keep("wireguard/general/set", "{\"general\":{\"enabled\":\"0\"}}");
	reconfigure();
	CHECK(GONE("wg0", IP, "link"));
	CHECK(GONE("10.7.0.9", IP, "-4", "route"));
	CHECK_STRING(status(), "disabled");
	CHECK(!strstr(INSIDE_OF(LS, "/run"), "drawbridge-wireguard"));
}

static void
hide_daemon(void *unused)
{
	(void)unused;
	CHECK(mount("/dev/null", GO, NULL, MS_BIND, NULL) == 0);
}

/* Where the kernel has none: neither it nor the package is guessed. */
TEST(what_is_missing_is_named)
{
	if (!a.daemon)
		return;
	CHECK_NUMBER(box_call(box, INSIDE, hide_daemon, NULL), 0);
	keep("wireguard/general/set", "{\"general\":{\"enabled\":\"1\"}}");
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/wireguard/service/reconfigure", "{}"), "result"), "failed");
	CHECK(instance_said(box->instance, "this kernel has no WireGuard (module wireguard), and in its place there is no wireguard-go: "
					   "apt install wireguard-go"));
	must_get(box->client, box->arena, "/api/core/system/doctor");
	CHECK(strstr(box->client->body.bytes, "wireguard-go"));
}

/* --- the box -------------------------------------------------------------------------------------------- */

static void
configure(void)
{
	keep("wireguard/general/set", "{\"general\":{\"enabled\":\"1\"}}");
	make_keys(&server_private, &server_key);
	shared = at(box->arena, must_get(box->client, box->arena, "/api/wireguard/client/psk"), "psk");
	server = keep("wireguard/server/add_server",
		      SAY("{\"server\":{\"enabled\":\"1\",\"name\":\"office\",\"pubkey\":\"%s\",\"privkey\":\"%s\",\"port\":\"51821\",\"mtu\":\"1380\","
			  "\"tunneladdress\":\"10.7.0.1/24,10.8.0.1/24,fd07::1/64\"}}", server_key, server_private));
	OUT(IP, "address", "add", "192.168.1.10/24", "dev", "em0");
	make_peer(&a, "10.7.0.1/32,fd07::1/128");
	OUT(IP, "address", "add", "fd07::2/64", "dev", a.link, "nodad");
	make_peer(&b, "10.8.0.1/32");
	a.uuid = keep("wireguard/client/add_client", client_body(&a, "first", "10.7.0.2/32,10.77.0.0/24,fd07::2/128", ",\"serveraddress\":\"192.168.1.10\""));
	b.uuid = keep("wireguard/client/add_client", client_body(&b, "second", "10.8.0.2/32", ",\"keepalive\":\"20\""));
	reconfigure();
	OUT(WG, "set", b.link, "peer", server_key, "persistent-keepalive", "1");
	OUT(WG, "set", a.link, "peer", server_key, "persistent-keepalive", "1");
}

static int
set_up(void **state)
{
	(void)state;
	/* Sockets and keys of the other ends, for this process and those that it starts. */
	CHECK(unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount("peers", "/run", "tmpfs", 0, "mode=755") == 0);
	box = box_new();
	configure();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (a.daemon)
		box_end(a.daemon);
	if (b.daemon)
		box_end(b.daemon);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_comes_with_its_addresses_routes_and_mtu), cmocka_unit_test(packets_pass_both_ways),
		cmocka_unit_test(rules_of_the_group_and_of_the_interface_are_about_its_packets),
		cmocka_unit_test(it_says_what_it_has_done_and_keeps_its_secrets),
		cmocka_unit_test(a_changed_peer_leaves_the_others_as_they_are),
		cmocka_unit_test(a_gate_that_starts_again_leaves_all_as_it_is),
		cmocka_unit_test(a_name_that_nobody_knows_keeps_nothing_from_working),
		cmocka_unit_test(a_peer_that_is_removed_is_cut_off), cmocka_unit_test(it_is_stopped_and_started_by_hand),
		cmocka_unit_test(routes_are_left_out_when_the_server_says_so), cmocka_unit_test(it_is_up_where_the_virtual_address_is_that_it_depends_on),
		cmocka_unit_test(what_is_switched_off_is_gone),
		cmocka_unit_test(what_is_missing_is_named),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, WG, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
