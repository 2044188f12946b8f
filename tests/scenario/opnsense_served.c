/*
 * How much of the contract is served, and replayed, at least: what the project promises in numbers.
 *
 * usage: opnsense_served VECTORS SCENARIO...   (those that are replayed and must hold)
 */
#include "test.h"

#include <dirent.h>
#include <string.h>

#include "base/number.h"
#include "dialect/opnsense/opnsense.h"
#include "dialect/opnsense/route.h"
#include "scenario/opnsense_client.h"
#include "scenario/setup.h"

#define ENDPOINTS     986 /* of the contract */
#define DECLARED_MIN  620 /* of those, served and made of a declaration alike for all */
#define SPECIAL_MIN   200 /* and with something of their own */
#define SCENARIOS     34
#define SKIPPED_MOST  3 /* of 100 steps */

static const char  *folder; /* of all vectors */
static const char  *vectors;
static char *const *replayed;
static size_t       nreplayed;

/* --- endpoints ---------------------------------------------------------------------------------- */

/* What each controller of the reference inherits. */
static bool
is_declared(const char *kind)
{
	static const char *const starts[] = { "crud-", "model-", "csv-", "service-", "reconfigure" };

	for (size_t i = 0; i < COUNT(starts); i++)
		if (strncmp(kind, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static bool
is_served(const struct routes *routes, struct client *client, const struct value *entry)
{
	struct text         params[CALL_PARAMS_MAX];
	size_t              found = 0;
	const char         *id = client_word(client, entry, "id"), *path = client_word(client, entry, "camel");
	const struct route *route = routes_find(routes, text_of(id));

	for (size_t i = 0; i < value_count(value_get(entry, "params")); i++)
		path = arena_print(client->arena, "%s/x", path);
	return route && route->handle && routes_match(routes, text_of(path), params, &found) == route;
}

TEST(as_many_endpoints_are_served_as_promised)
{
	scoped_arena         arena = arena_new();
	struct client        client = { opnsense_setup(arena, vectors), arena, 0 };
	const struct routes *routes = harness_service(client.harness)->routes[OPNSENSE];
	const struct value  *endpoints =
		value_get(setup_json(arena, arena_print(arena, "%s/endpoints.json", vectors)), "endpoints");
	size_t declared = 0, special = 0;

	CHECK_NUMBER(value_count(endpoints), ENDPOINTS);
	for (size_t i = 0; i < value_count(endpoints); i++) {
		const struct value *entry = value_at(endpoints, i);

		if (is_served(routes, &client, entry))
			is_declared(client_word(&client, entry, "kind")) ? declared++ : special++;
	}
	print_message("%zu declared and %zu special ones of %d endpoints\n", declared, special, ENDPOINTS);
	CHECK(declared >= DECLARED_MIN);
	CHECK(special >= SPECIAL_MIN);
	harness_free(client.harness);
}

/* --- scenarios ---------------------------------------------------------------------------------- */

static bool
is_replayed(struct text name)
{
	for (size_t i = 0; i < nreplayed; i++)
		if (text_is(name, replayed[i]))
			return true;
	return false;
}

static size_t
count_steps(struct arena *arena, const char *name)
{
	const struct value *content = setup_json(arena, arena_print(arena, "%s/scenarios/%s.json", vectors, name));
	const struct value *steps = value_get(content, "steps");

	return value_count(steps ? steps : content);
}

TEST(every_recorded_scenario_is_replayed)
{
	scoped_arena         arena = arena_new();
	DIR                 *directory = opendir(arena_print(arena, "%s/scenarios", vectors));
	const struct dirent *entry;
	size_t               found = 0;

	CHECK(directory);
	while ((entry = readdir(directory))) {
		const struct text file = text_of(entry->d_name), suffix = TEXT(".json");

		if (!text_ends(file, suffix))
			continue;
		found++;
		if (!is_replayed(text_first(file, file.len - suffix.len)))
			fail_msg("%s is not replayed, or may fail", entry->d_name);
	}
	closedir(directory);
	CHECK_NUMBER(found, SCENARIOS);
	CHECK_NUMBER(nreplayed, SCENARIOS);
}

/* The reviewed list names steps that there are, with a reason, and few of them. */
TEST(few_steps_are_skipped_and_each_has_its_reason)
{
	scoped_arena arena = arena_new();
	struct text  rest = setup_file(arena, arena_print(arena, "%s/scenario-exceptions.txt", folder)), line;
	size_t       steps = 0, skipped = 0;

	for (size_t i = 0; i < nreplayed; i++)
		steps += count_steps(arena, replayed[i]);
	while (text_next(&rest, "\n", &line)) {
		struct text       reason = line, step;
		int64_t           number;
		const struct text name = text_until(&reason, ':');

		/* Remarks, keys beside the recorded ones, and what is compared without being a scenario. */
		if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == '+' || text_is(name, "get-templates"))
			continue;
		step = text_until(&reason, ' ');
		if (!is_replayed(name) || !number_read(step, 0, (int64_t)count_steps(arena, arena_copy(arena, name)) - 1, &number) ||
		    text_trim(reason).len == 0)
			fail_msg("no step, or no reason: %.*s", TEXT_ARGS(line));
		skipped++;
	}
	print_message("%zu of %zu steps are skipped\n", skipped, steps);
	CHECK(steps > 1000);
	CHECK(skipped * 100 <= steps * SKIPPED_MOST);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_endpoints_are_served_as_promised),
		cmocka_unit_test(every_recorded_scenario_is_replayed),
		cmocka_unit_test(few_steps_are_skipped_and_each_has_its_reason),
	};
	scoped_arena arena = arena_new();

	if (argc < 3)
		return 2;
	folder = argv[1];
	vectors = arena_print(arena, "%s/opnsense", folder);
	replayed = argv + 2;
	nreplayed = (size_t)argc - 2;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
