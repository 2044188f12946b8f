/* What clients of the pfSense API can tell apart and records cannot: not there, empty, and the preset. */
#include "scenario/pfsense_setup.h"
#include "test.h"

#define RULE "{'type': 'pass', 'interface': 'lan', 'ipprotocol': 'inet', 'protocol': 'any', 'src': 'any', 'dst': 'any'%s}"

static struct box_test box;

static int
set_up(void **state)
{
	(void)state;
	box = box_make();
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
add_rule(const char *more)
{
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/rule", arena_print(box.arena, RULE, more)), 0);
}

static const struct value *
first_of(const char *url)
{
	return value_at(value_get(ask(&box, "GET", url, NULL), "data"), 0);
}

static const struct record *
record_of(const char *resource)
{
	return collection_at(snapshot_named(harness_snapshot(box.harness), resource), 0);
}

TEST(a_member_that_was_not_sent_is_not_shown)
{
	add_rule("");
	CHECK(!value_get(first_of("firewall/rule"), "descr"));
	CHECK(!value_get(first_of("firewall/rule"), "statetype"));
}

TEST(an_empty_member_is_shown_empty_and_a_preset_is_shown)
{
	add_rule(", 'descr': '', 'statetype': 'keep state'");
	CHECK(text_is(value_get(first_of("firewall/rule"), "descr")->text, ""));
	CHECK(text_is(value_get(first_of("firewall/rule"), "statetype")->text, "keep state"));
}

TEST(what_another_dialect_changes_counts_more_than_what_was_said)
{
	add_rule("");
	harness_change(box.harness, record_of("firewall.rule"), "description", "new");
	CHECK(text_is(value_get(first_of("firewall/rule"), "descr")->text, "new"));
	harness_change(box.harness, record_of("firewall.rule"), "statetype", "sloppy");
	CHECK(text_is(value_get(first_of("firewall/rule"), "statetype")->text, "sloppy state"));
}

TEST(a_rule_of_one_interface_can_float_and_comes_before_the_others)
{
	add_rule(", 'descr': 'plain'");
	add_rule(", 'descr': 'floats', 'floating': true, 'quick': true, 'direction': 'in'");
	CHECK(text_is(value_get(first_of("firewall/rule"), "descr")->text, "floats"));
	CHECK(text_is(value_get(first_of("firewall/rule"), "floating")->text, "yes"));
	const struct collection *rules = snapshot_named(harness_snapshot(box.harness), "firewall.rule");

	for (size_t i = 0; i < collection_count(rules); i++) {
		const struct record *rule = collection_at(rules, i);
		const bool           floats = strcmp(record_get(rule, "description"), "floats") == 0;

		CHECK_STRING(record_get(rule, "floating"), floats ? "1" : "0");
	}
}

TEST(no_hash_of_a_password_is_kept_beside_its_user)
{
	CHECK_NUMBER(ask_code(&box, "POST", "user", "{'username': 'bob', 'password': 'secret'}"), 0);
	const struct record *bob =
		collection_where(snapshot_named(harness_snapshot(box.harness), "auth.user"), "name", TEXT("bob"));
	const struct value *users = value_get(ask(&box, "GET", "user", NULL), "data");

	CHECK(strncmp(record_get(bob, "password"), "$2", 2) == 0);
	CHECK(!strstr(record_get(bob, "pfsense"), "$2"));
	for (size_t i = 0; i < value_count(users); i++)
		CHECK(!value_get(value_at(users, i), "bcrypt-hash"));
}

/* Members whose names are ours come back with a whole configuration, and mean nothing there. */
TEST(a_configuration_that_is_put_back_cannot_say_what_was_said)
{
	add_rule("");
	CHECK_NUMBER(ask_code(&box, "PUT", "system/config",
			      "{'filter': {'rule': [{'type': 'pass', 'interface': 'lan', 'source': {'any': ''}, 'destination': "
			      "{'any': ''}, 'descr': 'x', '\\u0002': {'descr': ['x', 'y']}}]}}"), 0);
	CHECK_STRING(record_get(record_of("firewall.rule"), "description"), "x");
	CHECK(!strstr(record_get(record_of("firewall.rule"), "pfsense"), "y"));
}

RUN(cmocka_unit_test_setup_teardown(a_member_that_was_not_sent_is_not_shown, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_empty_member_is_shown_empty_and_a_preset_is_shown, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_another_dialect_changes_counts_more_than_what_was_said, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_rule_of_one_interface_can_float_and_comes_before_the_others, set_up, tear_down),
    cmocka_unit_test_setup_teardown(no_hash_of_a_password_is_kept_beside_its_user, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_configuration_that_is_put_back_cannot_say_what_was_said, set_up, tear_down));
