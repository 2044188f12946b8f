/* dnsmasq gives what clients configured: leases, names, advertisements; and nothing that they did not. */
#include <signal.h>
#include <string.h>

#include "box.h"
#include "lease.h"
#include "test.h"
#include "together.h"

#define DNSMASQ "/usr/sbin/dnsmasq"
#define DIG     "/usr/bin/dig"
#define RDISC6  "/usr/bin/rdisc6"

static struct box *box;

static const char *
add(const char *kind, const char *body)
{
	const char         *path = arena_print(box->arena, "/api/dnsmasq/settings/add_%s", kind);
	const struct value *said = must_post(box->client, box->arena, path, body);

	if (strcmp(at(box->arena, said, "result"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
	return at(box->arena, said, "uuid");
}

static const char *
dig(const char *name, const char *type)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, DIG, "+short", "+time=5", "+tries=5", "-p", "53053", "@192.168.1.1", name, type);
	return arena_copy(box->arena, text_trim(buffer_text(&out)));
}

static struct lease
take(const char *mac)
{
	const struct lease_wish wish = { .device = "em0", .mac = mac };

	return lease_take(box, &wish);
}

/* What is there before anybody changed anything, through its packet filter. */
TEST(the_factory_configuration_gives_addresses)
{
	struct lease lease;

	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	box_reconfigure(box, "dnsmasq");
	lease = take("02:00:00:00:00:01");
	CHECK(lease.is_there);
	CHECK(strncmp(lease.address, "192.168.1.1", 11) == 0);
	CHECK(text_equal(lease_option(&lease, 3), (struct text){ "\xc0\xa8\x01\x01", 4 }));
}

/* Everything a client can put into an option is in the packet, as it was, and means nothing on the way. */
TEST(a_hostile_value_is_a_value)
{
	static const char *const values[][2] = {
		{ "a\\\"b\\\\c", "a\"b\\c" }, { "x #comment", "x #comment" }, { "q\\\" dhcp-script=/bin/sh", "q\" dhcp-script=/bin/sh" },
		{ "tag:x;option:6", "tag:x;option:6" }, { "\\\"in, quotes\\\"", "in, quotes" }, { "$(id) `id` %n%s", "$(id) `id` %n%s" },
		{ "caf\\u00e9", "caf\xc3\xa9" },
	};
	const struct lease_wish wish = { .device = "em0", .mac = "02:00:00:00:00:02", .asked = "0371" };

	for (size_t i = 0; i < COUNT(values); i++) {
		const char *uuid = add("option", arena_print(box->arena,
			"{\"option\":{\"type\":\"set\",\"option\":\"113\",\"interface\":\"lan\",\"value\":\"%s\"}}", values[i][0]));
		struct lease lease;

		box_reconfigure(box, "dnsmasq");
		lease = lease_take(box, &wish);
		CHECK(lease.is_there);
		CHECK_STRING(arena_copy(box->arena, lease_option(&lease, 113)), values[i][1]);
		must_post(box->client, box->arena, arena_print(box->arena, "/api/dnsmasq/settings/del_option/%s", uuid), "{}");
	}
}

/* It would be read as two lines, of which the second says what the client wants. */
TEST(a_value_that_is_too_long_is_refused_and_named)
{
	char        value[1300];
	const char *uuid, *body;

	memset(value, 'a', sizeof(value));
	memcpy(value + sizeof(value) - 20, "port=9999", 10);
	body = arena_print(box->arena, "{\"option\":{\"type\":\"set\",\"option\":\"113\",\"value\":\"%s\"}}", value);
	uuid = add("option", body);
	const struct answer answer = post(box->client, box->arena, "/api/dnsmasq/service/reconfigure", "{}");

	CHECK(answer.status != 200 || strcmp(at(box->arena, answer.json, "status"), "ok") != 0);
	CHECK(text_contains(answer.body, TEXT("too long")));
	must_post(box->client, box->arena, arena_print(box->arena, "/api/dnsmasq/settings/del_option/%s", uuid), "{}");
	box_reconfigure(box, "dnsmasq");
}

/* Names and places of clients are taken by the process that runs. */
TEST(a_reserved_place_and_a_name_are_there_without_a_restart)
{
	const pid_t before = box_daemon(box, DNSMASQ);
	struct lease lease;

	CHECK(before > 0);
	add("host", "{\"host\":{\"host\":\"printer\",\"domain\":\"home.example\",\"ip\":\"192.168.1.50\",\"hwaddr\":\"02:00:00:00:00:50\"}}");
	add("host", "{\"host\":{\"host\":\"nas\",\"domain\":\"home.example\",\"ip\":\"192.168.1.9,2001:db8::9\"}}");
	box_reconfigure(box, "dnsmasq");
	CHECK_STRING(dig("nas.home.example", "A"), "192.168.1.9");
	CHECK_STRING(dig("nas.home.example", "AAAA"), "2001:db8::9");
	CHECK_STRING(dig("printer.home.example", "A"), "192.168.1.50");
	lease = take("02:00:00:00:00:50");
	CHECK_STRING(lease.address, "192.168.1.50");
	CHECK_NUMBER(box_daemon(box, DNSMASQ), before);
}

/* Such names would be a time, or an order to ignore the client. */
TEST(a_name_that_is_a_word_of_dnsmasq_is_a_name)
{
	static const char *const names[] = { "ignore", "infinite", "12h", "99" };

	for (size_t i = 0; i < COUNT(names); i++) {
		const char             *mac = arena_print(box->arena, "02:00:00:00:01:%02zu", i);
		const struct lease_wish wish = { .device = "em0", .mac = mac, .asked = "03060c" };
		struct lease            lease;

		add("host", arena_print(box->arena, "{\"host\":{\"host\":\"%s\",\"ip\":\"192.168.1.%zu\",\"hwaddr\":\"%s\"}}", names[i],
					60 + i, mac));
		box_reconfigure(box, "dnsmasq");
		lease = lease_take(box, &wish);
		CHECK_STRING(lease.address, arena_print(box->arena, "192.168.1.%zu", 60 + i));
		CHECK_STRING(arena_copy(box->arena, lease_option(&lease, 12)), names[i]);
	}
}

TEST(other_names_wildcards_and_domains_are_answered)
{
	add("host", "{\"host\":{\"host\":\"web\",\"domain\":\"home.example\",\"ip\":\"192.168.1.10\",\"cnames\":\"www.home.example\","
		    "\"aliases\":\"intra.example\"}}");
	add("host", "{\"host\":{\"host\":\"*\",\"domain\":\"apps.example\",\"ip\":\"192.168.1.7\"}}");
	add("domain", "{\"domainoverride\":{\"sequence\":\"1\",\"domain\":\"nowhere.example\",\"ip\":\"!\"}}");
	box_reconfigure(box, "dnsmasq");
	CHECK_STRING(dig("www.home.example", "A"), "web.home.example.\n192.168.1.10");
	CHECK_STRING(dig("intra.example", "A"), "192.168.1.10");
	CHECK_STRING(dig("any.apps.example", "A"), "192.168.1.7");
	CHECK_STRING(dig("x.nowhere.example", "A"), "");
}

TEST(leases_are_listed_with_who_and_where)
{
	const struct value *answer =
		must_post(box->client, box->arena, "/api/dnsmasq/leases/search", "{\"searchPhrase\":\"02:00:00:00:00:50\"}");
	const struct value *row = value_at(value_get(answer, "rows"), 0);

	CHECK_NUMBER(value_count(value_get(answer, "rows")), 1);
	CHECK_STRING(at(box->arena, row, "address"), "192.168.1.50");
	CHECK_STRING(at(box->arena, row, "hwaddr"), "02:00:00:00:00:50");
	CHECK_STRING(at(box->arena, row, "hostname"), "printer");
	CHECK_STRING(at(box->arena, row, "if"), "em0");
	CHECK_STRING(at(box->arena, row, "if_name"), "lan");
	CHECK_STRING(at(box->arena, row, "if_descr"), "LAN");
	CHECK_STRING(at(box->arena, row, "is_reserved.0"), "hwaddr");
	CHECK(value_is(value_get(row, "expire"), VALUE_INTEGER) && value_get(row, "iaid") && value_get(row, "client_id") &&
	      value_get(row, "mac_info"));
	CHECK_STRING(at(box->arena, answer, "interfaces.lan"), "LAN");
	row = value_path(must_post(box->client, box->arena, "/api/dhcpv4/leases/searchLease", "{\"searchPhrase\":\"02:00:00:00:00:50\"}"),
			 "rows.0");
	CHECK_STRING(at(box->arena, row, "hostname"), "printer");
	CHECK_STRING(at(box->arena, row, "if"), "lan");
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/dhcpv4/service/status"), "status"), "running");
}

TEST(addresses_of_either_family_are_given_and_announced)
{
	const struct lease_wish wish = { .device = "em0", .mac = "02:00:00:00:00:06" };
	scoped_buffer           heard = BUFFER_NONE;
	struct lease            lease;

	must_post(box->client, box->arena, "/api/interfaces/vip_settings/add_item",
		  "{\"vip\":{\"mode\":\"ipalias\",\"interface\":\"lan\",\"subnet\":\"2001:db8:5::1\",\"subnet_bits\":\"64\"}}");
	must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}");
	box_reconfigure(box, "dnsmasq");
	lease = lease_take6(box, &wish);
	CHECK(lease.is_there);
	CHECK(strncmp(lease.address, "2001:db8:5::1", 13) == 0);
	BOX_RUN(box, OUTSIDE, &heard, RDISC6, "-1", "-r", "5", "em0");
	CHECK(text_contains(buffer_text(&heard), TEXT("2001:db8:5::/64")));
	const struct value *row = value_path(must_post(box->client, box->arena, "/api/dnsmasq/leases/search",
						       "{\"selected_protocol\":\"ipv6\"}"), "rows.0");

	CHECK_STRING(at(box->arena, row, "address"), lease.address);
	CHECK_STRING(at(box->arena, row, "client_id"), "00:03:00:01:02:00:00:00:00:06");
}

/* --- Many at once ---------------------------------------------------------------------------------------- */

static const char *
body_of(struct arena *arena, unsigned caller)
{
	return arena_print(arena, "{\"host\":{\"host\":\"c%u\",\"domain\":\"many.example\",\"ip\":\"10.7.0.%u\"}}", caller, caller);
}

static bool
is_answered(const struct box *asked, struct arena *arena, unsigned caller)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(asked, INSIDE, &out, DIG, "+short", "+time=5", "+tries=3", "-p", "53053", "@192.168.1.1",
		arena_print(arena, "c%u.many.example", caller));
	return text_is(text_trim(buffer_text(&out)), arena_print(arena, "10.7.0.%u", caller));
}

/* Names, which it takes while it runs. */
TEST(many_who_ask_at_once_share_the_work)
{
	static const struct together together = { "dnsmasq", "dnsmasq has its new configuration", "/api/dnsmasq/settings/add_host",
						  body_of, is_answered };

	together_check(box, &together);
}

TEST(it_stops_when_it_is_switched_off)
{
	must_post(box->client, box->arena, "/api/dnsmasq/settings/set", "{\"dnsmasq\":{\"enable\":\"0\"}}");
	box_reconfigure(box, "dnsmasq");
	CHECK_NUMBER(box_daemon(box, DNSMASQ), 0);
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/dnsmasq/service/status"), "status"), "disabled");
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
		cmocka_unit_test(the_factory_configuration_gives_addresses), cmocka_unit_test(a_hostile_value_is_a_value),
		cmocka_unit_test(a_value_that_is_too_long_is_refused_and_named),
		cmocka_unit_test(a_reserved_place_and_a_name_are_there_without_a_restart),
		cmocka_unit_test(a_name_that_is_a_word_of_dnsmasq_is_a_name),
		cmocka_unit_test(other_names_wildcards_and_domains_are_answered), cmocka_unit_test(leases_are_listed_with_who_and_where),
		cmocka_unit_test(addresses_of_either_family_are_given_and_announced),
		cmocka_unit_test(many_who_ask_at_once_share_the_work), cmocka_unit_test(it_stops_when_it_is_switched_off),
	};

	instance_programs(argc, argv);
	box_need(DNSMASQ, DIG, RDISC6, NULL);
	box = box_new();
	must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}");
	return cmocka_run_group_tests(tests, NULL, end);
}
