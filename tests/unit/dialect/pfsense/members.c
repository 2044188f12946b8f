/* What is said of requests beside the checks: it must agree with them. */
#include "dialect/pfsense/openapi/members.h"
#include "dialect/pfsense/program.h"
#include "test.h"

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
for_each_operation(void (*visit)(const struct operation *))
{
	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			visit(operation);
}

static const struct taken *
find_path(const struct taken *taken, const char *path)
{
	for (; taken; taken = taken->next) {
		const struct taken *below = find_path(taken->first, path);

		if (taken->path && strcmp(taken->path, path) == 0)
			return taken;
		if (below)
			return below;
	}
	return NULL;
}

static const struct operation *
operation_named(const char *url, enum method method)
{
	bool known;

	return operation_find(text_of(url), method, &known);
}

static void
check_steps(const struct operation *operation)
{
	const struct taken *taken = members_of(arena, operation);

	for (const struct task *step = operation->steps; step && !is_last(step); step++) {
		if (!step->member || !*step->member)
			continue;
		const struct text member = text_of(step->member);
		const char       *path = arena_copy(arena, text_first(member, member.len - 2 * text_ends(member, TEXT("[]"))));

		if (!find_path(taken, path))
			fail_msg("%s: nothing is said of %s", operation_id(arena, operation), step->member);
	}
}

TEST(every_member_that_a_check_names_is_described)
{
	for_each_operation(check_steps);
}

/* What is refused when it is not there must be there. */
static void
check_required(const struct operation *operation)
{
	const struct taken *taken = members_of(arena, operation);

	for (const struct task *step = operation->steps; step && !is_last(step); step++) {
		const char *want = step->member ? arena_print(arena, "not has(%s)", step->member) : "";

		if (step->kind != DO_CHECK || !step->when || strcmp(step->when, want) != 0)
			continue;
		if (!find_path(taken, step->member)->required)
			fail_msg("%s: %s is required", operation_id(arena, operation), step->member);
	}
}

TEST(what_is_refused_when_absent_is_marked_as_required)
{
	for_each_operation(check_required);
}

static void
check_entry(const struct members *members)
{
	struct text     rest = text_of(members->id);
	const struct text verb = text_until(&rest, ' ');
	const enum method method = text_is(verb, "GET")  ? METHOD_GET :
				   text_is(verb, "POST") ? METHOD_POST :
				   text_is(verb, "PUT")  ? METHOD_PUT :
							   METHOD_DELETE;

	if (!operation_named(arena_copy(arena, rest), method))
		fail_msg("there is no %s", members->id);
}

TEST(every_description_is_of_an_operation)
{
	for (size_t i = 0; i < nmember_tables; i++)
		for (const struct members *members = member_tables[i]; members->id; members++)
			check_entry(members);
}

TEST(members_of_members_are_below_them)
{
	const struct taken *taken = members_of(arena, operation_named("services/ntpd", METHOD_PUT));
	const struct taken *servers = find_path(taken, "timeservers"), *one = find_path(taken, "timeservers[].timeserver");

	assert_non_null(servers);
	assert_non_null(one);
	CHECK_NUMBER(servers->type, MEMBER_OBJECTS);
	CHECK(servers->first == one);
	CHECK(one->required);
}

TEST(limits_are_read_from_the_checks)
{
	const struct operation *operation = operation_named("system/api", METHOD_PUT);
	const struct limits     seconds = limits_of(operation, "jwt_exp"), mode = limits_of(operation, "authmode");

	CHECK_NUMBER(seconds.least->integer, 300);
	CHECK_NUMBER(seconds.most->integer, 86400);
	CHECK_NUMBER(seconds.ncodes, 1);
	CHECK_NUMBER(seconds.codes[0], 1022);
	CHECK_NUMBER(mode.choices->nkids, 3);
	CHECK(!limits_of(operation, "persist").choices);
}

TEST(a_default_is_read_from_what_is_stored_in_place_of_an_absent_member)
{
	const struct limits limits = limits_of(operation_named("firewall/alias", METHOD_POST), "descr");

	assert_non_null(limits.preset);
	CHECK(text_is(limits.preset->text, ""));
}

RUN(cmocka_unit_test_setup_teardown(every_member_that_a_check_names_is_described, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_is_refused_when_absent_is_marked_as_required, set_up, tear_down),
    cmocka_unit_test_setup_teardown(every_description_is_of_an_operation, set_up, tear_down),
    cmocka_unit_test_setup_teardown(members_of_members_are_below_them, set_up, tear_down),
    cmocka_unit_test_setup_teardown(limits_are_read_from_the_checks, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_default_is_read_from_what_is_stored_in_place_of_an_absent_member, set_up, tear_down));
