/* Real packets and the states that rules make: whose handshake it is, how many, how long, how fast, and which come first. */
#include <stdio.h>
#include <string.h>

#include "backend/running/conntrack.h"
#include "lab.h"
#include "router.h"
#include "test.h"
#include "wire/lacking.h"

#define WAN_HOST "192.0.2.10"
#define NOBODY   "192.0.2.99"

/* Connections of a rule; the first of them in *out. */
static size_t
states_of(const char *uuid, struct state *out)
{
	const struct state_filter which = { .mark = filter_cache_index(router.cache, uuid), .mask = 0xffff };
	struct states             found;

	CHECK(which.mark > 0);
	CHECK_NUMBER(conntrack_list(router.arena, &which, 10, &found), RESULT_DONE);
	if (found.n > 0)
		*out = found.states[0];
	return found.n;
}

static void
forget_states(void)
{
	uint64_t killed;

	CHECK_NUMBER(conntrack_kill(&(struct state_filter){ 0 }, &killed), RESULT_DONE);
}

/* The rest of a test that this kernel cannot do is skipped, loudly. */
static void
need(enum filter_feature feature, const char *what)
{
	if (!(nft_lacks(router.nft) & feature))
		return;
	printf("SKIPPED: this kernel lacks %s\n", what);
	skip();
}

TEST(what_is_tried_leaves_nothing_behind)
{
	scoped_buffer said = BUFFER_NONE;

	CHECK_NUMBER(nft_remove(router.nft), RESULT_DONE);
	nft_lacks(router.nft);
	CHECK(LAB(&said, "nft", "list", "ruleset"));
	CHECK_STRING(buffer_string(&said), "");
	apply("mode disabled\nrule pass in on lan\n");
	nft_lacks(router.nft);
	buffer_cut(&said, 0);
	CHECK(LAB(&said, "nft", "list", "ruleset"));
	CHECK(!text_contains(buffer_text(&said), TEXT("probe")));
	apply("mode disabled\nrule pass in on lan\nrule pass in on opt1\n");
	CHECK(!router.outcome.full);
}

/* --- Handshakes -------------------------------------------------------------------------------------- */

TEST(a_handshake_is_answered_by_the_box)
{
	struct line_open line;
	struct state     one = { 0 };

	need(FILTER_SYNPROXY, "nft_synproxy");
	apply("mode disabled\nrule pass in on lan proto tcp port 80 synproxy\n");
	/* Nobody listens there, nobody is there: the client finds out later. */
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, WAN_HOST, 80)), "open");
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, NOBODY, 80)), "open");
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, "2001:db8::99", 80)), "open");
	TCP(HOST_LAN, WAN_HOST, 81, "silent");
	TCP(HOST_OPT, WAN_HOST, 80, "silent");
	forget_states();
	CHECK(line_begin(&line, HOST_LAN, WAN_HOST, 80, HOST_WAN));
	CHECK(line_works(&line));
	CHECK(line_works(&line));
	/* The connection belongs to the rule, as every other does. */
	CHECK_NUMBER(states_of("r1", &one), 1);
	CHECK_STRING(address_print(router.arena, &one.source.address), "10.1.0.10");
	CHECK(packets_of("r1") > 4);
	line_finish(&line);
	CHECK(line_begin(&line, HOST_LAN, "2001:db8::10", 80, HOST_WAN));
	CHECK(line_works(&line));
	line_finish(&line);
}

TEST(a_handshake_with_the_box_itself_is_answered_so_too)
{
	struct line_open line;

	need(FILTER_SYNPROXY, "nft_synproxy");
	apply("mode disabled\nnolockout\nrule pass in on lan inet proto tcp to self port 8080 synproxy\n");
	CHECK(line_begin(&line, HOST_LAN, "10.1.0.1", 8080, HOST_ROUTER));
	CHECK(line_works(&line));
	line_finish(&line);
}

TEST(rules_for_out_decide_on_a_proxied_connection)
{
	struct line_open line;

	need(FILTER_SYNPROXY, "nft_synproxy");
	apply("mode disabled\nrule pass in on lan inet proto tcp port 80 synproxy\nrule block out on wan inet proto tcp port 80\n");
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, WAN_HOST, 80)), "open");
	CHECK(!line_try(&line, HOST_LAN, WAN_HOST, 80, HOST_WAN));
	line_finish(&line);
	/* And sources are translated. */
	apply("rule pass in on lan inet proto tcp port 80 synproxy\n");
	CHECK(line_begin(&line, HOST_LAN, WAN_HOST, 80, HOST_WAN));
	CHECK(line_works(&line));
	line_finish(&line);
}

TEST(a_rule_before_it_keeps_its_handshakes)
{
	need(FILTER_SYNPROXY, "nft_synproxy");
	apply("mode disabled\nrule block in on lan inet proto tcp port 82\nrule pass in on lan inet proto tcp port 81\n"
	      "rule pass in on lan inet proto tcp synproxy\nrule pass in last on lan inet proto tcp port 83\n");
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, WAN_HOST, 80)), "open");
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, WAN_HOST, 81)), "reset");
	TCP(HOST_LAN, WAN_HOST, 81, "open");
	TCP(HOST_LAN, WAN_HOST, 82, "silent");
	/* The one that is not quick is asked first only when the quick one is not there. */
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, WAN_HOST, 83)), "open");
	apply("mode disabled\nrule pass in last on lan inet proto tcp synproxy\nrule pass in last on lan inet proto tcp port 83\n");
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, WAN_HOST, 83)), "reset");
	TCP(HOST_LAN, WAN_HOST, 83, "open");
}

TEST(what_a_forward_sends_to_it_has_an_ordinary_state)
{
	struct talked talked;

	need(FILTER_SYNPROXY, "nft_synproxy");
	apply("forward on wan inet proto tcp to wan:address port 8080 target 10.1.0.20 local 80\n"
	      "rule pass in on wan inet proto tcp to 10.1.0.20 port 80 synproxy\n");
	talked = talk_tcp(HOST_WAN, "192.0.2.1", 8080, 80);
	CHECK_NUMBER(talked.how, TALK_OPEN);
	CHECK_NUMBER(talked.server, HOST_SERVER);
	CHECK_STRING(talk_word(talk_handshake(HOST_WAN, "192.0.2.1", 8080)), "reset");
}

TEST(without_the_kernels_help_the_server_answers_itself)
{
	const struct filter_note *notes;
	size_t                    count;

	apply("mode disabled\nlacks\nrule pass in on lan inet proto tcp port 80 synproxy\n");
	CHECK_STRING(talk_word(talk_handshake(HOST_LAN, WAN_HOST, 80)), "reset");
	TCP(HOST_LAN, WAN_HOST, 80, "open");
	notes = filter_cache_notes(router.cache, &count);
	CHECK_NUMBER(count, 1);
	CHECK_STRING(notes[0].uuid, "r1");
	CHECK(strstr(notes[0].text, "nft_synproxy"));
}

/* --- Before tracking ---------------------------------------------------------------------------------- */

TEST(a_rule_before_one_without_states_keeps_its_own)
{
	apply("mode disabled\nrule pass in on lan inet proto udp port 53\nrule pass in on lan inet proto udp nostate\n");
	UDP(HOST_LAN, WAN_HOST, 53, "open");
	UDP(HOST_LAN, WAN_HOST, 54, "silent");
	apply("mode disabled\nrule block in on lan inet proto udp port 53\nrule pass in on lan inet proto udp nostate\n"
	      "rule pass in on wan inet proto udp nostate\n");
	UDP(HOST_LAN, WAN_HOST, 53, "silent");
	UDP(HOST_LAN, WAN_HOST, 54, "open");
}

/* --- How many ------------------------------------------------------------------------------------------ */

TEST(one_connection_more_than_there_may_be_is_dropped)
{
	struct line_open lines[3];

	/* Not left to the rules behind it; and all families and protocols of the rule count together. */
	apply("mode disabled\nrule pass in on lan proto tcp/udp port 80 max 2\nrule pass in on lan\n");
	CHECK(line_begin(&lines[0], HOST_LAN, WAN_HOST, 80, HOST_WAN));
	CHECK(line_begin(&lines[1], HOST_LAN, "2001:db8::10", 80, HOST_WAN));
	CHECK(!line_try(&lines[2], HOST_LAN, WAN_HOST, 80, HOST_WAN));
	UDP(HOST_LAN, WAN_HOST, 80, "silent");
	CHECK(line_works(&lines[0]));
	TCP(HOST_LAN, WAN_HOST, 81, "open");
	for (unsigned i = 0; i < COUNT(lines); i++)
		line_finish(&lines[i]);
}

/* --- How long ------------------------------------------------------------------------------------------- */

TEST(states_stay_as_long_as_their_rule_says)
{
	struct line_open line;
	struct state     one = { 0 };

	need(FILTER_TIMEOUTS, "time-outs by rule (CONFIG_NF_CONNTRACK_TIMEOUT)");
	apply("mode disabled\nrule pass in on lan inet proto tcp port 80 timeout 17\n"
	      "rule pass in on lan inet proto tcp/udp port 90:99 timeout 19 unreplied 11 replied 13\nrule pass in on lan inet\n");
	forget_states();
	CHECK(line_begin(&line, HOST_LAN, WAN_HOST, 80, HOST_WAN));
	CHECK(line_works(&line));
	CHECK_NUMBER(states_of("r1", &one), 1);
	CHECK(one.left > 10 && one.left <= 17);
	/* An apply that drops the rule leaves the connection; then it stays as long as others. */
	apply("mode disabled\nrule pass in on lan inet proto tcp port 81 timeout 17\nrule pass in on lan inet proto tcp port 82 timeout 23\n");
	CHECK(line_works(&line));
	line_finish(&line);
	apply("mode disabled\nrule pass in on lan inet proto tcp port 80 timeout 17\n"
	      "rule pass in on lan inet proto tcp/udp port 90:99 timeout 19 unreplied 11 replied 13\nrule pass in on lan inet\n");
	UDP(HOST_LAN, WAN_HOST, 90, "open");
	CHECK_NUMBER(states_of("r2", &one), 1);
	CHECK(one.left > 8 && one.left <= 13);
	forget_states();
	UDP(HOST_LAN, NOBODY, 91, "silent");
	CHECK_NUMBER(states_of("r2", &one), 1);
	CHECK(one.left > 5 && one.left <= 11);
	UDP(HOST_LAN, NOBODY, 70, "silent");
	CHECK_NUMBER(states_of("r3", &one), 1);
	CHECK(one.left > 20);
}

/* --- How fast -------------------------------------------------------------------------------------------- */

TEST(beyond_its_rate_of_packets_a_rule_passes_nothing)
{
	struct line_open line;
	unsigned         went = 0;

	apply("mode disabled\nrule pass in on lan inet proto tcp port 80 packets 12 per 600\nrule pass in on lan inet proto tcp port 81\n");
	CHECK(line_begin(&line, HOST_LAN, WAN_HOST, 80, HOST_WAN));
	/* A byte there is one packet, and its answer is acknowledged by another; the handshake were two. */
	for (; went < 3; went++)
		CHECK(line_works(&line));
	while (went < 20 && line_still_works(&line))
		went++;
	CHECK(went <= 10);
	line_finish(&line);
	TCP(HOST_LAN, WAN_HOST, 80, "silent");
	TCP(HOST_LAN, WAN_HOST, 81, "open");
}

/* --- What comes first -------------------------------------------------------------------------------------- */

/* As a VLAN's device does, which this kernel may not have: priorities on arrival, and what leaves is counted by them. */
static void
watch_priorities(void)
{
	static const char *const lines[][11] = {
		{ "nft", "add", "table", "netdev", "watch" },
		{ "nft", "add chain netdev watch arrive { type filter hook ingress device em1 priority 0; }" },
		{ "nft", "add rule netdev watch arrive ip protocol tcp tcp dport 5005 meta priority set db01:5" },
		{ "nft", "add chain netdev watch leave { type filter hook egress device em0 priority 0; }" },
		{ "nft", "add rule netdev watch leave meta priority db00:6 counter comment six" },
		{ "nft", "add rule netdev watch leave meta priority db00:7 counter comment seven" },
		{ "nft", "add rule netdev watch leave meta priority db01:5 counter comment arrived" },
	};
	scoped_buffer said = BUFFER_NONE;

	for (size_t i = 0; i < COUNT(lines); i++)
		if (!lab_run(&said, lines[i]))
			fail_msg("nft: %s", buffer_string(&said));
}

static unsigned
packets_with(const char *comment)
{
	scoped_buffer said = BUFFER_NONE;
	struct text   rest, line;
	unsigned      packets = 0;

	CHECK(LAB(&said, "nft", "list", "table", "netdev", "watch"));
	rest = buffer_text(&said);
	while (text_next(&rest, "\n", &line))
		if (text_contains(line, text_of(arena_print(router.arena, "comment \"%s\"", comment))))
			CHECK(sscanf(strstr(arena_copy(router.arena, line), "packets"), "packets %u", &packets) == 1);
	return packets;
}

TEST(priorities_of_vlan_frames_are_seen_and_set)
{
	struct line_open line;

	watch_priorities();
	apply("mode disabled\nrule pass in on lan inet proto tcp port 5000:5009 prio 5 setprio 6\n"
	      "rule pass in on lan inet proto tcp port 6000 prio 0 setprio 6 setpriolow 7\nrule block any on lan inet prio 0\n");
	TCP(HOST_LAN, WAN_HOST, 5005, "open");
	TCP(HOST_LAN, WAN_HOST, 5006, "silent");
	CHECK(packets_with("six") >= 2);
	CHECK_NUMBER(packets_with("seven"), 0);
	CHECK_NUMBER(packets_with("arrived"), 0);
	/* What only acknowledges is more urgent. */
	CHECK(line_begin(&line, HOST_LAN, WAN_HOST, 6000, HOST_WAN));
	CHECK(line_works(&line));
	CHECK(packets_with("seven") >= 2);
	const unsigned six = packets_with("six");

	CHECK(line_works(&line));
	CHECK(packets_with("six") > six);
	line_finish(&line);
	CHECK(LAB(NULL, "nft", "delete", "table", "netdev", "watch"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_tried_leaves_nothing_behind),
		cmocka_unit_test(a_handshake_is_answered_by_the_box),
		cmocka_unit_test(a_handshake_with_the_box_itself_is_answered_so_too),
		cmocka_unit_test(rules_for_out_decide_on_a_proxied_connection),
		cmocka_unit_test(a_rule_before_it_keeps_its_handshakes),
		cmocka_unit_test(what_a_forward_sends_to_it_has_an_ordinary_state),
		cmocka_unit_test(without_the_kernels_help_the_server_answers_itself),
		cmocka_unit_test(a_rule_before_one_without_states_keeps_its_own),
		cmocka_unit_test(one_connection_more_than_there_may_be_is_dropped),
		cmocka_unit_test(states_stay_as_long_as_their_rule_says),
		cmocka_unit_test(beyond_its_rate_of_packets_a_rule_passes_nothing),
		cmocka_unit_test(priorities_of_vlan_frames_are_seen_and_set),
	};

	lab_need("ip");
	lab_need("nft");
	return cmocka_run_group_tests(tests, router_up, router_down);
}
