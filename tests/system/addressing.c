/*
 * Addresses that come from outside: what a box of the factory is given by DHCP, DHCPv6 with a delegated prefix and router
 * advertisements, how it is shown, and what remains of it. The upstream is at the other end of the WAN's link.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "box.h"
#include "test.h"

#define DNSMASQ "/usr/sbin/dnsmasq"
#define DHCPCD  "/usr/sbin/dhcpcd"
#define KEA     "/usr/sbin/kea-dhcp6"
#define IP      "/usr/sbin/ip"
#define WAN     "em1"
#define LAN     "em0"
#define PATIENCE 60000 /* ms, for what takes some seconds */

static struct box *box;
static pid_t       upstream, delegation;

#define SAY(...) arena_print(box->arena, __VA_ARGS__)
#define IP_OUTSIDE(...) CHECK(BOX_RUN(box, OUTSIDE, NULL, IP, __VA_ARGS__) == 0)

/* --- words -------------------------------------------------------------------------------------------- */

/* Does what `ip WHAT...` prints inside have this in it, at most `limit` ms from now? */
static bool
shows(int limit, const char *part, const char *const *argv)
{
	const int64_t begin = milliseconds();

	for (;;) {
		scoped_buffer out = BUFFER_NONE;

		box_run(box, INSIDE, &out, argv);
		if (text_contains(buffer_text(&out), text_of(part)))
			return true;
		if (milliseconds() - begin > limit)
			return false;
		wait_a_little(100);
	}
}
#define SHOWS(limit, part, ...) shows((limit), (part), (const char *const[]){ IP, __VA_ARGS__, NULL })
/* It does not, and does not any more. */
#define GONE(limit, part, ...) gone((limit), (part), (const char *const[]){ IP, __VA_ARGS__, NULL })

static bool
gone(int limit, const char *part, const char *const *argv)
{
	const int64_t begin = milliseconds();

	while (shows(0, part, argv)) {
		if (milliseconds() - begin > limit)
			return false;
		wait_a_little(100);
	}
	return true;
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* IPv4 leases, and router advertisements with a prefix to make addresses of. */
static void
start_upstream(void)
{
	const char *const argv[] = {
		DNSMASQ, "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--group=root", "--pid-file=",
		SAY("--dhcp-leasefile=%s/leases", box->instance->folder), "--no-resolv", "--no-hosts", "--port=0", "--interface=" WAN,
		"--bind-interfaces", "--dhcp-authoritative", "--no-ping", "--dhcp-range=198.51.100.100,198.51.100.199,1h",
		"--dhcp-option=option:router,198.51.100.1", "--dhcp-option=option:dns-server,198.51.100.1,203.0.113.53",
		"--dhcp-option=option:domain-name,isp.example", "--enable-ra", "--dhcp-range=2001:db8:100::,ra-only,64,1h", NULL,
	};

	upstream = box_start(box, OUTSIDE, argv);
}

static bool
is_tentative(void)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, OUTSIDE, &out, IP, "-6", "address", "show", "dev", WAN, "scope", "link");
	return !text_contains(buffer_text(&out), TEXT("fe80:")) || text_contains(buffer_text(&out), TEXT("tentative"));
}

/* Kea is what delegates: dnsmasq cannot. */
static void
start_delegation(void)
{
	const char *configuration = SAY(
		"{\"Dhcp6\":{\"data-directory\":\"%s\",\"interfaces-config\":{\"interfaces\":[\"" WAN "\"]},\"lease-database\":{\"type\":\"memfile\",\"persist\":false},"
		"\"preferred-lifetime\":3000,\"valid-lifetime\":4000,\"subnet6\":[{\"subnet\":\"2001:db8:100::/64\","
		"\"interface\":\"" WAN "\",\"pools\":[{\"pool\":\"2001:db8:100::1000-2001:db8:100::1fff\"}],"
		"\"pd-pools\":[{\"prefix\":\"2001:db8:ab00::\",\"prefix-len\":40,\"delegated-len\":56}]}]}}", box->instance->folder);
	const char *path = SAY("%s/kea6.json", box->instance->folder);

	write_file(path, configuration);
	/* It needs a link-local address that is known to be nobody else's. */
	for (int i = 0; i < 1200 && is_tentative(); i++)
		wait_a_little(50);
	delegation = box_start(box, OUTSIDE,
			       (const char *const[]){ "/usr/bin/env", SAY("KEA_LOCKFILE_DIR=%s", box->instance->folder),
						      SAY("KEA_PIDFILE_DIR=%s", box->instance->folder), KEA, "-c", path, NULL });
}

static void
set_interface(const char *key, const char *values)
{
	const struct value *answer = must_post(box->client, box->arena, SAY("/api/interfaces/assignment/set_item/%s", key),
					       SAY("{\"interface\":{%s}}", values));

	CHECK_STRING(at(box->arena, answer, "result"), "saved");
	answer = must_post(box->client, box->arena, "/api/interfaces/assignment/reconfigure", "{}");
	CHECK_STRING(at(box->arena, answer, "status"), "ok");
}

static const struct value *
gateway(const char *name)
{
	const struct value *rows = value_get(must_post(box->client, box->arena, "/api/routing/settings/search_gateway", "{}"), "rows");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, rows->members[i].value, "name"), name) == 0)
			return rows->members[i].value;
	return NULL;
}

/* --- tests ---------------------------------------------------------------------------------------------- */

TEST(the_wan_is_given_an_address_and_a_gateway)
{
	CHECK(SHOWS(PATIENCE, "inet 198.51.100.1", "-4", "address", "show", "dev", WAN));
	CHECK(SHOWS(PATIENCE, "default via 198.51.100.1 dev " WAN, "-4", "route"));
	CHECK(SHOWS(PATIENCE, "inet6 2001:db8:100:", "-6", "address", "show", "dev", WAN));
	CHECK(SHOWS(PATIENCE, "default via fe80:", "-6", "route"));
	CHECK(SHOWS(0, "inet 192.168.1.1/24", "-4", "address", "show", "dev", LAN));
	for (int i = 0; i < 1200 && strcmp(at(box->arena, gateway("WAN_DHCP6"), "gateway"), "") == 0; i++)
		wait_a_little(50);
	CHECK(box_daemon(box, DHCPCD) > 0);
}

TEST(what_was_given_is_a_gateway_in_both_dialects)
{
	const struct value *row = gateway("WAN_DHCP");
	const struct value *data;

	CHECK(row);
	CHECK_STRING(at(box->arena, row, "gateway"), "198.51.100.1");
	CHECK_STRING(at(box->arena, row, "status"), "Online");
	CHECK_STRING(at(box->arena, row, "if"), WAN);
	CHECK(value_get(row, "virtual")->truth && value_get(row, "defaultgw")->truth);
	row = gateway("WAN_DHCP6");
	CHECK(row);
	CHECK(text_starts(text_of(at(box->arena, row, "gateway")), TEXT("fe80:")));
	data = value_get(must_get(box->client, box->arena, "/api/v1/status/gateway"), "data");
	CHECK_STRING(at(box->arena, data, "0.name"), "WAN_DHCP");
	CHECK(text_starts(text_of(at(box->arena, data, "0.srcip")), TEXT("198.51.100.1")));
	/* By the name that it has, without a record of its own. */
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/routes/routes/addroute",
					      "{\"route\":{\"network\":\"203.0.113.0/24\",\"gateway\":\"WAN_DHCP\"}}"),
			"result"), "saved");
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/routes/routes/reconfigure", "{}"), "status"), "ok");
	CHECK(SHOWS(0, "203.0.113.0/24 via 198.51.100.1 dev " WAN, "-4", "route"));
}

TEST(the_overview_shows_what_is_there)
{
	const struct value *answer = must_get(box->client, box->arena, "/api/interfaces/overview/interfaces_info/1");
	const struct value *rows = value_get(answer, "rows"), *row = NULL;
	const struct value *data = value_get(must_get(box->client, box->arena, "/api/v1/status/interface"), "data");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, rows->members[i].value, "device"), WAN) == 0)
			row = rows->members[i].value;
	CHECK(row);
	CHECK_STRING(at(box->arena, row, "identifier"), "wan");
	CHECK_STRING(at(box->arena, row, "status"), "up");
	CHECK_STRING(at(box->arena, row, "link_type"), "dhcp");
	CHECK(text_starts(text_of(at(box->arena, row, "addr4")), TEXT("198.51.100.1")));
	CHECK_STRING(at(box->arena, row, "gateways.0"), "198.51.100.1");
	CHECK_STRING(at(box->arena, row, "ifctl.nameserver") , "");
	CHECK_STRING(at(box->arena, value_get(row, "ifctl.nameserver"), "0"), "198.51.100.1");
	CHECK_STRING(at(box->arena, value_get(row, "ifctl.searchdomain"), "0"), "isp.example");
	CHECK_STRING(at(box->arena, row, "config.type4"), "dhcp");
	CHECK(strcmp(at(box->arena, value_get(row, "statistics"), "packets received"), "0") != 0);
	CHECK_STRING(at(box->arena, value_at(data, 0), "gateway"), "198.51.100.1");
	CHECK_STRING(at(box->arena, value_at(data, 0), "dhcplink"), "up");
	answer = must_get(box->client, box->arena, "/api/interfaces/overview/get_interface/" WAN);
	CHECK_STRING(at(box->arena, answer, "message.device.value"), WAN);
	answer = must_get(box->client, box->arena, "/api/interfaces/overview/get_interface/nobody");
	CHECK_STRING(at(box->arena, answer, "message"), "failed");
	answer = must_post(box->client, box->arena, "/api/interfaces/overview/reload_interface/wan", "{}");
	CHECK_STRING(at(box->arena, answer, "message"), "OK");
	CHECK(text_starts(text_of(at(box->arena, must_get(box->client, box->arena, "/api/interfaces/settings/get"), "duids.ll")),
			  TEXT("00:03:00:01:")));
}

TEST(name_servers_that_were_given_are_asked)
{
	scoped_buffer out = BUFFER_NONE;

	must(box->client, box->arena, "PUT", "/api/v1/system/hostname", "{\"hostname\":\"box\",\"domain\":\"home.example\"}");
	must(box->client, box->arena, "PUT", "/api/v1/system/dns", "{\"dnsserver\":[\"192.0.2.53\"],\"dnsallowoverride\":true}");
	for (int i = 0; i < 1200 && !text_contains(buffer_text(&out), TEXT("203.0.113.53")); i++) {
		wait_a_little(50);
		buffer_cut(&out, 0);
		BOX_RUN(box, INSIDE, &out, "/usr/bin/cat", "/etc/resolv.conf");
	}
	CHECK(text_contains(buffer_text(&out), TEXT("nameserver 192.0.2.53")));
	CHECK(text_contains(buffer_text(&out), TEXT("nameserver 198.51.100.1")));
	CHECK(text_contains(buffer_text(&out), TEXT("nameserver 203.0.113.53")));
}

TEST(a_delegated_prefix_reaches_the_lan)
{
	CHECK(SHOWS(PATIENCE, "inet6 2001:db8:ab", "-6", "address", "show", "dev", LAN));
	CHECK(SHOWS(PATIENCE, "::1/64", "-6", "address", "show", "dev", LAN));
	CHECK(SHOWS(PATIENCE, "unreachable 2001:db8:ab", "-6", "route"));
	CHECK(SHOWS(PATIENCE, "inet6 2001:db8:100::1", "-6", "address", "show", "dev", WAN));
	/* Another network of the same prefix. */
	set_interface("lan", "\"track6-prefix-id\":\"0x2a\",\"track6_ifid\":\"0x99\"");
	CHECK(SHOWS(PATIENCE, "2a::99/64", "-6", "address", "show", "dev", LAN));
	CHECK(GONE(PATIENCE, "::1/64", "-6", "address", "show", "dev", LAN));
	/* One more than a /56 has. */
	must_post(box->client, box->arena, "/api/interfaces/assignment/set_item/lan",
		  "{\"interface\":{\"track6-prefix-id\":\"0x100\"}}");
	const struct answer answer = post(box->client, box->arena, "/api/interfaces/assignment/reconfigure", "{}");

	CHECK(text_contains(answer.body, TEXT("no network 0x100")));
	set_interface("lan", "\"track6-prefix-id\":\"0x0\",\"track6_ifid\":\"\"");
	CHECK(SHOWS(PATIENCE, "::1/64", "-6", "address", "show", "dev", LAN));
}

TEST(a_client_that_dies_is_there_again_and_the_address_stays)
{
	const pid_t before = box_daemon(box, DHCPCD);
	pid_t       now = 0;

	kill(before, SIGKILL);
	CHECK(SHOWS(0, "inet 198.51.100.1", "-4", "address", "show", "dev", WAN));
	for (int i = 0; i < 1200 && (now == 0 || now == before); i++) {
		wait_a_little(50);
		now = box_daemon(box, DHCPCD);
	}
	CHECK(now > 0 && now != before);
	CHECK(SHOWS(0, "inet 198.51.100.1", "-4", "address", "show", "dev", WAN));
}

TEST(a_link_that_comes_back_is_given_its_address_again)
{
	IP_OUTSIDE("link", "set", WAN, "down");
	for (int i = 0; i < 1200 && strcmp(at(box->arena, gateway("WAN_DHCP"), "status"), "Offline") != 0; i++)
		wait_a_little(50);
	CHECK_STRING(at(box->arena, gateway("WAN_DHCP"), "status"), "Offline");
	CHECK(SHOWS(0, "inet 192.168.1.1/24", "-4", "address", "show", "dev", LAN));
	IP_OUTSIDE("link", "set", WAN, "up");
	IP_OUTSIDE("-6", "address", "replace", "2001:db8:100::1/64", "dev", WAN, "nodad");
	CHECK(SHOWS(PATIENCE, "inet 198.51.100.1", "-4", "address", "show", "dev", WAN));
	CHECK(SHOWS(PATIENCE, "default via 198.51.100.1 dev " WAN, "-4", "route"));
}

TEST(what_was_given_goes_when_it_is_not_asked_for)
{
	set_interface("wan", "\"type4\":\"staticv4\",\"ipaddr\":\"198.51.100.9/24\",\"type6\":\"none\"");
	CHECK(SHOWS(PATIENCE, "inet 198.51.100.9/24", "-4", "address", "show", "dev", WAN));
	CHECK(GONE(PATIENCE, "dynamic", "-4", "address", "show", "dev", WAN));
	CHECK(GONE(PATIENCE, "inet6 2001:db8:100:", "-6", "address", "show", "dev", WAN));
	CHECK(GONE(PATIENCE, "default via 198.51.100.1", "-4", "route"));
	CHECK_NUMBER(box_daemon(box, DHCPCD), 0);
	CHECK(!gateway("WAN_DHCP"));
}

/* --- the box -------------------------------------------------------------------------------------------- */

static int
set_up(void **state)
{
	(void)state;
	box = box_new();
	IP_OUTSIDE("address", "add", "198.51.100.1/24", "dev", WAN);
	IP_OUTSIDE("-6", "address", "add", "2001:db8:100::1/64", "dev", WAN, "nodad");
	write_file(SAY("%s/leases", box->instance->folder), "");
	start_upstream();
	start_delegation();
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}"), "status"), "ok");
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/routing/settings/reconfigure", "{}"), "status"), "ok");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	box_end(upstream);
	box_end(delegation);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wan_is_given_an_address_and_a_gateway),
		cmocka_unit_test(what_was_given_is_a_gateway_in_both_dialects), cmocka_unit_test(the_overview_shows_what_is_there),
		cmocka_unit_test(name_servers_that_were_given_are_asked),
		cmocka_unit_test(a_delegated_prefix_reaches_the_lan),
		cmocka_unit_test(a_client_that_dies_is_there_again_and_the_address_stays),
		cmocka_unit_test(a_link_that_comes_back_is_given_its_address_again),
		cmocka_unit_test(what_was_given_goes_when_it_is_not_asked_for),
	};

	instance_programs(argc, argv);
	box_need(DNSMASQ, DHCPCD, KEA, IP, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
