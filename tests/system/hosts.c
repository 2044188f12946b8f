/* Hosts on the box's links are known as soon as they speak with it: come, take another address, go, and stay known across a start. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define IP       "/usr/sbin/ip"
#define PING     "/usr/bin/ping"
#define SEARCH   "/api/hostdiscovery/service/search"
#define BOX4     "192.168.1.1"
#define FIRST    "192.168.1.2"
#define SECOND   "192.168.1.3"
#define OTHER    "192.168.1.130"
#define AWAY     "203.0.113.2"
#define MAC      "02:db:00:00:01:00" /* of em0's other end */
#define NEW_MAC  "00:1b:21:00:01:77" /* of a known maker */
#define MAKERS   "/usr/share/ieee-data/oui.txt"
#define PATIENCE 600 /* tenths of a second */

static struct box *box;

/* --- The other end ------------------------------------------------------------------------------------------- */

static void
outside(const char *verb, const char *address)
{
	CHECK_NUMBER(BOX_RUN(box, OUTSIDE, NULL, IP, "address", verb, arena_print(box->arena, "%s/24", address), "dev", "em0"), 0);
}

/* The box learns who asks for its own address, which is asked for anew; whether it answers is another matter. */
static void
speak(const char *from, const char *to)
{
	CHECK_NUMBER(BOX_RUN(box, OUTSIDE, NULL, IP, "neighbour", "flush", "all"), 0);
	(void)BOX_RUN(box, OUTSIDE, NULL, PING, "-c", "1", "-W", "1", "-I", from, to);
}

/* --- As a client does ------------------------------------------------------------------------------------------ */

static void
put_settings(const char *fields)
{
	const struct value *said = must_post(box->client, box->arena, "/api/hostdiscovery/settings/set",
					     arena_print(box->arena, "{\"hostdiscovery\":{\"general\":{%s}}}", fields));

	if (strcmp(at(box->arena, said, "result"), "saved") != 0)
		fail_msg("%s", box->client->body.bytes);
}

static const struct value *
row_with(const char *mac, const char *address)
{
	const struct value *rows = value_get(must_get(box->client, box->arena, SEARCH), "rows");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, value_at(rows, i), "ip_address"), address) == 0 &&
		    strcmp(at(box->arena, value_at(rows, i), "ether_address"), mac) == 0)
			return value_at(rows, i);
	return NULL;
}

static const struct value *
wait_row(const char *mac, const char *address)
{
	const struct value *row = NULL;

	for (int i = 0; i < PATIENCE && !(row = row_with(mac, address)); i++)
		wait_a_little(100);
	if (!row)
		fail_msg("%s with %s is not known: %s", address, mac, box->client->body.bytes);
	return row;
}

static const char *
status(void)
{
	return at(box->arena, must_get(box->client, box->arena, "/api/hostdiscovery/service/status"), "status");
}

/* --- Tests --------------------------------------------------------------------------------------------------------- */

TEST(who_speaks_with_the_box_is_known)
{
	const struct value *row;

	put_settings("\"enabled\":\"1\",\"verbose\":\"1\"");
	box_reconfigure(box, "hostdiscovery");
	CHECK_STRING(status(), "running");
	CHECK(!row_with(MAC, FIRST));
	outside("add", FIRST);
	speak(FIRST, BOX4);
	row = wait_row(MAC, FIRST);
	CHECK_STRING(at(box->arena, row, "source"), "discovery");
	CHECK_STRING(at(box->arena, row, "interface_name"), "em0");
	CHECK_NUMBER(strlen(at(box->arena, row, "first_seen")), strlen("2026-01-31 12:30:00"));
	CHECK(strcmp(at(box->arena, row, "first_seen"), at(box->arena, row, "last_seen")) <= 0);
}

/* By the news of the kernel, without being asked: the log says so. */
TEST(it_is_heard_of_without_being_asked)
{
	const char *line = "host discovery: " MAC " has " SECOND " on em0";

	outside("add", SECOND);
	speak(SECOND, BOX4);
	for (int i = 0; i < PATIENCE && !instance_said(box->instance, line); i++)
		wait_a_little(100);
	CHECK(instance_said(box->instance, line));
	(void)wait_row(MAC, SECOND);
	(void)wait_row(MAC, FIRST);
}

TEST(of_ipv6_too)
{
	(void)BOX_RUN(box, OUTSIDE, NULL, PING, "-6", "-c", "1", "-W", "1", "fe80::db:ff:fe00:0%em0");
	(void)wait_row(MAC, "fe80::db:ff:fe00:100");
}

TEST(an_address_that_another_host_takes_is_one_more)
{
	const char *first = at(box->arena, wait_row(MAC, SECOND), "first_seen");

	CHECK_NUMBER(BOX_RUN(box, OUTSIDE, NULL, IP, "link", "set", "em0", "address", NEW_MAC), 0);
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, IP, "neighbour", "flush", "all"), 0);
	speak(SECOND, BOX4);
	(void)wait_row(NEW_MAC, SECOND);
	if (access(MAKERS, R_OK) == 0)
		CHECK(strstr(at(box->arena, wait_row(NEW_MAC, SECOND), "organization_name"), "Intel") != NULL);
	CHECK_STRING(at(box->arena, wait_row(MAC, SECOND), "first_seen"), first);
}

/* The kernel has forgotten it, the gate is another one. */
TEST(who_is_gone_is_known_across_a_start)
{
	const char *first = at(box->arena, wait_row(MAC, FIRST), "first_seen");
	const pid_t gate = instance_gate(box->instance);

	outside("del", FIRST);
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, IP, "neighbour", "flush", "all"), 0);
	CHECK(gate > 0 && kill(gate, SIGKILL) == 0);
	for (int i = 0; i < PATIENCE && (instance_gate(box->instance) == gate || instance_gate(box->instance) == 0); i++)
		wait_a_little(100);
	for (int i = 0; i < PATIENCE && ask(box->client, box->arena, "GET", SEARCH, NULL).status != 200; i++)
		wait_a_little(100);
	CHECK_STRING(at(box->arena, wait_row(MAC, FIRST), "first_seen"), first);
	for (int i = 0; i < PATIENCE && strcmp(status(), "running") != 0; i++)
		wait_a_little(100);
	CHECK_STRING(status(), "running");
}

/* What must not be known is asked for after something that must. */
TEST(only_chosen_links_and_networks_count)
{
	put_settings("\"skip_nets\":\"192.168.1.128/25\",\"interface\":\"lan\"");
	box_reconfigure(box, "hostdiscovery");
	CHECK_NUMBER(BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", AWAY "/24", "dev", "em1"), 0);
	speak("em1", "203.0.113.1");
	outside("add", OTHER);
	speak(OTHER, BOX4);
	outside("add", "192.168.1.9");
	speak("192.168.1.9", BOX4);
	(void)wait_row(NEW_MAC, "192.168.1.9");
	CHECK(!row_with(NEW_MAC, OTHER));
	CHECK(!row_with("02:db:00:00:01:01", AWAY));
	put_settings("\"skip_nets\":\"\",\"interface\":\"\"");
	box_reconfigure(box, "hostdiscovery");
	(void)wait_row(NEW_MAC, OTHER);
	(void)wait_row("02:db:00:00:01:01", AWAY);
}

TEST(it_stops_and_starts)
{
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/hostdiscovery/service/stop", "{}"), "response"), "OK");
	CHECK_STRING(status(), "stopped");
	/* What the kernel knows is shown all the same. */
	speak(OTHER, BOX4);
	CHECK_STRING(at(box->arena, wait_row(NEW_MAC, OTHER), "source"), "arp-ndp");
	must_post(box->client, box->arena, "/api/core/service/restart/hostwatch", "{}");
	CHECK_STRING(status(), "running");
	CHECK_STRING(at(box->arena, wait_row(NEW_MAC, OTHER), "source"), "discovery");
	put_settings("\"enabled\":\"0\"");
	box_reconfigure(box, "hostdiscovery");
	CHECK_STRING(status(), "disabled");
	put_settings("\"enabled\":\"1\"");
	box_reconfigure(box, "hostdiscovery");
	(void)wait_row(MAC, FIRST);
}

TEST(what_it_does_not_do_is_said)
{
	put_settings("\"promisc\":\"1\"");
	const struct answer answer = ask(box->client, box->arena, "POST", "/api/hostdiscovery/service/reconfigure", "{}");

	CHECK(text_contains(answer.body, TEXT("it knows the hosts that speak with it")));
	CHECK_STRING(status(), "running");
	put_settings("\"promisc\":\"0\"");
	box_reconfigure(box, "hostdiscovery");
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
		cmocka_unit_test(who_speaks_with_the_box_is_known), cmocka_unit_test(it_is_heard_of_without_being_asked),
		cmocka_unit_test(of_ipv6_too), cmocka_unit_test(an_address_that_another_host_takes_is_one_more),
		cmocka_unit_test(who_is_gone_is_known_across_a_start), cmocka_unit_test(only_chosen_links_and_networks_count),
		cmocka_unit_test(it_stops_and_starts), cmocka_unit_test(what_it_does_not_do_is_said),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, NULL);
	box = box_new();
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", BOX4 "/24", "dev", "em0");
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", "203.0.113.1/24", "dev", "em1");
	return cmocka_run_group_tests(tests, NULL, end);
}
