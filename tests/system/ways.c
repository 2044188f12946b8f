/*
 * Two ways out: which one packets take by default, by rules, by groups, for answers, and what happens when one of them
 * dies. Told through both dialects, measured by what hosts see.
 */
#include <stdio.h>
#include <string.h>

#include "lab.h"
#include "router.h"
#include "test.h"

#define FAR        "198.51.100.7" /* on both sides: who answers shows the way */
#define PATIENCE   60000          /* ms, for what takes two or three seconds where nothing else runs */

static const char start_configuration[] =
	"<?xml version=\"1.0\"?><opnsense><system><hostname>firewall</hostname><domain>lab.example</domain></system><interfaces>"
	"<wan><if>em0</if><descr>WAN</descr><enable>1</enable><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet></wan>"
	"<opt1><if>em2</if><descr>Cable</descr><enable>1</enable><ipaddr>10.2.0.1</ipaddr><subnet>24</subnet></opt1>"
	"<lan><if>em1</if><descr>LAN</descr><enable>1</enable><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></lan>"
	"</interfaces></opnsense>";

static struct router lab;
static const char   *first, *second; /* uuids of gateways ONE and TWO */

#define SAY(...)   arena_print(lab.arena, __VA_ARGS__)
#define POST(path, body) must_post(lab.client, lab.arena, "/api/" path, body)

/* --- words -------------------------------------------------------------------------------------------- */

static const char *
add(const char *path, const char *body)
{
	const char *uuid = at(lab.arena, must_post(lab.client, lab.arena, path, body), "uuid");

	if (!*uuid)
		fail_msg("%s: %s", body, lab.client->body.bytes);
	return uuid;
}

static void
apply_routing(void)
{
	CHECK_STRING(at(lab.arena, POST("routing/settings/reconfigure", "{}"), "status"), "ok");
}

static void
apply_filter(void)
{
	CHECK_STRING(at(lab.arena, POST("firewall/filter/apply", "{}"), "status"), "OK\n\n");
}

/* What one dialect says of a gateway. */
static const char *
said(const char *gateway, const char *what)
{
	const struct value *items = value_get(must_get(lab.client, lab.arena, "/api/routes/gateway/status"), "items");

	for (size_t i = 0; i < value_count(items); i++)
		if (strcmp(at(lab.arena, items->members[i].value, "name"), gateway) == 0)
			return at(lab.arena, items->members[i].value, what);
	return "";
}

static bool
comes_to_say(const char *gateway, const char *what, const char *wanted)
{
	const int64_t begin = milliseconds();

	while (strcmp(said(gateway, what), wanted) != 0) {
		if (milliseconds() - begin > PATIENCE)
			return false;
		wait_a_little(50);
	}
	return true;
}

/* Who answers connections to this port now. */
static bool
is_answered_by(enum host server, uint16_t port)
{
	const struct talked talked = talk_tcp(HOST_LAN, FAR, port, 0);

	return talked.how == TALK_OPEN && talked.server == server;
}

static bool
is_out_of_reach(uint16_t port)
{
	return try_tcp(HOST_LAN, FAR, port, 0).how != TALK_OPEN;
}

/* Until new connections go there; those that are begun too early go nowhere. */
static bool
moves_to(enum host server, uint16_t port)
{
	const int64_t begin = milliseconds();
	struct talked talked;

	do
		talked = try_tcp(HOST_LAN, FAR, port, 0);
	while ((talked.how != TALK_OPEN || talked.server != server) && milliseconds() - begin < PATIENCE);
	print_message("port %u: new connections go there after %lld ms\n", port, (long long)(milliseconds() - begin));
	return talked.how == TALK_OPEN && talked.server == server;
}

/* The link stays up, but nobody is there any more. */
static void
kill_wan(void)
{
	HOST_IP(HOST_WAN, "address", "del", "192.0.2.10/24", "dev", "eth0");
}

static void
revive_wan(void)
{
	HOST_IP(HOST_WAN, "address", "add", "192.0.2.10/24", "dev", "eth0");
	HOST_IP(HOST_WAN, "route", "replace", "default", "via", "192.0.2.1");
	CHECK(comes_to_say("ONE", "status", "none"));
}

/* --- tests ---------------------------------------------------------------------------------------------- */

TEST(gateways_are_measured_in_both_dialects)
{
	const struct value *status;

	CHECK(comes_to_say("ONE", "status_translated", "Online"));
	CHECK(comes_to_say("TWO", "status_translated", "Online"));
	CHECK(text_ends(text_of(said("ONE", "delay")), TEXT(" ms")) && said("ONE", "delay")[0] != '~');
	CHECK_STRING(said("ONE", "loss"), "0.0 %");
	CHECK_STRING(said("TWO", "monitor"), "10.2.0.10");
	status = value_get(must_get(lab.client, lab.arena, "/api/v1/status/gateway"), "data");
	CHECK_NUMBER(value_count(status), 2);
	CHECK_STRING(at(lab.arena, status, "0.monitorip"), "192.0.2.10");
	CHECK_STRING(at(lab.arena, status, "0.srcip"), "192.0.2.1");
	CHECK_STRING(at(lab.arena, status, "0.status"), "up");
	status = value_get(POST("routing/settings/search_gateway", "{}"), "rows");
	CHECK_NUMBER(value_count(status), 2);
	CHECK(value_get(status->members[0].value, "defaultgw")->truth);
	CHECK(!value_get(status->members[1].value, "defaultgw")->truth);
	CHECK_STRING(at(lab.arena, status, "1.if"), "em2");
}

TEST(the_preferred_gateway_is_the_default_one)
{
	const struct talked talked = talk_tcp(HOST_LAN, FAR, 80, 0);

	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_WAN);
	CHECK_STRING(talked.seen_from, "192.0.2.1");
}

TEST(a_rule_sends_connections_by_its_gateway)
{
	struct line_open    line;
	const struct talked talked = talk_tcp(HOST_LAN, FAR, 81, 0);

	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_OPT);
	CHECK_STRING(talked.seen_from, "10.2.0.1");
	CHECK(line_begin(&line, HOST_LAN, FAR, 81, HOST_OPT));
	CHECK(line_works(&line));
	line_finish(&line);
}

TEST(answers_leave_by_where_the_question_came_from)
{
	struct talked talked;

	HOST_IP(HOST_OPT, "address", "add", "203.0.113.8/32", "dev", "lo");
	HOST_IP(HOST_OPT, "route", "replace", "10.2.0.0/24", "dev", "eth0", "src", "203.0.113.8");
	/* The routes would send its answers to the WAN. */
	talked = talk_tcp(HOST_OPT, "10.2.0.1", 9000, 0);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_STRING(talked.seen_from, "203.0.113.8");
	HOST_IP(HOST_OPT, "route", "replace", "10.2.0.0/24", "dev", "eth0", "src", "10.2.0.10");
	HOST_IP(HOST_OPT, "address", "del", "203.0.113.8/32", "dev", "lo");
}

/* The group prefers ONE; everything else is by default. How soon: unit/backend/window.c. */
TEST(when_the_wan_dies_traffic_moves_and_comes_back)
{
	CHECK(is_answered_by(HOST_WAN, 80) && is_answered_by(HOST_WAN, 82));
	kill_wan();
	CHECK(moves_to(HOST_OPT, 80) && moves_to(HOST_OPT, 82));
	CHECK_STRING(said("ONE", "status"), "down");
	CHECK_STRING(said("ONE", "status_translated"), "Offline");
	revive_wan();
	CHECK(moves_to(HOST_WAN, 80) && moves_to(HOST_WAN, 82));
}

TEST(a_flow_that_never_pauses_moves_and_connections_of_others_stay)
{
	struct line_open line;

	CHECK(line_begin(&line, HOST_LAN, FAR, 81, HOST_OPT)); /* by TWO, which lives */
	CHECK_NUMBER(talk_udp(HOST_LAN, 5555, FAR, 82, 0).server, HOST_WAN);
	kill_wan();
	CHECK(comes_to_say("ONE", "status", "down"));
	CHECK(moves_to(HOST_OPT, 82));
	CHECK_NUMBER(talk_udp(HOST_LAN, 5555, FAR, 82, 0).server, HOST_OPT);
	CHECK(line_works(&line));
	line_finish(&line);
	revive_wan();
}

TEST(states_go_with_the_gateway_when_it_is_told_so)
{
	struct line_open line;

	POST("routing/settings/set_gateway/x", "{}"); /* not a gateway: nothing happens */
	must_post(lab.client, lab.arena, SAY("/api/routing/settings/set_gateway/%s", first),
		  "{\"gateway_item\":{\"monitor_killstates\":\"1\",\"monitor_killstates_priority\":\"1\"}}");
	apply_routing();
	CHECK(line_begin(&line, HOST_LAN, FAR, 82, HOST_WAN));
	CHECK(line_works(&line));
	must_post(lab.client, lab.arena, SAY("/api/routing/settings/set_gateway/%s", first), "{\"gateway_item\":{\"force_down\":\"1\"}}");
	apply_routing();
	CHECK_STRING(said("ONE", "status"), "force_down");
	CHECK(is_answered_by(HOST_OPT, 80) && is_answered_by(HOST_OPT, 82));
	CHECK(!line_still_works(&line));
	line_finish(&line);
	/* And back, with those that a lower one had taken over. */
	CHECK(line_begin(&line, HOST_LAN, FAR, 82, HOST_OPT));
	must_post(lab.client, lab.arena, SAY("/api/routing/settings/set_gateway/%s", first),
		  "{\"gateway_item\":{\"force_down\":\"0\"}}");
	apply_routing();
	CHECK(moves_to(HOST_WAN, 82));
	CHECK(!line_still_works(&line));
	line_finish(&line);
}

static void
monitor_first(bool is_on)
{
	must_post(lab.client, lab.arena, SAY("/api/routing/settings/set_gateway/%s", first),
		  SAY("{\"gateway_item\":{\"monitor_disable\":\"%d\"}}", !is_on));
	apply_routing();
}

/* Nobody asks the gateway: it is the link alone that tells. */
TEST(a_link_without_carrier_is_down)
{
	monitor_first(false);
	HOST_IP(HOST_WAN, "link", "set", "eth0", "down");
	CHECK(moves_to(HOST_OPT, 80));
	CHECK_STRING(said("ONE", "status"), "down");
	HOST_IP(HOST_WAN, "link", "set", "eth0", "up");
	HOST_IP(HOST_WAN, "route", "replace", "default", "via", "192.0.2.1");
	CHECK(moves_to(HOST_WAN, 80));
	monitor_first(true);
	CHECK(comes_to_say("ONE", "status", "none"));
}

TEST(pfsense_says_which_one_is_the_default)
{
	must(lab.client, lab.arena, "PUT", "/api/v1/routing/gateway/default", "{\"defaultgw4\":\"TWO\",\"apply\":true}");
	CHECK(is_answered_by(HOST_OPT, 80));
	must(lab.client, lab.arena, "PUT", "/api/v1/routing/gateway/default", "{\"defaultgw4\":\"-\",\"apply\":true}");
	CHECK(is_out_of_reach(80));
	must(lab.client, lab.arena, "PUT", "/api/v1/routing/gateway/default", "{\"defaultgw4\":\"\",\"apply\":true}");
	CHECK(is_answered_by(HOST_WAN, 80));
}

TEST(static_routes_go_by_gateways_and_follow_them)
{
	const char *uuid = add("/api/routes/routes/addroute",
			       "{\"route\":{\"network\":\"198.51.100.0/24\",\"gateway\":\"TWO\",\"descr\":\"far\"}}");

	CHECK_STRING(at(lab.arena, POST("routes/routes/reconfigure", "{}"), "status"), "ok");
	CHECK(is_answered_by(HOST_OPT, 80));
	must_post(lab.client, lab.arena, SAY("/api/routes/routes/delroute/%s", uuid), "{}");
	POST("routes/routes/reconfigure", "{}");
	CHECK(is_answered_by(HOST_WAN, 80));
	must_post(lab.client, lab.arena, "/api/v1/routing/static_route",
		  "{\"network\":\"198.51.100.0/24\",\"gateway\":\"TWO\",\"apply\":true}");
	CHECK(is_answered_by(HOST_OPT, 80));
	must(lab.client, lab.arena, "DELETE", "/api/v1/routing/static_route", "{\"id\":0,\"apply\":true}");
	CHECK(is_answered_by(HOST_WAN, 80));
}

TEST(hostile_names_are_refused_and_nothing_changes)
{
	static const char *const names[] = { "a b", "x;reboot", "$(id)", "../../etc", "a\\nb", "'", "" };

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct value *answer = must_post(lab.client, lab.arena, "/api/routing/settings/add_gateway",
			SAY("{\"gateway_item\":{\"name\":\"%s\",\"interface\":\"wan\",\"gateway\":\"192.0.2.99\"}}", names[i]));

		CHECK_STRING(at(lab.arena, answer, "result"), "failed");
	}
	CHECK_NUMBER(value_count(value_get(POST("routing/settings/search_gateway", "{}"), "rows")), 2);
}

/* --- the lab ------------------------------------------------------------------------------------------------ */

static void
add_rule(const char *rest)
{
	add("/api/firewall/filter/add_rule",
	    SAY("{\"rule\":{\"enabled\":\"1\",\"direction\":\"in\",\"ipprotocol\":\"inet\",\"action\":\"pass\",%s}}", rest));
}

static int
set_up(void **state)
{
	(void)state;
	router_up(&lab, start_configuration);
	HOST_IP(HOST_WAN, "address", "add", FAR "/32", "dev", "lo");
	HOST_IP(HOST_OPT, "address", "add", FAR "/32", "dev", "lo");
	first = add("/api/routing/settings/add_gateway",
		    "{\"gateway_item\":{\"name\":\"ONE\",\"interface\":\"wan\",\"gateway\":\"192.0.2.10\",\"priority\":\"10\","
		    "\"monitor_disable\":\"0\",\"losslow\":\"99\",\"losshigh\":\"100\"}}");
	second = add("/api/routing/settings/add_gateway",
		     "{\"gateway_item\":{\"name\":\"TWO\",\"interface\":\"opt1\",\"gateway\":\"10.2.0.10\",\"priority\":\"20\","
		     "\"monitor_disable\":\"0\"}}");
	add("/api/routing/group_settings/add",
	    "{\"gateway_group\":{\"name\":\"FAILOVER\",\"item\":\"ONE\",\"item2\":\"TWO\",\"trigger\":\"down\"}}");
	add_rule("\"interface\":\"lan\",\"protocol\":\"TCP\",\"destination_port\":\"81\",\"gateway\":\"TWO\"");
	add_rule("\"interface\":\"lan\",\"protocol\":\"TCP/UDP\",\"destination_port\":\"82\",\"gateway\":\"FAILOVER\"");
	add_rule("\"interface\":\"lan\"");
	add_rule("\"interface\":\"opt1\",\"protocol\":\"TCP\",\"destination_port\":\"9000\"");
	CHECK_STRING(at(lab.arena, POST("interfaces/vip_settings/reconfigure", "{}"), "status"), "ok");
	apply_routing();
	apply_filter();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	router_down(&lab);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gateways_are_measured_in_both_dialects), cmocka_unit_test(the_preferred_gateway_is_the_default_one),
		cmocka_unit_test(a_rule_sends_connections_by_its_gateway),
		cmocka_unit_test(answers_leave_by_where_the_question_came_from),
		cmocka_unit_test(when_the_wan_dies_traffic_moves_and_comes_back),
		cmocka_unit_test(a_flow_that_never_pauses_moves_and_connections_of_others_stay),
		cmocka_unit_test(states_go_with_the_gateway_when_it_is_told_so),
		cmocka_unit_test(a_link_without_carrier_is_down), cmocka_unit_test(pfsense_says_which_one_is_the_default),
		cmocka_unit_test(static_routes_go_by_gateways_and_follow_them),
		cmocka_unit_test(hostile_names_are_refused_and_nothing_changes),
	};

	instance_programs(argc, argv);
	lab_need("ip");
	lab_need("nft");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
