/* The resolver that clients configure answers what they configured, and it is Unbound that does. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"
#include "together.h"

#define UNBOUND "/usr/sbin/unbound"
#define DIG     "/usr/bin/dig"

static struct box *box;

static void
add(const char *kind, const char *body)
{
	const char *path = arena_print(box->arena, "/api/unbound/settings/add_%s", kind);

	if (strcmp(at(box->arena, must_post(box->client, box->arena, path, body), "result"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
}

static const char *
dig(const char *name, const char *type)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, DIG, "+short", "+time=5", "+tries=5", "@127.0.0.1", name, type);
	return arena_copy(box->arena, text_trim(buffer_text(&out)));
}

static void
start_unbound(void)
{
	must_post(box->client, box->arena, "/api/unbound/settings/set",
		  "{\"unbound\":{\"general\":{\"enabled\":\"1\"},\"advanced\":{\"logverbosity\":\"0\"}}}");
	box_reconfigure(box, "unbound");
}

static const char *
status(void)
{
	return at(box->arena, must_get(box->client, box->arena, "/api/unbound/service/status"), "status");
}

TEST(names_of_our_own_are_answered)
{
	add("host_override", "{\"host\":{\"hostname\":\"nas\",\"domain\":\"home.example\",\"rr\":\"A\",\"server\":\"192.168.1.9\"}}");
	add("host_override", "{\"host\":{\"hostname\":\"nas\",\"domain\":\"home.example\",\"rr\":\"AAAA\",\"server\":\"2001:db8::9\"}}");
	add("host_override", "{\"host\":{\"hostname\":\"*\",\"domain\":\"apps.example\",\"rr\":\"A\",\"server\":\"192.168.1.7\"}}");
	add("host_override", "{\"host\":{\"hostname\":\"\",\"domain\":\"home.example\",\"rr\":\"MX\",\"mxprio\":\"5\",\"mx\":\"nas.home.example\"}}");
	start_unbound();
	CHECK_STRING(status(), "running");
	CHECK_STRING(dig("nas.home.example", "A"), "192.168.1.9");
	CHECK_STRING(dig("nas.home.example", "AAAA"), "2001:db8::9");
	CHECK_STRING(dig("any.apps.example", "A"), "192.168.1.7");
	CHECK_STRING(dig("home.example", "MX"), "5 nas.home.example.");
	CHECK_STRING(dig("9.1.168.192.in-addr.arpa", "PTR"), "nas.home.example.");
}

/* A new name is there when the reply is, in the same process: nothing was restarted. */
TEST(a_change_is_taken_without_a_restart)
{
	const pid_t before = box_daemon(box, UNBOUND);

	CHECK(before > 0);
	add("host_override", "{\"host\":{\"hostname\":\"late\",\"domain\":\"home.example\",\"rr\":\"A\",\"server\":\"192.168.1.77\"}}");
	box_reconfigure(box, "unbound");
	CHECK_STRING(dig("late.home.example", "A"), "192.168.1.77");
	CHECK_NUMBER(box_daemon(box, UNBOUND), before);
}

/* As JSON and as dig writes it: both put a backslash before a quote and a backslash. */
static const char *
escaped(const char *text)
{
	scoped_buffer out = BUFFER_NONE;

	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buffer_add_byte(&out, '\\');
		buffer_add_byte(&out, *text);
	}
	return arena_copy(box->arena, buffer_text(&out));
}

/* Whatever a text has in it comes back as it was, and as nothing else. */
TEST(a_hostile_text_is_a_text)
{
	static const char *const texts[] = {
		"it's \"q\" \\ $(id) #", "' local-zone: 'home.example' refuse", "\" \"192.0.2.1", "@ IN A 192.0.2.1", "\\010server:",
		"include: \"/etc/shadow\"", "%s%n `id` ; a=b", "()[]{}<>|&~*?!", "a  b   c", "\\", "'", "''\"\"",
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		add("host_override", arena_print(box->arena, "{\"host\":{\"hostname\":\"evil%zu\",\"domain\":\"home.example\",\"rr\":\"TXT\","
							     "\"txtdata\":\"%s\"}}", i, escaped(texts[i])));
	box_reconfigure(box, "unbound");
	for (size_t i = 0; i < COUNT(texts); i++)
		CHECK_STRING(dig(arena_print(box->arena, "evil%zu.home.example", i), "TXT"),
			     arena_print(box->arena, "\"%s\"", escaped(texts[i])));
	CHECK_STRING(dig("nas.home.example", "A"), "192.168.1.9");
}

TEST(a_daemon_that_dies_is_there_again)
{
	const pid_t before = box_daemon(box, UNBOUND);
	pid_t       now = 0;

	kill(before, SIGKILL);
	for (int i = 0; i < 1200 && (now == 0 || now == before); i++) {
		wait_a_little(50);
		now = box_daemon(box, UNBOUND);
	}
	CHECK(now > 0 && now != before);
}

/* --- Blocking ------------------------------------------------------------------------------------------ */

#define LIST_PORT   "8053"
#define SILENT_PORT "8054"
#define LATE_PORT   "8055"
#define PYTHON    "/usr/bin/python3"

static const char list_content[] =
	"# a hosts file\n0.0.0.0 ads.example.net tracker.example.net # two\n127.0.0.1\tbad.example.org\r\n"
	"||below.example.com^\nplain.example.com\n*.wild.example.com\n! no name\nnot a name\n-\n"
	"good.example.org\n\"; evil: \"yes.example\n";

static pid_t
serve_on(const char *port, const char *content)
{
	const char *path = arena_print(box->arena, "%s/list.txt", box->instance->folder);
	FILE       *file = fopen(path, "we");
	pid_t       server;
	int         is_up = -1;

	CHECK(file && fputs(content, file) >= 0 && fclose(file) == 0);
	server = box_start(box, INSIDE, (const char *const[]){ PYTHON, "-m", "http.server", "--bind", "127.0.0.1", "--directory",
							       box->instance->folder, port, NULL });
	for (int i = 0; i < 1200 && is_up != 0; i++) {
		wait_a_little(50);
		is_up = BOX_RUN(box, INSIDE, NULL, PYTHON, "-c",
				"import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1]))).close()", port);
	}
	CHECK_NUMBER(is_up, 0);
	return server;
}

static pid_t
serve_list(const char *content)
{
	return serve_on(LIST_PORT, content);
}

static void
add_policy(const char *rest)
{
	add("dnsbl", arena_print(box->arena, "{\"blocklist\":{\"enabled\":\"1\",%s}}", rest));
}

static const char *
verdict(const char *domain)
{
	const char *body = arena_print(box->arena, "{\"domain\":\"%s\",\"src\":\"127.0.0.1\"}", domain);

	return at(box->arena, must_post(box->client, box->arena, "/api/unbound/diagnostics/test_blocklist", body), "action");
}

TEST(names_of_a_list_are_blocked)
{
	const pid_t server = serve_list(list_content);

	add_policy("\"lists\":\"http://127.0.0.1:" LIST_PORT "/list.txt\",\"allowlists\":\"^good\\\\.\","
		   "\"blocklists\":\"own.example\",\"wildcards\":\"all.example\",\"address\":\"192.0.2.99\",\"description\":\"first\"");
	box_reconfigure(box, "unbound");
	box_end(server);
	CHECK_STRING(dig("ads.example.net", "A"), "192.0.2.99");
	CHECK_STRING(dig("tracker.example.net", "A"), "192.0.2.99");
	CHECK_STRING(dig("bad.example.org", "A"), "192.0.2.99");
	CHECK_STRING(dig("x.below.example.com", "A"), "192.0.2.99");
	CHECK_STRING(dig("own.example", "A"), "192.0.2.99");
	CHECK_STRING(dig("x.y.all.example", "A"), "192.0.2.99");
	CHECK_STRING(verdict("tracker.example.net"), "Block");
	CHECK_STRING(verdict("x.below.example.com"), "Block");
	CHECK_STRING(verdict("plain.example.com"), "Block");
	CHECK_STRING(verdict("x.plain.example.com"), "Pass");
	CHECK_STRING(verdict("good.example.org"), "Pass");
	CHECK_STRING(verdict("example.net"), "Pass");
}

/* Releases up to 25.7 had one block of settings instead of policies: it is the first of these. */
TEST(the_block_of_older_clients_counts)
{
	must_post(box->client, box->arena, "/api/unbound/settings/set",
		  "{\"unbound\":{\"dnsbl\":{\"enabled\":\"1\",\"blocklists\":\"own.example,older.example\","
		  "\"whitelists\":\"plain.example.com\"}}}");
	box_reconfigure(box, "unbound");
	CHECK_STRING(dig("older.example", "A"), "192.0.2.99");
	CHECK_STRING(verdict("older.example"), "Block");
	CHECK_STRING(verdict("plain.example.com"), "Pass");
}

/* Takes whoever comes and never answers. */
static pid_t
serve_silence(const char *port)
{
	return box_start(box, INSIDE, (const char *const[]){ PYTHON, "-c",
		"import socket, sys, time\n"
		"s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
		"s.bind(('127.0.0.1', int(sys.argv[1]))); s.listen(8); time.sleep(300)", port, NULL });
}

static void
wait_for_verdict(const char *domain, const char *wanted)
{
	for (int i = 0; i < 600 && strcmp(verdict(domain), wanted) != 0; i++)
		wait_a_little(100);
	CHECK_STRING(verdict(domain), wanted);
}

/* A server of lists that never answers holds up neither the resolver's settings nor the filter; what comes later counts then. */
TEST(a_slow_server_of_lists_holds_up_nobody)
{
	const int64_t begin = milliseconds();
	const pid_t   silent = serve_silence(SILENT_PORT);

	add_policy("\"lists\":\"http://127.0.0.1:" SILENT_PORT "/never.txt,http://127.0.0.1:" LATE_PORT "/list.txt\","
		   "\"blocklists\":\"at.once.example\",\"description\":\"slow\"");
	box_reconfigure(box, "unbound");
	CHECK_STRING(verdict("at.once.example"), "Block");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	/* The fetch has 60 seconds. */
	CHECK(milliseconds() - begin < 55000);
	box_end(silent);

	const pid_t server = serve_on(LATE_PORT, "late.example.net\n");

	box_reconfigure(box, "unbound");
	wait_for_verdict("late.example.net", "Block");
	box_end(server);
}

/* Who is in none of its networks is not met by a policy. */
TEST(a_policy_is_for_its_networks)
{
	add_policy("\"blocklists\":\"others.example\",\"source_nets\":\"192.0.2.0/24\",\"description\":\"others\"");
	add_policy("\"blocklists\":\"ours.example\",\"source_nets\":\"127.0.0.0/8\",\"nxdomain\":\"1\",\"description\":\"ours\"");
	add("host_override", "{\"host\":{\"hostname\":\"www\",\"domain\":\"others.example\",\"rr\":\"A\",\"server\":\"192.168.1.4\"}}");
	box_reconfigure(box, "unbound");
	CHECK_STRING(verdict("others.example"), "Pass");
	CHECK_STRING(verdict("ours.example"), "Block");
	CHECK_STRING(dig("www.others.example", "A"), "192.168.1.4");
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, DIG, "+time=5", "+tries=5", "@127.0.0.1", "ours.example", "A");
	CHECK(text_contains(buffer_text(&out), TEXT("NXDOMAIN")));
}

static const struct value *
diagnostics(const char *what)
{
	const struct value *said =
		must_get(box->client, box->arena, arena_print(box->arena, "/api/unbound/diagnostics/%s", what));

	CHECK_STRING(at(box->arena, said, "status"), "ok");
	return value_get(said, "data");
}

TEST(it_tells_what_it_has)
{
	const struct value *data = diagnostics("listlocaldata"), *zones = diagnostics("listlocalzones");
	bool                is_found = false;

	for (size_t i = 0; i < value_count(data); i++)
		is_found |= strcmp(at(box->arena, value_at(data, i), "name"), "nas.home.example.") == 0 &&
			    strcmp(at(box->arena, value_at(data, i), "rrtype"), "A") == 0 &&
			    strcmp(at(box->arena, value_at(data, i), "type"), "IN") == 0 &&
			    strcmp(at(box->arena, value_at(data, i), "ttl"), "3600") == 0 &&
			    strcmp(at(box->arena, value_at(data, i), "value"), "192.168.1.9") == 0;
	CHECK(is_found);
	CHECK(value_count(zones) > 0 && *at(box->arena, value_at(zones, 0), "type"));
	CHECK(*at(box->arena, diagnostics("stats"), "total.num.queries.__value__") ||
	      *at(box->arena, diagnostics("stats"), "total.num.queries"));
	CHECK(value_is(diagnostics("dumpcache"), VALUE_LIST));
	CHECK(value_is(diagnostics("dumpinfra"), VALUE_LIST));
}

/* Counted from what the daemon says: by kind, and one by one. */
TEST(queries_are_counted)
{
	const struct value *rows = NULL, *first, *totals;

	must_post(box->client, box->arena, "/api/unbound/settings/set", "{\"unbound\":{\"general\":{\"stats\":\"1\"}}}");
	box_reconfigure(box, "unbound");
	must_post(box->client, box->arena, "/api/unbound/overview/reset", "{}");
	dig("nas.home.example", "A");
	dig("own.example", "A");
	for (int i = 0; i < 1200 && value_count(rows) < 2; i++) {
		wait_a_little(50);
		rows = value_get(must_post(box->client, box->arena, "/api/unbound/overview/search_queries", "{}"), "rows");
	}
	CHECK_NUMBER(value_count(rows), 2);
	first = value_at(rows, 0);
	CHECK_STRING(at(box->arena, first, "domain"), "own.example");
	CHECK_STRING(at(box->arena, first, "action"), "Block");
	CHECK_STRING(at(box->arena, first, "policy"), "first");
	CHECK_STRING(at(box->arena, first, "client"), "127.0.0.1");
	CHECK_STRING(at(box->arena, value_at(rows, 1), "source"), "Local-data");
	CHECK_STRING(at(box->arena, value_at(rows, 1), "rcode"), "NOERROR");
	totals = must_get(box->client, box->arena, "/api/unbound/overview/totals/10");
	CHECK_STRING(at(box->arena, totals, "total"), "2");
	CHECK_STRING(at(box->arena, totals, "blocked.pcnt"), "50.00");
	CHECK(value_get(value_get(totals, "top"), "nas.home.example"));
	CHECK(value_get(value_get(totals, "top_blocked"), "own.example"));
	CHECK_NUMBER(value_count(must_get(box->client, box->arena, "/api/unbound/overview/rolling/24")), 144);
	CHECK_NUMBER(value_count(must_get(box->client, box->arena, "/api/unbound/overview/rolling/1/1")), 60);
}

/* --- Many at once ---------------------------------------------------------------------------------------- */

static const char *
body_of(struct arena *arena, unsigned caller)
{
	return arena_print(arena, "{\"host\":{\"hostname\":\"c%u\",\"domain\":\"many.example\",\"rr\":\"A\",\"server\":\"10.7.0.%u\"}}", caller,
			   caller);
}

static bool
is_answered(const struct box *asked, struct arena *arena, unsigned caller)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(asked, INSIDE, &out, DIG, "+short", "+time=5", "+tries=3", "@127.0.0.1", arena_print(arena, "c%u.many.example", caller));
	return text_is(text_trim(buffer_text(&out)), arena_print(arena, "10.7.0.%u", caller));
}

/* Each saves a name of its own, all ask at once, and each finds its name when it is answered. */
TEST(many_who_ask_at_once_share_the_work)
{
	static const struct together together = { "unbound", "unbound has its new configuration",
						  "/api/unbound/settings/add_host_override", body_of, is_answered };

	together_check(box, &together);
}

TEST(it_stops_and_starts_as_told)
{
	must_post(box->client, box->arena, "/api/unbound/service/stop", "{}");
	CHECK_STRING(status(), "stopped");
	CHECK_NUMBER(box_daemon(box, UNBOUND), 0);
	must_post(box->client, box->arena, "/api/unbound/service/start", "{}");
	CHECK_STRING(status(), "running");
	CHECK_STRING(dig("nas.home.example", "A"), "192.168.1.9");
	must_post(box->client, box->arena, "/api/unbound/settings/set", "{\"unbound\":{\"general\":{\"enabled\":\"0\"}}}");
	box_reconfigure(box, "unbound");
	CHECK_STRING(status(), "disabled");
	CHECK_NUMBER(box_daemon(box, UNBOUND), 0);
}

/* Without a state directory the next one knows nothing of it: so this comes last. */
TEST(a_gate_that_dies_leaves_it_running)
{
	const pid_t gate = instance_gate(box->instance);
	pid_t       before, now = gate;

	start_unbound();
	before = box_daemon(box, UNBOUND);
	kill(gate, SIGKILL);
	for (int i = 0; i < 1200 && (now == gate || now == 0); i++) {
		wait_a_little(50);
		now = instance_gate(box->instance);
	}
	CHECK_STRING(dig("nas.home.example", "A"), "192.168.1.9");
	CHECK_NUMBER(box_daemon(box, UNBOUND), before);
}

/* The daemon has become another user where there are users; nothing but a process of ours knows of the keeper's end. */
TEST(a_keeper_that_is_killed_leaves_nothing_behind)
{
	const pid_t daemon = box_daemon(box, UNBOUND);
	const char *program = arena_print(box->arena, "/proc/%d/exe", (int)daemon);
	char        link[64];

	CHECK(daemon > 0);
	instance_kill_keeper(box->instance);
	/* Whoever takes over orphans may leave it as a zombie, which runs nothing. */
	for (int i = 0; i < 1200 && readlink(program, link, sizeof(link)) > 0; i++)
		wait_a_little(50);
	CHECK(readlink(program, link, sizeof(link)) < 0);
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
		cmocka_unit_test(names_of_our_own_are_answered), cmocka_unit_test(a_change_is_taken_without_a_restart),
		cmocka_unit_test(a_hostile_text_is_a_text),
		cmocka_unit_test(names_of_a_list_are_blocked), cmocka_unit_test(the_block_of_older_clients_counts),
		cmocka_unit_test(a_slow_server_of_lists_holds_up_nobody),
		cmocka_unit_test(a_policy_is_for_its_networks),
		cmocka_unit_test(it_tells_what_it_has), cmocka_unit_test(queries_are_counted),
		cmocka_unit_test(many_who_ask_at_once_share_the_work),
		cmocka_unit_test(a_daemon_that_dies_is_there_again),
		cmocka_unit_test(it_stops_and_starts_as_told), cmocka_unit_test(a_gate_that_dies_leaves_it_running),
		cmocka_unit_test(a_keeper_that_is_killed_leaves_nothing_behind),
	};

	instance_programs(argc, argv);
	box_need(UNBOUND, DIG, PYTHON, NULL);
	box = box_new();
	return cmocka_run_group_tests(tests, NULL, end);
}
