/* Rules that are not confirmed in time go back to what they were; nothing else does. */
#include "test.h"

#include <string.h>

#include "dialect/opnsense/opnsense.h"
#include "scenario/opnsense_setup.h"

static const char *vectors;

/* POST with a JSON body; the answer's JSON. */
static struct value *
post(struct harness *harness, struct arena *arena, const char *target, const char *body)
{
	struct ask          ask = { METHOD_POST, target, { { "Authorization", opnsense_authorization(arena, "admin") },
							   { "Content-Type", "application/json" } },
				    text_of(body), false };
	const struct answer answer = harness_ask(harness, arena, &opnsense_dialect, &ask);
	struct value       *value = NULL;

	CHECK_NUMBER(answer.status, 200);
	CHECK(json_read(arena, answer.body, NULL, &value, NULL) == RESULT_DONE);
	return value;
}

static const char *
word(struct arena *arena, const struct value *answer, const char *name)
{
	const char *text = value_as_string(arena, value_get(answer, name));

	return text ? text : "(none)";
}

static size_t
count(struct harness *harness, const char *resource)
{
	return collection_count(snapshot_named(harness_snapshot(harness), resource));
}

/* One rule before the savepoint, one rule and one alias behind it, applied with a deadline. Gives the revision. */
static const char *
apply_with_deadline(struct harness *harness, struct arena *arena)
{
	static const char rule[] = "{\"rule\":{\"interface\":\"lan\",\"description\":\"r\"}}";

	CHECK_STRING(word(arena, post(harness, arena, "/api/firewall/filter/addRule", rule), "result"), "saved");
	const struct value *saved = post(harness, arena, "/api/firewall/filter/savepoint", "{}");
	const char         *revision = word(arena, saved, "revision");

	CHECK_STRING(word(arena, saved, "status"), "ok");
	post(harness, arena, "/api/firewall/filter/add_rule", rule);
	post(harness, arena, "/api/firewall/alias/add_item",
	     "{\"alias\":{\"name\":\"later\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}");
	CHECK_STRING(word(arena, post(harness, arena, arena_print(arena, "/api/firewall/filter/apply/%s", revision), "{}"),
			  "status"),
		     "OK\n\n");
	CHECK_NUMBER(count(harness, "firewall.rule"), 2);
	return revision;
}

TEST(rules_that_nobody_confirms_go_back)
{
	scoped_arena    arena = arena_new();
	struct harness *harness = opnsense_setup(arena, vectors);
	unsigned        parts, applied;

	apply_with_deadline(harness, arena);
	applied = harness_applied(harness, &parts);
	harness_wait(harness, &opnsense_dialect, 59);
	CHECK_NUMBER(count(harness, "firewall.rule"), 2);
	harness_wait(harness, &opnsense_dialect, 2);
	CHECK_NUMBER(count(harness, "firewall.rule"), 1);
	CHECK_NUMBER(count(harness, "firewall.alias"), 1);
	CHECK_NUMBER(harness_applied(harness, &parts), applied + 1);
	CHECK(parts & PART_FILTER);
	harness_free(harness);
}

TEST(rules_that_are_confirmed_stay)
{
	scoped_arena    arena = arena_new();
	struct harness *harness = opnsense_setup(arena, vectors);
	const char     *revision = apply_with_deadline(harness, arena);
	const char     *cancel = arena_print(arena, "/api/firewall/filter/cancelRollback/%s", revision);

	CHECK_STRING(word(arena, post(harness, arena, cancel, "{}"), "status"), "");
	CHECK(strcmp(word(arena, post(harness, arena, cancel, "{}"), "status"), "") != 0);
	harness_wait(harness, &opnsense_dialect, 120);
	CHECK_NUMBER(count(harness, "firewall.rule"), 2);
	harness_free(harness);
}

TEST(revert_goes_back_at_once_or_says_that_it_cannot)
{
	scoped_arena    arena = arena_new();
	struct harness *harness = opnsense_setup(arena, vectors);
	const char     *revision = apply_with_deadline(harness, arena);

	CHECK_STRING(word(arena, post(harness, arena, "/api/firewall/filter/revert/1.5", "{}"), "status"),
		     "unknown (or removed) savepoint");
	CHECK_STRING(word(arena, post(harness, arena, arena_print(arena, "/api/firewall/source_nat/revert/%s", revision),
				      "{}"),
			  "status"),
		     "ok");
	CHECK_NUMBER(count(harness, "firewall.rule"), 1);
	harness_free(harness);
}

/* Every controller of rules that had it; what goes back is the model's own. */
TEST(each_kind_of_rules_goes_back_alone)
{
	static const struct {
		const char *controller, *resource, *rule;
	} kinds[] = {
		{ "filter", "firewall.rule", "\"interface\":\"lan\"" },
		{ "source_nat", "firewall.source_nat", "\"interface\":\"wan\",\"target\":\"wanip\"" },
		{ "one_to_one", "firewall.one_to_one",
		  "\"interface\":\"wan\",\"external\":\"203.0.113.9\",\"source_net\":\"192.168.1.9\"" },
		{ "npt", "firewall.npt",
		  "\"interface\":\"wan\",\"source_net\":\"fd00:1::/64\",\"destination_net\":\"2001:db8:1::/64\"" },
		{ "d_nat", "firewall.destination_nat",
		  "\"interface\":\"wan\",\"target\":\"192.168.1.9\",\"protocol\":\"tcp\"" },
	};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		scoped_arena    arena = arena_new();
		struct harness *harness = opnsense_setup(arena, vectors);
		const char     *at = arena_print(arena, "/api/firewall/%s", kinds[i].controller);
		const char     *rule = arena_print(arena, "{\"rule\":{%s}}", kinds[i].rule);
		const char     *revision =
			word(arena, post(harness, arena, arena_print(arena, "%s/savepoint", at), "{}"), "revision");
		const char *other = i < 4 ? "d_nat" : "filter";

		CHECK_STRING(word(arena, post(harness, arena, arena_print(arena, "%s/add_rule", at), rule), "result"), "saved");
		post(harness, arena, arena_print(arena, "/api/firewall/%s/revert/%s", other, revision), "{}");
		CHECK_NUMBER(count(harness, kinds[i].resource), 1);
		post(harness, arena, arena_print(arena, "%s/apply/%s", at, revision), "{}");
		CHECK_STRING(word(arena, post(harness, arena, arena_print(arena, "%s/cancel_rollback/%s", at, revision), "{}"),
				  "status"), "");
		harness_wait(harness, &opnsense_dialect, 61);
		CHECK_NUMBER(count(harness, kinds[i].resource), 1);
		post(harness, arena, arena_print(arena, "%s/apply/%s", at, revision), "{}");
		harness_wait(harness, &opnsense_dialect, 61);
		CHECK_NUMBER(count(harness, kinds[i].resource), 0);
		harness_free(harness);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_that_nobody_confirms_go_back),
		cmocka_unit_test(rules_that_are_confirmed_stay),
		cmocka_unit_test(each_kind_of_rules_goes_back_alone),
		cmocka_unit_test(revert_goes_back_at_once_or_says_that_it_cannot),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
