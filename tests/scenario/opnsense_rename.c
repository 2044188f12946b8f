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

/* --- interfaces and gateways -------------------------------------------------------------------- */

#define ROUTE "aaaaaaaa-0000-4000-8000-000000000001"
#define GROUP "aaaaaaaa-0000-4000-8000-000000000002"
#define RULE  "aaaaaaaa-0000-4000-8000-000000000003"

/* Everything that can name a gateway names this one. */
static void
name_gateway(struct client *client, const char *gateway)
{
	struct harness *harness = client->harness;

	harness_put(harness, "firewall.rule", RULE, "interface", "lan", "source_net", "any", "gateway", gateway, "replyto", gateway,
		    NULL);
	harness_put(harness, "routes.route", ROUTE, "network", "198.51.100.0/24", "gateway", gateway, NULL);
	harness_put(harness, "routing.gateway_group", GROUP, "name", "both", "item", gateway, "item2",
		    arena_print(client->arena, "WAN_GW,%s", gateway), NULL);
	harness_put(harness, "routing.default_gateway", NULL, "gateway4", gateway, NULL);
}

static void
check_gateway(struct client *client, const char *gateway)
{
	const struct record *general = snapshot_single(harness_snapshot(client->harness), "routing.default_gateway");

	CHECK_STRING(stored(client, "firewall.rule", RULE, "gateway"), gateway);
	CHECK_STRING(stored(client, "firewall.rule", RULE, "replyto"), gateway);
	CHECK_STRING(stored(client, "routes.route", ROUTE, "gateway"), gateway);
	CHECK_STRING(stored(client, "routing.gateway_group", GROUP, "item"), gateway);
	CHECK_STRING(stored(client, "routing.gateway_group", GROUP, "item2"),
		     arena_print(client->arena, "WAN_GW,%s", gateway));
	CHECK_STRING(record_get(general, "gateway4"), gateway);
}

static void
describe(struct client *client, const char *interface, const char *descr)
{
	set(client, "/api/interfaces/assignment/set_item", interface,
	    arena_print(client->arena, "{\"interface\":{\"descr\":\"%s\"}}", descr));
}

/* An interface's key never changes, and what people call it is named by nobody, whatever that is. */
TEST(nobody_names_the_description_of_an_interface)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };

	harness_put(client.harness, "firewall.rule", RULE, "interface", "lan,opt1", "source_net", "lan", "destination_net", "lanip",
		    NULL);
	describe(&client, "wan", "lan");
	describe(&client, "wan", "outside");
	CHECK_STRING(stored(&client, "interfaces.interface", "wan", "descr"), "outside");
	CHECK_STRING(stored(&client, "firewall.rule", RULE, "interface"), "lan,opt1");
	CHECK_STRING(stored(&client, "firewall.rule", RULE, "source_net"), "lan");
	CHECK_STRING(stored(&client, "firewall.rule", RULE, "destination_net"), "lanip");
	harness_free(client.harness);
}

/* The gateway that it gets from outside is called after it. */
TEST(a_found_gateway_follows_the_description_of_its_interface)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };

	harness_change(client.harness,
		       collection_find(snapshot_named(harness_snapshot(client.harness), "interfaces.interface"), TEXT("wan")),
		       "type4", "dhcp");
	name_gateway(&client, "WAN_DHCP");
	describe(&client, "wan", "uplink");
	check_gateway(&client, "UPLINK_DHCP");
	describe(&client, "wan", "Uplink");
	check_gateway(&client, "UPLINK_DHCP");
	harness_free(client.harness);
}

TEST(a_configured_gateway_of_that_name_is_another)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };

	harness_change(client.harness,
		       collection_find(snapshot_named(harness_snapshot(client.harness), "interfaces.interface"), TEXT("wan")),
		       "type4", "dhcp");
	harness_put(client.harness, "routing.gateway", "aaaaaaaa-0000-4000-8000-000000000004", "name", "WAN_DHCP", "interface",
		    "lan", "gateway", "192.168.1.9", NULL);
	name_gateway(&client, "WAN_DHCP");
	describe(&client, "wan", "uplink");
	check_gateway(&client, "WAN_DHCP");
	harness_free(client.harness);
}

/* This dialect lets gateways and their groups keep their names; what is named stays. */
TEST(gateways_keep_their_names_and_stay_while_they_are_named)
{
	static const struct {
		const char *set, *remove, *root, *resource, *name;
	} kinds[] = {
		{ "/api/routing/settings/set_gateway", "/api/routing/settings/del_gateway", "gateway_item", "routing.gateway", "first" },
		{ "/api/routing/group_settings/set", "/api/routing/group_settings/del", "gateway_group", "routing.gateway_group",
		  "both" },
	};
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *uuids[] = { "aaaaaaaa-0000-4000-8000-000000000004", GROUP };

	harness_put(client.harness, "routing.gateway", uuids[0], "name", "first", "interface", "wan", "gateway", "203.0.113.9", NULL);
	name_gateway(&client, "first");
	harness_put(client.harness, "firewall.rule", RULE, "interface", "lan", "source_net", "any", "gateway", "both", NULL);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const struct value *answer = client_post(
			&client, arena_print(arena, "%s/%s", kinds[i].set, uuids[i]),
			arena_print(arena, "{\"%s\":{\"name\":\"other\"}}", kinds[i].root));

		CHECK_STRING(client_word(&client, answer, "result"), "failed");
		CHECK(value_get(value_get(answer, "validations"), arena_print(arena, "%s.name", kinds[i].root)));
		client_post(&client, arena_print(arena, "%s/%s", kinds[i].remove, uuids[i]), "{}");
		CHECK_STRING(stored(&client, kinds[i].resource, uuids[i], "name"), kinds[i].name);
	}
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
		cmocka_unit_test(nobody_names_the_description_of_an_interface),
		cmocka_unit_test(a_found_gateway_follows_the_description_of_its_interface),
		cmocka_unit_test(a_configured_gateway_of_that_name_is_another),
		cmocka_unit_test(gateways_keep_their_names_and_stay_while_they_are_named),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
