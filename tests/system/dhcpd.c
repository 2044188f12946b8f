/* What clients of pfSense configure of DHCP and the forwarder is given by real servers, and shown by the other dialect where it knows it. */
#include <string.h>

#include "box.h"
#include "lease.h"
#include "test.h"

#define KEA4 "/usr/sbin/kea-dhcp4"
#define DIG  "/usr/bin/dig"
#define IP   "/usr/sbin/ip"

static struct box *box;

static const struct value *
say(const char *method, const char *url, const char *body)
{
	const char         *path = arena_print(box->arena, "/api/v1/%s", url);
	const struct value *said = must(box->client, box->arena, method, path, body);

	if (strcmp(at(box->arena, said, "return"), "0") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
	return value_get(said, "data");
}

static struct lease
take(const char *mac)
{
	const struct lease_wish wish = { .device = "em0", .mac = mac, .asked = "0103060f773c2a" };

	return lease_take(box, &wish);
}

static bool
gets_nothing(const char *mac)
{
	const struct lease_wish wish = { .device = "em0", .mac = mac, .limit = 2500 };

	return !lease_take(box, &wish).is_there;
}

TEST(a_pool_with_its_options_is_served)
{
	struct lease lease;

	say("PUT", "services/dhcpd", "{\"interface\":\"lan\",\"enable\":true,\"range_from\":\"192.168.1.30\",\"range_to\":\"192.168.1.39\","
	    "\"domain\":\"office.example\",\"domainsearchlist\":[\"a.example\",\"b.example\"],\"dnsserver\":[\"9.9.9.9\"],"
	    "\"defaultleasetime\":600,\"maxleasetime\":900,"
	    "\"numberoptions\":[{\"number\":60,\"type\":\"text\",\"value\":\"it's; } # \\\\\"},"
	    "{\"number\":42,\"type\":\"string\",\"value\":\"c0:00:02:01\"}]}");
	lease = take("02:00:00:00:00:01");
	CHECK(lease.is_there);
	CHECK(strncmp(lease.address, "192.168.1.3", 11) == 0);
	CHECK_NUMBER(lease.seconds, 600);
	CHECK(text_is(lease_option(&lease, 15), "office.example"));
	CHECK(text_equal(lease_option(&lease, 6), (struct text){ "\x09\x09\x09\x09", 4 }));
	CHECK(text_equal(lease_option(&lease, 3), (struct text){ "\xc0\xa8\x01\x01", 4 }));
	CHECK(text_is(lease_option(&lease, 60), "it's; } # \\"));
	CHECK(text_equal(lease_option(&lease, 42), (struct text){ "\xc0\x00\x02\x01", 4 }));
	CHECK(text_equal(lease_option(&lease, 119), (struct text){ "\001a\007example\000\001b\007example\000", 22 }));
}

TEST(a_mapping_is_live_when_the_reply_is_there)
{
	const pid_t         before = box_daemon(box, KEA4);
	const struct value *list;
	scoped_buffer       neighbours = BUFFER_NONE;

	say("POST", "services/dhcpd/static_mapping", "{\"interface\":\"lan\",\"mac\":\"02:00:00:00:00:50\",\"ipaddr\":\"192.168.1.50\","
	    "\"hostname\":\"printer\",\"descr\":\"on the desk\",\"arp_table_static_entry\":true}");
	CHECK_STRING(take("02:00:00:00:00:50").address, "192.168.1.50");
	CHECK_NUMBER(box_daemon(box, KEA4), before);
	list = say("GET", "services/dhcpd/static_mapping?interface=lan", NULL);
	CHECK_STRING(at(box->arena, list, "0.mac"), "02:00:00:00:00:50");
	CHECK_STRING(at(box->arena, list, "0.descr"), "on the desk");
	CHECK_NUMBER(value_path(list, "0.id")->integer, 0);
	BOX_RUN(box, INSIDE, &neighbours, IP, "neighbour", "show", "192.168.1.50");
	CHECK(text_contains(buffer_text(&neighbours), TEXT("02:00:00:00:00:50 PERMANENT")));
}

TEST(leases_are_listed_in_its_words)
{
	static const char *const keys[] = { "ip", "type", "mac", "if", "start", "end", "staticmap_array_index", "hostname", "descr",
					    "online", "state" };
	const struct value *list = say("GET", "services/dhcpd/lease", NULL), *fixed = NULL, *other = NULL;

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *row = list->members[i].value;

		for (size_t k = 0; k < COUNT(keys); k++)
			CHECK(value_get(row, keys[k]));
		if (strcmp(at(box->arena, row, "ip"), "192.168.1.50") == 0)
			fixed = row;
		else if (strcmp(at(box->arena, row, "mac"), "02:00:00:00:00:01") == 0)
			other = row;
	}
	CHECK_STRING(at(box->arena, fixed, "type"), "static");
	CHECK_STRING(at(box->arena, fixed, "state"), "static");
	CHECK_NUMBER(value_get(fixed, "staticmap_array_index")->integer, 0);
	CHECK_STRING(at(box->arena, other, "type"), "dynamic");
	CHECK_STRING(at(box->arena, other, "state"), "active");
	CHECK_STRING(at(box->arena, other, "if"), "lan");
	CHECK_NUMBER(strlen(at(box->arena, other, "end")), strlen("2026/01/02 03:04:05"));
	/* The same lease in the other dialect's words. */
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/kea/leases4/search",
					      "{\"searchPhrase\":\"02:00:00:00:00:01\"}"), "rows.0.hwaddr"), "02:00:00:00:00:01");
}

TEST(only_known_clients_are_served_when_it_says_so)
{
	say("PUT", "services/dhcpd", "{\"interface\":\"lan\",\"denyunknown\":true}");
	CHECK(gets_nothing("02:00:00:00:00:02"));
	CHECK_STRING(take("02:00:00:00:00:50").address, "192.168.1.50");
	say("PUT", "services/dhcpd", "{\"interface\":\"lan\",\"denyunknown\":false,\"mac_allow\":[\"02:00:00:aa\"]}");
	CHECK(gets_nothing("02:00:00:00:00:02"));
	CHECK(take("02:00:00:aa:00:02").is_there);
	say("PUT", "services/dhcpd", "{\"interface\":\"lan\",\"mac_allow\":[],\"mac_deny\":[\"02:00:00:bb\"]}");
	CHECK(gets_nothing("02:00:00:bb:00:02"));
	CHECK(take("02:00:00:00:00:03").is_there);
}

TEST(it_stops_and_starts_as_told)
{
	say("POST", "services/dhcpd/stop", "{}");
	CHECK_NUMBER(box_daemon(box, KEA4), 0);
	say("POST", "services/dhcpd/start", "{}");
	CHECK(box_daemon(box, KEA4) > 0);
	say("DELETE", "services/dhcpd/static_mapping", "{\"interface\":\"lan\",\"id\":0}");
	CHECK(strncmp(take("02:00:00:00:00:50").address, "192.168.1.3", 11) == 0);
	say("PUT", "services/dhcpd", "{\"interface\":\"lan\",\"enable\":false}");
	CHECK_NUMBER(box_daemon(box, KEA4), 0);
}

TEST(a_name_of_the_forwarder_is_the_same_in_both_dialects)
{
	scoped_buffer       out = BUFFER_NONE;
	const struct value *row;

	say("POST", "services/dnsmasq/host_override",
	    "{\"host\":\"wiki\",\"domain\":\"office.example\",\"ip\":\"192.168.1.9\",\"descr\":\"notes\","
	    "\"aliases\":[{\"host\":\"docs\",\"domain\":\"office.example\",\"description\":\"old\"}],\"apply\":true}");
	BOX_RUN(box, INSIDE, &out, DIG, "+short", "-p", "53053", "@192.168.1.1", "docs.office.example", "A");
	CHECK(text_is(text_trim(buffer_text(&out)), "192.168.1.9"));
	row = value_path(must_post(box->client, box->arena, "/api/dnsmasq/settings/search_host", "{}"), "rows.0");
	CHECK_STRING(at(box->arena, row, "host"), "wiki");
	CHECK_STRING(at(box->arena, row, "aliases"), "docs.office.example");
	must_post(box->client, box->arena, arena_print(box->arena, "/api/dnsmasq/settings/set_host/%s", at(box->arena, row, "uuid")),
		  "{\"host\":{\"ip\":\"192.168.1.10\",\"aliases\":\"kb.office.example\"}}");
	row = say("GET", "services/dnsmasq/host_override", NULL);
	CHECK_STRING(at(box->arena, row, "0.ip"), "192.168.1.10");
	CHECK_STRING(at(box->arena, row, "0.descr"), "notes");
	CHECK_STRING(at(box->arena, row, "0.aliases.item.0.host"), "kb");
	CHECK_STRING(at(box->arena, say("GET", "services/dnsmasq", NULL), "port"), "53053");
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
		cmocka_unit_test(a_pool_with_its_options_is_served), cmocka_unit_test(a_mapping_is_live_when_the_reply_is_there),
		cmocka_unit_test(leases_are_listed_in_its_words), cmocka_unit_test(only_known_clients_are_served_when_it_says_so),
		cmocka_unit_test(it_stops_and_starts_as_told),
		cmocka_unit_test(a_name_of_the_forwarder_is_the_same_in_both_dialects),
	};

	instance_programs(argc, argv);
	box_need(KEA4, DIG, IP, NULL);
	box = box_new();
	must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}");
	return cmocka_run_group_tests(tests, NULL, end);
}
