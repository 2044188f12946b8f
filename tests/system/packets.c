/*
 * What clients configure is what packets meet: the whole daemon as a router between hosts in network
 * namespaces, told through both dialects.
 */
#include <string.h>
#include <unistd.h>

#include "lab.h"
#include "router.h"
#include "test.h"

#define WAN_HOST   "192.0.2.10"
#define WAN        "192.0.2.1"
#define SPARE      "192.0.2.50" /* on the WAN, ours too */
#define SERVER     "10.1.0.20"
#define ADDED_MAX  64

static const char start_configuration[] =
	"<?xml version=\"1.0\"?><opnsense><system><hostname>firewall</hostname><domain>lab.example</domain></system><interfaces>"
	"<wan><if>em0</if><descr>WAN</descr><enable>1</enable><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet></wan>"
	"<lan><if>em1</if><descr>LAN</descr><enable>1</enable><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></lan>"
	"</interfaces></opnsense>";

static struct {
	struct router    router;
	struct arena    *arena;
	struct client   *client;
	const char      *undo[ADDED_MAX]; /* paths that delete what a test has added */
	size_t           nundo;
} lab;

#define SAY(...)             arena_print(lab.arena, __VA_ARGS__)
#define RULE(rest)           "{\"rule\":{\"enabled\":\"1\",\"interface\":\"lan\",\"direction\":\"in\",\"ipprotocol\":\"inet\"," rest "}}"

/* --- words -------------------------------------------------------------------------------------------- */

static void
apply(void)
{
	CHECK_STRING(at(lab.arena, must_post(lab.client, lab.arena, "/api/firewall/filter/apply", "{}"), "status"), "OK\n\n");
}

static const char *
add(const char *controller, const char *suffix, const char *body)
{
	const struct value *said = must_post(lab.client, lab.arena, SAY("/api/firewall/%s/add%s", controller, suffix), body);
	const char *const   uuid = at(lab.arena, said, "uuid");

	if (!*uuid)
		fail_msg("%s: %s", body, lab.client->body.bytes);
	lab.undo[lab.nundo++] = SAY("/api/firewall/%s/del%s/%s", controller, suffix, uuid);
	return uuid;
}

static void
add_rule(const char *body)
{
	add("filter", "_rule", body);
}

static int
forget(void **state)
{
	(void)state;
	while (lab.nundo > 0)
		must_post(lab.client, lab.arena, lab.undo[--lab.nundo], "{}");
	apply();
	return 0;
}

/* --- tests ---------------------------------------------------------------------------------------------- */

TEST(a_rule_passes_refuses_or_drops_what_it_names)
{
	apply();
	TCP(HOST_LAN, WAN_HOST, 80, "silent");
	add_rule(RULE("\"action\":\"pass\",\"protocol\":\"TCP/UDP\",\"destination_port\":\"80\""));
	add_rule(RULE("\"action\":\"reject\",\"protocol\":\"TCP\",\"destination_port\":\"82\""));
	TCP(HOST_LAN, WAN_HOST, 80, "silent");
	apply();
	UDP(HOST_LAN, WAN_HOST, 80, "open"); /* a single packet: it is in force when the reply is there */
	TCP(HOST_LAN, WAN_HOST, 80, "open");
	TCP(HOST_LAN, WAN_HOST, 81, "silent");
	TCP(HOST_LAN, WAN_HOST, 82, "reset");
}

TEST(the_last_rule_that_is_not_quick_decides)
{
	add_rule(RULE("\"action\":\"block\",\"quick\":\"0\",\"sequence\":\"1\""));
	add_rule(RULE("\"action\":\"pass\",\"quick\":\"0\",\"sequence\":\"2\",\"protocol\":\"TCP\",\"destination_port\":\"80-81\""));
	add_rule(RULE("\"action\":\"block\",\"quick\":\"0\",\"sequence\":\"3\",\"protocol\":\"TCP\",\"destination_port\":\"81\""));
	apply();
	TCP(HOST_LAN, WAN_HOST, 80, "open");
	TCP(HOST_LAN, WAN_HOST, 81, "silent");
}

TEST(sources_leave_with_the_address_of_the_wan)
{
	add_rule(RULE("\"action\":\"pass\""));
	must(lab.client, lab.arena, "PUT", "/api/v1/firewall/nat/outbound", "{\"mode\":\"hybrid\",\"apply\":false}");
	add("source_nat", "_rule", "{\"rule\":{\"enabled\":\"1\",\"interface\":\"wan\",\"ipprotocol\":\"inet\",\"source_net\":\"lan\","
		"\"destination_net\":\"any\",\"target\":\"wanip\"}}");
	apply();
	CHECK_STRING(talk_tcp(HOST_LAN, WAN_HOST, 80, 0).seen_from, WAN);
}

TEST(pfsense_forwards_a_port)
{
	must_post(lab.client, lab.arena, "/api/v1/firewall/nat/port_forward",
		"{\"interface\":\"wan\",\"protocol\":\"tcp\",\"src\":\"any\",\"srcport\":\"any\",\"dst\":\"wanip\",\"dstport\":\"8000\","
		"\"target\":\"" SERVER "\",\"local-port\":\"80\",\"apply\":true}");
	const struct talked talked = talk_tcp(HOST_WAN, WAN, 8000, 80);

	must(lab.client, lab.arena, "DELETE", "/api/v1/firewall/nat/port_forward", "{\"id\":0,\"apply\":true}");
	CHECK_STRING(talk_word(talked.how), talk_word(TALK_OPEN));
	CHECK(talked.server == HOST_SERVER);
	TCP(HOST_WAN, WAN, 8000, "silent");
}

TEST(an_address_stands_for_another)
{
	add("one_to_one", "_rule", "{\"rule\":{\"enabled\":\"1\",\"interface\":\"wan\",\"type\":\"binat\",\"external\":\"" SPARE "\","
		"\"source_net\":\"" SERVER "\",\"destination_net\":\"any\"}}");
	add("filter", "_rule", "{\"rule\":{\"enabled\":\"1\",\"interface\":\"wan\",\"direction\":\"in\",\"ipprotocol\":\"inet\","
		"\"action\":\"pass\",\"destination_net\":\"" SERVER "\"}}");
	apply();
	const struct talked talked = talk_tcp(HOST_WAN, SPARE, 80, 0);

	CHECK_STRING(talk_word(talked.how), talk_word(TALK_OPEN));
	CHECK(talked.server == HOST_SERVER);
}

TEST(an_alias_changes_what_its_rules_mean)
{
	const char *uuid = add("alias", "_item", "{\"alias\":{\"name\":\"targets\",\"type\":\"host\",\"content\":\"192.0.2.99\"}}");

	add_rule(RULE("\"action\":\"pass\",\"destination_net\":\"targets\""));
	apply();
	TCP(HOST_LAN, WAN_HOST, 80, "silent");
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/set_item/%s", uuid), "{\"alias\":{\"content\":\"" WAN_HOST "\"}}");
	must_post(lab.client, lab.arena, "/api/firewall/alias/reconfigure", "{}");
	TCP(HOST_LAN, WAN_HOST, 80, "open");
}

TEST(a_connection_survives_an_apply)
{
	struct line_open line;

	add_rule(RULE("\"action\":\"pass\",\"protocol\":\"TCP\",\"destination_port\":\"80\""));
	apply();
	CHECK(line_begin(&line, HOST_LAN, WAN_HOST, 80, HOST_WAN));
	CHECK(line_works(&line));
	add_rule(RULE("\"action\":\"block\",\"sequence\":\"1\",\"protocol\":\"TCP\",\"destination_port\":\"9\""));
	apply();
	CHECK(line_works(&line));
	line_finish(&line);
}

TEST(nobody_locks_himself_out)
{
	struct instance inside = *lab.router.instance;
	struct client  *client;

	add_rule(RULE("\"action\":\"block\",\"quick\":\"1\",\"sequence\":\"1\""));
	apply();
	inside.url = "http://" MANAGEMENT;
	client = client_new(&inside);
	host_enter(HOST_LAN);
	const struct answer answer = get(client, lab.arena, "/api/firewall/alias/search_item?rowCount=1");

	host_enter(HOST_ROUTER);
	client_free(client);
	CHECK_NUMBER(answer.status, 200);
	TCP(HOST_LAN, WAN_HOST, 80, "silent");
}

/* How many of each are in force; text in a description must not make more. Rules lie in chains by their uuid, so these vary. */
static const char *
count_rules(void)
{
	static const char *const words[] = { "\"table\": {", "\"hook\":", "\"drop\":", "\"accept\":", "owned" };
	scoped_buffer            out = BUFFER_NONE;
	const char              *counts = "";

	CHECK(LAB(&out, "nft", "-j", "list", "ruleset"));
	for (size_t i = 0; i < COUNT(words); i++) {
		unsigned count = 0;

		for (const char *found = buffer_string(&out); (found = strstr(found, words[i])); found++)
			count++;
		counts = SAY("%s %s%u", counts, words[i], count);
	}
	return counts;
}

TEST(text_in_descriptions_stays_text)
{
	static const char *const texts[] = {
		"\\\" drop; }", "; flush ruleset", "$(touch /tmp/drawbridge-owned)", "add table inet drawbridge2",
		"{ type filter hook input priority 0; }", "' drop", "\\\\", "%s%n", "*/ drop /*", "# x",
	};
	const char *counts[2];

	for (unsigned bad = 0; bad < 2; bad++) {
		for (size_t i = 0; i < COUNT(texts); i++)
			add_rule(SAY(RULE("\"action\":\"pass\",\"protocol\":\"TCP\",\"destination_port\":\"%zu\",\"log\":\"1\",\"description\":\"%s\""),
				1000 + i, bad ? texts[i] : "harmless"));
		apply();
		counts[bad] = count_rules();
		forget(NULL);
	}
	CHECK_STRING(counts[0], counts[1]);
	CHECK(access("/tmp/drawbridge-owned", F_OK) != 0);
}

/* --- the lab ------------------------------------------------------------------------------------------------ */

static int
set_up(void **state)
{
	(void)state;
	router_up(&lab.router, start_configuration);
	lab.arena = lab.router.arena;
	lab.client = lab.router.client;
	HOST_IP(HOST_ROUTER, "address", "add", SPARE "/32", "dev", "em0");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	router_down(&lab.router);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_rule_passes_refuses_or_drops_what_it_names, forget),
		cmocka_unit_test_teardown(the_last_rule_that_is_not_quick_decides, forget),
		cmocka_unit_test_teardown(sources_leave_with_the_address_of_the_wan, forget),
		cmocka_unit_test_teardown(pfsense_forwards_a_port, forget),
		cmocka_unit_test_teardown(an_address_stands_for_another, forget),
		cmocka_unit_test_teardown(an_alias_changes_what_its_rules_mean, forget),
		cmocka_unit_test_teardown(a_connection_survives_an_apply, forget),
		cmocka_unit_test_teardown(nobody_locks_himself_out, forget),
		cmocka_unit_test_teardown(text_in_descriptions_stays_text, forget),
	};

	instance_programs(argc, argv);
	lab_need("ip");
	lab_need("nft");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
