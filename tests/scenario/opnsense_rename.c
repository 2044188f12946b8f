/* What gets another name is followed by those who name it, and by nobody else; what is named cannot
 * go. */
#include "test.h"

#include <string.h>

#include "scenario/opnsense_client.h"

static const char *vectors;

/* Adds a record; its uuid. */
static const char *
add(struct client *client, const char *target, const char *body)
{
	const struct value *answer = client_post(client, target, body);

	CHECK_STRING(client_word(client, answer, "result"), "saved");
	return client_word(client, answer, "uuid");
}

static void
set(struct client *client, const char *target, const char *uuid, const char *body)
{
	const struct value *answer =
		client_post(client, arena_print(client->arena, "%s/%s", target, uuid), body);

	CHECK_STRING(client_word(client, answer, "result"), "saved");
}

/* What is stored in a field of a record. */
static const char *
stored(struct client *client, const char *resource, const char *uuid, const char *field)
{
	const struct collection *records =
		snapshot_named(harness_snapshot(client->harness), resource);
	const struct record *record = collection_find(records, text_of(uuid));

	CHECK(record);
	return record_get(record, field);
}

TEST(rules_follow_the_name_of_an_alias)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *hosts =
		add(&client, "/api/firewall/alias/add_item",
		    "{\"alias\":{\"name\":\"web\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}");
	const char *other = add(&client, "/api/firewall/alias/add_item",
				"{\"alias\":{\"name\":\"web_more\",\"type\":\"host\",\"content\":"
				"\"192.0.2.2\\nweb\"}}");
	const char *rule = add(&client, "/api/firewall/filter/add_rule",
			       "{\"rule\":{\"interface\":\"lan\",\"source_net\":\"web_more,web\","
			       "\"source_not\":\"0\","
			       "\"destination_net\":\"web\",\"description\":\"to web\"}}");
	const char *nat = add(
		&client, "/api/firewall/source_nat/add_rule",
		"{\"rule\":{\"interface\":\"wan\",\"source_net\":\"web\",\"target\":\"wanip\"}}");

	set(&client, "/api/firewall/alias/set_item", hosts, "{\"alias\":{\"name\":\"site\"}}");
	CHECK_STRING(stored(&client, "firewall.rule", rule, "source_net"), "web_more,site");
	CHECK_STRING(stored(&client, "firewall.rule", rule, "destination_net"), "site");
	CHECK_STRING(stored(&client, "firewall.rule", rule, "description"), "to web");
	CHECK_STRING(stored(&client, "firewall.source_nat", nat, "source_net"), "site");
	CHECK_STRING(stored(&client, "firewall.alias", other, "content"), "192.0.2.2\nsite");
	harness_free(client.harness);
}

TEST(ports_follow_the_name_of_an_alias)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *ports =
		add(&client, "/api/firewall/alias/add_item",
		    "{\"alias\":{\"name\":\"mail\",\"type\":\"port\",\"content\":\"25\\n587\"}}");
	const char *rule = add(&client, "/api/firewall/filter/add_rule",
			       "{\"rule\":{\"interface\":\"lan\",\"protocol\":\"TCP\","
			       "\"destination_port\":\"mail\"}}");

	set(&client, "/api/firewall/alias/set_item", ports, "{\"alias\":{\"name\":\"post\"}}");
	CHECK_STRING(stored(&client, "firewall.rule", rule, "destination_port"), "post");
	harness_free(client.harness);
}

TEST(an_alias_that_is_named_stays)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *hosts =
		add(&client, "/api/firewall/alias/add_item",
		    "{\"alias\":{\"name\":\"web\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}");
	const size_t before = client_count(&client, "firewall.alias");
	const char  *remove = arena_print(arena, "/api/firewall/alias/del_item/%s", hosts);
	const char  *rule = add(&client, "/api/firewall/filter/add_rule",
				"{\"rule\":{\"interface\":\"lan\",\"source_net\":\"web\"}}");

	client_post(&client, remove, "{}");
	CHECK_NUMBER(client_count(&client, "firewall.alias"), before);
	client_post(&client, arena_print(arena, "/api/firewall/filter/del_rule/%s", rule), "{}");
	CHECK_STRING(client_word(&client, client_post(&client, remove, "{}"), "result"), "deleted");
	CHECK_NUMBER(client_count(&client, "firewall.alias"), before - 1);
	harness_free(client.harness);
}

TEST(rules_follow_the_name_of_a_group)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *group = add(&client, "/api/firewall/group/add_item",
				  "{\"group\":{\"ifname\":\"inside\",\"members\":\"lan\"}}");
	const char   *rule =
		add(&client, "/api/firewall/filter/add_rule",
		    "{\"rule\":{\"interface\":\"lan,inside\",\"source_net\":\"inside\"}}");

	set(&client, "/api/firewall/group/set_item", group, "{\"group\":{\"ifname\":\"indoors\"}}");
	CHECK_STRING(stored(&client, "firewall.rule", rule, "interface"), "lan,indoors");
	CHECK_STRING(stored(&client, "firewall.rule", rule, "source_net"), "indoors");
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_follow_the_name_of_an_alias),
		cmocka_unit_test(ports_follow_the_name_of_an_alias),
		cmocka_unit_test(an_alias_that_is_named_stays),
		cmocka_unit_test(rules_follow_the_name_of_a_group),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
