/* Kea gives what clients configured, in both families, and its leases are listed and taken back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "box.h"
#include "lease.h"
#include "test.h"
#include "together.h"

#define KEA4 "/usr/sbin/kea-dhcp4"
#define KEA6 "/usr/sbin/kea-dhcp6"
#define DHCLIENT "/usr/sbin/dhclient"

static struct box *box;

static const char *
post_fine(const char *path, const char *body, const char *key, const char *want)
{
	const struct value *said = must_post(box->client, box->arena, path, body);

	if (strcmp(at(box->arena, said, key), want) != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
	return at(box->arena, said, "uuid");
}

static const char *
add(const char *kind, const char *body)
{
	return post_fine(arena_print(box->arena, "/api/kea/%s", kind), body, "result", "saved");
}

static struct lease
take(const char *mac)
{
	const struct lease_wish wish = { .device = "em0", .mac = mac, .asked = "0103060c0f2a4344779a" };

	return lease_take(box, &wish);
}

static const char *subnet;

TEST(a_client_gets_an_address_and_what_goes_with_it)
{
	static const char domains[] = "\004home\007example\000\003lab\007example\000";
	struct lease      lease;

	add("dhcpv4/set", "{\"dhcpv4\":{\"general\":{\"enabled\":\"1\",\"interfaces\":\"lan\"}}}");
	subnet = add("dhcpv4/add_subnet", "{\"subnet4\":{\"subnet\":\"192.168.1.0/24\",\"pools\":\"192.168.1.30-192.168.1.39\","
		     "\"valid_lifetime\":\"600\",\"option_data\":{\"domain_search\":\"home.example,lab.example\","
		     "\"domain_name\":\"home.example\",\"boot_file_name\":\"a,b;\\\\\"}}}");
	box_reconfigure(box, "kea");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	lease = take("02:00:00:00:00:01");
	CHECK(lease.is_there);
	CHECK(strncmp(lease.address, "192.168.1.3", 11) == 0);
	CHECK_NUMBER(lease.seconds, 600);
	CHECK(text_equal(lease_option(&lease, 3), (struct text){ "\xc0\xa8\x01\x01", 4 }));
	CHECK(text_equal(lease_option(&lease, 6), (struct text){ "\xc0\xa8\x01\x01", 4 }));
	CHECK(text_is(lease_option(&lease, 15), "home.example"));
	CHECK(text_is(lease_option(&lease, 67), "a,b;\\"));
	CHECK(text_equal(lease_option(&lease, 119), (struct text){ domains, sizeof(domains) - 1 }));
}

/* A client that nobody wrote for this; it says what it was given to a program, which says it to us. */
TEST(a_foreign_client_understands_what_it_gets)
{
	static const char *const said[] = { "new_ip_address=192.168.1.3", "new_domain_name=home.example", "new_routers=192.168.1.1",
					    "new_dhcp_lease_time=600" };
	char          directory[] = "/tmp/dhclient.XXXXXX";
	scoped_buffer out = BUFFER_NONE;

	assert_non_null(mkdtemp(directory));
	const char *leases = arena_print(box->arena, "%s/leases", directory), *pid = arena_print(box->arena, "%s/pid", directory);

	BOX_RUN(box, OUTSIDE, &out, DHCLIENT, "-1", "-q", "-cf", "/dev/null", "-sf", "/usr/bin/env", "-lf", leases, "-pf", pid, "em0");
	BOX_RUN(box, OUTSIDE, NULL, DHCLIENT, "-x", "-q", "-cf", "/dev/null", "-sf", "/usr/bin/env", "-lf", leases, "-pf", pid, "em0");
	unlink(leases);
	unlink(pid);
	rmdir(directory);
	for (size_t i = 0; i < COUNT(said); i++)
		if (!text_contains(buffer_text(&out), text_of(said[i])))
			fail_msg("%s is not in: %s", said[i], buffer_string(&out));
}

/* In the same process: its other leases are not asked for again. */
TEST(a_reserved_address_is_given_without_a_restart)
{
	const pid_t  before = box_daemon(box, KEA4);
	struct lease lease;

	CHECK(before > 0);
	add("dhcpv4/add_reservation", arena_print(box->arena,
		"{\"reservation\":{\"subnet\":\"%s\",\"ip_address\":\"192.168.1.50\",\"hw_address\":\"02:00:00:00:00:50\","
		"\"hostname\":\"printer\",\"option_data\":{\"routers\":\"192.168.1.254\"}}}", subnet));
	box_reconfigure(box, "kea");
	lease = take("02:00:00:00:00:50");
	CHECK_STRING(lease.address, "192.168.1.50");
	CHECK(text_is(lease_option(&lease, 12), "printer"));
	CHECK(text_equal(lease_option(&lease, 3), (struct text){ "\xc0\xa8\x01\xfe", 4 }));
	CHECK_NUMBER(box_daemon(box, KEA4), before);
}

/* Whatever a text has in it arrives as it was. */
TEST(a_hostile_value_is_a_value)
{
	static const char *const values[][2] = {
		{ "', \\\\, }] /* // # <?include ?>", "', \\, }] /* // # <?include ?>" }, { "caf\\u00e9 \\u0001", "caf\xc3\xa9 \x01" },
		{ "${x} %s $(id) `id`", "${x} %s $(id) `id`" },
	};

	for (size_t i = 0; i < COUNT(values); i++) {
		const char *option = add("dhcpv4/add_option", arena_print(box->arena,
			"{\"option\":{\"code\":\"67\",\"encoding\":\"string\",\"data\":\"%s\",\"description\":\"o%zu\"}}", values[i][0], i));
		struct lease lease;

		post_fine(arena_print(box->arena, "/api/kea/dhcpv4/set_subnet/%s", subnet), arena_print(box->arena,
			  "{\"subnet4\":{\"option\":\"%s\",\"option_data\":{\"boot_file_name\":\"\"}}}", option), "result", "saved");
		box_reconfigure(box, "kea");
		lease = take("02:00:00:00:00:02");
		CHECK_STRING(arena_copy(box->arena, lease_option(&lease, 67)), values[i][1]);
	}
}

TEST(an_option_with_a_condition_is_for_those_who_meet_it)
{
	const struct lease_wish wish = { .device = "em0", .mac = "02:00:00:00:00:03", .client_id = "00abcd", .asked = "0342" };
	const char *option = add("dhcpv4/add_option",
		"{\"option\":{\"code\":\"66\",\"encoding\":\"string\",\"data\":\"for some\",\"match_code\":\"12\","
		"\"match_encoding\":\"string\",\"match_data\":\"special\",\"description\":\"conditional\"}}");
	struct lease_wish special = wish;
	struct lease      lease;

	special.hostname = "special";
	post_fine(arena_print(box->arena, "/api/kea/dhcpv4/set_subnet/%s", subnet),
		  arena_print(box->arena, "{\"subnet4\":{\"option\":\"%s\"}}", option), "result", "saved");
	box_reconfigure(box, "kea");
	lease = lease_take(box, &wish);
	CHECK(lease.is_there && lease_option(&lease, 66).len == 0);
	lease = lease_take(box, &special);
	CHECK(text_is(lease_option(&lease, 66), "for some"));
}

static const struct value *
row_of(const char *version, const char *address)
{
	const struct value *answer = must_post(box->client, box->arena, arena_print(box->arena, "/api/kea/leases%s/search", version),
					       arena_print(box->arena, "{\"searchPhrase\":\"%s\"}", address));

	return value_at(value_get(answer, "rows"), 0);
}

/* The same lease as a client of 25.1 asks for it. */
static const struct value *
older_row_of(const char *list, const char *phrase)
{
	const struct value *answer = must_post(box->client, box->arena, arena_print(box->arena, "/api/%s", list),
					       arena_print(box->arena, "{\"searchPhrase\":\"%s\",\"inactive\":\"0\"}", phrase));

	return value_at(value_get(answer, "rows"), 0);
}

TEST(older_clients_see_leases_in_their_words)
{
	static const char *const members[][2] = { { "address", "192.168.1.50" }, { "type", "static" }, { "state", "active" },
						  { "mac", "02:00:00:00:00:50" }, { "hostname", "printer" }, { "if", "lan" },
						  { "if_descr", "LAN" } };
	const struct value *row = older_row_of("dhcpv4/leases/searchLease", "192.168.1.50");

	for (size_t i = 0; i < COUNT(members); i++)
		CHECK_STRING(at(box->arena, row, members[i][0]), members[i][1]);
	CHECK_NUMBER(strlen(at(box->arena, row, "ends")), strlen("2026/11/29 13:00:00"));
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/dhcpv4/leases/searchLease"), "interfaces.lan"), "LAN");
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/dhcpv4/service/status"), "status"), "running");
	post_fine("/api/dhcpv4/leases/delLease/192.168.1.50", "{}", "result", "deleted");
	CHECK(!older_row_of("dhcpv4/leases/searchLease", "192.168.1.50"));
	post_fine("/api/dhcpv4/leases/delLease/192.168.1.50", "{}", "result", "failed");
	CHECK(take("02:00:00:00:00:50").is_there);
}

TEST(leases_are_listed_and_taken_back)
{
	static const char *const keys[] = { "address", "prefix_len", "type", "hwaddr", "duid", "client_id", "iaid", "valid_lifetime",
					    "expire", "hostname", "state", "if", "if_descr", "is_reserved", "if_name", "mac_info" };
	const struct value *row = row_of("4", "192.168.1.50"), *answer;

	CHECK_NUMBER(row->count, COUNT(keys));
	for (size_t i = 0; i < COUNT(keys); i++)
		CHECK(text_is(row->members[i].name, keys[i]));
	CHECK_STRING(at(box->arena, row, "hwaddr"), "02:00:00:00:00:50");
	CHECK_STRING(at(box->arena, row, "hostname"), "printer");
	CHECK_STRING(at(box->arena, row, "if_name"), "lan");
	CHECK_STRING(at(box->arena, row, "is_reserved.0"), "hwaddr");
	CHECK_NUMBER(value_get(row, "state")->integer, 0);
	CHECK_NUMBER(value_get(row, "valid_lifetime")->integer, 600);
	answer = must_get(box->client, box->arena, "/api/kea/leases4/search");
	CHECK(value_path(answer, "stats.active")->integer >= 3);
	CHECK_STRING(at(box->arena, answer, "interfaces.lan"), "LAN");
	post_fine("/api/kea/leases4/del_lease/192.168.1.50", "{}", "status", "ok");
	CHECK(!row_of("4", "192.168.1.50"));
	CHECK(post(box->client, box->arena, "/api/kea/leases4/del_lease/192.168.1.50", "{}").status == 500);
}

TEST(an_address_and_a_prefix_of_ipv6_are_given)
{
	const struct lease_wish wish = { .device = "em0", .mac = "02:00:00:00:00:61", .wants_prefix = true };
	const struct lease_wish known = { .device = "em0", .mac = "02:00:00:00:00:62" };
	const char             *six, *delegated;
	struct text             prefix;
	struct lease            lease;

	post_fine("/api/interfaces/vip_settings/add_item",
		  "{\"vip\":{\"mode\":\"ipalias\",\"interface\":\"lan\",\"subnet\":\"2001:db8:5::1\",\"subnet_bits\":\"64\"}}", "result",
		  "saved");
	must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}");
	add("dhcpv6/set", "{\"dhcpv6\":{\"general\":{\"enabled\":\"1\",\"interfaces\":\"lan\"}}}");
	six = add("dhcpv6/add_subnet", "{\"subnet6\":{\"subnet\":\"2001:db8:5::/64\",\"interface\":\"lan\","
		  "\"option_data_autocollect\":\"1\",\"pools\":\"2001:db8:5::100-2001:db8:5::1ff\"}}");
	add("dhcpv6/add_pd_pool", arena_print(box->arena,
	    "{\"pd_pool\":{\"subnet\":\"%s\",\"prefix\":\"2001:db8:700::\",\"prefix_len\":\"40\",\"delegated_len\":\"56\"}}", six));
	add("dhcpv6/add_reservation", arena_print(box->arena,
	    "{\"reservation\":{\"subnet\":\"%s\",\"ip_address\":\"2001:db8:5::42\",\"duid\":\"00:03:00:01:02:00:00:00:00:62\"}}", six));
	box_reconfigure(box, "kea");
	lease = lease_take6(box, &wish);
	CHECK(lease.is_there);
	CHECK(strncmp(lease.address, "2001:db8:5::1", 13) == 0);
	prefix = text_of(arena_copy(box->arena, text_of(lease.prefix)));
	CHECK(text_starts(prefix, TEXT("2001:db8:7")) && text_ends(prefix, TEXT("::/56")));
	delegated = arena_copy(box->arena, text_until(&prefix, '/'));
	CHECK_NUMBER(lease_option(&lease, 23).len, 16);
	lease = lease_take6(box, &known);
	CHECK_STRING(lease.address, "2001:db8:5::42");
	CHECK_STRING(at(box->arena, row_of("6", delegated), "type"), "IA_PD");
	CHECK_NUMBER(value_get(row_of("6", delegated), "prefix_len")->integer, 56);
	CHECK_STRING(at(box->arena, row_of("6", "2001:db8:5::42"), "is_reserved.0"), "duid");
	CHECK_STRING(at(box->arena, older_row_of("dhcpv6/leases/searchLease", "2001:db8:5::42"), "type"), "static");
	CHECK(!older_row_of("dhcpv6/leases/searchLease", delegated));
	CHECK_STRING(at(box->arena, older_row_of("dhcpv6/leases/searchPrefix", delegated), "prefix"),
		     arena_print(box->arena, "%s/56", delegated));
	post_fine(arena_print(box->arena, "/api/kea/leases6/del_lease/%s,2001:db8:5::42", delegated), "{}", "status", "ok");
	CHECK(!row_of("6", delegated) && !row_of("6", "2001:db8:5::42"));
}

/* Nothing changes, and the client is told what the daemon said. */
TEST(what_kea_refuses_is_not_applied)
{
	const pid_t         before = box_daemon(box, KEA4);
	const char         *wrong = add("dhcpv4/add_subnet", "{\"subnet4\":{\"subnet\":\"192.168.1.0/25\",\"pools\":\"10.0.0.1-10.0.0.9\"}}");
	const struct answer answer = post(box->client, box->arena, "/api/kea/service/reconfigure", "{}");

	CHECK(answer.status == 500 || strcmp(at(box->arena, answer.json, "status"), "ok") != 0);
	CHECK(text_contains(answer.body, TEXT("pool")));
	CHECK(before > 0 && take("02:00:00:00:00:50").is_there);
	must_post(box->client, box->arena, arena_print(box->arena, "/api/kea/dhcpv4/del_subnet/%s", wrong), "{}");
	box_reconfigure(box, "kea");
}

/* --- Many at once ---------------------------------------------------------------------------------------- */

static const char *
body_of(struct arena *arena, unsigned caller)
{
	return arena_print(arena, "{\"reservation\":{\"subnet\":\"%s\",\"ip_address\":\"192.168.1.%u\",\"hw_address\":\"02:00:00:00:07:%02x\"}}",
			   subnet, 100 + caller, caller);
}

/* All that Kea has in force; "": it does not answer. */
static const char *
config_of(const struct box *asked, struct arena *arena)
{
	static const char  command[] = "{\"command\":\"config-get\"}";
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	scoped_fd          fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	scoped_buffer      out = BUFFER_NONE;
	char               bytes[65536];
	ssize_t            n;

	snprintf(name.sun_path, sizeof(name.sun_path), "/proc/%d/root/run/kea/kea4-ctrl-socket", (int)asked->instance->pid);
	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) != 0 || write(fd, command, strlen(command)) < 0)
		return "";
	shutdown(fd, SHUT_WR);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(&out, (struct text){ bytes, (size_t)n });
	return arena_copy(arena, buffer_text(&out));
}

static bool
is_reserved(const struct box *asked, struct arena *arena, unsigned caller)
{
	return strstr(config_of(asked, arena), arena_print(arena, "\"ip-address\": \"192.168.1.%u\"", 100 + caller)) != NULL;
}

TEST(many_who_ask_at_once_share_the_work)
{
	static const struct together together = { "kea", "kea-dhcp4 has its new configuration", "/api/kea/dhcpv4/add_reservation",
						  body_of, is_reserved };

	together_check(box, &together);
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
		cmocka_unit_test(a_client_gets_an_address_and_what_goes_with_it),
		cmocka_unit_test(a_foreign_client_understands_what_it_gets),
		cmocka_unit_test(a_reserved_address_is_given_without_a_restart), cmocka_unit_test(a_hostile_value_is_a_value),
		cmocka_unit_test(an_option_with_a_condition_is_for_those_who_meet_it),
		cmocka_unit_test(older_clients_see_leases_in_their_words),
		cmocka_unit_test(leases_are_listed_and_taken_back), cmocka_unit_test(an_address_and_a_prefix_of_ipv6_are_given),
		cmocka_unit_test(what_kea_refuses_is_not_applied), cmocka_unit_test(many_who_ask_at_once_share_the_work),
	};

	instance_programs(argc, argv);
	box_need(KEA4, KEA6, DHCLIENT, NULL);
	box = box_new();
	must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}");
	return cmocka_run_group_tests(tests, NULL, end);
}
