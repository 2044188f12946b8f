/* The program as its users first meet it: it comes up, serves both dialects, keeps what it is told, and ends. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "test.h"

#define NOBODY 65534

static void
add_alias(struct client *client, struct arena *arena, const char *name)
{
	const struct value *said = must_post(client, arena, "/api/firewall/alias/add_item",
		arena_print(arena, "{\"alias\":{\"enabled\":\"1\",\"name\":\"%s\",\"type\":\"host\","
			"\"content\":\"192.0.2.1\\n192.0.2.2\"}}", name));

	CHECK_STRING(at(arena, said, "result"), "saved");
}

static bool
has_alias(struct client *client, struct arena *arena, const char *name)
{
	const struct value *list = must_get(client, arena, "/api/v1/firewall/alias");
	const struct value *found = must_get(client, arena,
		arena_print(arena, "/api/firewall/alias/get_alias_u_u_i_d/%s", name));
	bool is_listed = false;

	for (size_t i = 0; i < value_count(value_get(list, "data")); i++)
		is_listed |= strcmp(at(arena, value_at(value_get(list, "data"), i), "name"), name) == 0;
	CHECK(is_listed == (*at(arena, found, "uuid") != '\0'));
	return is_listed;
}

/* --- in memory ---------------------------------------------------------------------------------------- */

TEST(an_ephemeral_instance_serves_both_dialects_on_one_connection)
{
	scoped_arena     arena = arena_new();
	const int64_t    begin = milliseconds();
	struct instance *instance = instance_plain("none");
	struct client   *client = client_new(instance);

	must_get(client, arena, "/api/firewall/alias/search_item");
	printf("system: %lld ms from start to the first answer\n", (long long)(milliseconds() - begin));
	CHECK_STRING(instance->user, USER);
	CHECK_STRING(instance->secret, SECRET);
	add_alias(client, arena, "web_servers");
	CHECK(has_alias(client, arena, "web_servers"));
	CHECK(!has_alias(client, arena, "mail_servers"));
	CHECK_NUMBER(client->connects, 1);
	client_free(client);
	printf("system: %lld ms to end\n", (long long)instance_stop(instance));
	instance_free(instance);
}

TEST(who_asks_without_a_right_is_told_so)
{
	scoped_arena     arena = arena_new();
	struct instance *instance = instance_plain("none");
	struct client   *client = client_new(instance);

	client->name = "";
	CHECK_NUMBER(get(client, arena, "/api/firewall/alias/search_item").status, 302); /* to the login page */
	CHECK_NUMBER(get(client, arena, "/api/v1/firewall/alias").status, 401);
	client->name = KEY;
	client->password = "wrong";
	CHECK_NUMBER(get(client, arena, "/api/firewall/alias/search_item").status, 401);
	CHECK_NUMBER(get(client, arena, "/api/v1/firewall/alias").status, 401);
	CHECK_NUMBER(get(client, arena, "/").status, 404);
	client_free(client);
	instance_free(instance);
}

TEST(made_up_credentials_are_said_and_work)
{
	scoped_arena     arena = arena_new();
	struct instance *instance = instance_new(NULL, NULL);
	struct client   *client;

	memset(instance->arguments, 0, sizeof(instance->arguments));
	memcpy(instance->arguments, (const char *[]){ "--ephemeral", "--apply", "none", "--plain" }, 4 * sizeof(char *));
	instance_start(instance);
	CHECK(strlen(instance->password) >= 16 && strlen(instance->secret) >= 40);
	client = client_new(instance);
	add_alias(client, arena, "anything");
	CHECK(has_alias(client, arena, "anything"));
	client_free(client);
	instance_free(instance);
}

/* --- sandboxes --------------------------------------------------------------------------------------------- */

static void
apply_in_sandbox(uid_t run_as)
{
	scoped_arena     arena = arena_new();
	struct instance *instance = instance_new("--plain", NULL);
	struct client   *client;

	instance->run_as = run_as;
	instance_start(instance);
	client = client_new(instance);
	add_alias(client, arena, "web_servers");
	CHECK_STRING(at(arena, must_post(client, arena, "/api/firewall/alias/reconfigure", "{}"), "status"), "ok");
	CHECK_STRING(at(arena, must_post(client, arena, "/api/firewall/filter/apply", "{}"), "status"), "OK\n\n");
	CHECK_NUMBER(value_path(must_post(client, arena, "/api/v1/firewall/apply", "{}"), "return")->integer, 0);
	client_free(client);
	instance_stop(instance);
	instance_free(instance);
}

TEST(a_sandbox_takes_what_is_applied)
{
	apply_in_sandbox(0);
}

/* Somebody without privileges gets a namespace of users first, where the kernel lets them. */
TEST(a_sandbox_needs_no_privilege)
{
	if (geteuid() != 0) {
		printf("system: SKIPPED: becoming another user needs root\n");
		skip();
	}
	apply_in_sandbox(NOBODY);
}

/* --- with a state directory ------------------------------------------------------------------------------------ */

TEST(a_restart_keeps_configuration_login_and_certificate)
{
	scoped_arena     arena = arena_new();
	struct instance *instance = instance_lasting(true);
	struct client   *client;
	const char      *key, *authority = arena_print(arena, "%s/first.pem", instance->folder);

	instance_start(instance);
	key = arena_copy(arena, text_of(instance->key));
	client = client_new(instance);
	add_alias(client, arena, "web_servers");
	CHECK_NUMBER(link(arena_print(arena, "%s/certificate.pem", instance->state), authority), 0);
	client_free(client);
	instance_stop(instance);

	instance_start(instance);
	CHECK_STRING(instance->key, key);
	client = client_new(instance);
	client->authority = authority;
	CHECK(has_alias(client, arena, "web_servers"));
	client_free(client);
	instance_stop(instance);
	instance_free(instance);
}

TEST(the_command_line_tool_speaks_for_the_administrator)
{
	struct instance *instance = instance_lasting(false);
	scoped_buffer    out = BUFFER_NONE;

	instance_start(instance);
	CHECK_NUMBER(instance_cli(instance, &out, "keys", NULL), 0);
	CHECK(strstr(buffer_string(&out), instance->key));
	CHECK(!strstr(buffer_string(&out), instance->secret));
	buffer_cut(&out, 0);
	CHECK_NUMBER(instance_cli(instance, &out, "call", "/api/firewall/alias/add_item",
		"{\"alias\":{\"name\":\"from_tool\",\"type\":\"host\",\"content\":\"192.0.2.9\"}}", NULL), 0);
	CHECK(strstr(buffer_string(&out), "saved"));
	buffer_cut(&out, 0);
	CHECK_NUMBER(instance_cli(instance, &out, "status", NULL), 0);
	CHECK_NUMBER(instance_cli(instance, &out, "log", NULL), 0);
	CHECK(strstr(buffer_string(&out), "add_item"));
	buffer_cut(&out, 0);
	CHECK_NUMBER(instance_cli(instance, &out, "export", NULL), 0);
	CHECK(strstr(buffer_string(&out), "<name>from_tool</name>"));
	buffer_cut(&out, 0);
	CHECK(instance_cli(instance, &out, "call", "/api/no/such/thing", NULL) != 0);
	instance_stop(instance);
	CHECK(instance_cli(instance, &out, "keys", NULL) != 0);
	CHECK(access(instance->socket, F_OK) != 0);
	instance_free(instance);
}

/* Rules that ask for what Linux cannot do: whoever applies them is told, whoever asks later, and who reads the log. */
TEST(what_cannot_be_had_is_said)
{
	scoped_arena     arena = arena_new();
	struct instance *instance = instance_lasting(false);
	scoped_buffer    out = BUFFER_NONE;
	struct client   *client;
	const char      *uuid;

	instance_start(instance);
	client = client_new(instance);
	CHECK_STRING(post(client, arena, "/api/firewall/filter/apply", "{}").notes, "");
	CHECK_STRING(at(arena, must_get(client, arena, "/api/core/system/status"), "metadata.system.status"), "2");
	uuid = at(arena, must_post(client, arena, "/api/firewall/filter/add_rule",
		"{\"rule\":{\"interface\":\"lan\",\"statetype\":\"modulate\",\"description\":\"odd\"}}"), "uuid");
	CHECK_STRING(post(client, arena, "/api/v1/firewall/apply", "{}").notes, "1");
	CHECK_STRING(post(client, arena, "/api/firewall/filter/apply", "{}").notes, "1");
	CHECK_STRING(at(arena, must_get(client, arena, "/api/core/system/status"), "metadata.system.status"), "1");
	CHECK(instance_said(instance, arena_print(arena, "filter: %s: sequence numbers are not modulated", uuid)));
	CHECK_NUMBER(instance_cli(instance, &out, "notes", NULL), 0);
	CHECK(strstr(buffer_string(&out), arena_print(arena, "%s (odd): sequence numbers are not modulated", uuid)));
	buffer_cut(&out, 0);
	CHECK_NUMBER(instance_cli(instance, &out, "apply", NULL), 0);
	CHECK(strstr(buffer_string(&out), "(odd): "));
	buffer_cut(&out, 0);
	CHECK_NUMBER(instance_cli(instance, &out, "status", NULL), 0);
	CHECK(strstr(buffer_string(&out), "Firewall rules"));
	client_free(client);
	instance_stop(instance);
	instance_free(instance);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ephemeral_instance_serves_both_dialects_on_one_connection),
		cmocka_unit_test(who_asks_without_a_right_is_told_so),
		cmocka_unit_test(made_up_credentials_are_said_and_work),
		cmocka_unit_test(a_sandbox_takes_what_is_applied),
		cmocka_unit_test(a_sandbox_needs_no_privilege),
		cmocka_unit_test(a_restart_keeps_configuration_login_and_certificate),
		cmocka_unit_test(the_command_line_tool_speaks_for_the_administrator),
		cmocka_unit_test(what_cannot_be_had_is_said),
	};

	instance_programs(argc, argv);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
