/* Pages of a list in which some rows are kept and some come from elsewhere: one after the other they are the whole. */
#include "test.h"

#include "scenario/opnsense_client.h"

#define RULES 5

static const char *vectors;

static const struct value *
search(struct client *client, const char *body)
{
	const struct value *found = client_post(client, "/api/firewall/source_nat/search_rule", body);

	CHECK_NUMBER(client->status, 200);
	CHECK_NUMBER(value_get(found, "rowCount")->integer, value_count(value_get(found, "rows")));
	return found;
}

static void
add_rules(struct client *client)
{
	for (int i = 0; i < RULES; i++)
		CHECK_STRING(client_word(client, client_post(client, "/api/firewall/source_nat/add_rule",
							     arena_print(client->arena, "{\"rule\":{\"interface\":\"wan\",\"source_net\":\"192.0.2.%d\","
											"\"target\":\"wanip\",\"description\":\"rule %d\"}}", i, i)),
					 "result"), "saved");
}

static void
compare_pages(struct client *client, const char *more, size_t automatic)
{
	const struct value *whole = search(client, arena_print(client->arena, "{\"rowCount\":-1%s}", more));
	const struct value *rows = value_get(whole, "rows");

	CHECK_NUMBER(value_get(whole, "total")->integer, RULES + automatic);
	CHECK_NUMBER(value_count(rows), RULES + automatic);
	for (size_t size = 1; size <= rows->count + 1; size++)
		for (size_t page = 1, seen = 0; page <= rows->count + 2; page++) {
			const struct value *found =
				search(client, arena_print(client->arena, "{\"current\":%zu,\"rowCount\":%zu%s}", page, size, more));
			const struct value *some = value_get(found, "rows");
			const size_t        left = rows->count - seen;

			CHECK_NUMBER(value_get(found, "total")->integer, rows->count);
			CHECK_NUMBER(value_count(some), left < size ? left : size);
			for (size_t i = 0; i < some->count; i++)
				CHECK_STRING(client_word(client, some->members[i].value, "uuid"),
					     client_word(client, rows->members[seen++].value, "uuid"));
		}
}

TEST(pages_of_outbound_rules_go_on_with_automatic_ones)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };

	client_post(&client, "/api/firewall/source_nat/set", "{\"filter\":{\"general\":{\"snat_mode\":\"hybrid\"}}}");
	add_rules(&client);
	const struct value *whole = search(&client, "{\"rowCount\":-1}");
	const size_t        automatic = value_count(value_get(whole, "rows")) - RULES;

	CHECK(automatic > 0);
	compare_pages(&client, "", automatic);
	compare_pages(&client, ",\"sort\":{\"description\":\"desc\"}", automatic);
	compare_pages(&client, ",\"searchPhrase\":\"rule\"", automatic);
	compare_pages(&client, ",\"searchPhrase\":\"rule 192.0.2\"", 0);
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(pages_of_outbound_rules_go_on_with_automatic_ones) };
	scoped_arena            arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
