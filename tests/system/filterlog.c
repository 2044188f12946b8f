/* Packets that rules log are in the log as they were, with their rules; connections are found, shown and killed. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "box.h"
#include "listen.h"
#include "test.h"

#define IP     "/usr/sbin/ip"
#define PING   "/usr/bin/ping"
#define OURS   "20.30.40.1" /* on the WAN, em1; no bogons, which are refused before any rule */
#define THEIRS "20.30.40.2"
#define OTHER  "20.30.40.3"

static struct box *box;

static int
ping(const char *count, const char *to)
{
	return BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-i", "0.2", "-W", "10", "-c", count, to);
}

static void
apply(void)
{
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}"), "status"), "OK\n\n");
}

static const char *
add_rule(const char *rest)
{
	const char *body = arena_print(box->arena, "{\"rule\":{\"enabled\":\"1\",\"interface\":\"wan\",\"direction\":\"in\",%s}}", rest);

	return at(box->arena, must_post(box->client, box->arena, "/api/firewall/filter/add_rule", body), "uuid");
}

/* The newest record for which a field has this value; they may take a moment to arrive. */
static const struct value *
find_record(const char *field, const char *value)
{
	for (int i = 0; i < 100; i++) {
		const struct value *records = must_get(box->client, box->arena, "/api/diagnostics/firewall/log?limit=500");

		for (size_t k = 0; k < value_count(records); k++)
			if (strcmp(at(box->arena, value_at(records, k), field), value) == 0)
				return value_at(records, k);
		wait_a_little(100);
	}
	fail_msg("no record with %s %s", field, value);
	return NULL;
}

static const char *
word(const struct value *record, const char *name)
{
	return at(box->arena, record, name);
}

TEST(what_no_rule_lets_in_is_logged_as_it_comes)
{
	struct listening stream;
	struct value    *record;

	listen_begin(&stream, box->instance, "/api/diagnostics/firewall/stream_log");
	CHECK(BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-W", "1", "-c", "1", OURS) != 0);
	do
		record = listen_next(&stream, box->arena, "message", 60000);
	while (record && strcmp(word(record, "src"), THEIRS) != 0);
	listen_end(&stream);
	CHECK(record != NULL);
	CHECK_STRING(word(record, "action"), "block");
	CHECK_STRING(word(record, "dir"), "in");
	CHECK_STRING(word(record, "interface"), "em1");
	CHECK_STRING(word(record, "dst"), OURS);
	CHECK_STRING(word(record, "protoname"), "icmp");
	CHECK_STRING(word(record, "ipversion"), "4");
	CHECK_STRING(word(record, "label"), "Default deny / state violation rule");
	CHECK(value_get(record, "counter") && value_get(record, "__spec__") && strlen(word(record, "__digest__")) == 32);
}

TEST(a_rule_that_logs_is_named_and_its_states_are_found_and_killed)
{
	const char *uuid = add_rule("\"action\":\"pass\",\"ipprotocol\":\"inet\",\"protocol\":\"ICMP\",\"log\":\"1\","
				    "\"description\":\"let <them> ping\"");
	const char *grid = "/api/diagnostics/firewall/query_states";

	apply();
	CHECK(ping("2", OURS) == 0);
	const struct value *record = find_record("rid", uuid);

	CHECK_STRING(word(record, "action"), "pass");
	CHECK_STRING(word(record, "label"), "let <them> ping");
	/* Found by rule, by network, by word; not by another. */
	const struct value *found = must_post(box->client, box->arena, grid, arena_print(box->arena, "{\"ruleid\":\"%s\"}", uuid));

	CHECK_STRING(word(found, "total"), "1");
	CHECK_STRING(word(found, "rows.0.src_addr"), THEIRS);
	CHECK_STRING(word(found, "rows.0.descr"), "let <them> ping");
	CHECK_STRING(word(found, "rows.0.pkts.0"), "2");
	CHECK_STRING(word(must_post(box->client, box->arena, grid, "{\"searchPhrase\":\"20.30.40.0/24 icmp\"}"), "total"), "1");
	CHECK_STRING(word(must_post(box->client, box->arena, grid, "{\"searchPhrase\":\"198.51.100.0/24\"}"), "total"), "0");
	CHECK_STRING(word(must_post(box->client, box->arena, grid, "{\"searchPhrase\":\"20.30.40.0/24 tcp\"}"), "total"), "0");
	found = must_post(box->client, box->arena, "/api/diagnostics/firewall/query_pf_top",
			  "{\"searchPhrase\":\"" THEIRS "\",\"sort\":{\"bytes\":\"desc\"}}");
	CHECK_STRING(word(found, "rows.0.label"), uuid);
	CHECK_STRING(word(found, "rows.0.pkts"), "4");
	found = must_post(box->client, box->arena, "/api/diagnostics/firewall/kill_states",
			  arena_print(box->arena, "{\"filter\":\"%s\",\"ruleid\":\"%s\"}", THEIRS, uuid));
	CHECK_STRING(word(found, "result"), "ok");
	CHECK_STRING(word(found, "dropped_states"), "1");
	CHECK_STRING(word(must_post(box->client, box->arena, grid, "{\"searchPhrase\":\"" THEIRS "\"}"), "total"), "0");
}

TEST(one_state_is_deleted_by_its_id)
{
	CHECK(ping("1", OURS) == 0);
	const struct value *found = must_post(box->client, box->arena, "/api/diagnostics/firewall/query_states",
					      "{\"searchPhrase\":\"" THEIRS "\"}");

	CHECK_STRING(word(found, "total"), "1");
	found = must_post(box->client, box->arena,
			  arena_print(box->arena, "/api/diagnostics/firewall/del_state/%s", word(found, "rows.0.id")), "{}");
	CHECK_STRING(word(found, "result"), "killed 1 states");
}

TEST(the_log_is_counted_and_told_in_both_dialects)
{
	const struct value *groups = must_get(box->client, box->arena, "/api/diagnostics/firewall/stats?group_by=src");
	bool                is_there = false;

	for (size_t i = 0; i < value_count(groups); i++)
		is_there = is_there || strcmp(word(value_at(groups, i), "label"), THEIRS) == 0;
	CHECK(is_there);
	groups = must_get(box->client, box->arena, "/api/diagnostics/firewall/stats");
	CHECK_STRING(word(groups, "0.label"), "WAN");
	const struct value *rows = must_post(box->client, box->arena, "/api/diagnostics/log/core/filter",
					     "{\"searchPhrase\":\"" THEIRS "\"}");

	CHECK_STRING(word(rows, "rows.0.process_name"), "filterlog");
	const struct value *lines = must_get(box->client, box->arena, "/api/v1/status/log/firewall");

	CHECK(strstr(box->client->body.bytes, "filterlog") && strstr(box->client->body.bytes, "," THEIRS ","));
	CHECK(value_count(value_get(lines, "data")) > 0);
	rows = must_get(box->client, box->arena, "/api/diagnostics/firewall/pf_statistics/rules");
	CHECK(strstr(box->client->body.bytes, "let <them> ping"));
}

static void
knock(void *argument)
{
	const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9999), .sin_addr.s_addr = inet_addr(OURS) };
	const struct timeval     patience = { .tv_usec = 300000 };

	(void)argument;
	for (int i = 0; i < 6; i++) {
		const int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		setsockopt(one, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		(void)!connect(one, (const struct sockaddr *)&to, sizeof(to));
		close(one);
	}
}

static const char *
states_from(const char *source)
{
	return word(must_post(box->client, box->arena, "/api/diagnostics/firewall/query_states",
			      arena_print(box->arena, "{\"searchPhrase\":\"%s icmp\"}", source)), "total");
}

/* Also those that other rules let in; nobody else's. */
TEST(who_exceeds_the_limits_of_a_rule_loses_his_connections)
{
	add_rule("\"action\":\"pass\",\"ipprotocol\":\"inet\",\"protocol\":\"TCP\",\"destination_port\":\"9999\","
		 "\"max-src-conn-rate\":\"3\",\"max-src-conn-rates\":\"60\",\"overload\":\"virusprot\"");
	apply();
	CHECK(BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-I", OTHER, "-W", "10", "-c", "1", OURS) == 0);
	CHECK(ping("1", OURS) == 0);
	CHECK_STRING(states_from(THEIRS), "1");
	CHECK_NUMBER(box_call(box, OUTSIDE, knock, NULL), 0);
	for (int i = 0; i < 100 && strcmp(states_from(THEIRS), "0") != 0; i++)
		wait_a_little(100);
	CHECK_STRING(states_from(THEIRS), "0");
	/* Theirs was made after this one, so none was merely forgotten. */
	CHECK_STRING(states_from(OTHER), "1");
	const struct value *table = must_get(box->client, box->arena, "/api/firewall/alias_util/list/virusprot");

	CHECK(strstr(box->client->body.bytes, THEIRS) && !strstr(box->client->body.bytes, OTHER));
	CHECK(table != NULL);
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
		cmocka_unit_test(what_no_rule_lets_in_is_logged_as_it_comes),
		cmocka_unit_test(a_rule_that_logs_is_named_and_its_states_are_found_and_killed),
		cmocka_unit_test(one_state_is_deleted_by_its_id),
		cmocka_unit_test(the_log_is_counted_and_told_in_both_dialects),
		cmocka_unit_test(who_exceeds_the_limits_of_a_rule_loses_his_connections),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	box = box_new();
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", THEIRS "/24", "dev", "em1");
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", OTHER "/24", "dev", "em1");
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", OURS "/24", "dev", "em1");
	apply();
	return cmocka_run_group_tests(tests, NULL, end);
}
