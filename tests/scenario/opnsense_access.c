/* Who may do what: every privilege, in full and for reads only, at every endpoint. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "auth/acl.h"
#include "dialect/opnsense/opnsense.h"
#include "dialect/opnsense/route.h"
#include "scenario/opnsense_client.h"
#include "scenario/setup.h"

static const char *vectors;

static struct client
client_open(struct arena *arena)
{
	return (struct client){ opnsense_setup(arena, vectors), arena, 0 };
}

static const struct record *
reader(struct client *client)
{
	return collection_where(snapshot_named(harness_snapshot(client->harness), "auth.user"), "name", TEXT("reader"));
}

/* Ask as the reader; the status. */
static unsigned
try(struct client *client, struct arena *arena, enum method method, const char *target, const char *body)
{
	const struct ask what = { method, target,
				  { { "Authorization", opnsense_authorization(arena, "reader") },
				    { body ? "Content-Type" : NULL, "application/json" } },
				  text_of(body ? body : ""), false };

	return harness_ask(client->harness, arena, &opnsense_dialect, &what).status;
}

/* As the administrator who asks for what upstream lacks. */
static const struct value *
get_more(struct client *client, const char *target)
{
	const struct ask what = { METHOD_GET, target,
				  { { "Authorization", opnsense_authorization(client->arena, "admin") },
				    { "X-Drawbridge-Readonly", "1" } },
				  TEXT_NONE, false };
	const struct answer answer = harness_ask(client->harness, client->arena, &opnsense_dialect, &what);
	struct value       *value = NULL;

	CHECK_NUMBER(answer.status, 200);
	json_read(client->arena, answer.body, NULL, &value, NULL);
	return value;
}

static uint64_t
revision(struct client *client)
{
	return snapshot_revision(harness_snapshot(client->harness));
}

static const char *
target_of(struct arena *arena, const struct route *route)
{
	const char *target = arena_print(arena, "/api/%s", route->endpoint);

	for (unsigned i = 0; i < route->params; i++)
		target = arena_print(arena, "%s/x", target);
	return target;
}

/* A method that gets past the privilege, and no further; the ways in that have none are not gone to the end. */
static bool
has_other_method(const struct route *route, enum method *other)
{
	*other = METHOD_PUT;
	return route->methods != 0 && !(route->methods >> METHOD_PUT & 1);
}

/* Every endpoint with one privilege: the sum of what was wrong. */
static unsigned
count_wrong(struct client *client, const struct routes *routes, const struct privilege *privilege, bool in_full)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < routes_count(routes); i++) {
		scoped_arena        arena = arena_new();
		const struct route *route = routes_at(routes, i);
		const char         *target = target_of(arena, route);
		const struct text   uri = text_after(text_of(target), 1);
		const bool          is_listed = acl_opens(privilege, uri) ||
				       acl_opens(privilege, text_of(arena_print(arena, "api/%s", route->endpoint)));
		const bool may = route->is_open || acl_is_public(uri) || (is_listed && (in_full || kind_is_read(route->kind)));
		enum method method;

		if (!has_other_method(route, &method) && may)
			continue;
		if ((try(client, arena, method, target, NULL) != 403) == may)
			continue;
		print_error("%s %s, %s: not what it should be\n", in_full ? "full" : "read-only", privilege->id, target);
		wrong++;
	}
	return wrong;
}

static void
check_all(bool in_full)
{
	scoped_arena         arena = arena_new();
	struct client        client = client_open(arena);
	const struct routes *routes = harness_service(client.harness)->routes[OPNSENSE];
	unsigned             wrong = 0;

	CHECK_NUMBER(acl_privileges_count, 143);
	for (size_t i = 0; i < acl_privileges_count; i++) {
		harness_change(client.harness, reader(&client), "priv", in_full ? acl_privileges[i].id : "");
		harness_change(client.harness, reader(&client), "priv_readonly", in_full ? "" : acl_privileges[i].id);
		const uint64_t before = revision(&client);

		wrong += count_wrong(&client, routes, &acl_privileges[i], in_full);
		CHECK(revision(&client) == before);
	}
	CHECK_NUMBER(wrong, 0);
	harness_free(client.harness);
}

TEST(each_privilege_opens_what_its_patterns_say_and_no_more)
{
	check_all(true);
}

TEST(each_privilege_for_reads_opens_the_reads_of_its_patterns_and_no_more)
{
	check_all(false);
}

TEST(who_reads_everything_changes_nothing)
{
	scoped_arena  arena = arena_new();
	struct client client = client_open(arena);

	harness_change(client.harness, reader(&client), "priv", "");
	harness_change(client.harness, reader(&client), "priv_readonly", "page-all");
	const uint64_t before = revision(&client);

	CHECK_NUMBER(try(&client, arena, METHOD_GET, "/api/firewall/alias/get", NULL), 200);
	CHECK_NUMBER(try(&client, arena, METHOD_POST, "/api/firewall/alias/search_item", "{}"), 200);
	CHECK_NUMBER(try(&client, arena, METHOD_POST, "/api/firewall/alias/addItem",
			 "{\"alias\":{\"name\":\"a\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}"), 403);
	CHECK_NUMBER(try(&client, arena, METHOD_POST,
			 arena_print(arena, "/api/auth/user/set/%s", reader(&client)->uuid),
			 "{\"user\":{\"priv\":\"page-all\"}}"), 403);
	CHECK_NUMBER(try(&client, arena, METHOD_POST, "/api/firewall/filter/apply", "{}"), 403);
	CHECK(revision(&client) == before);
	harness_free(client.harness);
}

TEST(a_group_gives_privileges_for_reads_to_its_members)
{
	scoped_arena  arena = arena_new();
	struct client client = client_open(arena);

	harness_change(client.harness, reader(&client), "priv", "");
	CHECK_NUMBER(try(&client, arena, METHOD_GET, "/api/unbound/settings/get", NULL), 403);
	CHECK_STRING(client_word(&client, client_post(&client, "/api/auth/group/add",
						      "{\"group\":{\"name\":\"watchers\",\"member\":\"2001\","
						      "\"priv_readonly\":\"page-services-unbound\"}}"), "result"), "saved");
	CHECK_NUMBER(try(&client, arena, METHOD_GET, "/api/unbound/settings/get", NULL), 200);
	CHECK_NUMBER(try(&client, arena, METHOD_POST, "/api/unbound/settings/set", "{\"unbound\":{}}"), 403);
	harness_free(client.harness);
}

TEST(only_those_who_ask_see_privileges_for_reads)
{
	static const char *const seen_by_all[] = { "/api/auth/user/get/%s", "/api/auth/user/search", "/api/auth/group/get",
						   "/api/auth/group/search", "/api/auth/priv/search",
						   "/api/auth/priv/get_item/page-services-unbound" };
	scoped_arena  arena = arena_new();
	struct client client = client_open(arena);
	const char   *uuid = arena_print(arena, "%s", reader(&client)->uuid);

	harness_change(client.harness, reader(&client), "password", "*");
	CHECK_STRING(client_word(&client, client_post(&client, arena_print(arena, "/api/auth/user/set/%s", uuid),
						      "{\"user\":{\"priv_readonly\":\"page-services-unbound\"}}"),
				 "result"), "saved");
	for (size_t i = 0; i < COUNT(seen_by_all); i++) {
		scoped_buffer target = BUFFER_NONE;

		if (strchr(seen_by_all[i], '%'))
			buffer_print(&target, "/api/auth/user/get/%s", uuid);
		else
			buffer_add_string(&target, seen_by_all[i]);
		const struct answer plain = client_ask(&client, METHOD_GET, buffer_string(&target), NULL);

		CHECK_NUMBER(plain.status, 200);
		CHECK(memmem(plain.body.ptr, plain.body.len, "priv_readonly", strlen("priv_readonly")) == NULL);
		CHECK(memmem(plain.body.ptr, plain.body.len, "readonly_", strlen("readonly_")) == NULL);
	}
	const struct value *user = get_more(&client, arena_print(arena, "/api/auth/user/get/%s", uuid));
	const struct value *held = get_more(&client, "/api/auth/priv/get_item/page-services-unbound");

	CHECK_STRING(client_word(&client, user, "user.priv_readonly.page-services-unbound.selected"), "1");
	CHECK_STRING(client_word(&client, user, "user.priv_readonly.page-firewall-aliases.selected"), "0");
	CHECK_STRING(client_word(&client, held, arena_print(arena, "priv.readonly_users.%s.selected", uuid)), "1");
	CHECK_STRING(client_word(&client, held, arena_print(arena, "priv.users.%s.selected", uuid)), "0");
	harness_free(client.harness);
}

TEST(a_privilege_is_given_for_reads_and_taken_where_it_is_managed)
{
	scoped_arena  arena = arena_new();
	struct client client = client_open(arena);
	const char   *give = arena_print(arena, "{\"priv\":{\"readonly_users\":\"%s\"}}", reader(&client)->uuid);

	client_post(&client, "/api/auth/priv/set_item/page-services-unbound", give);
	CHECK_STRING(record_get(reader(&client), "priv_readonly"), "page-services-unbound");
	CHECK_STRING(record_get(reader(&client), "priv"), "page-firewall-aliases");
	/* Those who know nothing of it disturb nothing. */
	client_post(&client, "/api/auth/priv/set_item/page-services-unbound", "{\"priv\":{\"users\":\"\"}}");
	CHECK_STRING(record_get(reader(&client), "priv_readonly"), "page-services-unbound");
	client_post(&client, "/api/auth/priv/set_item/page-services-unbound", "{\"priv\":{\"readonly_users\":\"\"}}");
	CHECK_STRING(record_get(reader(&client), "priv_readonly"), "");
	harness_free(client.harness);
}

TEST(what_is_no_privilege_is_refused)
{
	static const char *const wrong[] = { "\"page-none\"", "[{}]", "{\"a\":\"b\"}", "\"page-all,page-none\"" };
	scoped_arena  arena = arena_new();
	struct client client = client_open(arena);
	const char   *target = arena_print(arena, "/api/auth/user/set/%s", reader(&client)->uuid);

	harness_change(client.harness, reader(&client), "password", "*");
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const struct value *answer = client_post(
			&client, target, arena_print(arena, "{\"user\":{\"priv_readonly\":%s}}", wrong[i]));

		CHECK_STRING(client_word(&client, answer, "result"), "failed");
		CHECK(value_get(value_get(answer, "validations"), "user.priv_readonly"));
		CHECK_STRING(record_get(reader(&client), "priv_readonly"), "");
	}
	harness_free(client.harness);
}

/* The contract lists what upstream's patterns leave out. */
TEST(what_only_page_all_opens_is_what_the_contract_says)
{
	scoped_arena         arena = arena_new();
	struct client        client = client_open(arena);
	const struct routes *routes = harness_service(client.harness)->routes[OPNSENSE];
	const struct value  *listed = value_get(setup_json(arena, arena_print(arena, "%s/acl.json", vectors)), "page_all_only");
	size_t               met = 0;

	for (size_t i = 0; i < value_count(listed); i++) {
		const char *endpoint = value_as_string(arena, value_at(listed, i));

		CHECK(!acl_is_opened(text_of(arena_print(arena, "api/%s", endpoint))));
		met += routes_find(routes, text_of(endpoint)) != NULL;
	}
	CHECK(met > 60);
	CHECK(acl_is_opened(TEXT("api/firewall/alias/get")));
	harness_free(client.harness);
}

TEST(only_administrators_save_what_monit_runs)
{
	scoped_arena  arena = arena_new();
	struct client client = client_open(arena);
	const char   *body = "{\"test\":{\"name\":\"ping\",\"condition\":\"failed ping\",\"action\":\"alert\"}}";
	const size_t  before = client_count(&client, "monit.test");

	harness_change(client.harness, reader(&client), "priv", "page-services-monit");
	CHECK_NUMBER(try(&client, arena, METHOD_POST, "/api/monit/settings/add_test", body), 500);
	CHECK_NUMBER(client_count(&client, "monit.test"), before);
	CHECK_NUMBER(try(&client, arena, METHOD_GET, "/api/monit/settings/get", NULL), 200);
	CHECK_STRING(client_word(&client, client_post(&client, "/api/monit/settings/add_test", body), "result"), "saved");
	CHECK_NUMBER(client_count(&client, "monit.test"), before + 1);
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_privilege_opens_what_its_patterns_say_and_no_more),
		cmocka_unit_test(each_privilege_for_reads_opens_the_reads_of_its_patterns_and_no_more),
		cmocka_unit_test(who_reads_everything_changes_nothing),
		cmocka_unit_test(a_group_gives_privileges_for_reads_to_its_members),
		cmocka_unit_test(only_those_who_ask_see_privileges_for_reads),
		cmocka_unit_test(a_privilege_is_given_for_reads_and_taken_where_it_is_managed),
		cmocka_unit_test(what_is_no_privilege_is_refused),
		cmocka_unit_test(what_only_page_all_opens_is_what_the_contract_says),
		cmocka_unit_test(only_administrators_save_what_monit_runs),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	/* Being refused exercises no endpoint. */
	unsetenv("DRAWBRIDGE_EXERCISED");
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
