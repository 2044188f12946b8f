/* The settings of the pfSense API, one by one: what each changes for the requests after it. */
#include "api/keepsakes.h"
#include "api/peers.h"
#include "dialect/pfsense/serve.h"
#include "scenario/pfsense_setup.h"
#include "test.h"

static struct box_test box;

/* What peers and files were given. */
static struct {
	unsigned         pushes, writes;
	struct peer_push push;
	const char      *file;
	const char      *line; /* of the log, the last */
} given;

static void
push(void *context, const struct peer_push *push, struct buffer *report)
{
	(void)context, (void)report;
	given.pushes++;
	given.push = *push;
	given.push.hosts = arena_copy(box.arena, text_of(push->hosts));
	given.push.user = arena_copy(box.arena, text_of(push->user));
	given.push.password = arena_copy(box.arena, text_of(push->password));
	given.push.body.ptr = arena_copy(box.arena, push->body);
}

static enum result
keep(void *context, const char *name, struct text content, struct buffer *message)
{
	(void)context, (void)name, (void)message;
	given.writes++;
	given.file = arena_copy(box.arena, content);
	return RESULT_DONE;
}

static void
hear(void *context, const char *line)
{
	(void)context;
	given.line = arena_copy(box.arena, text_of(line));
}

static const struct peers     peers = { NULL, push };
static const struct keepsakes keepsakes = { NULL, keep, NULL };

static int
set_up(void **state)
{
	struct service *service;

	(void)state;
	box = box_make();
	memset(&given, 0, sizeof(given));
	service = harness_service(box.harness);
	service->peers = &peers;
	service->keepsakes = &keepsakes;
	service->note = hear;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	box_free(&box);
	return 0;
}

static void
set(const char *settings)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", settings), 0);
}

static struct answer
plain(enum method method, const char *url)
{
	const struct ask what = { method, arena_print(box.arena, "/api/v1/%s", url),
				  { { "Authorization", box.authorization } } };

	return harness_ask(box.harness, box.arena, &pfsense_dialect, &what);
}

static int
code(void)
{
	return ask_code(&box, "GET", "firewall/alias", NULL);
}

/* --- who may come in ------------------------------------------------------------------------------------------ */

/* Even to the one who could turn it on again. */
TEST(a_disabled_api_sends_everybody_home)
{
	set("{'enable': false}");
	const struct answer answer = plain(METHOD_GET, "system/api");

	CHECK_NUMBER(answer.status, 302);
	CHECK_STRING(answer_header(&answer, "Location"), "/");
	CHECK_NUMBER(answer.body.len, 0);
	CHECK_NUMBER(plain(METHOD_PATCH, "system/api").status, 405);
	box.authorization = NULL;
	CHECK_NUMBER(plain(METHOD_GET, "system/api/error").status, 302);
}

/* The harness's requests reach 192.168.1.1, an address of lan. */
TEST(requests_come_in_by_the_interfaces_that_are_allowed)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'allowed_interfaces': ['nope']}"), 1020);
	set("{'allowed_interfaces': ['wan', 'lan']}");
	CHECK_NUMBER(code(), 0);
	set("{'allowed_interfaces': 'LAN'}");
	CHECK_NUMBER(code(), 0);
	set("{'allowed_interfaces': ['wan', 'localhost']}");
	CHECK_NUMBER(code(), 6);
	box.authorization = NULL;
	CHECK_NUMBER(code(), 6); /* before anybody is asked for a name */
}

TEST(a_virtual_address_of_an_interface_counts_as_its_own)
{
	harness_put(box.harness, "interfaces.vip", NULL, "interface", "wan", "mode", "ipalias", "subnet", "192.168.1.1",
		    "subnet_bits", "32", NULL);
	set("{'allowed_interfaces': ['wan']}");
	CHECK_NUMBER(code(), 0);
}

TEST(no_interface_at_all_lets_nobody_in)
{
	set("{'allowed_interfaces': []}");
	CHECK_NUMBER(code(), 6);
}

/* --- who is asking -------------------------------------------------------------------------------------------- */

TEST(one_way_to_log_in_shuts_out_the_others)
{
	const char *local = box.authorization;

	set("{'authmode': 'token'}");
	CHECK_NUMBER(code(), 3);
	const struct value *reply = ask(&box, "POST", "access_token", NULL);
	const char         *token = arena_print(box.arena, "%s %s", text_at(&box, reply, "client-id"),
						text_at(&box, reply, "client-token"));

	box.authorization = token;
	CHECK_NUMBER(code(), 0);
	set("{'authmode': 'jwt'}");
	CHECK_NUMBER(code(), 3);
	box.authorization = local;
	const char *jwt = arena_print(box.arena, "Bearer %s",
				      text_at(&box, ask(&box, "POST", "access_token", NULL), "token"));

	CHECK_NUMBER(code(), 3);
	box.authorization = jwt;
	CHECK_NUMBER(code(), 0);
	box.authorization = arena_print(box.arena, "bearer %s", jwt + 7);
	CHECK_NUMBER(code(), 3);
	box.authorization = jwt;
	set("{'authmode': 'local'}");
	CHECK_NUMBER(code(), 3);
	box.authorization = local;
	CHECK_NUMBER(code(), 0);
}

TEST(tokens_have_the_size_and_the_hash_that_are_set)
{
	static const struct {
		const char *hash;
		unsigned    bytes, digits;
	} kinds[] = { { "sha256", 16, 64 }, { "sha384", 32, 96 }, { "sha512", 64, 128 } };
	const char *local = box.authorization, *tokens[COUNT(kinds)];

	for (size_t i = 0; i < COUNT(kinds); i++) {
		box.authorization = i ? tokens[i - 1] : local;
		set(arena_print(box.arena, "{'authmode': 'token', 'keyhash': '%s', 'keybytes': %u}", kinds[i].hash,
				kinds[i].bytes));
		box.authorization = local;
		const struct value *reply = ask(&box, "POST", "access_token", NULL);

		CHECK_NUMBER(strlen(text_at(&box, reply, "client-token")), kinds[i].bytes * 2);
		tokens[i] = arena_print(box.arena, "%s %s", text_at(&box, reply, "client-id"), text_at(&box, reply, "client-token"));
	}
	/* All of them are still good, and none is stored as it is. */
	for (size_t i = 0; i < COUNT(kinds); i++) {
		box.authorization = tokens[i];
		const struct value *reply = ask(&box, "GET", "system/api", NULL);
		const char         *path = arena_print(box.arena, "keys.key.%zu", i);
		const char         *stored = text_at(&box, reply, arena_print(box.arena, "%s.client_token", path));

		CHECK_NUMBER(strlen(stored), kinds[i].digits);
		CHECK_STRING(text_at(&box, reply, arena_print(box.arena, "%s.algo", path)), kinds[i].hash);
		CHECK(strcmp(stored, tokens[i] + strlen("61646d696e ")) != 0);
	}
}

TEST(failed_logins_lock_out_when_that_is_wanted)
{
	const char *right = box.authorization, *wrong = "Basic YWRtaW46d3Jvbmc=";

	harness_box(box.harness, "lockout.add", "true");
	set("{'enable_login_protection': false}");
	box.authorization = wrong;
	for (size_t i = 0; i < 5; i++)
		CHECK_NUMBER(code(), 3);
	CHECK_NUMBER(harness_asked(box.harness, "lockout.add"), 0);
	CHECK(!given.line);
	box.authorization = right;
	set("{'enable_login_protection': true}");
	box.authorization = wrong;
	for (size_t i = 0; i < 3; i++)
		CHECK_NUMBER(code(), 3);
	CHECK_NUMBER(harness_asked(box.harness, "lockout.add"), 1);
	CHECK_STRING(given.line, "webConfigurator authentication error for user 'admin' from: 192.0.2.10");
}

TEST(logins_that_succeed_are_noted_when_that_is_wanted)
{
	CHECK_NUMBER(code(), 0);
	CHECK(!given.line);
	set("{'log_successful_auth': true}");
	CHECK_NUMBER(code(), 0);
	CHECK_STRING(given.line, "Successful login for user 'admin' from: 192.0.2.10 (Local Database)");
}

/* Each way to log in counts, and so does none at all. */
TEST(failures_of_every_way_to_log_in_are_noted_and_counted)
{
	static const struct {
		const char *mode, *authorization, *user;
	} ways[] = {
		{ "local", NULL, "unknown" }, { "local", "Basic bm9ib2R5Ong=", "nobody" }, { "local", "Basic !", "unknown" },
		{ "token", "61646d696e 00", "admin" }, { "token", "Basic YWRtaW46cGZzZW5zZQ==", "unknown" },
		{ "jwt", "Bearer a.b.c", "unknown" },
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		tear_down(NULL);
		set_up(NULL);
		harness_box(box.harness, "lockout.add", "true");
		set(arena_print(box.arena, "{'authmode': '%s'}", ways[i].mode));
		box.authorization = ways[i].authorization;
		for (size_t k = 0; k < 3; k++)
			CHECK_NUMBER(code(), 3);
		CHECK_STRING(given.line, arena_print(box.arena, "webConfigurator authentication error for user '%s' from: 192.0.2.10",
						     ways[i].user));
		CHECK_NUMBER(harness_asked(box.harness, "lockout.add"), 1);
	}
}

TEST(the_lock_out_is_as_strict_as_the_box_is_told)
{
	const char *wrong = "Basic YWRtaW46d3Jvbmc=";

	harness_box(box.harness, "lockout.add", "true");
	harness_put(box.harness, "system.general", NULL, "guard_threshold", "10", "guard_exempt", "192.0.2.0/24", NULL);
	box.authorization = wrong;
	for (size_t i = 0; i < 5; i++)
		CHECK_NUMBER(code(), 3);
	CHECK_NUMBER(harness_asked(box.harness, "lockout.add"), 0);
	harness_put(box.harness, "system.general", NULL, "guard_threshold", "10", "guard_exempt", "198.51.100.0/24", NULL);
	CHECK_NUMBER(code(), 3);
	CHECK_NUMBER(harness_asked(box.harness, "lockout.add"), 1);
}

/* --- who may do what ------------------------------------------------------------------------------------------- */

TEST(an_access_list_has_networks_of_both_families)
{
	CHECK(ask_code(&box, "PUT", "system/api", "{'access_list': ['192.0.2.0/33']}") != 0);
	CHECK(ask_code(&box, "PUT", "system/api", "{'access_list': ['nowhere']}") != 0);
	set("{'access_list': ['2001:db8::/32', '192.0.2.10/32']}");
	CHECK_NUMBER(code(), 0);
	set("{'access_list': []}");
	CHECK_NUMBER(code(), 0);
	set("{'access_list': ['2001:db8::/32', '192.0.2.11/32']}");
	CHECK_NUMBER(code(), 4);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'access_list': []}"), 4);
}

/* Who asks for a token needs no privilege, and so neither list nor mode counts. */
TEST(tokens_are_made_in_read_only_mode_and_for_everybody)
{
	set("{'authmode': 'token', 'readonly': true, 'access_list': ['198.51.100.0/24']}");
	CHECK_NUMBER(ask_code(&box, "POST", "access_token", NULL), 0);
	box.authorization = NULL;
	CHECK_NUMBER(ask_code(&box, "POST", "access_token", NULL), 3);
}

TEST(in_read_only_mode_only_peers_change_the_settings)
{
	set("{'readonly': true}");
	CHECK_NUMBER(code(), 0);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'readonly': false}"), 4);
	CHECK_NUMBER(ask_code(&box, "DELETE", "firewall/alias", "{'id': 'x'}"), 4);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api/sync",
			      "{'enable': '', 'authmode': 'local', 'server_key': 'k', 'allowed_interfaces': 'any'}"), 0);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'readonly': false}"), 0);
}

TEST(options_are_answered_where_nothing_else_is)
{
	CHECK_NUMBER(plain(METHOD_OPTIONS, "firewall/alias").status, 405);
	set("{'allow_options': true, 'enable': false, 'allowed_interfaces': []}");
	CHECK_NUMBER(plain(METHOD_GET, "firewall/alias").status, 302);
	box.authorization = NULL;
	CHECK_NUMBER(plain(METHOD_OPTIONS, "firewall/alias").status, 200);
}

/* --- what comes back -------------------------------------------------------------------------------------------- */

TEST(custom_headers_come_first_and_cannot_replace_ours)
{
	set("{'custom_headers': {'X-First': '1', 'Referer': 'https://example.org/', 'X-Last': 'a b'}}");
	struct answer answer = plain(METHOD_GET, "firewall/alias");

	CHECK_STRING(answer.headers[0][0], "X-First");
	CHECK_STRING(answer.headers[2][1], "a b");
	CHECK_STRING(answer.headers[answer.nheaders - 1][0], "Referer");
	CHECK_STRING(answer.headers[answer.nheaders - 1][1], "no-referrer");
	answer = plain(METHOD_GET, "no/such/thing");
	CHECK(!answer_header(&answer, "X-First"));
	box.authorization = NULL;
	answer = plain(METHOD_GET, "firewall/alias");
	CHECK_NUMBER(answer.status, 401);
	CHECK_STRING(answer_header(&answer, "X-First"), "1");
}

TEST(headers_that_could_break_the_reply_are_not_sent)
{
	set("{'custom_headers': {'X-Split': 'a\\r\\nSet-Cookie: b', 'Bad Name': 'c', 'X-Good': 'd'}}");
	const struct answer answer = plain(METHOD_GET, "firewall/alias");

	CHECK(!answer_header(&answer, "X-Split"));
	CHECK(!answer_header(&answer, "Bad Name"));
	CHECK_STRING(answer_header(&answer, "X-Good"), "d");
	set("{'custom_headers': {}}");
	CHECK_NUMBER(plain(METHOD_GET, "firewall/alias").nheaders, 1);
}

/* --- copies and peers ------------------------------------------------------------------------------------------- */

TEST(each_change_is_copied_while_that_is_wanted)
{
	set("{'keyhash': 'sha512'}");
	CHECK_NUMBER(given.writes, 1);
	CHECK(strstr(given.file, "\"keyhash\":\"sha512\""));
	set("{'persist': false, 'keyhash': 'sha384'}");
	CHECK_NUMBER(given.writes, 1);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'persist': true, 'authmode': 'none'}"), 1021);
	CHECK_NUMBER(given.writes, 1);
}

TEST(peers_are_told_all_of_it)
{
	set("{'keyhash': 'sha512'}");
	CHECK_NUMBER(given.pushes, 0);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'hasync': true}"), 1027);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'hasync': true, 'hasync_hosts': ['a b']}"), 1028);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'hasync': true, 'hasync_hosts': ['192.0.2.1']}"), 1029);
	set("{'hasync': true, 'hasync_hosts': ['192.0.2.1', 'box.example.org'], 'hasync_username': 'sync', "
	    "'hasync_password': 'secret'}");
	CHECK_NUMBER(given.pushes, 1);
	CHECK_STRING(given.push.hosts, "192.0.2.1 box.example.org");
	CHECK_STRING(given.push.user, "sync");
	CHECK_STRING(given.push.password, "secret");
	CHECK(!given.push.verify);
	CHECK(text_contains(given.push.body, TEXT("\"server_key\":\"")));
	CHECK(text_contains(given.push.body, TEXT("\"keyhash\":\"sha512\"")));
	set("{'hasync_verify': true}");
	CHECK_NUMBER(given.pushes, 2);
	CHECK(given.push.verify);
	set("{'hasync': false}");
	CHECK_NUMBER(given.pushes, 2);
	CHECK(!value_get(value_get(ask(&box, "GET", "system/api", NULL), "data"), "hasync_password"));
}

TEST(what_a_peer_answers_is_understood)
{
	set("{'hasync': true, 'hasync_hosts': '192.0.2.1', 'hasync_username': 'a', 'hasync_password': 'b'}");
	CHECK(!given.push.judge(box.arena, 200, TEXT("{\"return\": 0}")));
	CHECK(strstr(given.push.judge(box.arena, 401, TEXT("{\"return\": 3}")), "not accepted"));
	CHECK(strstr(given.push.judge(box.arena, 403, TEXT("{\"return\": 4}")), "may not"));
	CHECK(strstr(given.push.judge(box.arena, 500, TEXT("{\"return\": 1, \"message\": \"no key\"}")), "no key"));
	CHECK(strstr(given.push.judge(box.arena, 404, TEXT("404 Not Found\n")), "no answer of this API"));
	CHECK(strstr(given.push.judge(box.arena, 200, TEXT("[]")), "no answer of this API"));
}

/* What a peer sends is taken while nobody else is let in, without its own list of peers, and is not sent on. */
TEST(settings_of_a_peer_replace_ours)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api/sync", "{'authmode': 'local'}"), 1);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api/sync", "{'server_key': 'x'}"), 1);
	set("{'hasync': true, 'hasync_hosts': '192.0.2.1', 'hasync_username': 'a', 'hasync_password': 'b'}");
	set("{'authmode': 'jwt', 'keyhash': 'sha512'}");
	given.pushes = given.writes = 0;
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api/sync",
			      "{'enable': '', 'authmode': 'local', 'server_key': 'k', 'allowed_interfaces': 'wan', 'hasync': '', "
			      "'hasync_hosts': '192.0.2.9', 'hasync_username': 'c', 'hasync_password': 'd'}"), 0);
	CHECK_NUMBER(given.pushes, 0);
	CHECK_NUMBER(given.writes, 1); /* ours were persistent */
	CHECK(strstr(given.file, "\"server_key\":\"k\"") && !strstr(given.file, "hasync"));
	CHECK_NUMBER(code(), 6);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api/sync",
			      "{'authmode': 'local', 'server_key': 'k', 'allowed_interfaces': 'any', 'readonly': ''}"), 0);
	CHECK_NUMBER(given.writes, 1);
	CHECK_NUMBER(plain(METHOD_GET, "firewall/alias").status, 302); /* without "enable" */
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api/sync",
			      "{'enable': '', 'authmode': 'local', 'server_key': 'k', 'allowed_interfaces': 'any'}"), 0);
	CHECK_NUMBER(code(), 0);
}

RUN(cmocka_unit_test_setup_teardown(a_disabled_api_sends_everybody_home, set_up, tear_down),
    cmocka_unit_test_setup_teardown(requests_come_in_by_the_interfaces_that_are_allowed, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_virtual_address_of_an_interface_counts_as_its_own, set_up, tear_down),
    cmocka_unit_test_setup_teardown(no_interface_at_all_lets_nobody_in, set_up, tear_down),
    cmocka_unit_test_setup_teardown(one_way_to_log_in_shuts_out_the_others, set_up, tear_down),
    cmocka_unit_test_setup_teardown(tokens_have_the_size_and_the_hash_that_are_set, set_up, tear_down),
    cmocka_unit_test_setup_teardown(failed_logins_lock_out_when_that_is_wanted, set_up, tear_down),
    cmocka_unit_test_setup_teardown(logins_that_succeed_are_noted_when_that_is_wanted, set_up, tear_down),
    cmocka_unit_test_setup_teardown(failures_of_every_way_to_log_in_are_noted_and_counted, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_lock_out_is_as_strict_as_the_box_is_told, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_access_list_has_networks_of_both_families, set_up, tear_down),
    cmocka_unit_test_setup_teardown(tokens_are_made_in_read_only_mode_and_for_everybody, set_up, tear_down),
    cmocka_unit_test_setup_teardown(in_read_only_mode_only_peers_change_the_settings, set_up, tear_down),
    cmocka_unit_test_setup_teardown(options_are_answered_where_nothing_else_is, set_up, tear_down),
    cmocka_unit_test_setup_teardown(custom_headers_come_first_and_cannot_replace_ours, set_up, tear_down),
    cmocka_unit_test_setup_teardown(headers_that_could_break_the_reply_are_not_sent, set_up, tear_down),
    cmocka_unit_test_setup_teardown(each_change_is_copied_while_that_is_wanted, set_up, tear_down),
    cmocka_unit_test_setup_teardown(peers_are_told_all_of_it, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_a_peer_answers_is_understood, set_up, tear_down),
    cmocka_unit_test_setup_teardown(settings_of_a_peer_replace_ours, set_up, tear_down));
