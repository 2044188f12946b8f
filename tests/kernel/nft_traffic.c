/* Real packets through a router with our rules: every kind of rule does what it says. */
#include <stdio.h>
#include <string.h>

#include "backend/nft.h"
#include "lab.h"
#include "router.h"
#include "test.h"

TEST(what_no_rule_passes_is_dropped)
{
	apply("mode disabled\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	TCP(HOST_WAN, "10.1.0.10", 80, "silent");
	TCP(HOST_WAN, "192.0.2.1", 80, "silent");
	PING(HOST_LAN, "192.0.2.10", "silent");
	CHECK(packets_of("automatic_default_deny") >= 4);
}

TEST(the_box_itself_may_go_out)
{
	apply("");
	TCP(HOST_ROUTER, "192.0.2.10", 80, "open");
	TCP(HOST_ROUTER, "fd00:1::10", 80, "open");
	PING(HOST_ROUTER, "10.2.0.10", "open");
}

TEST(a_rule_passes_what_it_names_and_nothing_else)
{
	apply("mode disabled\nrule pass in on lan proto tcp from lan to any port 80\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "open");
	TCP(HOST_LAN, "2001:db8::10", 80, "open");
	TCP(HOST_LAN, "192.0.2.10", 81, "silent");
	UDP(HOST_LAN, "192.0.2.10", 80, "silent");
	TCP(HOST_OPT, "192.0.2.10", 80, "silent");
	CHECK(packets_of("r1") >= 6);
}

TEST(a_refusal_is_told)
{
	apply("mode disabled\nrule reject in on lan proto tcp port 80\nrule reject in on lan proto udp\n"
	      "rule reject in on opt1 inet46\nrule block in on lan proto tcp\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "reset");
	TCP(HOST_LAN, "2001:db8::10", 80, "reset");
	UDP(HOST_LAN, "192.0.2.10", 53, "reset");
	UDP(HOST_LAN, "2001:db8::10", 53, "reset");
	TCP(HOST_OPT, "192.0.2.10", 80, "reset");
	TCP(HOST_LAN, "192.0.2.10", 81, "silent");
}

TEST(a_refusal_on_the_way_out_is_told)
{
	apply("mode disabled\nrule pass in on lan\nrule reject out on wan proto tcp port 80\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "reset");
	TCP(HOST_LAN, "192.0.2.10", 81, "open");
	TCP(HOST_ROUTER, "192.0.2.10", 80, "reset");
}

TEST(the_last_rule_that_is_not_quick_decides)
{
	apply("mode disabled\nrule pass in last on lan\nrule block in last on lan proto tcp port 80:90\n"
	      "rule pass in last on lan proto tcp port 85\nrule block in on lan proto tcp port 86\nrule pass in last on lan\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "open");
	TCP(HOST_LAN, "192.0.2.10", 86, "silent");
	apply("mode disabled\nrule pass in last on lan\nrule block in last on lan proto tcp port 80:90\n"
	      "rule pass in last on lan proto tcp port 85\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	TCP(HOST_LAN, "192.0.2.10", 85, "open");
	TCP(HOST_LAN, "192.0.2.10", 99, "open");
}

TEST(nobody_locks_himself_out)
{
	apply("rule block in\nrule block in on lan\n");
	TCP(HOST_LAN, "10.1.0.1", 443, "open");
	TCP(HOST_LAN, "10.1.0.1", 22, "silent");
	TCP(HOST_WAN, "192.0.2.1", 443, "silent");
	apply("nolockout\nrule block in on lan\n");
	TCP(HOST_LAN, "10.1.0.1", 443, "silent");
}

TEST(sources_leave_with_the_address_of_the_link)
{
	struct talked talked;

	apply("rule pass in on lan\n");
	talked = talk_tcp(HOST_LAN, "192.0.2.10", 80, 0);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_STRING(talked.seen_from, "192.0.2.1");
	/* IKE keeps its port; others need not. */
	talked = talk_udp(HOST_LAN, 500, "192.0.2.10", 500, 0);
	CHECK_STRING(talked.seen_from, "192.0.2.1");
	CHECK_NUMBER(talked.seen_port, 500);
	/* Between inner networks nothing is translated. */
	talked = talk_tcp(HOST_LAN, "10.2.0.10", 80, 0);
	CHECK_STRING(talked.seen_from, "10.1.0.10");
}

TEST(rules_for_out_see_translated_sources)
{
	apply("rule pass in on lan\nrule block out on wan inet from 10.0.0.0/8\nrule block out on wan inet proto tcp from 192.0.2.1 port 99\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "open");
	TCP(HOST_LAN, "192.0.2.10", 99, "silent");
	apply("mode disabled\nrule pass in on lan\nrule reject out on wan inet from 10.0.0.0/8\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "reset");
}

TEST(outbound_rules_are_asked_in_order)
{
	struct talked talked;

	apply("mode hybrid\nrule pass in on lan\n"
	      "outbound on wan inet proto tcp from lan port 81 target none\n"
	      "outbound on wan inet proto udp from lan target 192.0.2.1 static\n"
	      "outbound on wan inet proto tcp from lan port 82 target 192.0.2.77\n");
	HOST_IP(HOST_WAN, "route", "add", "10.1.0.0/24", "via", "192.0.2.1");
	HOST_IP(HOST_ROUTER, "address", "add", "192.0.2.77/32", "dev", "em0");
	talked = talk_tcp(HOST_LAN, "192.0.2.10", 81, 0);
	CHECK_STRING(talked.seen_from, "10.1.0.10");
	talked = talk_udp(HOST_LAN, 5060, "192.0.2.10", 9999, 0);
	CHECK_STRING(talked.seen_from, "192.0.2.1");
	CHECK_NUMBER(talked.seen_port, 5060);
	talked = talk_tcp(HOST_LAN, "192.0.2.10", 82, 0);
	CHECK_STRING(talked.seen_from, "192.0.2.77");
	talked = talk_tcp(HOST_LAN, "192.0.2.10", 83, 0);
	CHECK_STRING(talked.seen_from, "192.0.2.1");
	HOST_IP(HOST_WAN, "route", "del", "10.1.0.0/24");
	HOST_IP(HOST_ROUTER, "address", "del", "192.0.2.77/32", "dev", "em0");
}

TEST(a_port_is_forwarded)
{
	struct talked talked;

	apply("forward on wan inet proto tcp to wan:address port 8080 target 10.1.0.20 local 80\n"
	      "forward on wan inet proto tcp to wan:address port 7000:7009 target 10.1.0.20 local 9000\n"
	      "forward on wan inet proto udp to wan:address port 53 target 10.1.0.20 pass\n"
	      "forward on wan inet6 proto tcp to 2001:db8::1 port 8080 target fd00:1::20 local 80\n"
	      "rule pass in on wan proto tcp to 10.1.0.20\nrule pass in on wan inet6 proto tcp to fd00:1::20 port 80\n");
	talked = talk_tcp(HOST_WAN, "192.0.2.1", 8080, 80);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_SERVER);
	CHECK_STRING(talked.seen_from, "192.0.2.10");
	talked = talk_tcp(HOST_WAN, "192.0.2.1", 7005, 9005);
	CHECK_NUMBER(talked.server, HOST_SERVER);
	talked = talk_udp(HOST_WAN, 0, "192.0.2.1", 53, 0);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_SERVER);
	talked = talk_tcp(HOST_WAN, "2001:db8::1", 8080, 80);
	CHECK_NUMBER(talked.server, HOST_SERVER);
	TCP(HOST_WAN, "192.0.2.1", 8081, "silent");
}

TEST(a_forward_is_reflected_inside)
{
	struct talked talked;

	apply("helper\nforward on wan inet proto tcp to wan:address port 8080 target 10.1.0.20 local 80 reflect\n"
	      "rule pass in on lan\nrule pass in on opt1\n");
	talked = talk_tcp(HOST_LAN, "192.0.2.1", 8080, 80);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_SERVER);
	CHECK_STRING(talked.seen_from, "10.1.0.1");
	talked = talk_tcp(HOST_OPT, "192.0.2.1", 8080, 80);
	CHECK_NUMBER(talked.server, HOST_SERVER);
	CHECK_STRING(talked.seen_from, "10.2.0.10");
}

TEST(a_pool_is_used_in_turn)
{
	apply("alias servers 10.1.0.10 10.1.0.20\n"
	      "forward on wan inet proto tcp to wan:address port 80 pool servers pass\n");
	const struct talked first = talk_tcp(HOST_WAN, "192.0.2.1", 80, 0), second = talk_tcp(HOST_WAN, "192.0.2.1", 80, 0);

	CHECK_NUMBER(first.how, TALK_OPEN);
	CHECK_NUMBER(second.how, TALK_OPEN);
	CHECK(first.server != second.server);
}

TEST(an_address_stands_for_another_both_ways)
{
	struct talked talked;

	HOST_IP(HOST_WAN, "route", "add", "192.0.2.100/32", "via", "192.0.2.1");
	HOST_IP(HOST_WAN, "route", "add", "192.0.2.128/28", "via", "192.0.2.1");
	apply("onetoone on wan 192.0.2.100/32 internal 10.1.0.20/32\nonetoone on wan 192.0.2.128/28 internal 10.2.0.0/28\n"
	      "rule pass in\n");
	talked = talk_tcp(HOST_WAN, "192.0.2.100", 80, 0);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_SERVER);
	talked = talk_tcp(HOST_SERVER, "192.0.2.10", 80, 0);
	CHECK_STRING(talked.seen_from, "192.0.2.100");
	talked = talk_tcp(HOST_WAN, "192.0.2.138", 80, 0);
	CHECK_NUMBER(talked.server, HOST_OPT);
	talked = talk_tcp(HOST_OPT, "192.0.2.10", 80, 0);
	CHECK_STRING(talked.seen_from, "192.0.2.138");
}

TEST(a_prefix_stands_for_another)
{
	struct talked talked;

	HOST_IP(HOST_WAN, "-6", "route", "add", "2001:db8:1::/64", "via", "2001:db8::1");
	apply("npt on wan fd00:1::/64 external 2001:db8:1::/64\nrule pass in\n");
	talked = talk_tcp(HOST_LAN, "2001:db8::10", 80, 0);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_STRING(talked.seen_from, "2001:db8:1::10");
	talked = talk_tcp(HOST_WAN, "2001:db8:1::20", 80, 0);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_SERVER);
}

/* A second way out by the opt host. Both ways lead to the same addresses; who answers shows which was taken. */
#define TWO_WAYS                                                            \
	"interface wan em0 192.0.2.1/24 2001:db8::1/64 wan gateway 1\n"     \
	"interface lan em1 10.1.0.1/24 fd00:1::1/64\n"                      \
	"interface opt1 em2 10.2.0.1/24 fd00:2::1/64 wan gateway 2\n"        \
	"gateway first inet 1:1\ngateway second inet 2:1\n"                 \
	"gateway third inet 1:2 2:1\ngateway down inet\n"

static void
second_way(const char *what)
{
	HOST_IP(HOST_ROUTER, "route", what, "default", "via", "192.0.2.10");
	HOST_IP(HOST_ROUTER, "route", what, "default", "via", "10.2.0.10", "table", "102");
	HOST_IP(HOST_ROUTER, "rule", what, "fwmark", "0x02000000/0xff000000", "lookup", "102");
	HOST_IP(HOST_WAN, "address", what, "198.51.100.7/32", "dev", "lo");
	HOST_IP(HOST_OPT, "address", what, "198.51.100.7/32", "dev", "lo");
}

TEST(a_gateway_beats_the_routes)
{
	struct line_open line;

	second_way("add");
	apply_whole(TWO_WAYS "rule pass in on lan inet proto tcp port 80 gateway second\nrule pass in on lan\n");
	const struct talked first = talk_tcp(HOST_LAN, "198.51.100.7", 80, 0), second = talk_tcp(HOST_LAN, "198.51.100.7", 81, 0);

	CHECK_NUMBER(first.how, TALK_OPEN);
	CHECK_NUMBER(first.server, HOST_OPT);
	CHECK_STRING(first.seen_from, "10.2.0.1");
	CHECK_NUMBER(second.how, TALK_OPEN);
	CHECK_NUMBER(second.server, HOST_WAN);
	CHECK(line_begin(&line, HOST_LAN, "198.51.100.7", 80, HOST_OPT));
	CHECK(line_works(&line));
	line_finish(&line);
	second_way("del");
}

/* Two of three connections go one way. The first way has a table of its own here too. */
TEST(gateways_share_connections_by_weight)
{
	unsigned by_wan = 0;

	second_way("add");
	HOST_IP(HOST_ROUTER, "route", "add", "default", "via", "192.0.2.10", "table", "101");
	HOST_IP(HOST_ROUTER, "rule", "add", "fwmark", "0x01000000/0xff000000", "lookup", "101");
	apply_whole(TWO_WAYS "rule pass in on lan inet proto tcp gateway third\n");
	for (unsigned i = 0; i < 6; i++) {
		const struct talked talked = talk_tcp(HOST_LAN, "198.51.100.7", 80, 0);

		CHECK_NUMBER(talked.how, TALK_OPEN);
		by_wan += talked.server == HOST_WAN;
	}
	CHECK_NUMBER(by_wan, 4);
	CHECK(packets_of("r1") >= 6);
	/* When all are down, the routes decide; nothing but the gateway's chain changes. */
	apply_whole(TWO_WAYS "rule pass in on lan inet proto tcp gateway down\n");
	CHECK_NUMBER(talk_tcp(HOST_LAN, "198.51.100.7", 80, 0).server, HOST_WAN);
	HOST_IP(HOST_ROUTER, "rule", "del", "fwmark", "0x01000000/0xff000000", "lookup", "101");
	HOST_IP(HOST_ROUTER, "route", "del", "default", "via", "192.0.2.10", "table", "101");
	second_way("del");
}

TEST(the_box_itself_takes_a_gateway)
{
	struct line_open line;

	second_way("add");
	apply_whole(TWO_WAYS "rule pass out on wan inet proto tcp port 80 gateway second\n");
	const struct talked talked = talk_tcp(HOST_ROUTER, "198.51.100.7", 80, 0);

	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_OPT);
	CHECK_NUMBER(talk_tcp(HOST_ROUTER, "198.51.100.7", 81, 0).server, HOST_WAN);
	CHECK(line_begin(&line, HOST_ROUTER, "198.51.100.7", 80, HOST_OPT));
	CHECK(line_works(&line));
	line_finish(&line);
	second_way("del");
}

TEST(answers_leave_by_the_link_of_the_question)
{
	second_way("add");
	HOST_IP(HOST_OPT, "address", "add", "203.0.113.8/32", "dev", "lo");
	HOST_IP(HOST_OPT, "route", "replace", "10.2.0.0/24", "dev", "eth0", "src", "203.0.113.8");
	apply_whole(TWO_WAYS "forward on opt1 inet proto tcp to opt1:address port 8080 target 10.1.0.20 local 80\n"
		    "rule pass in on opt1 inet proto tcp\n");
	const struct talked forwarded = talk_tcp(HOST_OPT, "10.2.0.1", 8080, 80);

	CHECK_NUMBER(forwarded.how, TALK_OPEN);
	CHECK_NUMBER(forwarded.server, HOST_SERVER);
	CHECK_STRING(forwarded.seen_from, "203.0.113.8");
	/* The box's own answers too. */
	TCP(HOST_OPT, "10.2.0.1", 9000, "open");
	HOST_IP(HOST_OPT, "route", "replace", "10.2.0.0/24", "dev", "eth0", "src", "10.2.0.10");
	HOST_IP(HOST_OPT, "address", "del", "203.0.113.8/32", "dev", "lo");
	second_way("del");
}

TEST(an_alias_changes_without_touching_rules)
{
	static const uint8_t server[4] = { 192, 0, 2, 10 };

	apply("mode disabled\nalias good 203.0.113.1\nrule pass in on lan inet to @good\nrule pass in on opt1\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	TCP(HOST_OPT, "192.0.2.10", 80, "open");
	const uint64_t before = packets_of("r2");

	CHECK_NUMBER(nft_set_add(router.nft, "a_good_4", server, 1), RESULT_DONE);
	CHECK_NUMBER(nft_set_add(router.nft, "a_good_4", server, 1), RESULT_DONE);
	TCP(HOST_LAN, "192.0.2.10", 80, "open");
	/* The plan catches up: nothing is left to be done. */
	apply("mode disabled\nalias good 203.0.113.1 192.0.2.10\nrule pass in on lan inet to @good\nrule pass in on opt1\n");
	CHECK_NUMBER(router.outcome.rules, 0);
	CHECK_NUMBER(router.outcome.added + router.outcome.deleted, 0);
	apply("mode disabled\nalias good 203.0.113.2\nrule pass in on lan inet to @good\nrule pass in on opt1\n");
	CHECK_NUMBER(router.outcome.rules, 0);
	CHECK_NUMBER(router.outcome.added, 1);
	CHECK_NUMBER(router.outcome.deleted, 2);
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	CHECK(packets_of("r2") >= before);
	CHECK_NUMBER(nft_set_delete(router.nft, "a_good_4", server, 1), RESULT_MISSING);
	CHECK_NUMBER(nft_set_add(router.nft, "a_gone_4", server, 1), RESULT_MISSING);
}

TEST(a_connection_survives_an_apply)
{
	struct line_open line;

	apply("rule pass in on lan proto tcp port 80\n");
	CHECK(line_begin(&line, HOST_LAN, "192.0.2.10", 80, HOST_WAN));
	CHECK(line_works(&line));
	apply("rule block in on lan\n");
	CHECK(line_works(&line));
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	line_finish(&line);
}

TEST(too_many_connections_of_one_source_are_dropped)
{
	struct line_open lines[3];

	apply("mode disabled\nrule pass in on lan inet proto tcp port 80 maxsrcstates 2\n");
	CHECK(line_begin(&lines[0], HOST_LAN, "192.0.2.10", 80, HOST_WAN));
	CHECK(line_begin(&lines[1], HOST_LAN, "192.0.2.10", 80, HOST_WAN));
	CHECK(!line_try(&lines[2], HOST_LAN, "192.0.2.10", 80, HOST_WAN));
	for (unsigned i = 0; i < 3; i++)
		line_finish(&lines[i]);
	TCP(HOST_SERVER, "192.0.2.10", 80, "open");
}

TEST(who_connects_too_often_lands_in_a_table)
{
	struct table_keys keys;

	apply("mode disabled\ndynamic bad 3600\nrule block in inet from @bad uuid blocked\n"
	      "rule pass in on lan inet proto tcp port 80 rate 3 seconds 60 overload bad\nrule pass in on lan inet proto udp\n");
	for (unsigned i = 0; i < 3; i++)
		TCP(HOST_LAN, "192.0.2.10", 80, "open");
	UDP(HOST_LAN, "192.0.2.10", 53, "open");
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	UDP(HOST_LAN, "192.0.2.10", 53, "silent");
	CHECK_NUMBER(nft_set_list(router.nft, router.arena, "a_bad_4", 10, &keys), RESULT_DONE);
	CHECK_NUMBER(keys.count, 1);
	CHECK(memcmp(keys.keys.ptr, (const uint8_t[]){ 10, 1, 0, 10 }, 4) == 0);
	CHECK(packets_of("blocked") > 0);
	/* The table outlives an apply, and is emptied on demand. */
	apply("mode disabled\ndynamic bad 3600\nrule block in inet from @bad uuid blocked\nrule pass in on lan inet\n");
	UDP(HOST_LAN, "192.0.2.10", 53, "silent");
	CHECK_NUMBER(nft_set_flush(router.nft, "a_bad_4"), RESULT_DONE);
	UDP(HOST_LAN, "192.0.2.10", 53, "open");
}

TEST(a_tag_given_in_is_seen_out)
{
	apply("mode disabled\nrule pass in on lan proto tcp port 80 tag guest\nrule pass in on lan\n"
	      "rule block out on wan tagged guest\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	TCP(HOST_LAN, "192.0.2.10", 81, "open");
}

TEST(a_rule_without_states_passes_one_way)
{
	apply("mode disabled\nrule pass in on lan inet proto udp port 53 nostate\n");
	UDP(HOST_LAN, "192.0.2.10", 53, "silent");
	apply("mode disabled\nrule pass in on lan inet proto udp port 53 nostate\nrule pass in on wan inet proto udp fromport 53 nostate\n");
	UDP(HOST_LAN, "192.0.2.10", 53, "open");
}

TEST(mac_addresses_are_matched)
{
	HOST_IP(HOST_SERVER, "link", "set", "eth0", "address", "02:11:22:33:44:55");
	apply("mode disabled\nmacs known 02:11:22:33:44:55\nrule pass in on lan from @known\n");
	TCP(HOST_SERVER, "192.0.2.10", 80, "open");
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	apply("mode disabled\nmacs known 00:01:02:03:04:05 02:11:22\nrule pass in on lan from @known\n");
	TCP(HOST_SERVER, "192.0.2.10", 80, "open");
}

TEST(what_somebody_else_broke_is_mended)
{
	scoped_buffer said = BUFFER_NONE;

	apply("mode disabled\nrule pass in on lan\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "open");
	CHECK(LAB(&said, "nft", "flush", "chain", "inet", "drawbridge", "i_lan_in"));
	TCP(HOST_LAN, "192.0.2.10", 80, "silent");
	apply("mode disabled\nrule pass in on lan\n");
	CHECK(router.outcome.full);
	TCP(HOST_LAN, "192.0.2.10", 80, "open");
	CHECK(LAB(&said, "nft", "flush", "ruleset"));
	apply("mode disabled\nrule pass in on lan\n");
	TCP(HOST_LAN, "192.0.2.10", 80, "open");
}

TEST(no_other_table_is_touched)
{
	scoped_buffer said = BUFFER_NONE;

	CHECK(LAB(&said, "nft", "add", "table", "inet", "theirs"));
	CHECK(LAB(&said, "nft", "add", "chain", "inet", "theirs", "keep"));
	apply("mode disabled\nrule pass in on lan\n");
	CHECK_NUMBER(nft_remove(router.nft), RESULT_DONE);
	buffer_cut(&said, 0);
	CHECK(LAB(&said, "nft", "list", "ruleset"));
	CHECK(text_contains(buffer_text(&said), TEXT("chain keep")));
	CHECK(!text_contains(buffer_text(&said), TEXT("drawbridge")));
	CHECK(LAB(NULL, "nft", "delete", "table", "inet", "theirs"));
}

TEST(before_the_first_plan_only_management_gets_in)
{
	static const uint16_t ports[] = { 443 };
	struct nft           *other;

	CHECK_NUMBER(nft_remove(router.nft), RESULT_DONE);
	TCP(HOST_LAN, "10.1.0.1", 80, "open");
	CHECK_NUMBER(nft_boot(router.nft, ports, 1, &router.outcome), RESULT_DONE);
	CHECK(router.outcome.changed);
	TCP(HOST_LAN, "10.1.0.1", 80, "silent");
	TCP(HOST_LAN, "10.1.0.1", 443, "open");
	TCP(HOST_LAN, "10.2.0.10", 443, "silent");
	TCP(HOST_ROUTER, "192.0.2.10", 80, "open");
	/* What is in force stays: a keeper that starts again does not close the box. */
	apply("mode disabled\nrule pass in on lan\n");
	CHECK_NUMBER(nft_open(&other), RESULT_DONE);
	CHECK_NUMBER(nft_boot(other, ports, 1, &router.outcome), RESULT_DONE);
	CHECK(!router.outcome.changed);
	TCP(HOST_LAN, "10.2.0.10", 80, "open");
	nft_close(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_no_rule_passes_is_dropped),
		cmocka_unit_test(the_box_itself_may_go_out),
		cmocka_unit_test(a_rule_passes_what_it_names_and_nothing_else),
		cmocka_unit_test(a_refusal_is_told),
		cmocka_unit_test(a_refusal_on_the_way_out_is_told),
		cmocka_unit_test(the_last_rule_that_is_not_quick_decides),
		cmocka_unit_test(nobody_locks_himself_out),
		cmocka_unit_test(sources_leave_with_the_address_of_the_link),
		cmocka_unit_test(rules_for_out_see_translated_sources),
		cmocka_unit_test(outbound_rules_are_asked_in_order),
		cmocka_unit_test(a_port_is_forwarded),
		cmocka_unit_test(a_forward_is_reflected_inside),
		cmocka_unit_test(a_pool_is_used_in_turn),
		cmocka_unit_test(an_address_stands_for_another_both_ways),
		cmocka_unit_test(a_prefix_stands_for_another),
		cmocka_unit_test(a_gateway_beats_the_routes),
		cmocka_unit_test(gateways_share_connections_by_weight),
		cmocka_unit_test(the_box_itself_takes_a_gateway),
		cmocka_unit_test(answers_leave_by_the_link_of_the_question),
		cmocka_unit_test(an_alias_changes_without_touching_rules),
		cmocka_unit_test(a_connection_survives_an_apply),
		cmocka_unit_test(too_many_connections_of_one_source_are_dropped),
		cmocka_unit_test(who_connects_too_often_lands_in_a_table),
		cmocka_unit_test(a_tag_given_in_is_seen_out),
		cmocka_unit_test(a_rule_without_states_passes_one_way),
		cmocka_unit_test(mac_addresses_are_matched),
		cmocka_unit_test(what_somebody_else_broke_is_mended),
		cmocka_unit_test(no_other_table_is_touched),
		cmocka_unit_test(before_the_first_plan_only_management_gets_in),
	};

	lab_need("ip");
	lab_need("nft");
	return cmocka_run_group_tests(tests, router_up, router_down);
}
