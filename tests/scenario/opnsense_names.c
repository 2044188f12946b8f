/* What things are called, as those who draw pictures ask for it. */
#include "test.h"

#include <string.h>

#include "scenario/opnsense_client.h"

static const char *vectors;

TEST(interfaces_are_known_by_device_and_by_key)
{
	scoped_arena        arena = arena_new();
	struct client       client = { opnsense_setup(arena, vectors), arena, 0 };
	const struct value *keys = client_get(&client, "/api/diagnostics/systemhealth/get_interfaces");
	const struct value *names = client_get(&client, "/api/diagnostics/interface/getInterfaceNames");
	const struct record *lan = collection_where(
		snapshot_named(harness_snapshot(client.harness), "interfaces.interface"), "identifier", TEXT("lan"));

	CHECK(lan);
	CHECK_STRING(client_word(&client, keys, "lan.descr"), "LAN");
	CHECK_STRING(client_word(&client, names, record_get(lan, "if")), "LAN");
	CHECK(!value_get(keys, "lo0"));
	CHECK_STRING(client_word(&client, names, "lo0"), "Loopback");
	harness_free(client.harness);
}

TEST(rules_are_known_by_id)
{
	scoped_arena        arena = arena_new();
	struct client       client = { opnsense_setup(arena, vectors), arena, 0 };
	const struct value *added = client_post(&client, "/api/firewall/filter/add_rule",
						"{\"rule\":{\"interface\":\"lan\",\"description\":\"to the web\"}}");
	const struct value *items =
		value_get(client_get(&client, "/api/diagnostics/firewall/list_rule_ids"), "items");

	CHECK_NUMBER(value_count(items), 1);
	CHECK_STRING(client_word(&client, value_at(items, 0), "id"), client_word(&client, added, "uuid"));
	CHECK_STRING(client_word(&client, value_at(items, 0), "descr"), "to the web");
	harness_free(client.harness);
}

TEST(what_nobody_counts_is_refused)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };

	client_get(&client, "/api/diagnostics/traffic/interface");
	CHECK_NUMBER(client.status, 500);
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interfaces_are_known_by_device_and_by_key),
		cmocka_unit_test(rules_are_known_by_id),
		cmocka_unit_test(what_nobody_counts_is_refused),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
