/* What the box says on a link unasked, and what it passes on: radvd and dhcrelay. */
#include <string.h>

#include "box.h"
#include "lease.h"
#include "test.h"

#define RADVD   "/usr/sbin/radvd"
#define RELAY   "/usr/sbin/dhcrelay"
#define RDISC6  "/usr/bin/rdisc6"
#define DNSMASQ "/usr/sbin/dnsmasq"
#define IP      "/usr/sbin/ip"

static struct box *box;

static const char *
save(const char *path, const char *body)
{
	const struct value *said = must_post(box->client, box->arena, path, body);

	if (strcmp(at(box->arena, said, "result"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
	return at(box->arena, said, "uuid");
}

static void
give_address(const char *interface, const char *address, unsigned bits)
{
	save("/api/interfaces/vip_settings/add_item",
	     arena_print(box->arena, "{\"vip\":{\"mode\":\"ipalias\",\"interface\":\"%s\",\"subnet\":\"%s\",\"subnet_bits\":\"%u\"}}",
			 interface, address, bits));
}

/* What a host on the LAN is told, once it has an address to ask from and this is in it. */
static const char *
discover(const char *want)
{
	scoped_buffer heard = BUFFER_NONE;

	for (int i = 0; i < 60; i++) {
		buffer_cut(&heard, 0);
		BOX_RUN(box, OUTSIDE, &heard, RDISC6, "-1", "-r", "1", "-w", "500", "em0");
		if (text_contains(buffer_text(&heard), text_of(want)))
			return arena_copy(box->arena, buffer_text(&heard));
		wait_a_little(100);
	}
	fail_msg("\"%s\" is not in: %s", want, buffer_string(&heard));
	return NULL;
}

/* --- Router advertisements ------------------------------------------------------------------------------- */

static const char *entry;

TEST(a_host_hears_what_is_configured)
{
	const char *said;

	entry = save("/api/radvd/settings/add_entry",
		     "{\"entries\":{\"interface\":\"lan\",\"mode\":\"assist\",\"AdvLinkMTU\":\"1400\",\"AdvDefaultPreference\":\"high\","
		     "\"RDNSS\":\"2001:db8::53,2001:db8::54,2001:db8::55,2001:db8::56\",\"DNSSL\":\"home.example\","
		     "\"routes\":\"2001:db8:7::/48\",\"AdvValidLifetime\":\"7200\",\"AdvPreferredLifetime\":\"3600\"}}");
	box_reconfigure(box, "radvd");
	said = discover("2001:db8:5::/64");
	CHECK(strstr(said, "7200"));
	CHECK(strstr(said, "2001:db8::53") && strstr(said, "2001:db8::56"));
	CHECK(strstr(said, "home.example"));
	CHECK(strstr(said, "2001:db8:7::/48"));
	CHECK(strstr(said, "1400"));
	CHECK(strstr(said, "high"));
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/radvd/service/status"), "status"), "running");
}

TEST(a_change_is_announced_by_the_same_process)
{
	const pid_t before = box_daemon(box, RADVD);

	CHECK(before > 0);
	save(arena_print(box->arena, "/api/radvd/settings/set_entry/%s", entry), "{\"entries\":{\"AdvLinkMTU\":\"1300\"}}");
	box_reconfigure(box, "radvd");
	discover("1300");
	CHECK_NUMBER(box_daemon(box, RADVD), before);
}

TEST(what_radvd_lacks_is_named)
{
	save(arena_print(box->arena, "/api/radvd/settings/set_entry/%s", entry), "{\"entries\":{\"nat64prefix\":\"64:ff9b::/96\"}}");
	const struct answer answer = post(box->client, box->arena, "/api/radvd/service/reconfigure", "{}");

	CHECK(text_contains(answer.body, TEXT("NAT64")));
	save(arena_print(box->arena, "/api/radvd/settings/set_entry/%s", entry), "{\"entries\":{\"nat64prefix\":\"\"}}");
	box_reconfigure(box, "radvd");
}

TEST(it_stops_with_its_last_entry)
{
	must_post(box->client, box->arena, arena_print(box->arena, "/api/radvd/settings/toggle_entry/%s/0", entry), "{}");
	box_reconfigure(box, "radvd");
	CHECK_NUMBER(box_daemon(box, RADVD), 0);
}

/* --- Relay --------------------------------------------------------------------------------------------------- */

/* A server behind the WAN that knows the LAN's network, and no way to it but the box. */
static pid_t
start_server(const char *range)
{
	const char *const argv[] = { DNSMASQ, "-d", "-C", "/dev/null", "--port=0", "--user=root", "--bind-dynamic", "--interface=em1",
				     "--dhcp-leasefile=/dev/null", arena_print(box->arena, "--dhcp-range=%s", range), NULL };

	return box_start(box, OUTSIDE, argv);
}

static const char *
relay_to(const char *server)
{
	const char *destination =
		save("/api/dhcrelay/settings/add_dest",
		     arena_print(box->arena, "{\"destination\":{\"name\":\"to %s\",\"server\":\"%s\"}}", server, server));

	return save("/api/dhcrelay/settings/add_relay",
		    arena_print(box->arena, "{\"relay\":{\"enabled\":\"1\",\"interface\":\"lan\",\"destination\":\"%s\","
				"\"agent_info\":\"1\"}}", destination));
}

TEST(a_request_is_passed_to_a_server_elsewhere)
{
	const struct lease_wish wish = { .device = "em0", .mac = "02:00:00:00:00:71" };
	const pid_t             server = start_server("192.168.1.60,192.168.1.69,255.255.255.0,1h");
	struct lease            lease;

	relay_to("192.0.2.10");
	box_reconfigure(box, "dhcrelay");
	lease = lease_take(box, &wish);
	box_end(server);
	CHECK(lease.is_there);
	CHECK(strncmp(lease.address, "192.168.1.6", 11) == 0);
	/* RFC 2131: whom it came through. */
	CHECK_NUMBER(memcmp(lease.packet + 24, "\xc0\xa8\x01\x01", 4), 0);
}

TEST(each_relay_says_whether_it_runs)
{
	const struct value *rows = value_get(must_post(box->client, box->arena, "/api/dhcrelay/settings/search_relay", "{}"), "rows");

	CHECK_NUMBER(value_count(rows), 1);
	CHECK_STRING(at(box->arena, rows, "0.status"), "green");
	must_post(box->client, box->arena, arena_print(box->arena, "/api/dhcrelay/settings/toggle_relay/%s/0",
						       at(box->arena, rows, "0.uuid")), "{}");
	box_reconfigure(box, "dhcrelay");
	rows = value_get(must_post(box->client, box->arena, "/api/dhcrelay/settings/search_relay", "{}"), "rows");
	CHECK_STRING(at(box->arena, rows, "0.status"), "grey");
	CHECK_NUMBER(box_daemon(box, RELAY), 0);
}

TEST(so_is_one_of_ipv6)
{
	const struct lease_wish wish = { .device = "em0", .mac = "02:00:00:00:00:72" };
	const pid_t             server = start_server("2001:db8:5::60,2001:db8:5::69,64,1h");
	struct lease            lease;

	relay_to("2001:db8:99::10");
	box_reconfigure(box, "dhcrelay");
	/* Its clients are let in. */
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	lease = lease_take6(box, &wish);
	box_end(server);
	CHECK(lease.is_there);
	CHECK(strncmp(lease.address, "2001:db8:5::6", 13) == 0);
}

static int
end(void **state)
{
	(void)state;
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_hears_what_is_configured), cmocka_unit_test(a_change_is_announced_by_the_same_process),
		cmocka_unit_test(what_radvd_lacks_is_named), cmocka_unit_test(it_stops_with_its_last_entry),
		cmocka_unit_test(a_request_is_passed_to_a_server_elsewhere), cmocka_unit_test(each_relay_says_whether_it_runs),
		cmocka_unit_test(so_is_one_of_ipv6),
	};

	instance_programs(argc, argv);
	box_need(RADVD, RELAY, RDISC6, DNSMASQ, IP, NULL);
	box = box_new();
	must_post(box->client, box->arena, "/api/dnsmasq/settings/set", "{\"dnsmasq\":{\"enable\":\"0\"}}");
	box_reconfigure(box, "dnsmasq");
	give_address("lan", "2001:db8:5::1", 64);
	give_address("wan", "192.0.2.1", 24);
	give_address("wan", "2001:db8:99::1", 64);
	must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", "192.0.2.10/24", "dev", "em1");
	BOX_RUN(box, OUTSIDE, NULL, IP, "route", "add", "192.168.1.0/24", "via", "192.0.2.1");
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", "2001:db8:99::10/64", "dev", "em1", "nodad");
	return cmocka_run_group_tests(tests, NULL, end);
}
