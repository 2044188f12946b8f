/* Neighbours, routes, links and who talks: the kernel's own facts, looked at and changed. */
#include <stdio.h>
#include <string.h>

#include "box.h"
#include "listen.h"
#include "test.h"

#define IP     "/usr/sbin/ip"
#define PING   "/usr/bin/ping"
#define OURS   "20.30.40.1" /* on the LAN, em0 */
#define THEIRS "20.30.40.2"
#define MAC    "00:22:72:00:00:02" /* of a maker that ieee-data knows */
#define PATIENCE 60000 /* ms, for what happens in a second or so */

static struct box *box;

static const struct value *
get_it(const char *endpoint)
{
	return must_get(box->client, box->arena, arena_print(box->arena, "/api/diagnostics/%s", endpoint));
}

static const char *
word(const struct value *value, const char *path)
{
	return at(box->arena, value, path);
}

static int
ping(const char *count, const char *to)
{
	return BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-i", "0.2", "-W", "10", "-c", count, to);
}

/* The row of a list whose member has this value; NULL: none. */
static const struct value *
row_with(const struct value *list, const char *member, const char *value)
{
	for (size_t i = 0; i < value_count(list); i++)
		if (strcmp(word(value_at(list, i), member), value) == 0)
			return value_at(list, i);
	return NULL;
}

TEST(neighbours_are_known_with_their_makers_and_forgotten)
{
	/* Addresses may take a moment to be in the rules. */
	CHECK(ping("8", OURS) == 0);
	const struct value *row = row_with(get_it("interface/get_arp"), "ip", THEIRS);

	CHECK(row != NULL);
	CHECK_STRING(word(row, "mac"), MAC);
	CHECK_STRING(word(row, "intf"), "em0");
	CHECK_STRING(word(row, "intf_description"), "LAN");
	CHECK(strcmp(word(row, "manufacturer"), "") != 0);
	row = row_with(value_get(get_it("interface/search_arp?searchPhrase=x"), "rows"), "ip", THEIRS);
	CHECK(row != NULL);
	const struct answer flushed = post(box->client, box->arena, "/api/diagnostics/interface/flush_arp", "{}");

	CHECK(text_contains(flushed.body, TEXT(THEIRS " deleted")));
	CHECK(!row_with(get_it("interface/get_arp"), "ip", THEIRS));
}

TEST(neighbours_of_ipv6_are_known)
{
	BOX_RUN(box, INSIDE, NULL, IP, "-6", "neigh", "replace", "2001:db8::9", "lladdr", MAC, "dev", "em0", "nud", "permanent");
	const struct value *row = row_with(get_it("interface/get_ndp"), "ip", "2001:db8::9");

	CHECK(row != NULL);
	CHECK_STRING(word(row, "intf"), "em0");
	CHECK(row_with(value_get(get_it("interface/search_ndp"), "rows"), "ip", "2001:db8::9") != NULL);
}

TEST(a_route_is_shown_and_deleted)
{
	const char *del = "/api/diagnostics/interface/del_route";

	CHECK(BOX_RUN(box, INSIDE, NULL, IP, "route", "add", "198.51.100.0/24", "via", THEIRS) == 0);
	const struct value *row = row_with(get_it("interface/get_routes"), "destination", "198.51.100.0/24");

	CHECK(row != NULL);
	CHECK_STRING(word(row, "gateway"), THEIRS);
	CHECK_STRING(word(row, "netif"), "em0");
	CHECK_STRING(word(row, "id"), "198.51.100.0/24," THEIRS);
	CHECK_STRING(word(must_post(box->client, box->arena, del, "{\"destination\":\"198.51.100.0/24\",\"gateway\":\"20.30.40.9\"}"),
			  "message"), "route has not been found");
	CHECK_STRING(word(must_post(box->client, box->arena, del, "{\"destination\":\"198.51.100.0/24\",\"gateway\":\"" THEIRS "\"}"),
			  "message"), "delete net 198.51.100.0/24: gateway " THEIRS);
	CHECK(!row_with(get_it("interface/get_routes"), "destination", "198.51.100.0/24"));
}

TEST(links_say_what_they_have_carried)
{
	const struct value *before = get_it("traffic/interface"), *now;
	struct listening    stream;
	bool                has_moved = false;

	CHECK(ping("5", OURS) == 0);
	now = get_it("traffic/interface");
	CHECK_STRING(word(now, "interfaces.lan.device"), "em0");
	CHECK(strcmp(word(now, "interfaces.lan.packets received"), word(before, "interfaces.lan.packets received")) != 0);
	/* An event is about the time since the one before. */
	const pid_t ping_on = box_start(box, OUTSIDE, (const char *const[]){ PING, "-n", "-i", "0.2", OURS, NULL });

	listen_begin(&stream, box->instance, "/api/diagnostics/traffic/stream/1");
	for (int i = 0; i < 20 && !has_moved; i++) {
		const struct value *event = listen_next(&stream, box->arena, "message", PATIENCE);

		CHECK(event != NULL);
		has_moved = strcmp(word(event, "interfaces.lan.inpkts"), "0") != 0;
	}
	box_end(ping_on);
	CHECK(has_moved);
	listen_end(&stream);
	get_it("traffic/interface");
	CHECK(strstr(box->client->body.bytes, "\"line rate\""));
	get_it("interface/get_interface_statistics");
	CHECK(strstr(box->client->body.bytes, "[LAN] (em0)"));
}

/* Ask again until the first number of a series is there. */
static const struct value *
wait_for_numbers(const char *series)
{
	const struct value *said = NULL;

	for (int i = 0; i < PATIENCE / 100; i++) {
		said = get_it(arena_print(box->arena, "systemhealth/get_system_health/%s/0", series));
		if (value_count(value_path(said, "set.data.0.values")) > 0)
			return said;
		wait_a_little(100);
	}
	fail_msg("there are no numbers of %s", series);
	return said;
}

/* The machine has memory, and something runs on it. */
TEST(the_machine_has_numbers_over_time)
{
	must_post(box->client, box->arena, "/api/diagnostics/systemhealth/reconfigure", "{}");
	const struct value *said = wait_for_numbers("memory-system");

	CHECK_STRING(word(said, "set.data.2.key"), "free");
	CHECK(strlen(word(said, "set.data.0.values.0.1")) > 1 && strlen(word(said, "set.data.2.values.0.1")) > 1);
	said = wait_for_numbers("processor-system");
	CHECK_STRING(word(said, "set.data.4.key"), "processes");
	CHECK(strcmp(word(said, "set.data.4.values.0.1"), "0") != 0);
	/* Traffic is a difference: there is none before the second look. */
	must_post(box->client, box->arena, "/api/diagnostics/systemhealth/reconfigure", "{}");
	said = wait_for_numbers("wan-traffic");
	CHECK_STRING(word(said, "title"), "Traffic: WAN");
}

TEST(who_talks_is_on_top)
{
	const pid_t ping_on = box_start(box, OUTSIDE, (const char *const[]){ PING, "-n", "-i", "0.2", OURS, NULL });
	const struct value *top = NULL, *row = NULL;

	/* It may have begun after the look had ended. */
	for (int i = 0; i < 20 && !row; i++) {
		top = get_it("traffic/top/lan,wan");
		row = row_with(value_path(top, "lan.records"), "address", THEIRS);
	}
	box_end(ping_on);
	CHECK(row != NULL);
	CHECK(strcmp(word(row, "rate_bits_in"), "0") != 0 && strcmp(word(row, "details.0.address"), OURS) == 0);
	CHECK_STRING(word(top, "lan.status"), "ok");
	CHECK_NUMBER(value_count(value_path(top, "wan.records")), 0);
}

/* The daemon's own listening sockets are outside: a program inside is seen with its process. */
TEST(sockets_are_shown_with_their_programs)
{
	const pid_t server = box_start(box, INSIDE, (const char *const[]){
		"/usr/bin/python3", "-c", "import socket,time; s=socket.create_server(('127.0.0.1', 7777)); time.sleep(60)", NULL });
	bool        is_there = false;

	for (int i = 0; i < PATIENCE / 50 && !is_there; i++) {
		const struct value *sockets =
			value_path(get_it("interface/get_socket_statistics"), "statistics.Active Internet connections");
		const struct value *row = value_get(sockets, "tcp4/[127.0.0.1:7777-*:*]");

		is_there = row && strcmp(word(row, "tcp-state"), "LISTEN") == 0 && strstr(word(row, "command"), "python3");
		wait_a_little(50);
	}
	box_end(server);
	CHECK(is_there);
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
		cmocka_unit_test(neighbours_are_known_with_their_makers_and_forgotten),
		cmocka_unit_test(neighbours_of_ipv6_are_known),
		cmocka_unit_test(a_route_is_shown_and_deleted),
		cmocka_unit_test(links_say_what_they_have_carried),
		cmocka_unit_test(the_machine_has_numbers_over_time),
		cmocka_unit_test(who_talks_is_on_top),
		cmocka_unit_test(sockets_are_shown_with_their_programs),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, "/usr/bin/python3", NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	box = box_new();
	BOX_RUN(box, OUTSIDE, NULL, IP, "link", "set", "em0", "address", MAC);
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", THEIRS "/24", "dev", "em0");
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", OURS "/24", "dev", "em0");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	return cmocka_run_group_tests(tests, NULL, end);
}
