/*
 * Every operation of the pfSense dialect, as the tables have it: who may, and what becomes of hostile
 * members. No request here may change anything: all of them ask for the checks only.
 */
#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/operation.h"
#include "scenario/pfsense_setup.h"
#include "test.h"

static const char *const method_names[] = {
	[METHOD_GET] = "GET", [METHOD_POST] = "POST", [METHOD_PUT] = "PUT", [METHOD_DELETE] = "DELETE",
};

static const char *const hostile[] = {
	"''", "'!'", "' '", "'x x'", "-1", "0", "1", "65536", "9223372036854775807", "1e300", "0.5", "true", "false",
	"null", "[]", "[[]]", "[{}]", "['']", "['x', 1]", "{}", "{'a': {'b': 'c'}}", "{'item': ['x']}", "'1.2.3.4'",
	"'10.0.0.0/8'", "'::1'", "'any'", "'wan'", "'em0'", "'tcp'", "'0/0'", "'../../x'", "'<selected>'", "'a\\nb'",
	"'\\u00e4\\u4e00'", "'12/31/2040'", "'1-2'", "'%s%n'", "'0x00'", "'wan,lan'", "'9:00-8:00'",
};

typedef void visit(struct box_test *, const struct operation *);

static void
for_each_operation(struct box_test *box, visit *visit_one)
{
	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			visit_one(box, operation);
}

static int
code_of(struct box_test *box, const struct operation *operation, const char *body)
{
	return ask_code(box, method_names[operation->method], operation->url, body);
}

/* --- who may ----------------------------------------------------------------------------------------- */

static void
ask_unknown(struct box_test *box, const struct operation *operation)
{
	const int code = code_of(box, operation, "{'_action_bypass': true}");

	CHECK_NUMBER(code, operation->flags & FORCE_NONE ? 15 : 3);
}

static void
ask_powerless(struct box_test *box, const struct operation *operation)
{
	const int code = code_of(box, operation, "{'_action_bypass': true}");

	if (operation->flags & FORCE_NONE)
		CHECK_NUMBER(code, 15);
	else if (operation->privileges[0] == '\0')
		CHECK(code != 4);
	else
		CHECK_NUMBER(code, 4);
}

static void
give(struct box_test *box, const char *privilege)
{
	const struct record *bob = collection_where(snapshot_named(harness_snapshot(box->harness), "auth.user"),
						    "name", TEXT("bob"));

	harness_change(box->harness, bob, "priv", privilege);
}

static void
ask_privileged(struct box_test *box, const struct operation *operation)
{
	struct text rest = text_of(operation->privileges), privilege;

	while (text_next(&rest, " ", &privilege)) {
		give(box, arena_copy(box->arena, privilege));
		CHECK(code_of(box, operation, "{'_action_bypass': true}") != 4);
	}
}

static struct box_test
box_with_bob(void)
{
	struct box_test box = box_make();

	harness_put(box.harness, "auth.user", "00000000-0000-4000-8000-000000000009", "uid", "2000", "name", "bob",
		    "password", secret_hash(box.arena, "secret"), NULL);
	box.authorization = "Basic Ym9iOnNlY3JldA==";
	return box;
}

TEST(nobody_gets_anywhere_without_credentials)
{
	struct box_test box = box_make();

	box.authorization = NULL;
	for_each_operation(&box, ask_unknown);
	box_free(&box);
}

TEST(nobody_gets_anywhere_without_a_privilege)
{
	struct box_test box = box_with_bob();

	for_each_operation(&box, ask_powerless);
	box_free(&box);
}

TEST(each_privilege_of_an_operation_is_enough_alone)
{
	struct box_test box = box_with_bob();

	for_each_operation(&box, ask_privileged);
	box_free(&box);
}

/* --- hostile members --------------------------------------------------------------------------------- */

static bool
is_code_of(const struct operation *operation, int code)
{
	if (code == 15 || (operation->steps && code == 1))
		return true;
	for (const struct task *step = operation->steps; step && (step->kind || step->value); step++)
		if (step->call || (step->kind == DO_CHECK && (int)step->code == code))
			return true;
	return false;
}

static void
ask_hostile(struct box_test *box, const struct operation *operation)
{
	const char *last = "";

	for (const struct task *step = operation->steps; step && (step->kind || step->value); step++) {
		if (!step->member || strchr(step->member, '[') || strcmp(step->member, last) == 0)
			continue;
		last = step->member;
		for (size_t i = 0; i < COUNT(hostile); i++) {
			scoped_arena      arena = arena_new();
			struct arena     *before = box->arena;
			const char *const body = arena_print(before, "{'%s': %s, '_action_bypass': true}",
							     step->member, hostile[i]);

			box->arena = arena;
			if (!is_code_of(operation, code_of(box, operation, body)))
				fail_msg("%s %s: %s", method_names[operation->method], operation->url, body);
			box->arena = before;
		}
	}
}

TEST(hostile_members_get_a_code_of_their_operation_and_change_nothing)
{
	struct box_test box = box_make();
	struct history  history = { 0 };
	size_t          before;

	store_revisions(harness_store(box.harness), box.arena, 0, 0, &history);
	before = history.total;
	for_each_operation(&box, ask_hostile);
	store_revisions(harness_store(box.harness), box.arena, 0, 0, &history);
	CHECK_NUMBER(history.total, before);
	box_free(&box);
}

RUN(cmocka_unit_test(nobody_gets_anywhere_without_credentials),
    cmocka_unit_test(nobody_gets_anywhere_without_a_privilege),
    cmocka_unit_test(each_privilege_of_an_operation_is_enough_alone),
    cmocka_unit_test(hostile_members_get_a_code_of_their_operation_and_change_nothing));
