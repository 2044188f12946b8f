/*
 * Links of every kind, made by the daemon, with packets through them from the other ends, which `ip` makes. Kinds that the
 * running kernel lacks end the test as skipped: script/vm runs it under Debian's kernel.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "box.h"
#include "test.h"

#define IP       "/usr/sbin/ip"
#define PING     "/usr/bin/ping"
#define PATIENCE 60 /* tries of a second */

static struct box *box;

#define SAY(...)   arena_print(box->arena, __VA_ARGS__)
#define OUT(...)   CHECK(BOX_RUN(box, OUTSIDE, NULL, IP, __VA_ARGS__) == 0)

/* --- words -------------------------------------------------------------------------------------------- */

static const char *
keep(const char *path, const char *body)
{
	const struct value *answer = must_post(box->client, box->arena, SAY("/api/interfaces/%s/add_item", path), body);
	const char         *uuid = at(box->arena, answer, "uuid");

	if (strcmp(at(box->arena, answer, "result"), "saved") != 0)
		fail_msg("%s: %s", body, box->client->body.bytes);
	return uuid;
}

static void
apply(void)
{
	const char *path = "/api/interfaces/assignment/reconfigure";

	if (strcmp(at(box->arena, must_post(box->client, box->arena, path, "{}"), "status"), "ok") != 0)
		fail_msg("%s: %s", path, box->client->body.bytes);
}

/* An interface with these addresses on the device. */
static void
assign(const char *device, const char *address, const char *address6)
{
	keep("assignment", SAY("{\"interface\":{\"if\":\"%s\",\"descr\":\"%s\",\"enable\":\"1\",\"type4\":\"%s\",\"ipaddr\":\"%s\","
			       "\"type6\":\"%s\",\"ipaddrv6\":\"%s\"}}", device, device, *address ? "staticv4" : "none", address,
			       *address6 ? "staticv6" : "none", address6));
}

/* Does an answer come from there, sooner or later? */
static bool
answers(const char *to)
{
	for (int i = 0; i < PATIENCE; i++)
		if (BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-c", "1", "-W", "1", to) == 0)
			return true;
	return false;
}

/* What `ip -d` says of a link inside. */
static bool
is_made_as(const char *link, const char *part)
{
	scoped_buffer said = BUFFER_NONE;

	CHECK(BOX_RUN(box, INSIDE, &said, IP, "-d", "link", "show", "dev", link) == 0);
	return text_contains(buffer_text(&said), text_of(part));
}

/* --- tests ---------------------------------------------------------------------------------------------- */

/* em2 and em3 are one line, whose VLAN 10 is a port of a bridge. */
TEST(a_bridge_of_a_vlan_on_a_bond_carries_packets)
{
	keep("lagg_settings", "{\"lagg\":{\"members\":\"em2,em3\",\"proto\":\"failover\"}}");
	keep("vlan_settings", "{\"vlan\":{\"if\":\"lagg0\",\"tag\":\"10\",\"pcp\":\"0\"}}");
	assign("vlan01", "", "");
	keep("bridge_settings", "{\"bridge\":{\"members\":\"opt1\"}}");
	assign("bridge0", "10.10.0.1/24", "2001:db8:10::1/64");
	apply();
	CHECK(is_made_as("lagg0", "bond mode active-backup") && is_made_as("em2", "master lagg0"));
	CHECK(is_made_as("vlan01", "vlan protocol 802.1Q id 10") && is_made_as("vlan01", "master bridge0"));
	OUT("link", "add", "far0", "type", "bond", "mode", "active-backup", "miimon", "100");
	OUT("link", "set", "em2", "down");
	OUT("link", "set", "em3", "down");
	OUT("link", "set", "em2", "master", "far0");
	OUT("link", "set", "em3", "master", "far0");
	OUT("link", "set", "far0", "up");
	OUT("link", "add", "far10", "link", "far0", "type", "vlan", "id", "10");
	OUT("address", "add", "10.10.0.2/24", "dev", "far10");
	OUT("address", "add", "2001:db8:10::2/64", "dev", "far10", "nodad");
	OUT("link", "set", "far10", "up");
	CHECK(answers("10.10.0.1") && answers("2001:db8:10::1"));
}

TEST(a_bond_goes_on_with_the_port_that_is_left)
{
	OUT("link", "set", "em2", "down");
	CHECK(answers("10.10.0.1"));
	OUT("link", "set", "em2", "up");
	OUT("link", "set", "em3", "down");
	CHECK(answers("10.10.0.1"));
	OUT("link", "set", "em3", "up");
}

/* Made anew, with what is on it. */
TEST(a_bond_speaks_lacp)
{
	const struct value *rows = value_get(must_post(box->client, box->arena, "/api/interfaces/lagg_settings/search_item", "{}"), "rows");
	const char         *uuid = at(box->arena, rows, "0.uuid");

	OUT("link", "del", "far10");
	OUT("link", "del", "far0");
	OUT("link", "add", "far0", "type", "bond", "mode", "802.3ad", "miimon", "100", "lacp_rate", "fast");
	OUT("link", "set", "em2", "down");
	OUT("link", "set", "em3", "down");
	OUT("link", "set", "em2", "master", "far0");
	OUT("link", "set", "em3", "master", "far0");
	OUT("link", "set", "far0", "up");
	OUT("link", "add", "far10", "link", "far0", "type", "vlan", "id", "10");
	OUT("address", "add", "10.10.0.2/24", "dev", "far10");
	OUT("link", "set", "far10", "up");
	must_post(box->client, box->arena, SAY("/api/interfaces/lagg_settings/set_item/%s", uuid), "{\"lagg\":{\"proto\":\"lacp\"}}");
	apply();
	CHECK(is_made_as("lagg0", "bond mode 802.3ad") && is_made_as("vlan01", "master bridge0"));
	CHECK(answers("10.10.0.1"));
	/* Both ends agree on one aggregate of two ports. */
	CHECK(is_made_as("lagg0", "ad_num_ports 2") || (wait_a_little(4000), is_made_as("lagg0", "ad_num_ports 2")));
}

TEST(a_vlan_in_a_vlan_carries_packets)
{
	keep("vlan_settings", "{\"vlan\":{\"if\":\"em1\",\"tag\":\"100\",\"pcp\":\"0\",\"proto\":\"802.1ad\"}}");
	keep("vlan_settings", "{\"vlan\":{\"if\":\"vlan02\",\"tag\":\"200\",\"pcp\":\"3\"}}");
	assign("qinq01", "10.20.0.1/24", "");
	apply();
	CHECK(is_made_as("vlan02", "vlan protocol 802.1ad id 100") && is_made_as("qinq01", "vlan protocol 802.1Q id 200"));
	OUT("link", "add", "outer", "link", "em1", "type", "vlan", "protocol", "802.1ad", "id", "100");
	OUT("link", "set", "outer", "up");
	OUT("link", "add", "inner", "link", "outer", "type", "vlan", "id", "200");
	OUT("address", "add", "10.20.0.2/24", "dev", "inner");
	OUT("link", "set", "inner", "up");
	CHECK(answers("10.20.0.1"));
}

/* The far end of a tunnel, with the addresses inside. */
static void
make_far_end(const char *kind, const char *const *options, const char *address, const char *address6)
{
	const char *argv[24] = { IP, "link", "add", "far", "type", kind, NULL };
	size_t      n = 6;

	for (; *options; options++)
		argv[n++] = *options;
	CHECK(box_run(box, OUTSIDE, NULL, argv) == 0);
	OUT("address", "add", address, "dev", "far");
	OUT("address", "add", address6, "dev", "far", "nodad");
	OUT("link", "set", "far", "up");
}
#define FAR_END(kind, address, address6, ...) make_far_end((kind), (const char *const[]){ __VA_ARGS__, NULL }, (address), (address6))

TEST(a_gif_carries_both_families_over_ipv4)
{
	keep("gif_settings", "{\"gif\":{\"local-addr\":\"192.168.1.1\",\"remote-addr\":\"192.168.1.2\",\"tunnel-local-addr\":\"10.30.0.1\","
			     "\"tunnel-remote-addr\":\"10.30.0.2\",\"tunnel-remote-net\":\"32\"}}");
	assign("gif0", "", "2001:db8:30::1/64");
	apply();
	FAR_END("sit", "10.30.0.2/24", "2001:db8:30::2/64", "mode", "any", "local", "192.168.1.2", "remote", "192.168.1.1");
	CHECK(answers("10.30.0.1") && answers("2001:db8:30::1"));
	OUT("link", "del", "far");
}

TEST(a_gif_carries_both_families_over_ipv6)
{
	keep("gif_settings", "{\"gif\":{\"local-addr\":\"2001:db8:1::1\",\"remote-addr\":\"2001:db8:1::2\",\"tunnel-local-addr\":\"10.31.0.1\","
			     "\"tunnel-remote-addr\":\"10.31.0.2\",\"tunnel-remote-net\":\"32\"}}");
	assign("gif1", "", "2001:db8:31::1/64");
	apply();
	FAR_END("ip6tnl", "10.31.0.2/24", "2001:db8:31::2/64", "mode", "any", "local", "2001:db8:1::2", "remote", "2001:db8:1::1");
	CHECK(answers("10.31.0.1") && answers("2001:db8:31::1"));
	OUT("link", "del", "far");
}

TEST(a_gre_tunnel_carries_packets_over_ipv4)
{
	keep("gre_settings", "{\"gre\":{\"local-addr\":\"192.168.1.1\",\"remote-addr\":\"192.168.1.2\",\"tunnel-local-addr\":\"10.40.0.1\","
			     "\"tunnel-remote-addr\":\"10.40.0.2\",\"tunnel-remote-net\":\"30\"}}");
	assign("gre0", "", "2001:db8:40::1/64");
	apply();
	FAR_END("gre", "10.40.0.2/30", "2001:db8:40::2/64", "local", "192.168.1.2", "remote", "192.168.1.1");
	CHECK(answers("10.40.0.1") && answers("2001:db8:40::1"));
	OUT("link", "del", "far");
}

TEST(a_gre_tunnel_carries_packets_over_ipv6)
{
	keep("gre_settings", "{\"gre\":{\"local-addr\":\"2001:db8:1::1\",\"remote-addr\":\"2001:db8:1::2\",\"tunnel-local-addr\":\"10.41.0.1\","
			     "\"tunnel-remote-addr\":\"10.41.0.2\",\"tunnel-remote-net\":\"30\"}}");
	assign("gre1", "", "2001:db8:41::1/64");
	apply();
	FAR_END("ip6gre", "10.41.0.2/30", "2001:db8:41::2/64", "local", "2001:db8:1::2", "remote", "2001:db8:1::1");
	CHECK(answers("10.41.0.1") && answers("2001:db8:41::1"));
	OUT("link", "del", "far");
}

TEST(a_vxlan_carries_packets)
{
	keep("vxlan_settings", "{\"vxlan\":{\"vxlanid\":\"77\",\"vxlanlocal\":\"192.168.1.1\",\"vxlanremote\":\"192.168.1.2\"}}");
	assign("vxlan1", "10.50.0.1/24", "");
	apply();
	FAR_END("vxlan", "10.50.0.2/24", "2001:db8:50::2/64", "id", "77", "local", "192.168.1.2", "remote", "192.168.1.1", "dstport", "4789");
	CHECK(answers("10.50.0.1"));
	OUT("link", "del", "far");
}

TEST(a_loopback_of_its_own_is_a_dummy)
{
	keep("loopback_settings", "{\"loopback\":{\"description\":\"one\"}}");
	assign("lo1", "10.60.0.1/32", "");
	apply();
	CHECK(is_made_as("lo1", "dummy"));
	OUT("route", "add", "10.60.0.1/32", "via", "192.168.1.1");
	CHECK(answers("10.60.0.1"));
}

TEST(no_kind_of_link_is_missed)
{
	must_get(box->client, box->arena, "/api/core/system/doctor");
	CHECK(!strstr(box->client->body.bytes, "kernel support"));
}

/* --- the box -------------------------------------------------------------------------------------------- */

static int
run_quietly(const char *const *argv)
{
	int         status = 0;
	const pid_t pid = fork();

	if (pid == 0) {
		if (dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2) != 2)
			_exit(1);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return status;
}

#define MAKE(name, ...) { name, { IP, "link", "add", "name", "one", __VA_ARGS__, NULL } }

static const struct {
	const char *name, *argv[16];
} kinds[] = {
	MAKE("bond", "type", "bond"),
	MAKE("vlan", "link", "em0", "type", "vlan", "id", "1"),
	MAKE("sit", "type", "sit", "local", "192.0.2.1", "remote", "192.0.2.2"),
	MAKE("ip6tnl", "type", "ip6tnl", "local", "2001:db8::1", "remote", "2001:db8::2"),
	MAKE("gre", "type", "gre", "local", "192.0.2.1", "remote", "192.0.2.2"),
	MAKE("ip6gre", "type", "ip6gre", "local", "2001:db8::1", "remote", "2001:db8::2"),
	MAKE("dummy", "type", "dummy"),
};

/* Tried in a network of its own. */
static void
need_kinds(void)
{
	scoped_fd   here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	const char *lacks = "";
	char        list[256];
	size_t      n = 0;

	if (unshare(CLONE_NEWNET) != 0 || run_quietly((const char *const[]){ IP, "link", "add", "em0", "type", "veth", NULL }) != 0)
		lacks = "veth";
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (run_quietly(kinds[i].argv) != 0) {
			n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", kinds[i].name);
			lacks = list;
		}
		run_quietly((const char *const[]){ IP, "link", "del", "one", NULL });
	}
	CHECK(setns(here, CLONE_NEWNET) == 0);
	if (!*lacks)
		return;
	fprintf(stderr, "SKIPPED: this kernel lacks links of the kinds %s (script/vm runs this test under another one)\n", lacks);
	exit(77);
}

static int
set_up(void **state)
{
	(void)state;
	box = box_new();
	OUT("address", "add", "192.168.1.2/24", "dev", "em0");
	OUT("address", "add", "2001:db8:1::2/64", "dev", "em0", "nodad");
	must_post(box->client, box->arena, "/api/interfaces/assignment/set_item/lan",
		  "{\"interface\":{\"type6\":\"staticv6\",\"ipaddrv6\":\"2001:db8:1::1/64\"}}");
	must_post(box->client, box->arena, "/api/firewall/filter/add_rule",
		  "{\"rule\":{\"action\":\"pass\",\"quick\":\"1\",\"interface\":\"\",\"ipprotocol\":\"inet46\",\"protocol\":\"any\"}}");
	apply();
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bridge_of_a_vlan_on_a_bond_carries_packets),
		cmocka_unit_test(a_bond_goes_on_with_the_port_that_is_left), cmocka_unit_test(a_bond_speaks_lacp),
		cmocka_unit_test(a_vlan_in_a_vlan_carries_packets), cmocka_unit_test(a_gif_carries_both_families_over_ipv4),
		cmocka_unit_test(a_gif_carries_both_families_over_ipv6), cmocka_unit_test(a_gre_tunnel_carries_packets_over_ipv4),
		cmocka_unit_test(a_gre_tunnel_carries_packets_over_ipv6), cmocka_unit_test(a_vxlan_carries_packets),
		cmocka_unit_test(a_loopback_of_its_own_is_a_dummy), cmocka_unit_test(no_kind_of_link_is_missed),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, NULL);
	need_kinds();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
